#include "src/model/record_evidence.h"

#include <gtest/gtest.h>

#include "src/base/digest.h"

namespace midwatch::model {
namespace {

const SourceName kFile = [](std::uint32_t source) { return source == 3 ? "logs.ndjson" : "other"; };

base::Timestamp at(int seconds) {
  return base::Timestamp(std::chrono::seconds(seconds));
}

TEST(RecordEvidence, OfALogLineNamesItsPlaceAndHidesSecrets) {
  telemetry::LogRecord line;
  line.time = at(1);
  line.entity = "orders";
  line.body = "login with password=hunter22\nfailed";
  line.ref = {3, 17};
  const Evidence e = record_evidence(line, kFile);
  EXPECT_EQ(e.source, "logs.ndjson");
  EXPECT_EQ(e.query, "logs.ndjson:17");
  EXPECT_EQ(e.excerpt, "login with password=[redacted]\\nfailed");
  EXPECT_EQ(e.digest, base::sha256_hex("1000000000\norders\nlogin with password=hunter22\nfailed"));
  EXPECT_EQ(e.id, evidence_id(e));
}

TEST(RecordEvidence, OfAnEventJoinsWhatItSaysWithASeparator) {
  telemetry::PlatformEvent event;
  event.time = at(2);
  event.entity = "orders";
  event.source = "kubelet";
  event.reason = "BackOff";
  event.message = "restarting";
  event.attributes.set("node", "n1");
  const Evidence e = record_evidence(event, kFile);
  EXPECT_EQ(e.excerpt, "kubelet · BackOff · restarting");
  EXPECT_EQ(record_text(event), "2000000000\norders\nkubelet\n\nBackOff\nrestarting\n1\nnode=n1");
}

TEST(RecordEvidence, OfAttributesCoversTheNamedOnesOnly) {
  telemetry::Entity entity;
  entity.id = "orders";
  entity.attributes.set("replicas.desired", "3");
  entity.attributes.set("replicas.ready", "0");
  const Evidence named = attribute_evidence(entity, {"replicas.ready"}, kFile);
  EXPECT_EQ(named.excerpt, "replicas.ready=0");
  entity.attributes.set("replicas.desired", "4");
  EXPECT_EQ(attribute_evidence(entity, {"replicas.ready"}, kFile).digest, named.digest);
  entity.attributes.set("replicas.ready", "1");
  EXPECT_NE(attribute_evidence(entity, {"replicas.ready"}, kFile).digest, named.digest);
}

TEST(RecordEvidence, OfASeriesCoversTheWindowOnly) {
  telemetry::MetricSeries series{{"orders", "errors", "", "", {}}, {{at(0), 1}, {at(60), 2.5}, {at(120), 3}}};
  const Evidence e = series_evidence(series, {at(60), at(120)});
  EXPECT_EQ(e.count, 1);
  EXPECT_EQ(e.excerpt, "1970-01-01T00:01:00Z=2.5");
  series.points[2].value = 4;
  EXPECT_EQ(series_evidence(series, {at(60), at(120)}).digest, e.digest);
  series.points[1].value = 2.6;
  EXPECT_NE(series_evidence(series, {at(60), at(120)}).digest, e.digest);
}

TEST(SpanTotals, DoNotDependOnOrder) {
  SpanTotals forward;
  SpanTotals backward;
  forward.add(at(1), std::chrono::milliseconds(5), false);
  forward.add(at(9), std::chrono::milliseconds(7), true);
  backward.add(at(9), std::chrono::milliseconds(7), true);
  backward.add(at(1), std::chrono::milliseconds(5), false);
  EXPECT_EQ(forward.text("a", "b"), backward.text("a", "b"));
  EXPECT_EQ(forward.window(), (base::TimeRange{at(1), at(9) + base::Duration(1)}));
  EXPECT_EQ(forward.describe(), "2 spans, 1 failed, 12 ms in all");
}

TEST(AbsenceEvidence, SaysWhatWasLookedForAndWhere) {
  const Evidence e = absence_evidence({"logs", "orders", "started <*>", {}});
  EXPECT_EQ(e.query, "logs of orders with “started <*>”");
  EXPECT_EQ(e.source, "logs");
  EXPECT_EQ(e.id, evidence_id(e));
}

}  // namespace
}  // namespace midwatch::model

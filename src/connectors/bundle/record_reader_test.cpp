#include "src/connectors/bundle/record_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::connectors::bundle {
namespace {

using telemetry::TelemetryBatch;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Reader = base::Result<std::uint64_t> (*)(LineReader&, std::uint32_t, ReadProblems&, RecordBudget&,
                                               TelemetryBatch&);

struct Read {
  TelemetryBatch batch;
  std::vector<std::string> gaps;
  std::uint64_t records = 0;
  std::uint64_t lost = 0;
};

Read read(Reader reader, const std::string& text) {
  auto source = memory_source(text);
  LineReader lines(*source);
  ReadProblems problems("file.ndjson");
  RecordBudget budget;
  Read result;
  result.records = reader(lines, 7, problems, budget, result.batch).value_or(9999);
  result.lost = problems.lost();
  for (const auto& gap : problems.gaps()) result.gaps.push_back(gap.what.en);
  return result;
}

TEST(Changes, EveryFieldIsRead) {
  const auto r = read(
      &read_changes,
      R"({"timestamp":"2026-01-05T09:00:00.5+09:00","id":"abc","kind":"feature_flag","entity":"web",)"
      R"("instances":["w2","w1","w2"],"actor":"ann","summary":"s","version":"v2","files":["a.ts","b.ts"],)"
      R"("diff":"--- a\n+++ b\n","attributes":{"commit":"c1","env":{"DB_PASSWORD":"x"}}})"
      "\n");
  EXPECT_THAT(r.gaps, IsEmpty());
  ASSERT_EQ(r.batch.changes.size(), 1U);
  const auto& c = r.batch.changes[0];
  EXPECT_EQ(base::format_rfc3339(c.time), "2026-01-05T00:00:00.500Z");
  EXPECT_EQ(c.id, "abc");
  EXPECT_EQ(c.kind, telemetry::ChangeKind::kFeatureFlag);
  EXPECT_EQ(c.entity, "web");
  EXPECT_THAT(c.instances, ElementsAre("w1", "w2"));
  EXPECT_EQ(c.actor, "ann");
  EXPECT_EQ(c.version, "v2");
  EXPECT_THAT(c.files, ElementsAre("a.ts", "b.ts"));
  EXPECT_TRUE(c.has_diff);
  EXPECT_EQ(c.diff, "--- a\n+++ b\n");
  EXPECT_EQ(c.attributes.get("commit"), "c1");
  EXPECT_EQ(c.attributes.get("env.DB_PASSWORD"), "[redacted]");
  EXPECT_EQ(c.ref, (telemetry::RecordRef{7, 1}));
}

TEST(Changes, UniqueIsKindAndId) {
  const auto r = read(&read_changes,
                      "{\"timestamp\":1,\"id\":\"a\",\"kind\":\"commit\",\"summary\":\"first\"}\n"
                      "{\"timestamp\":2,\"id\":\"a\",\"kind\":\"deployment\"}\n"
                      "{\"timestamp\":3,\"id\":\"a\",\"kind\":\"commit\",\"summary\":\"second\"}\n");
  ASSERT_EQ(r.batch.changes.size(), 2U);
  EXPECT_EQ(r.batch.changes[0].summary, "first");
  EXPECT_FALSE(r.batch.changes[0].has_diff);
  EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr("occurred before"), HasSubstr("line 3"))));
  EXPECT_EQ(r.lost, 1U);
}

TEST(Times, AreExactToTheNanosecondInEveryForm) {
  const struct {
    std::string_view json;
    std::int64_t nanoseconds;
  } cases[] = {
      {"1767571200", 1767571200000000000},
      {"1767571200.123456789", 1767571200123456789},
      {"1767571200.1234567891", 1767571200123456789},
      {"\"1767571200.000000001\"", 1767571200000000001},
      {"\"2026-01-05T00:00:00.123456789Z\"", 1767571200123456789},
      {"\"2026-01-05T01:30:00+01:30\"", 1767571200000000000},
      {"\"2026-01-04T16:00:00-0800\"", 1767571200000000000},
      {"0", 0},
      {"-1.5", -1500000000},
  };
  for (const auto& c : cases) {
    const auto r = read(&read_events, R"({"attributes":{"timestamp":5},"timestamp" : )" +
                                          std::string(c.json) + R"( ,"entity":"web"})" + "\n");
    ASSERT_EQ(r.batch.events.size(), 1U) << c.json;
    EXPECT_EQ(r.batch.events[0].time.time_since_epoch().count(), c.nanoseconds) << c.json;
  }
  for (const std::string_view json :
       {"null", "true", "\"soon\"", "1767571200000", "99999999999999999999", "1.7e400",
        "\"2026-01-05T00:00:00\"", "\"2026-13-01T00:00:00Z\"", "[1]"}) {
    const auto r = read(&read_events, R"({"timestamp":)" + std::string(json) + R"(,"entity":"web"})");
    EXPECT_THAT(r.batch.events, IsEmpty()) << json;
    EXPECT_EQ(r.lost, 1U) << json;
  }
}

TEST(Events, EveryFieldIsRead) {
  const auto r = read(&read_events,
                      R"({"timestamp":1,"entity":"web","source":"ecs","type":"t","reason":"r","message":"m",)"
                      R"("count":3,"attributes":{"a":{"b":[1,true,null]}}})");
  EXPECT_THAT(r.gaps, IsEmpty());
  ASSERT_EQ(r.batch.events.size(), 1U);
  const auto& e = r.batch.events[0];
  EXPECT_EQ(e.source + e.type + e.reason + e.message, "ecstrm");
  EXPECT_EQ(e.count, 3);
  EXPECT_EQ(e.attributes.get("a.b.1"), "true");
}

TEST(Events, CountsThatNoIntegerHoldsAreBounded) {
  for (const auto& [json, count] : {std::pair<std::string, std::int64_t>{"1e300", 9000000000000000},
                                    {"-1e300", -9000000000000000},
                                    {"\"12\"", 12},
                                    {"2.9", 2}}) {
    const auto r = read(&read_events, R"({"timestamp":1,"entity":"web","count":)" + json + "}");
    ASSERT_EQ(r.batch.events.size(), 1U) << json;
    EXPECT_EQ(r.batch.events[0].count, count) << json;
  }
}

TEST(Entities, TheSameIdTwiceIsTold) {
  const auto r = read(&read_entities,
                      "{\"id\":\"web\",\"type\":\"service\",\"name\":\"Web\"}\n{\"id\":\"web\","
                      "\"attributes\":{\"a\":1}}\n{\"type\":\"x\"}\n");
  EXPECT_EQ(r.batch.entities.size(), 2U);
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("occurred before, merged"), HasSubstr("without an id")));
  EXPECT_EQ(r.lost, 1U);
}

TEST(Relations, EveryKindIsKnownAndOthersAreTold) {
  for (const std::string_view kind :
       {"calls", "runs_on", "contains", "reads_secret", "reads_config", "reads_from", "writes_to",
        "routes_to", "deployed_by", "assumes_role", "related"}) {
    const auto r = read(&read_relations, R"({"from":"a","to":"b","kind":")" + std::string(kind) + R"("})");
    ASSERT_EQ(r.batch.relations.size(), 1U);
    EXPECT_EQ(telemetry::to_string(r.batch.relations[0].kind), kind);
    EXPECT_THAT(r.gaps, IsEmpty());
  }
  const auto r =
      read(&read_relations, "{\"from\":\"a\",\"to\":\"b\",\"kind\":\"likes\"}\n{\"from\":\"a\"}\n");
  EXPECT_EQ(r.batch.relations.size(), 1U);
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("unknown kind"), HasSubstr("without both ends")));
}

TEST(Records, WhatIsNoObjectIsCountedWithItsLine) {
  const struct {
    std::string line;
    std::string why;
  } cases[] = {
      {"{\"timestamp\":1", "no JSON, skipped"},
      {"{\"timestamp\":1,\"entity\":\"web\"} x", "no JSON, skipped"},
      {"{'timestamp':1}", "no JSON, skipped"},
      {"nonsense", "no JSON, skipped"},
      {"[1]", "no JSON object"},
      {"7", "no JSON object"},
      {std::string(100'000, '['), "no JSON, skipped"},
      {"{\"a\":" + std::string(300, '[') + std::string(300, ']') + "}", "no JSON, skipped"},
      {std::string(kMaxLine + 1, ' ') + "x", "longer than 16 MiB"},
  };
  for (const auto& c : cases) {
    const auto r = read(&read_events, "{\"timestamp\":1,\"entity\":\"web\"}\n\n" + c.line +
                                          "\n{\"timestamp\":2,\"entity\":\"web\"}\n");
    EXPECT_EQ(r.batch.events.size(), 2U) << c.line.substr(0, 60);
    EXPECT_EQ(r.records, 3U);
    EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr(c.why), HasSubstr("line 3")))) << c.line.substr(0, 60);
    EXPECT_EQ(r.lost, 1U);
  }
}

TEST(Records, WrongTypesAndUnknownFieldsAreNamedAndTheRestIsRead) {
  const auto r = read(&read_events,
                      "{\"timestamp\":1,\"entity\":\"web\",\"message\":{\"a\":1},\"attributes\":[1],"
                      "\"count\":\"many\",\"reason\":7,\"type\":null}\n"
                      "{\"timestamp\":1,\"entity\":\"web\",\"colour\":\"red\"}\n{\"timestamp\":1,\"entity\":"
                      "\"web\",\"colour\":\"blue\",\"\\u001b\":1}\n");
  ASSERT_EQ(r.batch.events.size(), 3U);
  EXPECT_EQ(r.batch.events[0].reason, "7");
  EXPECT_EQ(r.batch.events[0].count, 1);
  EXPECT_EQ(r.lost, 0U);
  EXPECT_THAT(
      r.gaps,
      ElementsAre(AllOf(HasSubstr("another type"), HasSubstr("attributes (:1), count (:1), message (:1)")),
                  AllOf(HasSubstr("nobody reads"), HasSubstr("\\u{1b} (:3), colour (:2, 2×)"))));
}

TEST(Records, InvalidUtf8IsReplacedAndTold) {
  const auto r = read(&read_events, "{\"timestamp\":1,\"entity\":\"web\",\"message\":\"a\xFFz\"}\n");
  ASSERT_EQ(r.batch.events.size(), 1U);
  EXPECT_EQ(r.batch.events[0].message, "a\xEF\xBF\xBDz");
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("invalid UTF-8")));
}

TEST(Records, EscapedLoneSurrogatesAreReplacedAndTold) {
  const auto r = read(&read_events, R"({"timestamp":1,"entity":"web","message":"a\udcffz"})");
  ASSERT_EQ(r.batch.events.size(), 1U);
  EXPECT_EQ(r.batch.events[0].message, "a\xEF\xBF\xBDz");
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("invalid UTF-8")));
}

TEST(Records, LongTextsAreCutAndTold) {
  const auto r = read(&read_events,
                      R"({"timestamp":1,"entity":"web","message":")" + std::string(2'000'000, 'm') + "\"}");
  ASSERT_EQ(r.batch.events.size(), 1U);
  EXPECT_LE(r.batch.events[0].message.size(), 1024U * 1024U);
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("longer than 1 MiB, cut")));
}

TEST(Records, ManyAttributesAreCutAndTold) {
  std::string attributes;
  for (int i = 0; i < 6000; ++i) attributes += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  const auto r = read(&read_entities, "{\"id\":\"web\",\"attributes\":{" + attributes + "}}");
  ASSERT_EQ(r.batch.entities.size(), 1U);
  EXPECT_EQ(r.batch.entities[0].attributes.get("truncated"), "true");
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("more attributes than are kept")));
}

TEST(Records, KeepNoSecret) {
  const auto r = read(
      &read_events,
      R"({"timestamp":1,"entity":"postgres://u:hunter2@db/x","message":"password=hunter2 token AKIAIOSFODNN7EXAMPLE"})");
  ASSERT_EQ(r.batch.events.size(), 1U);
  EXPECT_EQ(r.batch.events[0].entity.find("hunter2"), std::string::npos);
  EXPECT_EQ(r.batch.events[0].message.find("hunter2"), std::string::npos);
  EXPECT_EQ(r.batch.events[0].message.find("AKIA"), std::string::npos);
}

TEST(RecordBudget, IsHeldInRecordsAndInBytes) {
  RecordBudget by_count;
  std::uint64_t allowed = 0;
  for (std::uint64_t i = 0; i < RecordBudget::kMaxRecords + 10; ++i) allowed += by_count.allows(1) ? 1 : 0;
  EXPECT_EQ(allowed, RecordBudget::kMaxRecords);
  RecordBudget by_bytes;
  EXPECT_TRUE(by_bytes.allows(RecordBudget::kMaxBytes - 1));
  EXPECT_FALSE(by_bytes.allows(2));
  EXPECT_TRUE(by_bytes.allows(1));
}

TEST(RecordBudget, WhatIsBeyondIsToldAndSkipped) {
  auto source = memory_source("{\"from\":\"a\",\"to\":\"b\",\"kind\":\"calls\"}\n");
  LineReader lines(*source);
  ReadProblems problems("relations.ndjson");
  RecordBudget spent;
  ASSERT_TRUE(spent.allows(RecordBudget::kMaxBytes));
  TelemetryBatch batch;
  EXPECT_EQ(read_relations(lines, 0, problems, spent, batch).value_or(0), 1U);
  EXPECT_THAT(batch.relations, IsEmpty());
  EXPECT_EQ(problems.lost(), 1U);
}

}  // namespace
}  // namespace midwatch::connectors::bundle

#include "src/connectors/bundle/scope_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::connectors::bundle {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

struct Read {
  base::Result<telemetry::IncidentScope> scope;
  std::vector<std::string> gaps;
};

Read read(const std::string& text) {
  ReadProblems problems("bundle.json");
  Read result{read_scope(text, problems), {}};
  for (const auto& gap : problems.gaps()) result.gaps.push_back(gap.what.en);
  return result;
}

/// A good bundle.json with further members.
std::string with(const std::string& more) {
  return R"({"format":"midwatch.bundle/v1","id":"i","window":{"start":100,"end":200})" +
         (more.empty() ? "" : "," + more) + "}";
}

TEST(Scope, EveryFieldIsRead) {
  const auto r = read(R"({"format":"midwatch.bundle/v1","id":"i1","title":"T","notes":"N","question":"why?",
    "alarm":{"name":"n","entity":"web","metric":"errors","time":"2026-01-05T00:00:00.000000001Z","threshold":5,
             "observed":31.5,"summary":"s","severity":"high","source":"cloudwatch","payload":{"a":[1,{"token":"x"}]}},
    "window":{"start":1767571200.123456789,"end":"2026-01-05T01:00:00+00:00"},
    "baseline":{"start":1767500000,"end":1767503600.5},"interval_s":60,
    "candidates":["web","db","web"],"instances":{"w-2":"web","w-1":"web"}})");
  ASSERT_TRUE(r.scope) << r.scope.error().message;
  EXPECT_THAT(r.gaps, IsEmpty());
  const auto& s = *r.scope;
  EXPECT_EQ(s.id + s.title + s.notes + s.alarm.question, "i1TNwhy?");
  EXPECT_EQ(
      s.alarm.name + s.alarm.entity + s.alarm.metric + s.alarm.summary + s.alarm.severity + s.alarm.source,
      "nweberrorsshighcloudwatch");
  EXPECT_EQ(s.alarm.time->time_since_epoch().count(), 1767571200000000001);
  EXPECT_EQ(s.alarm.threshold, 5);
  EXPECT_EQ(s.alarm.observed, 31.5);
  EXPECT_EQ(s.alarm.payload.get("a.0"), "1");
  EXPECT_EQ(s.alarm.payload.get("a.1.token"), "[redacted]");
  EXPECT_EQ(s.window.start.time_since_epoch().count(), 1767571200123456789);
  EXPECT_EQ(base::format_rfc3339(s.window.end), "2026-01-05T01:00:00Z");
  ASSERT_TRUE(s.baseline);
  EXPECT_EQ(s.baseline->end.time_since_epoch().count(), 1767503600500000000);
  EXPECT_EQ(s.interval, std::chrono::seconds(60));
  EXPECT_THAT(s.candidates, ElementsAre("db", "web"));
  EXPECT_THAT(s.instances, ElementsAre(Pair("w-1", "web"), Pair("w-2", "web")));
}

TEST(Scope, OnlyTheNeededFieldsAreNeeded) {
  for (const std::string more :
       {"", "\"baseline\":null", "\"alarm\":null,\"interval_s\":null", "\"alarm\":{\"time\":null}"}) {
    const auto r = read(with(more));
    ASSERT_TRUE(r.scope) << more << ": " << r.scope.error().message;
    EXPECT_THAT(r.gaps, IsEmpty()) << more;
    EXPECT_FALSE(r.scope->baseline);
    EXPECT_FALSE(r.scope->alarm.time);
  }
  EXPECT_TRUE(read("\xEF\xBB\xBF" + with("")).scope);
}

TEST(Scope, WhatIsMissingOrMalformedIsNamed) {
  const struct {
    std::string text;
    std::string why;
  } cases[] = {
      {"", "line 1, column 1"},
      {"{\"format\":\n  \"midwatch.bundle/v1\",,}", "line 2, column 24"},
      {"[1]", "must be a JSON object"},
      {"\xFF\xFE{", "UTF-16"},
      {R"({"id":"i"})", "'format' is ''"},
      {R"({"format":"midwatch.bundle/v2"})", "'midwatch.bundle/v2'; this version reads 'midwatch.bundle/v1'"},
      {R"({"format":"midwatch.bundle/v1"})", "'window' is missing"},
      {R"({"format":"midwatch.bundle/v1","window":5})", "'window' is missing or no object"},
      {R"({"format":"midwatch.bundle/v1","window":{"start":1}})", "'window.end' is missing or no time"},
      {R"({"format":"midwatch.bundle/v1","window":{"start":"noon","end":5}})",
       "'window.start' is missing or no time"},
      {R"({"format":"midwatch.bundle/v1","window":{"start":9,"end":9}})", "not after its start"},
      {R"({"format":"midwatch.bundle/v1","window":{"start":9,"end":8}})", "ends at 1970-01-01T00:00:08Z"},
  };
  for (const auto& c : cases) {
    const auto r = read(c.text);
    ASSERT_FALSE(r.scope) << c.text;
    EXPECT_THAT(r.scope.error().message, AllOf(HasSubstr("bundle.json: "), HasSubstr(c.why)));
    EXPECT_EQ(r.scope.error().source, base::ErrorSource::kUser);
  }
}

TEST(Scope, WhatIsNotNeededIsNotedAndLeftOut) {
  const struct {
    std::string more;
    std::string why;
  } cases[] = {
      {"\"baseline\":{\"start\":5}", "'baseline' is no time range"},
      {"\"baseline\":7", "left out: baseline"},
      {"\"alarm\":\"pager\"", "left out: alarm"},
      {"\"alarm\":{\"time\":\"noon\"}", "the alarm's 'time'"},
      {"\"alarm\":{\"threshold\":\"high\"}", "left out: threshold"},
      {"\"alarm\":{\"colour\":1}", "nobody reads, ignored: colour"},
      {"\"interval_s\":-5", "'interval_s' is no positive number"},
      {"\"interval_s\":\"often\"", "left out: interval_s"},
      {"\"candidates\":\"web\"", "left out: candidates"},
      {"\"candidates\":[\"web\",5]", "left out: candidates"},
      {"\"instances\":[\"web\"]", "left out: instances"},
      {"\"instances\":{\"a\":5}", "left out: instances"},
      {"\"verdict\":\"db\"", "nobody reads, ignored: verdict"},
      {"\"notes\":\"\xFF\"", "invalid UTF-8"},
  };
  for (const auto& c : cases) {
    const auto r = read(with(c.more));
    ASSERT_TRUE(r.scope) << c.more << ": " << r.scope.error().message;
    EXPECT_THAT(r.gaps, ElementsAre(HasSubstr(c.why))) << c.more;
  }
  EXPECT_THAT(read(R"({"format":"midwatch.bundle/v1","window":{"start":1,"end":2}})").gaps,
              ElementsAre(HasSubstr("'id' is missing")));
}

}  // namespace
}  // namespace midwatch::connectors::bundle

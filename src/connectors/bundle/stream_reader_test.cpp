#include "src/connectors/bundle/stream_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/base/json.h"
#include "src/connectors/bundle/name_table.h"

namespace midwatch::connectors::bundle {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A record that outlives its reading.
struct Log {
  std::optional<base::Timestamp> time;
  std::string entity, body, severity, instance, trace_id, span_id, attributes;
  std::uint64_t line = 0;
};

struct Logs {
  std::vector<Log> records;
  std::vector<std::string> gaps;
  std::uint64_t count = 0;
  std::uint64_t lost = 0;
};

Logs read_logs(const std::string& text) {
  auto source = memory_source(text);
  LineReader lines(*source);
  ReadProblems problems("logs.ndjson");
  StreamReader reader;
  Logs logs;
  logs.count = reader
                   .read_logs(lines, 3, problems,
                              [&](const telemetry::LogRecord& r) {
                                EXPECT_EQ(r.ref.source, 3U);
                                logs.records.push_back({r.time, std::string(r.entity), std::string(r.body),
                                                        std::string(r.severity), std::string(r.instance),
                                                        std::string(r.trace_id), std::string(r.span_id),
                                                        std::string(r.attributes), r.ref.line});
                              })
                   .value_or(9999);
  logs.lost = problems.lost();
  for (const auto& gap : problems.gaps()) logs.gaps.push_back(gap.what.en);
  return logs;
}

TEST(Logs, EveryFieldIsRead) {
  const auto r = read_logs(
      R"({"timestamp":1767571200.123456789,"entity":"web","body":"GET \"/\" \u65e5\n2nd","severity":"WARN","instance":"w-1","trace_id":"t","span_id":"s","attributes":{"a":{"b":1}}})"
      "\n");
  EXPECT_THAT(r.gaps, IsEmpty());
  ASSERT_EQ(r.records.size(), 1U);
  const auto& log = r.records[0];
  EXPECT_EQ(log.time->time_since_epoch().count(), 1767571200123456789);
  EXPECT_EQ(log.entity, "web");
  EXPECT_EQ(log.body, "GET \"/\" 日\n2nd");
  EXPECT_EQ(log.severity + log.instance + log.trace_id + log.span_id, "WARNw-1ts");
  EXPECT_EQ(log.attributes, R"({"a":{"b":1}})");
  EXPECT_EQ(log.line, 1U);
}

TEST(Logs, TheTimeMayBeNullAbsentOrUnreadable) {
  const auto r = read_logs(
      "{\"timestamp\":null,\"entity\":\"web\",\"body\":\"1\"}\n{\"entity\":\"web\",\"body\":\"2\"}\n"
      "{\"timestamp\":\"noon\",\"entity\":\"web\",\"body\":\"3\"}\n{\"timestamp\":1767571200000,\"entity\":"
      "\"web\",\"body\":\"4\"}\n"
      "{\"timestamp\":true,\"entity\":\"web\",\"body\":\"5\"}\n");
  ASSERT_EQ(r.records.size(), 5U);
  for (const auto& log : r.records) EXPECT_FALSE(log.time);
  EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr("read without time"), HasSubstr("3 times; line 3, 4, 5"))));
  EXPECT_EQ(r.lost, 0U);
}

TEST(Logs, TimesOutOfOrderStayInTheOrderOfTheFile) {
  const auto r = read_logs(
      "{\"timestamp\":9,\"entity\":\"w\",\"body\":\"a\"}\n{\"timestamp\":\"1970-01-01T00:00:01Z\",\"entity\":"
      "\"w\",\"body\":\"b\"}\n");
  ASSERT_EQ(r.records.size(), 2U);
  EXPECT_GT(*r.records[0].time, *r.records[1].time);
}

TEST(Logs, ABodyThatIsNoTextIsGivenAsItsJson) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"msg":"x","n":[1,2]})", R"({"msg":"x","n":[1,2]})"},
      {"[1,\"a\"]", "[1,\"a\"]"},
      {"12.50", "12.50"},
      {"true", "true"},
      {"\"\"", ""}};
  for (const auto& [json, body] : cases) {
    const auto r = read_logs(R"({"body": )" + json + R"( ,"entity":"web"})");
    ASSERT_EQ(r.records.size(), 1U) << json;
    EXPECT_EQ(r.records[0].body, body);
    EXPECT_THAT(r.gaps, IsEmpty());
  }
}

TEST(Logs, NumbersAsNamesAreTakenAsWrittenAndOtherTypesAreNamed) {
  const auto r = read_logs(
      R"({"entity":7,"body":"b","severity":17,"instance":{"a":1},"trace_id":[1],"span_id":null,"attributes":"x"})");
  ASSERT_EQ(r.records.size(), 1U);
  EXPECT_EQ(r.records[0].entity, "7");
  EXPECT_EQ(r.records[0].severity, "17");
  EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr("another type"),
                                        HasSubstr("attributes (:1), instance (:1), trace_id (:1)"))));
}

TEST(Logs, TheInstanceMayLieInTheAttributes) {
  const auto r = read_logs(
      "{\"entity\":\"w\",\"body\":\"b\",\"attributes\":{\"instance\":\"w-1\"}}\n"
      "{\"entity\":\"w\",\"body\":\"b\",\"attributes\":{\"instance\":\"w-1\"},\"instance\":\"w-2\"}\n");
  ASSERT_EQ(r.records.size(), 2U);
  EXPECT_EQ(r.records[0].instance, "w-1");
  EXPECT_EQ(r.records[1].instance, "w-2");
}

TEST(Logs, EachBadLineIsCountedWithItsNumber) {
  const struct {
    std::string line;
    std::string why;
  } cases[] = {
      {R"({"entity":"web"})", "without a body"},
      {R"({"entity":"web","body":null})", "without a body"},
      {R"({"body":"b"})", "without an entity"},
      {R"({"body":"b","entity":""})", "without an entity"},
      {R"({"body":"b","entity":null})", "without an entity"},
      {R"({"body":"b","entity":"web")", "no JSON, skipped"},
      {R"({"body":"b","entity":"web"}})", "no JSON, skipped"},
      {R"({"body":"b","entity":"web"} trailing)", "no JSON, skipped"},
      {R"({"body":"b","entity":"web"}{"body":"b","entity":"web"})", "no JSON, skipped"},
      {R"({"body":"b","entity":"web",})", "no JSON, skipped"},
      {R"({"body":"b" "entity":"web"})", "no JSON, skipped"},
      {R"({"body":"b","entity":"web","x":tru})", "no JSON, skipped"},
      {R"({"body":"b","entity":"web","attributes":{"a":[1,,2]}})", "no JSON, skipped"},
      {R"({"body":"b","entity":"web","attributes":{"a":1 2}})", "no JSON, skipped"},
      {R"({"body":"b","entity":"web","severity":01})", "no JSON, skipped"},
      {R"({"body":{"a":nul},"entity":"web"})", "no JSON, skipped"},
      {R"({"body":"b\x","entity":"web"})", "no JSON, skipped"},
      {R"({"body":"b)", "no JSON, skipped"},
      {R"({body:"b","entity":"web"})", "no JSON, skipped"},
      {"nonsense", "no JSON"},
      {"{", "no JSON, skipped"},
      {"}", "no JSON"},
      {"[]", "no JSON object"},
      {"\"text\"", "no JSON object"},
      {"12", "no JSON object"},
      {std::string("\0\0\0", 3), "no JSON"},
      {std::string(kMaxLine + 10, 'x'), "longer than 16 MiB"},
      {R"({"body":"b","entity":"web","x":)" + std::string(500, '[') + std::string(500, ']') + "}",
       "nested deeper"},
      {R"({"body":)" + std::string(500, '[') + std::string(500, ']') + R"(,"entity":"web"})",
       "nested deeper"},
      {R"({"body":)" + std::string(100'000, '[') + "}", "no JSON"},
  };
  const std::string good = R"({"entity":"web","body":"good"})";
  for (const auto& c : cases) {
    const auto r = read_logs(good + "\n" + c.line + "\n" + good);
    const std::string shown = c.line.substr(0, 80);
    EXPECT_EQ(r.records.size(), 2U) << shown;
    EXPECT_EQ(r.count, 3U) << shown;
    EXPECT_EQ(r.lost, 1U) << shown;
    bool told = false;
    for (const auto& gap : r.gaps)
      told = told || (gap.find(c.why) != std::string::npos && gap.find("line 2)") != std::string::npos);
    EXPECT_TRUE(told) << shown << " → " << ::testing::PrintToString(r.gaps);
  }
}

TEST(Logs, BlankLinesAreNoRecords) {
  const auto r = read_logs("\n  \n\t\r\n{\"entity\":\"web\",\"body\":\"b\"}\r\n\n");
  EXPECT_EQ(r.records.size(), 1U);
  EXPECT_EQ(r.records[0].line, 4U);
  EXPECT_EQ(r.count, 1U);
  EXPECT_THAT(r.gaps, IsEmpty());
}

TEST(Logs, InvalidUtf8IsReplacedAndTold) {
  const auto r = read_logs(
      "{\"entity\":\"web\",\"body\":\"caf\xE9\"}\n{\"entity\":\"web\",\"body\":\"\xE6\x97\xA5\"}\n{\"body\":"
      "\xFF}\n");
  ASSERT_EQ(r.records.size(), 2U);
  EXPECT_EQ(r.records[0].body, "caf\xEF\xBF\xBD");
  EXPECT_EQ(r.records[1].body, "日");
  EXPECT_THAT(r.gaps,
              ElementsAre(AllOf(HasSubstr("invalid UTF-8"), HasSubstr("line 1, 3")), HasSubstr("no JSON")));
}

TEST(Logs, EscapedLoneSurrogatesAreReplacedAndTold) {
  const auto r = read_logs(R"({"entity":"web","body":"a\udcffz \ud83d\ude00"})");
  ASSERT_EQ(r.records.size(), 1U);
  EXPECT_EQ(r.records[0].body, "a\xEF\xBF\xBDz 😀");
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("invalid UTF-8")));
}

TEST(Logs, NumbersThatNoMachineHoldsAreStillJson) {
  const auto r = read_logs(
      R"({"entity":"web","body":123456789012345678901234567890,"attributes":{"a":-1E+999,"b":[0.5e-3,-0]}})");
  ASSERT_EQ(r.records.size(), 1U);
  EXPECT_EQ(r.records[0].body, "123456789012345678901234567890");
  EXPECT_THAT(r.gaps, IsEmpty());
  for (const std::string number : {"01", "-", "1.", ".5", "1e", "1e+", "+1", "0x1", "1_0", "--1"})
    EXPECT_EQ(read_logs(R"({"entity":"web","body":"b","attributes":{"a":)" + number + "}}").lost, 1U)
        << number;
}

TEST(Logs, UnknownFieldsAreNamedWithTheirCount) {
  const auto r = read_logs(
      "{\"entity\":\"w\",\"body\":\"b\",\"level\":3}\n{\"entity\":\"w\",\"body\":\"b\",\"level\":{\"a\":1}}"
      "\n");
  EXPECT_EQ(r.records.size(), 2U);
  EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr("nobody reads"), HasSubstr("level (:1, 2×)"))));
}

TEST(Logs, ManyUnknownFieldsStayBounded) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += R"({"entity":"w","body":"b","f)" + std::to_string(i) + "\":1}\n";
  const auto r = read_logs(text);
  ASSERT_EQ(r.gaps.size(), 1U);
  EXPECT_LT(r.gaps[0].size(), 1000U);
  EXPECT_THAT(r.gaps[0], HasSubstr("… (968×)"));
}

TEST(Logs, EntitiesAreBoundedAndWhatIsBeyondIsTold) {
  std::string text;
  for (std::size_t i = 0; i < NameTable::kMaxNames + 5; ++i)
    text +=
        R"({"body":"b","entity":"e)" + std::to_string(i) + R"(","instance":"i)" + std::to_string(i) + "\"}\n";
  text += "{\"body\":\"b\",\"entity\":\"e0\"}\n";
  const auto r = read_logs(text);
  EXPECT_EQ(r.records.size(), NameTable::kMaxNames + 1);
  EXPECT_EQ(r.lost, 5U);
  EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr("more distinct entities"), HasSubstr("5 times"))));
}

TEST(Logs, NamesAreCleanedAlike) {
  const auto r = read_logs(R"({"entity":"postgres://u:hunter2@db/x","body":"b"})");
  ASSERT_EQ(r.records.size(), 1U);
  EXPECT_EQ(r.records[0].entity, clean_name("postgres://u:hunter2@db/x"));
  EXPECT_EQ(r.records[0].entity.find("hunter2"), std::string::npos);
}

RC_GTEST_PROP(Logs, AnyTextComesBackAsItIs, (const std::string& raw)) {
  const std::string body = "x" + std::string(raw);
  const auto r = read_logs("{\"entity\":\"w\",\"body\":\"" + base::escape_json(body) + "\"}\n");
  RC_ASSERT(r.records.size() == 1U);
  RC_ASSERT(base::escape_json(r.records[0].body) == base::escape_json(body));
  RC_ASSERT(r.gaps.empty());
}

struct OwnedSpan {
  std::string trace_id, span_id, parent, entity, name, instance, attributes;
  std::int64_t start = 0;
  std::int64_t duration = 0;
  telemetry::SpanStatus status{};
};

struct Spans {
  std::vector<OwnedSpan> spans;
  std::vector<std::string> gaps;
  std::uint64_t lost = 0;
};

Spans read_spans(const std::string& text) {
  auto source = memory_source(text);
  LineReader lines(*source);
  ReadProblems problems("traces.ndjson");
  StreamReader reader;
  Spans result;
  const auto records = reader.read_spans(lines, 3, problems, [&](const telemetry::Span& s) {
    result.spans.push_back({std::string(s.trace_id), std::string(s.span_id), std::string(s.parent_span_id),
                            std::string(s.entity), std::string(s.name), std::string(s.instance),
                            std::string(s.attributes), s.start.time_since_epoch().count(), s.duration.count(),
                            s.status});
  });
  EXPECT_TRUE(records);
  result.lost = problems.lost();
  for (const auto& gap : problems.gaps()) result.gaps.push_back(gap.what.en);
  return result;
}

TEST(Spans, EveryFieldIsRead) {
  const auto r = read_spans(
      R"({"trace_id":"t","span_id":"s","parent_span_id":"p","entity":"web","name":"GET /","start":"2026-01-05T00:00:00Z","duration_ms":1.5,"status":"error","attributes":{"instance":"w-1","http":{"code":500}}})");
  EXPECT_THAT(r.gaps, IsEmpty());
  ASSERT_EQ(r.spans.size(), 1U);
  const auto& s = r.spans[0];
  EXPECT_EQ(s.trace_id + s.span_id + s.parent + s.entity + s.name + s.instance, "tspwebGET /w-1");
  EXPECT_EQ(s.start, 1767571200000000000);
  EXPECT_EQ(s.duration, 1'500'000);
  EXPECT_EQ(s.status, telemetry::SpanStatus::kError);
  EXPECT_EQ(s.attributes, R"({"instance":"w-1","http":{"code":500}})");
}

TEST(Spans, StatusIsOkErrorOrAbsent) {
  const std::string head =
      R"({"trace_id":"t","span_id":"s","entity":"web","name":"n","start":1,"duration_ms":"2.5")";
  EXPECT_EQ(read_spans(head + "}").spans[0].status, telemetry::SpanStatus::kUnset);
  EXPECT_EQ(read_spans(head + R"(,"status":"ok"})").spans[0].status, telemetry::SpanStatus::kOk);
  EXPECT_EQ(read_spans(head + R"(,"status":null})").gaps.size(), 0U);
  const auto odd = read_spans(head + R"(,"status":"STATUS_CODE_ERROR"})");
  EXPECT_EQ(odd.spans[0].status, telemetry::SpanStatus::kUnset);
  EXPECT_EQ(odd.spans[0].duration, 2'500'000);
  EXPECT_THAT(odd.gaps, ElementsAre(HasSubstr("neither ok nor error")));
}

TEST(Spans, EachBadLineIsCounted) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"span_id":"s","entity":"w","start":1,"duration_ms":1})", "without trace_id"},
      {R"({"trace_id":"t","entity":"w","start":1,"duration_ms":1})", "without trace_id"},
      {R"({"trace_id":"t","span_id":"s","start":1,"duration_ms":1})", "without trace_id"},
      {R"({"trace_id":"t","span_id":"s","entity":"w","duration_ms":1})", "readable start"},
      {R"({"trace_id":"t","span_id":"s","entity":"w","start":null,"duration_ms":1})", "readable start"},
      {R"({"trace_id":"t","span_id":"s","entity":"w","start":1})", "readable start"},
      {R"({"trace_id":"t","span_id":"s","entity":"w","start":1,"duration_ms":-1})", "readable start"},
      {R"({"trace_id":"t","span_id":"s","entity":"w","start":1,"duration_ms":"slow"})", "readable start"},
      {R"({"trace_id":"t","span_id":"s","entity":"w","start":1,"duration_ms":1e999})", "readable start"},
      {R"({"trace_id":"t","span_id":"s","entity":"w","start":1,"duration_ms":1)", "no JSON"},
      {R"(["trace_id"])", "no JSON object"},
  };
  for (const auto& [line, why] : cases) {
    const auto r = read_spans(line + "\n");
    EXPECT_THAT(r.spans, IsEmpty()) << line;
    EXPECT_EQ(r.lost, 1U) << line;
    EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr(why), HasSubstr("line 1")))) << line;
  }
}

TEST(Spans, OperationsAreBoundedAndWhatIsBeyondIsTold) {
  std::string text;
  const auto add = [&text](std::size_t i) {
    text += R"({"trace_id":"t","span_id":"s","entity":"w","start":1,"duration_ms":1,"name":"n)" +
            std::to_string(i) + "\"}\n";
  };
  for (std::size_t i = 0; i < StreamReader::kMaxOperations + 3; ++i) add(i);
  add(0);
  const auto r = read_spans(text);
  ASSERT_EQ(r.spans.size(), StreamReader::kMaxOperations + 4);
  EXPECT_EQ(r.spans[StreamReader::kMaxOperations - 1].name, "n49999");
  EXPECT_EQ(r.spans[StreamReader::kMaxOperations].name, StreamReader::kOtherOperations);
  EXPECT_EQ(r.spans.back().name, "n0");
  EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr("more distinct span names"), HasSubstr("3 times"))));
}

TEST(Spans, EnormousDurationsStayInRange) {
  const auto r = read_spans(R"({"trace_id":"t","span_id":"s","entity":"w","start":1,"duration_ms":1e300})");
  ASSERT_EQ(r.spans.size(), 1U);
  EXPECT_GT(r.spans[0].duration, 0);
}

}  // namespace
}  // namespace midwatch::connectors::bundle

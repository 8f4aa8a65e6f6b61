#include "src/connectors/bundle/metric_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::connectors::bundle {
namespace {

using telemetry::MetricSeries;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Read {
  std::vector<MetricSeries> series;
  std::vector<std::string> gaps;
  std::uint64_t records = 0;
  std::uint64_t lost = 0;
  std::string error;
};

Read read_files(const std::vector<std::string>& files, MetricBounds bounds = {}) {
  MetricReader reader(bounds);
  Read result;
  for (const auto& text : files) {
    auto source = memory_source(text);
    LineReader lines(*source);
    ReadProblems problems("metrics.csv");
    const auto records = reader.read(lines, problems);
    if (records) {
      result.records += *records;
    } else {
      result.error = records.error().message;
    }
    result.lost += problems.lost();
    for (const auto& gap : problems.gaps()) result.gaps.push_back(gap.what.en);
  }
  std::vector<model::Gap> gaps;
  result.series = reader.finish("metrics.csv", gaps);
  for (const auto& gap : gaps) result.gaps.push_back(gap.what.en);
  return result;
}

Read read(const std::string& text, MetricBounds bounds = {}) {
  return read_files({text}, bounds);
}

TEST(MetricReader, ReadsColumnsByTheirNamesInAnyOrder) {
  const auto r = read(
      "value,stat,entity,destination,metric,source,timestamp,unit\n"
      "1.5,p99,web,db,latency,web,2026-01-05T00:00:00Z,s\n"
      "2.5,p99,web,db,latency,web,1767571260,s\n"
      "7,,db,,cpu,,1767571200.000000001,\n");
  EXPECT_THAT(r.gaps, IsEmpty());
  EXPECT_EQ(r.records, 3U);
  ASSERT_EQ(r.series.size(), 2U);
  EXPECT_EQ(r.series[0].key, (telemetry::MetricKey{"db", "cpu", "", "", {}}));
  EXPECT_EQ(r.series[0].points[0].time.time_since_epoch().count(), 1767571200000000001);
  const telemetry::MetricKey edge{"web", "latency", "p99", "s", {{"destination", "db"}, {"source", "web"}}};
  EXPECT_EQ(r.series[1].key, edge);
  ASSERT_EQ(r.series[1].points.size(), 2U);
  EXPECT_EQ(r.series[1].points[1].value, 2.5);
}

TEST(MetricReader, TakesEveryHonestSpelling) {
  for (const std::string text :
       {"timestamp,entity,metric,value\n1,web,cpu,2\n", "timestamp,entity,metric,value\r\n1,web,cpu,2\r\n",
        "\xEF\xBB\xBFtimestamp,entity,metric,value\n1,web,cpu,2",
        "timestamp, entity, metric, value\n1,web,cpu,+2.0\n",
        "\"timestamp\",\"entity\",\"metric\",\"value\"\n\"1\",\"web\",\"cpu\",\"2\"\n",
        "timestamp,entity,metric,value\n\n1,web,cpu,2e0\n  \n"}) {
    const auto r = read(text);
    EXPECT_THAT(r.gaps, IsEmpty()) << text;
    ASSERT_EQ(r.series.size(), 1U) << text;
    EXPECT_EQ(r.series[0].key.entity, "web");
    EXPECT_EQ(r.series[0].points[0].value, 2);
  }
}

TEST(MetricReader, AnEmptyFileAndAHeaderAloneAreNoError) {
  for (const std::string text : {"", "timestamp,entity,metric,value\n", "timestamp,entity,metric,value"}) {
    const auto r = read(text);
    EXPECT_EQ(r.error, "");
    EXPECT_EQ(r.records, 0U);
    EXPECT_THAT(r.series, IsEmpty());
  }
}

TEST(MetricReader, EachBadRowIsCountedWithItsLine) {
  const struct {
    std::string row;
    std::string why;
  } cases[] = {
      {"1,web,cpu", "header's columns"},
      {"1,web,cpu,2,3", "header's columns"},
      {"1,\"web,cpu,2", "open quote"},
      {"1,\"we\"b,cpu,2", "header's columns"},
      {"yesterday,web,cpu,2", "neither RFC 3339"},
      {"2026-01-05T00:00:00,web,cpu,2", "neither RFC 3339"},
      {"1767571200000,web,cpu,2", "neither RFC 3339"},
      {"1,web,cpu,", "without a value"},
      {"1,web,cpu,NaN", "no finite number"},
      {"1,web,cpu,inf", "no finite number"},
      {"1,web,cpu,-Infinity", "no finite number"},
      {"1,web,cpu,1e999", "no finite number"},
      {"1,web,cpu,many", "no finite number"},
      {"1,,cpu,2", "without entity or metric"},
      {"1,web,,2", "without entity or metric"},
  };
  for (const auto& c : cases) {
    const auto r = read("timestamp,entity,metric,value\n1,web,cpu,1\n" + c.row + "\n2,web,cpu,3\n");
    EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr(c.why), HasSubstr("metrics.csv: "),
                                          HasSubstr("1 times; line 3"))))
        << c.row;
    EXPECT_EQ(r.lost, 1U);
    EXPECT_EQ(r.records, 3U);
    ASSERT_EQ(r.series.size(), 1U);
    EXPECT_EQ(r.series[0].points.size(), 2U);
  }
}

TEST(MetricReader, InvalidUtf8IsReplacedAndTold) {
  const auto r = read(
      "timestamp,entity,metric,value\n1,w\xFF"
      "b,cpu,1\n2,w\xFF"
      "b,cpu,1\n");
  ASSERT_EQ(r.series.size(), 1U);
  EXPECT_EQ(r.series[0].key.entity,
            "w\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(r.series[0].points.size(), 2U);
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("invalid UTF-8")));
}

TEST(MetricReader, PointsOfOneTimeAreTold) {
  const auto r = read("timestamp,entity,metric,value\n2,web,cpu,1\n1,web,cpu,5\n2,web,cpu,3\n");
  ASSERT_EQ(r.series.size(), 1U);
  ASSERT_EQ(r.series[0].points.size(), 2U);
  EXPECT_EQ(r.series[0].points[0].value, 5);
  EXPECT_EQ(r.series[0].points[1].value, 3);
  EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr("later row kept"), HasSubstr("1 times"))));
}

TEST(MetricReader, AHeaderWithoutAColumnNamesItAndShowsTheLine) {
  EXPECT_THAT(
      read("time,entity,metric,value\n1,web,cpu,2\n").error,
      AllOf(HasSubstr("line 1"), HasSubstr("no column timestamp"), HasSubstr("time,entity,metric,value")));
  EXPECT_THAT(read("1,web,cpu,2\n").error, HasSubstr("no column timestamp, entity, metric, value"));
  EXPECT_THAT(read("a,\"b\n").error, HasSubstr("no CSV"));
  EXPECT_THAT(read(std::string(100, ',') + "\n").error, HasSubstr("more than 64 columns"));
}

TEST(MetricReader, AColumnThatOccursTwiceIsToldAndTheFirstIsRead) {
  const auto r = read("timestamp,entity,metric,value,value\n1,web,cpu,2,3\n");
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("occurs twice")));
  EXPECT_EQ(r.series[0].points[0].value, 2);
}

TEST(MetricReader, OneSeriesMayComeFromSeveralFilesWithOtherColumns) {
  const auto r = read_files(
      {"timestamp,entity,metric,value\n2,web,cpu,2\n", "value,metric,entity,timestamp,unit\n1,cpu,web,1,\n"});
  ASSERT_EQ(r.series.size(), 1U);
  ASSERT_EQ(r.series[0].points.size(), 2U);
  EXPECT_EQ(r.series[0].points[0].value, 1);
}

TEST(MetricReader, KeepsNoSecretInNames) {
  const auto r =
      read("timestamp,entity,metric,value,url\n1,postgres://u:hunter2@db/x,cpu,1,https://a:hunter3@b\n");
  ASSERT_EQ(r.series.size(), 1U);
  EXPECT_EQ(r.series[0].key.entity, "postgres://u:[redacted]@db/x");
  EXPECT_EQ(r.series[0].key.dimension("url"), "https://a:[redacted]@b");
}

std::string many_rows(int series, int points) {
  std::string text = "timestamp,entity,metric,value\n";
  for (int p = 0; p < points; ++p) {
    for (int s = 0; s < series; ++s) text += fmt::format("{},e{},cpu,{}\n", p, s, p);
  }
  return text;
}

TEST(MetricReader, ALongSeriesIsThinnedAndTold) {
  const auto r = read(many_rows(1, 100), {10, 64, 1000});
  ASSERT_EQ(r.series.size(), 1U);
  EXPECT_LT(r.series[0].points.size(), 64U);
  EXPECT_GE(r.series[0].points.size(), 32U);
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("neighbours averaged")));
  EXPECT_EQ(r.lost, 0U);
}

TEST(MetricReader, AllSeriesTogetherAreBounded) {
  const auto r = read(many_rows(10, 100), {100, 1'000'000, 200});
  std::size_t points = 0;
  for (const auto& series : r.series) points += series.points.size();
  EXPECT_EQ(r.series.size(), 10U);
  EXPECT_LE(points, 200U);
  EXPECT_GE(points, 90U);
  EXPECT_THAT(r.gaps, ElementsAre(HasSubstr("neighbours averaged")));
}

TEST(MetricReader, FurtherSeriesAreCountedAsLost) {
  const auto r = read(many_rows(10, 2), {4, 100, 1000});
  EXPECT_EQ(r.series.size(), 4U);
  EXPECT_EQ(r.lost, 12U);
  EXPECT_THAT(r.gaps, ElementsAre(AllOf(HasSubstr("more series than are kept"), HasSubstr("12 times"))));
}

}  // namespace
}  // namespace midwatch::connectors::bundle

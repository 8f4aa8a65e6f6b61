#include "src/app/series_scoring.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace midwatch::app {
namespace {

class SeriesScoring : public ::testing::Test {
 protected:
  struct Row {
    std::string timestamp;
    double score;
    bool has_value;
  };
  struct Outcome {
    base::Result<ScoredFile> file;
    std::vector<Row> rows;
  };

  Outcome score(const std::string& content) {
    std::ofstream(path_, std::ios::binary) << content;
    std::vector<Row> rows;
    auto file = score_series_file(path_, [&](const ScoredRow& row) {
      rows.push_back({std::string(row.timestamp), row.score, row.value.has_value()});
    });
    return {std::move(file), std::move(rows)};
  }

  void TearDown() override { std::filesystem::remove(path_); }

  /// A header and rows of one series, five minutes apart; 10 and 11 in turn.
  static std::string quiet(std::size_t rows) {
    std::string text = "timestamp,value\n";
    for (std::size_t i = 0; i < rows; ++i)
      text += fmt::format("{},{}\n", 1'700'000'000 + 300 * i, 10 + i % 2);
    return text;
  }

  std::string path_ =
      ::testing::TempDir() + "/" + ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
};

TEST_F(SeriesScoring, GivesARowForEachRow) {
  const auto outcome = score(quiet(500) + "1700150000,900\n");
  ASSERT_TRUE(outcome.file);
  EXPECT_EQ(outcome.file->rows, 501U);
  EXPECT_TRUE(outcome.file->problems.empty());
  ASSERT_EQ(outcome.rows.size(), 501U);
  EXPECT_EQ(outcome.rows.front().timestamp, "1700000000");
  EXPECT_GT(outcome.rows.back().score, 0.3);
  EXPECT_TRUE(
      std::all_of(outcome.rows.begin(), outcome.rows.end() - 1, [](const Row& r) { return r.score < 0.3; }));
}

struct BadRow {
  const char* row;
  const char* problem;
};

TEST_F(SeriesScoring, SaysWhatIsWrongAndWhereAndGoesOn) {
  for (const BadRow& c :
       {BadRow{"1700060000", "row does not have the header's columns"},
        BadRow{"1700060000,1,2", "row does not have the header's columns"},
        BadRow{"\"1700060000,1", "row does not have the header's columns"},
        BadRow{"yesterday,5", "neither RFC 3339 nor epoch seconds"},
        BadRow{"1700060000,", "an absent sample"}, BadRow{"1700060000,NaN", "an absent sample"},
        BadRow{"1700060000,inf", "an absent sample"}, BadRow{"1700060000,five", "an absent sample"},
        BadRow{"1600000000,5000", "older than the one before"}}) {
    const auto outcome = score(quiet(150) + c.row + "\n1700070000,10\n");
    ASSERT_TRUE(outcome.file) << c.row;
    EXPECT_EQ(outcome.rows.size(), 152U) << c.row;
    EXPECT_EQ(outcome.rows[150].score, 0) << c.row;
    EXPECT_EQ(outcome.rows[151].score, 0) << c.row;
    ASSERT_EQ(outcome.file->problems.size(), 1U) << c.row;
    const std::string& said = outcome.file->problems[0].what.en;
    EXPECT_NE(said.find(c.problem), std::string::npos) << said;
    EXPECT_NE(said.find(path_), std::string::npos) << said;
    EXPECT_NE(said.find("152"), std::string::npos) << said;  // the header is line 1
  }
}

TEST_F(SeriesScoring, AMissingValueIsNotZero) {
  std::string with_holes = "timestamp,value\n";
  for (int i = 0; i < 400; ++i)
    with_holes +=
        fmt::format("{},{}\n", 1'700'000'000 + 300 * i, i % 3 == 0 ? "" : std::to_string(500 + i % 2));
  const auto outcome = score(with_holes);
  EXPECT_TRUE(
      std::all_of(outcome.rows.begin(), outcome.rows.end(), [](const Row& r) { return r.score < 0.2; }));
}

TEST_F(SeriesScoring, SeriesAreToldApartByTheirFurtherColumns) {
  // Were they one series, its value would jump between 10 and 90 all the time, and 90 at a were ordinary.
  std::string text = "timestamp,entity,metric,value\n";
  for (int i = 0; i < 300; ++i) {
    text += fmt::format("{},a,cpu,{}\n", 1'700'000'000 + 300 * i, 10 + i % 2);
    text += fmt::format("{},b,cpu,{}\n", 1'700'000'000 + 300 * i, 90 + i % 2);
  }
  const auto outcome = score(text + "1700090000,a,cpu,90\n1700090000,b,cpu,90\n");
  ASSERT_EQ(outcome.rows.size(), 602U);
  EXPECT_GT(outcome.rows[600].score, 0.3);
  EXPECT_LT(outcome.rows[601].score, 0.1);
}

TEST_F(SeriesScoring, SeriesBeyondTheBoundAreCounted) {
  std::string text = "timestamp,entity,value\n";
  for (std::size_t i = 0; i < kMostSeries + 3; ++i) text += fmt::format("1700000000,e{},1\n", i);
  const auto outcome = score(text);
  ASSERT_EQ(outcome.file->problems.size(), 1U);
  EXPECT_NE(outcome.file->problems[0].what.en.find("more series"), std::string::npos);
}

TEST_F(SeriesScoring, TimesWithoutAZoneAreReadAsUtc) {
  const auto outcome = score("timestamp,value\n2014-04-01 00:00:00,1\n2014-04-01 00:05:00,2\n");
  ASSERT_TRUE(outcome.file);
  EXPECT_TRUE(outcome.rows[1].has_value);
  ASSERT_EQ(outcome.file->problems.size(), 1U);
  EXPECT_NE(outcome.file->problems[0].what.en.find("read as UTC"), std::string::npos);
}

TEST_F(SeriesScoring, SmallFiles) {
  EXPECT_EQ(score("timestamp,value\n").rows.size(), 0U);
  EXPECT_EQ(score("timestamp,value\n1700000000,5").rows.size(), 1U);
  EXPECT_EQ(score("value,timestamp\r\n5,1700000000\r\n\r\n").rows.size(), 1U);
}

TEST_F(SeriesScoring, RefusesWhatHasNoHeader) {
  for (const char* content :
       {"", "1700000000,5\n", "time,value\n1,2\n", "timestamp,amount\n1,2\n", "\"timestamp,value\n"}) {
    const auto outcome = score(content);
    ASSERT_FALSE(outcome.file) << content;
    EXPECT_EQ(outcome.file.error().code, base::ErrorCode::kMalformed);
    EXPECT_NE(outcome.file.error().message.find(path_), std::string::npos);
  }
  const auto nothing = score_series_file("/nonexistent/file.csv", [](const ScoredRow&) {});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, base::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace midwatch::app

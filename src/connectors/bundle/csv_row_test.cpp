#include "src/connectors/bundle/csv_row.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::connectors::bundle {
namespace {

std::vector<std::string> fields_of(const CsvRow& row) {
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < row.size(); ++i) fields.emplace_back(row[i]);
  return fields;
}

TEST(CsvRow, SplitsPlainAndQuotedFields) {
  const struct {
    std::string_view line;
    std::vector<std::string> fields;
  } cases[] = {
      {"", {""}},
      {"a", {"a"}},
      {"a,b", {"a", "b"}},
      {",", {"", ""}},
      {"a,,c,", {"a", "", "c", ""}},
      {"\"a\"", {"a"}},
      {"\"a,b\",c", {"a,b", "c"}},
      {"\"\",x", {"", "x"}},
      {"\"say \"\"hi\"\"\",1", {"say \"hi\"", "1"}},
      {"\"\"\"\"", {"\""}},
      {"a\"b,c", {"a\"b", "c"}},  // a quote inside a plain field is only a character
      {" a , b ", {" a ", " b "}},
  };
  CsvRow row;
  for (const auto& c : cases) {
    EXPECT_EQ(row.split(c.line), CsvRow::Outcome::kGood) << c.line;
    EXPECT_EQ(fields_of(row), c.fields) << c.line;
  }
}

TEST(CsvRow, TellsWhatIsWrong) {
  CsvRow row;
  EXPECT_EQ(row.split("\"a"), CsvRow::Outcome::kOpenQuote);
  EXPECT_EQ(row.split("x,\"a\"\""), CsvRow::Outcome::kOpenQuote);
  EXPECT_EQ(row.split("\"a\"b,c"), CsvRow::Outcome::kBadQuote);
  EXPECT_EQ(row.split(std::string(CsvRow::kMaxColumns - 1, ',')), CsvRow::Outcome::kGood);
  EXPECT_EQ(row.split(std::string(CsvRow::kMaxColumns, ',')), CsvRow::Outcome::kTooManyColumns);
  EXPECT_EQ(row.split("fine,again"), CsvRow::Outcome::kGood);
  EXPECT_EQ(row.size(), 2U);
}

RC_GTEST_PROP(CsvRow, ReadsWhatAWriterQuoted, ()) {
  const auto fields =
      *rc::gen::resize(12, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
                               rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,\" "))))));
  std::string line;
  for (const auto& field : fields) {
    if (!line.empty() || &field != &fields.front()) line += ',';
    line += '"';
    for (const char c : field) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  CsvRow row;
  RC_ASSERT(row.split(line) == CsvRow::Outcome::kGood);
  RC_ASSERT(fields_of(row) == fields);
}

}  // namespace
}  // namespace midwatch::connectors::bundle

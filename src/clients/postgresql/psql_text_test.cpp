#include "src/clients/postgresql/psql_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/clients/postgresql/views.h"

namespace midwatch::clients::postgresql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

PsqlText read(std::string_view text) {
  return read_psql_text(
      text, 1, [](const std::vector<std::string>& columns) { return view_with(columns).has_value(); });
}

/// The only table of a text.
Table table_in(std::string_view text) {
  PsqlText read_text = read(text);
  EXPECT_THAT(read_text.tables, SizeIs(1)) << text;
  return read_text.tables.empty() ? Table{} : read_text.tables.front();
}

std::vector<std::vector<std::string>> rows_of(const Table& table) {
  std::vector<std::vector<std::string>> rows;
  for (const Row& row : table.rows) rows.push_back(row.cells);
  return rows;
}

// One and the same result in every format that psql has for tables.
struct Format {
  const char* name;
  const char* text;
};

class Formats : public ::testing::TestWithParam<Format> {};

TEST_P(Formats, GiveTheSameTable) {
  const Table table = table_in(GetParam().text);
  EXPECT_THAT(table.columns, ElementsAre("pid", "state", "query"));
  EXPECT_THAT(rows_of(table), ElementsAre(ElementsAre("7", "active", "select a\nfrom t"),
                                          ElementsAre("12", "", "select 1 || '|'")));
}

INSTANTIATE_TEST_SUITE_P(Psql, Formats,
                         ::testing::Values(Format{"Aligned",
                                                  " pid | state  |      query      \n"
                                                  "-----+--------+-----------------\n"
                                                  "   7 | active | select a       +\n"
                                                  "     |        | from t\n"
                                                  "  12 |        | select 1 || '|'\n"
                                                  "(2 rows)\n"},
                                           Format{"Framed",
                                                  "+-----+--------+-----------------+\n"
                                                  "| pid | state  |      query      |\n"
                                                  "+-----+--------+-----------------+\n"
                                                  "|   7 | active | select a       +|\n"
                                                  "|     |        | from t          |\n"
                                                  "|  12 |        | select 1 || '|' |\n"
                                                  "+-----+--------+-----------------+\n"
                                                  "(2 rows)\n"},
                                           Format{"UnicodeRules",
                                                  " pid │ state  │      query      \n"
                                                  "─────┼────────┼─────────────────\n"
                                                  "   7 │ active │ select a       ↵\n"
                                                  "     │        │ from t\n"
                                                  "  12 │        │ select 1 || '|'\n"
                                                  "(2 rows)\n"},
                                           Format{"Expanded",
                                                  "-[ RECORD 1 ]----------\n"
                                                  "pid   | 7\n"
                                                  "state | active\n"
                                                  "query | select a       +\n"
                                                  "      | from t\n"
                                                  "-[ RECORD 2 ]----------\n"
                                                  "pid   | 12\n"
                                                  "state | \n"
                                                  "query | select 1 || '|'\n\n"},
                                           Format{"Csv",
                                                  "pid,state,query\n"
                                                  "7,active,\"select a\nfrom t\"\n"
                                                  "12,,select 1 || '|'\n"},
                                           Format{"WithoutSpacesAtLineEnds",
                                                  " pid | state  |      query\n"
                                                  "-----+--------+-----------------\n"
                                                  "   7 | active | select a       +\n"
                                                  "     |        | from t\n"
                                                  "  12 |        | select 1 || '|'\n\n"}),
                         [](const auto& format) { return format.param.name; });

TEST(PsqlText, UnalignedValuesMayHaveLineEnds) {
  const Table table = table_in("pid|state|query\n7|active|select a\nfrom t\n12||select 1\n(2 rows)\n");
  EXPECT_THAT(rows_of(table),
              ElementsAre(ElementsAre("7", "active", "select a\nfrom t"), ElementsAre("12", "", "select 1")));
}

TEST(PsqlText, OneColumnNeedsPsqlsSpaceOrFooter) {
  EXPECT_THAT(rows_of(table_in(" max_connections \n-----------------\n 100\n(1 row)\n")),
              ElementsAre(ElementsAre("100")));
  EXPECT_THAT(rows_of(table_in("max_connections\n100\n(1 row)\n")), ElementsAre(ElementsAre("100")));
  EXPECT_THAT(read("Findings\n--------\nall is well\n").tables, IsEmpty());
}

TEST(PsqlText, ResultsFollowEachOther) {
  const PsqlText text = read(
      "shop=# select pid, state from pg_stat_activity;\n"
      " pid | state \n-----+-------\n   7 | idle\n(1 row)\n\n"
      "Time: 3.214 ms\n"
      "shop=# show max_connections;\n"
      " max_connections \n-----------------\n 30\n(1 row)\n\n"
      "ERROR:  relation \"nothing\" does not exist\nLINE 1: select * from nothing\n");
  ASSERT_THAT(text.tables, SizeIs(2));
  EXPECT_EQ(text.tables[0].rows[0].line, 4U);
  EXPECT_EQ(text.tables[0].first_line, 2U);
  EXPECT_EQ(text.tables[0].last_line, 5U);
  EXPECT_EQ(text.tables[1].rows[0].line, 11U);
  ASSERT_THAT(text.said, SizeIs(2)) << "neither prompts nor timing";
  EXPECT_EQ(text.said[0].text, "ERROR:  relation \"nothing\" does not exist");
  EXPECT_EQ(text.said[0].line, 14U);
}

TEST(PsqlText, AFrameMayHaveATitle) {
  const Table table = table_in(
      "+ Cluster: shop (7277694203142172922) --+-----------+\n"
      "| Member    | Host     | Role    | State     |\n"
      "+-----------+----------+---------+-----------+\n"
      "| shop-db-0 | 10.0.4.7 | Leader  | running   |\n"
      "| shop-db-1 | 10.0.4.8 | Replica | streaming |\n"
      "+-----------+----------+---------+-----------+\n");
  EXPECT_THAT(table.columns, ElementsAre("Member", "Host", "Role", "State"));
  EXPECT_THAT(table.rows, SizeIs(2));
}

TEST(PsqlText, NoRowsIsATable) {
  const Table table = table_in(" pid | state \n-----+-------\n(0 rows)\n");
  EXPECT_THAT(table.columns, ElementsAre("pid", "state"));
  EXPECT_THAT(table.rows, IsEmpty());
}

TEST(PsqlText, WideCharactersTakeTwoColumns) {
  const Table table = table_in(
      " application_name | state \n"
      "------------------+-------\n"
      " 注文管理         | idle\n");
  EXPECT_THAT(rows_of(table), ElementsAre(ElementsAre("注文管理", "idle")));
}

TEST(PsqlText, ARecordOfOtherColumnsIsAnotherTable) {
  const PsqlText text =
      read("-[ RECORD 1 ]\npid   | 7\nstate | idle\n-[ RECORD 1 ]\nname | work_mem\nsetting | 4MB\n");
  ASSERT_THAT(text.tables, SizeIs(2));
  EXPECT_THAT(text.tables[1].columns, ElementsAre("name", "setting"));
}

TEST(PsqlText, ARecordWithoutColumnsIsNone) {
  const Table table = table_in("-[ RECORD 1 ]\n-[ RECORD 2 ]\npid   | 7\nstate | idle\n");
  EXPECT_THAT(rows_of(table), ElementsAre(ElementsAre("7", "idle")));
  EXPECT_THAT(read("-[ RECORD 1 ]\n").tables, IsEmpty());
}

TEST(PsqlText, LogsAreNoTables) {
  const PsqlText text = read(
      "2026-01-05 02:00:00 UTC [7] LOG:  checkpoint starting: time\n"
      "a,b,c\n1,2,3\n"
      "level=info msg=\"a | b\"\n");
  EXPECT_THAT(text.tables, IsEmpty());
  EXPECT_THAT(text.said, SizeIs(4));
}

TEST(PsqlText, IsBounded) {
  std::string rows = " pid | state \n-----+-------\n";
  for (int i = 0; i < 20'000; ++i) rows += "   7 | idle\n";
  const PsqlText text = read(rows);
  ASSERT_THAT(text.tables, SizeIs(1));
  EXPECT_LE(text.tables[0].rows.size(), 5'000U);
  EXPECT_TRUE(text.cut);
  const std::string wide(1'000'000, 'x');
  const Table table = table_in("pid,state,query\n7,active,\"" + wide.substr(0, 60'000) + "\"\n");
  ASSERT_THAT(table.rows, SizeIs(1));
  EXPECT_LT(table.rows[0].cells[2].size(), 5'000U);
  EXPECT_THAT(read(wide).tables, IsEmpty());
}

}  // namespace
}  // namespace midwatch::clients::postgresql

#include "src/connectors/bundle/repeated_row.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace midwatch::connectors::bundle {
namespace {

/// What is read of `line` after a row whose columns 1 and 3 are the pair: "first|second".
std::optional<std::string> read(std::string_view line) {
  static const std::string kRow = "web,10,cpu,0.5,Average,eu";
  RepeatedRow row;
  const std::string_view text = kRow;
  row.remember(text, {text.substr(4, 2), text.substr(11, 3)});
  RepeatedRow::Pair pair;
  if (!row.read(line, pair)) return std::nullopt;
  return std::string(pair.first) + "|" + std::string(pair.second);
}

TEST(RepeatedRow, GivesWhatDiffers) {
  EXPECT_EQ(read("web,10,cpu,0.5,Average,eu"), "10|0.5");
  EXPECT_EQ(read("web,1767574800,cpu,-1e9,Average,eu"), "1767574800|-1e9");
  EXPECT_EQ(read("web,,cpu,,Average,eu"), "|");
}

TEST(RepeatedRow, LeavesEverythingElseToWhoReadsWholeRows) {
  for (const char* line :
       {"", ",", "web", "web,10", "web,10,cpu", "web,10,cpu,0.5", "db,10,cpu,0.5,Average,eu",
        "web,10,mem,0.5,Average,eu", "web,10,cpu,0.5,Average,us", "web,10,cpu,0.5,Average,eu,more",
        "web,10,cpu,0,5,Average,eu", "web,10,cpu,Average,eu", "web,\"10\",cpu,0.5,Average,eu",
        "web,10,cpu,\"0.5\",Average,eu", "web,1,0,cpu,0.5,Average,eu"})
    EXPECT_EQ(read(line), std::nullopt) << line;
}

TEST(RepeatedRow, ARowWithQuotesIsNotComparedWith) {
  RepeatedRow row;
  const std::string_view quoted = "1,\"a,b\",2";
  row.remember(quoted, {quoted.substr(0, 1), quoted.substr(8, 1)});
  RepeatedRow::Pair pair;
  EXPECT_FALSE(row.read(quoted, pair));
}

}  // namespace
}  // namespace midwatch::connectors::bundle

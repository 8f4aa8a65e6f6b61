#include <gtest/gtest.h>

#include "src/telemetry/address_words.h"
#include "src/telemetry/attributes.h"
#include "src/telemetry/change_event.h"
#include "src/telemetry/entity.h"
#include "src/telemetry/number.h"

namespace midwatch::telemetry {
namespace {

TEST(Attributes, KeepsPathsInOrderAndReplacesValues) {
  Attributes a;
  a.set("b", "2");
  a.set("a.x", "1");
  a.set("b", "3.5");
  EXPECT_EQ(a.size(), 2U);
  EXPECT_EQ(a.begin()->first, "a.x");
  EXPECT_EQ(a.number("b"), 3.5);
  EXPECT_EQ(a.find("c"), nullptr);
  EXPECT_EQ(a.with_prefix("a.").size(), 1U);
}

TEST(Attributes, MergeLetsTheNewcomerWin) {
  Attributes a;
  a.set("x", "old");
  Attributes b;
  b.set("x", "new");
  b.set("y", "1");
  a.merge(b);
  EXPECT_EQ(a.get("x"), "new");
  EXPECT_EQ(a.get("y"), "1");
}

TEST(Number, RefusesWhatIsNoNumber) {
  EXPECT_EQ(parse_number("1e3"), 1000.0);
  EXPECT_EQ(parse_number("+2.5"), 2.5);
  for (const char* text : {"", "NaN", "inf", "1x", " 1", "1 "})
    EXPECT_FALSE(parse_number(text).has_value()) << text;
}

TEST(Number, ReadsKubernetesQuantities) {
  EXPECT_EQ(parse_kubernetes_quantity("250m"), 0.25);
  EXPECT_EQ(parse_kubernetes_quantity("512Mi"), 536870912.0);
  EXPECT_EQ(parse_kubernetes_quantity("16276604Ki"), 16276604.0 * 1024);
  EXPECT_EQ(parse_kubernetes_quantity("2"), 2.0);
  for (const char* text : {"many", "", "Mi", "1e308P", "12 Mi"})
    EXPECT_FALSE(parse_kubernetes_quantity(text).has_value()) << text;
}

TEST(Kinds, WordsGoThereAndBack) {
  EXPECT_EQ(to_string(change_kind_from("feature_flag")), "feature_flag");
  EXPECT_EQ(change_kind_from("magic"), ChangeKind::kOther);
  EXPECT_EQ(to_string(relation_kind_from("reads_secret")), "reads_secret");
  EXPECT_EQ(relation_kind_from("magic"), RelationKind::kRelated);
}

std::string addresses_in(std::string_view text) {
  std::string out;
  for (const AddressWord& word : address_words(text)) {
    if (word.stands_as_address) out += std::string(word.text) + (word.is_client ? "(client) " : " ");
  }
  return out;
}

TEST(AddressWords, AreKnownByWhatStandsAroundThem) {
  EXPECT_EQ(addresses_in("GET http://stock/v1 failed"), "stock ");
  EXPECT_EQ(addresses_in("rabbit@mq-0 down"), "mq-0 ");
  EXPECT_EQ(addresses_in("10.1.3.30:40112 -> 10.1.1.7:5672"), "10.1.3.30(client) 10.1.1.7 ");
  EXPECT_EQ(addresses_in(R"({"upstream":"stock","n":1} Host = 'a.b' server: db)"), "stock a.b db ");
  EXPECT_EQ(addresses_in("the stock is empty: 3 of 9"), "");
  EXPECT_EQ(addresses_in(""), "");
}

TEST(AddressWords, ThatMayNameSomebodyAreGivenToo) {
  const auto words = address_words("order-store answered 5.1 stock.shop. plain");
  ASSERT_EQ(words.size(), 3U);
  EXPECT_EQ(words[0].text, "order-store");
  EXPECT_EQ(words[2].text, "stock.shop");
  EXPECT_FALSE(words[2].stands_as_address);
}

}  // namespace
}  // namespace midwatch::telemetry

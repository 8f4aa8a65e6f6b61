#include <gtest/gtest.h>

#include "src/model/evidence.h"
#include "src/model/text.h"

namespace midwatch::model {
namespace {

TEST(Text, FillsKnownPlacesAndShowsOpenOnes) {
  const Facts facts{{"host", "db.local"}};
  EXPECT_EQ(fill("no {host} in {place}, {\"json\": 1}", facts), "no db.local in {place}, {\"json\": 1}");
  EXPECT_TRUE(has_open_place("put {this} in"));
  EXPECT_FALSE(has_open_place("{\"json\": 1} {} {Not A Place}"));
}

TEST(Text, LeavesOutAnOptionalPartWhoseFactIsUnknown) {
  EXPECT_EQ(fill("cannot pull[? {image}][? from {host}].", {{"image", "a:1"}}), "cannot pull a:1.");
  EXPECT_EQ(fill("a[?b] [?{x}", {}), "ab [?{x}");
  EXPECT_EQ(fill("--query Instances[0].[A,B] {name}", {{"name", "n"}}), "--query Instances[0].[A,B] n");
}

TEST(Text, SaysOfAnOpenPlaceThatItIsUnknown) {
  const Text told = tell({"image {image_name} of {\"a\": 1}", "イメージ {image_name}"}, {});
  EXPECT_EQ(told.en, "image (unknown image name) of {\"a\": 1}");
  EXPECT_EQ(told.ja, "イメージ （image name 不明）");
}

TEST(Text, QuotesWhatLooksLikeAPlaceWithinAFact) {
  const Text told = tell({"{code} fails[? at {line}]", "{code}"}, {{"code", "`hello ${name}`"}});
  EXPECT_EQ(told.en, "`hello ${name}` fails");
  EXPECT_EQ(told.ja, "`hello ${name}`");
}

TEST(Text, AFactThatIsASentenceIsTakenInTheLanguageOfTheText) {
  const Facts facts{{"what", "a secret changed"}, {"what_ja", "シークレットの変更"}, {"name", "db"}};
  const Text both{"{name}: {what}", "{name}: {what}"};
  EXPECT_EQ(fill(both, facts), (Text{"db: a secret changed", "db: シークレットの変更"}));
  EXPECT_EQ(tell(both, facts), (Text{"db: a secret changed", "db: シークレットの変更"}));
  EXPECT_EQ(fill("{what}", facts), "a secret changed");
}

TEST(Text, AFactIsNeverReadAsAPattern) {
  const Facts facts{{"a", "{b}"}, {"b", "secret"}};
  EXPECT_EQ(fill("{a}", facts), "{b}");
}

TEST(Text, APartWithoutItsFactFallsAway) {
  const Facts facts{{"reason", "OOMKilled"}, {"empty", ""}};
  EXPECT_EQ(fill("killed[? ({reason})][?, exit {code}]", facts), "killed (OOMKilled)");
  EXPECT_EQ(fill("killed[? by {empty}] now", facts), "killed now");
  EXPECT_EQ(fill("a[?b", facts), "a[?b") << "an open part is ordinary text";
  EXPECT_EQ(fill("[1] {reason}", facts), "[1] OOMKilled");
}

TEST(Text, AFactMayHoldBrackets) {
  const Facts facts{{"a", "x[?{b}]"}};
  EXPECT_EQ(fill("{a}!", facts), "x[?{b}]!");
}

TEST(Evidence, IdDependsOnContentOnly) {
  Evidence e;
  e.source = "logs.ndjson";
  e.digest = "00";
  const std::string id = evidence_id(e);
  EXPECT_EQ(id, evidence_id(e));
  e.excerpt = "shown differently";
  EXPECT_EQ(id, evidence_id(e));
  e.digest = "01";
  EXPECT_NE(id, evidence_id(e));
}

}  // namespace
}  // namespace midwatch::model

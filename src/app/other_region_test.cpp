// A bucket that lies in another region than its alarm, over HTTP: asked there where the space lets that
// region be read, a gap else.
#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/app/testing/simulated_account.h"
#include "src/app/world_loading.h"
#include "src/base/try.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"
#include "src/sandbox/world/embedded_worlds.h"

namespace midwatch::app {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kElsewhere = "ap-northeast-1";
constexpr std::uint64_t kSeed = 4;

void insert_before(const std::string& place, const std::string& line, std::string& text) {
  const std::size_t at = text.find(place);
  if (at == std::string::npos) throw std::runtime_error("the world has no " + place);
  text.insert(at, line);
}

/// The world of a bucket whose policy denies, with the bucket and the record of its change elsewhere.
std::string world_elsewhere() {
  const auto& worlds = sandbox::world::embedded_worlds();
  const auto world = std::find_if(worlds.begin(), worlds.end(),
                                  [](const auto& one) { return one.name == "s3-policy-denies"; });
  std::string text(world->text);
  insert_before("    policy:\n", std::string("    region: ") + kElsewhere + "\n", text);
  insert_before("    by: security-review\n", std::string("    region: ") + kElsewhere + "\n", text);
  return text;
}

base::Result<model::InvestigationRecord> investigate(const std::vector<std::string>& regions) {
  const connectors::bundle::testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/world.yaml";
  std::ofstream(path) << world_elsewhere();
  AwsInvestigation what;
  MIDWATCH_TRY(const auto world, load_world(path, kSeed));
  if (!regions.empty()) what.options.space.accounts = {{world.account, "", regions}};
  return testing::investigate_simulated({path, 0, {}, kSeed}, what);
}

std::vector<std::string> gaps_of(const model::InvestigationRecord& record) {
  std::vector<std::string> gaps;
  for (const auto& gap : record.gaps) gaps.push_back(gap.what.en);
  return gaps;
}

TEST(OtherRegion, ABucketIsAskedWhereItLiesWhereTheSpacePermitsThat) {
  const auto record = investigate({"eu-west-1", kElsewhere});
  ASSERT_TRUE(record) << record.error().describe();
  ASSERT_FALSE(record->root_causes.empty());
  EXPECT_EQ(record->root_causes.front().mode, "bucket-policy-denies");
  EXPECT_THAT(gaps_of(*record), Not(Contains(HasSubstr("another region"))));
  EXPECT_TRUE(std::any_of(record->timeline.begin(), record->timeline.end(), [](const auto& moment) {
    return moment.what.en.find("PutBucketPolicy") != std::string::npos;
  })) << "who changed it is recorded where it lies";
}

TEST(OtherRegion, ElseItStaysAGapThatNamesTheRegion) {
  for (const std::vector<std::string>& regions : {std::vector<std::string>{}, {"eu-west-1"}}) {
    const auto record = investigate(regions);
    ASSERT_TRUE(record) << record.error().describe();
    EXPECT_THAT(gaps_of(*record), Contains(HasSubstr("the bucket lies in ap-northeast-1: ask there")));
    EXPECT_TRUE(std::none_of(record->root_causes.begin(), record->root_causes.end(),
                             [](const auto& cause) { return cause.mode == "bucket-policy-denies"; }));
  }
}

}  // namespace
}  // namespace midwatch::app

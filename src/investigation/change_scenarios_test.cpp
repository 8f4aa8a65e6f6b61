#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "src/base/clock.h"
#include "src/investigation/investigator.h"
#include "src/investigation/testing/scenario.h"
#include "src/knowledge/yaml_files.h"

namespace midwatch::investigation {
namespace {

constexpr const char* kFolder = MIDWATCH_SOURCE_DIR "/src/investigation/testdata/change_scenarios";

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

const knowledge::KnowledgeBase& knowledge_base() {
  static const knowledge::KnowledgeBase kKnowledge = [] {
    auto files = knowledge::read_yaml_folder(MIDWATCH_SOURCE_DIR "/knowledge");
    return knowledge::build_knowledge(files.value()).value();
  }();
  return kKnowledge;
}

model::InvestigationRecord record_of(const testing::Scenario& scenario) {
  const base::ManualClock clock(*scenario.scope.alarm.time);
  return investigate(runtime::RequestContext::unlimited(clock), *scenario.connector, scenario.scope,
                     knowledge_base(), {})
      .value();
}

class ChangeScenarios : public ::testing::TestWithParam<std::string> {};

TEST_P(ChangeScenarios, TheRightChangeIsBlamedOrNone) {
  const auto scenario = testing::read_scenario(std::string(kFolder) + "/" + GetParam() + ".yaml");
  const auto record = record_of(scenario);
  ASSERT_FALSE(record.hypotheses.empty());
  const auto& first = record.hypotheses.front();
  EXPECT_EQ(first.change.empty() ? "none" : first.change, scenario.expect)
      << scenario.name << ": " << first.title.en << " (" << first.mode << ")";
}

INSTANTIATE_TEST_SUITE_P(All, ChangeScenarios, ::testing::ValuesIn(scenario_names()),
                         [](const auto& scenario) { return scenario.param; });

}  // namespace
}  // namespace midwatch::investigation

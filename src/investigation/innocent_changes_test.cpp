#include "src/investigation/innocent_changes.h"

#include <gtest/gtest.h>

namespace midwatch::investigation {
namespace {

using diagnose::Innocence;

/// Each change is an entry of the file, seen by an observation of its own, and not the one that is blamed.
void add(diagnose::CaseFile& file, diagnose::Diagnosis& diagnosis, const std::string& summary,
         Innocence why = Innocence::kUnfitting) {
  model::ChangeAccount change;
  change.id = "change-" + std::to_string(file.changes.size());
  change.summary = summary;
  change.read = true;
  change.reaches.emplace_back().entity = "shop";
  model::Observation seen;
  seen.id = "o-" + change.id;
  seen.entity = "shop";
  seen.type = "change.setting.changed";
  seen.facts = {{"change", change.id}, {"did", "a → b"}};
  diagnosis.innocent.push_back({file.changes.size(), why, file.observations.size()});
  file.changes.push_back(std::move(change));
  file.observations.push_back(std::move(seen));
}

TEST(InnocentChanges, StepsOfTheReleaseThatIsBlamedAreNotRuledOut) {
  const auto knowledge = knowledge::embedded_knowledge();
  ASSERT_TRUE(knowledge);
  diagnose::CaseFile file;
  diagnose::Diagnosis diagnosis;
  add(file, diagnosis, "UpdateService: cluster=shop, service=checkout, taskDefinition=checkout:6");
  add(file, diagnosis, "PutImage: imageTag=1.9.0, repositoryName=checkout", Innocence::kElsewhere);
  add(file, diagnosis, "UpdateService: cluster=shop, service=checkout, taskDefinition=checkout:61");
  add(file, diagnosis, "PutImage: imageTag=1.9.0, repositoryName=banner", Innocence::kElsewhere);
  model::Hypothesis cause;
  cause.facts = {{"release", "checkout:6"}, {"new_image", "checkout:1.9.0"}};
  diagnosis.hypotheses.push_back(cause);
  EXPECT_EQ(rule_out_changes(file, diagnosis, *knowledge).size(), 4U) << "nothing is blamed yet";
  diagnosis.root_causes.push_back({0, 0.9, {}});
  const auto told = rule_out_changes(file, diagnosis, *knowledge);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].change, "change-2");
  EXPECT_EQ(told[1].change, "change-3");
}

}  // namespace
}  // namespace midwatch::investigation

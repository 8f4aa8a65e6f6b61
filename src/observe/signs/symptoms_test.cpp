#include "src/observe/signs/symptoms.h"

#include <gtest/gtest.h>

#include "src/knowledge/yaml_files.h"
#include "src/observe/signs/signature_matcher.h"

namespace midwatch::observe::signs {
namespace {

const knowledge::KnowledgeBase& knowledge_base() {
  static const knowledge::KnowledgeBase kKnowledge = [] {
    auto files = knowledge::read_yaml_folder(MIDWATCH_SOURCE_DIR "/knowledge");
    return knowledge::build_knowledge(files.value()).value();
  }();
  return kKnowledge;
}

model::Observation observation(const char* type, const char* sample, double strength = 0.9) {
  model::Observation o;
  o.entity = "billing";
  o.type = type;
  o.subject = sample;
  o.strength = strength;
  o.facts["sample"] = sample;
  o.evidence.push_back({});
  return o;
}

const model::Observation* find(const std::vector<model::Observation>& list, const std::string& type) {
  for (const auto& o : list) {
    if (o.type == type) return &o;
  }
  return nullptr;
}

TEST(Symptoms, EveryExampleHasItsSymptom) {
  const SignatureMatcher matcher(knowledge_base().symptoms);
  for (const auto& symptom : knowledge_base().symptoms) {
    ASSERT_FALSE(symptom.examples.empty()) << symptom.id;
    const auto matched = [&](const std::string& text) {
      for (const auto& match : matcher.match(text)) {
        if (match.signature->id == symptom.id) return true;
      }
      return false;
    };
    for (const auto& text : symptom.examples) EXPECT_TRUE(matched(text)) << symptom.id << ": " << text;
    for (const auto& text : symptom.counterexamples)
      EXPECT_FALSE(matched(text)) << symptom.id << ": " << text;
  }
}

TEST(Symptoms, AreReadFromTrouble) {
  const auto found = observe_symptoms(
      {observation("log.error.new", "ledger lookup: context deadline exceeded")}, {}, knowledge_base());
  const auto* symptom = find(found, "symptom.deadline_exceeded");
  ASSERT_NE(symptom, nullptr);
  EXPECT_EQ(symptom->entity, "billing");
  EXPECT_EQ(symptom->evidence.size(), 1U);
  EXPECT_EQ(symptom->facts.at("seen_in"), "log");
}

TEST(Symptoms, OrdinaryLinesHaveNone) {
  EXPECT_TRUE(
      observe_symptoms({observation("log.pattern.less", "context deadline exceeded")}, {}, knowledge_base())
          .empty());
  EXPECT_TRUE(
      observe_symptoms({observation("log.error.new", "context deadline exceeded", 0.1)}, {}, knowledge_base())
          .empty());
}

TEST(Symptoms, TheStrongestSaysIt) {
  const auto found = observe_symptoms({observation("log.pattern.new", "context deadline exceeded a"),
                                       observation("log.error.new", "context deadline exceeded b"),
                                       observation("log.warning.new", "context deadline exceeded c", 0.5)},
                                      {}, knowledge_base());
  const auto* symptom = find(found, "symptom.deadline_exceeded");
  ASSERT_NE(symptom, nullptr);
  EXPECT_EQ(symptom->facts.at("sample"), "context deadline exceeded b");
}

TEST(Symptoms, AMetricOfFailingSaysWhatFails) {
  EXPECT_NE(find(observe_symptoms({observation("metric.errors.up", "token_verification_unauthorized_ratio")},
                                  {}, knowledge_base()),
                 "symptom.access_denied"),
            nullptr);
  EXPECT_TRUE(
      observe_symptoms({observation("metric.latency.up", "unauthorized_latency")}, {}, knowledge_base())
          .empty());
}

TEST(Symptoms, TheAlarmSaysWhatItIsAbout) {
  telemetry::Alarm alarm;
  alarm.entity = "billing";
  alarm.summary = "billing returns 503: connection pool exhausted";
  const auto found = observe_symptoms({}, alarm, knowledge_base());
  const auto* symptom = find(found, "symptom.pool_waited");
  ASSERT_NE(symptom, nullptr);
  EXPECT_EQ(symptom->facts.at("seen_in"), "alarm");
}

}  // namespace
}  // namespace midwatch::observe::signs

#include "src/lint/knowledge_lint.h"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/knowledge/yaml_files.h"

namespace midwatch::lint {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kMetrics = R"(rules:
  - { quantity: latency, bad: up, words: [latency] }
  - { quantity: threads, bad: up, words: [threads] }
)";
const std::string kClasses = "rules:\n  - { class: database, types: [\"*RDS*\"], words: [db] }\n";
const std::string kTexts = R"(metric.*.up: { en: "{subject} rose", ja: "{subject} が上昇" }
log.error.new: { en: "a new error", ja: "新しいエラー" }
)";
const std::string kSignNames = R"(metric.*.up: { en: "a rise of {quantity}", ja: "{quantity}の上昇" }
quantity.latency: { en: "latency", ja: "レイテンシ" }
quantity.edge_delay: { en: "delay", ja: "遅延" }
quantity.threads: { en: "threads", ja: "スレッド数" }
)";
const std::string kSignatures = R"(signatures:
  - id: latch_stuck
    literals: ["latch stuck"]
    patterns: ['latch stuck after (?P<seconds>\d+)']
    statement: { en: "a latch is stuck", ja: "ラッチが固着" }
    examples: ["WARN latch stuck after 12 s"]
    counterexamples: ["latch stuck? no"]
)";
const std::string kGeneric = R"(id: slow
kind: latency
common: frequent
generic: true
title: { en: "{entity} is slow", ja: "{entity} が遅い" }
why: { en: "It is slow.", ja: "遅い。" }
signs:
  - { see: metric.latency.up, likely: 0.8, otherwise: 0.1 }
refuted_by:
  - { see: metric.latency.down, because: { en: "It became faster.", ja: "速くなっています。" } }
ask:
  - { signal: metrics, what: { en: "Since when?", ja: "いつからか" } }
mitigation:
  operational: false
  summary: { en: "Find the cause first.", ja: "先に原因を特定します。" }
permanent: { en: "Make it faster.", ja: "高速化します。" }
spec:
  requirements:
    - { en: "WHEN asked THE SYSTEM SHALL answer.", ja: "要求時、システムは応答するものとする。" }
  acceptance:
    - { en: "It answers.", ja: "応答すること。" }
scenarios:
  - name: slow
    seen: [{ see: metric.latency.up }]
)";
const std::string kSpecific = R"(id: stuck-latch
kind: saturation
common: occasional
title: { en: "{entity} waits for a latch", ja: "{entity} がラッチ待ち" }
why: { en: "A latch is stuck.", ja: "ラッチが固着しています。" }
signs:
  - { see: sign.latch_stuck, likely: 0.95, otherwise: 0.005, needed: true }
  - { see: metric.latency.up, likely: 0.8, otherwise: 0.1 }
  - { see: metric.threads.up, likely: 0.7, otherwise: 0.1 }
refuted_by:
  - { see: metric.threads.down, because: { en: "Fewer threads wait.", ja: "待機スレッドは減っています。" } }
ask:
  - { signal: logs, what: { en: "Which latch?", ja: "どのラッチか" } }
mitigation:
  operational: true
  temporary: true
  summary: { en: "Restart {entity}.", ja: "{entity} を再起動します。" }
  steps:
    - { phase: apply, command: "restart {name}", effect: { en: "frees the latch", ja: "ラッチを解放" }, risk: { en: "a short outage", ja: "短時間の停止" } }
permanent: { en: "Bound the wait.", ja: "待機時間に上限を設けます。" }
spec:
  requirements:
    - { en: "WHEN a latch is held for 5 s THE SYSTEM SHALL release it.", ja: "5 秒保持したとき、システムは解放するものとする。" }
  acceptance:
    - { en: "A held latch is released.", ja: "解放されること。" }
scenarios:
  - name: a stuck latch
    class: database
    seen: [{ see: sign.latch_stuck }, { see: metric.latency.up }, { see: metric.threads.up }]
  - name: slow only
    best: false
    seen: [{ see: metric.latency.up }]
)";

/// What the lint says of the knowledge above with one text in one of its files replaced.
std::vector<std::string> faults_with(const std::string& file, const std::string& what,
                                     const std::string& with) {
  std::vector<std::pair<std::string, std::string>> texts{{"metrics.yaml", kMetrics},
                                                         {"entity_classes.yaml", kClasses},
                                                         {"texts/observations.yaml", kTexts},
                                                         {"texts/signs.yaml", kSignNames},
                                                         {"signatures/latches.yaml", kSignatures},
                                                         {"modes/slow.yaml", kGeneric},
                                                         {"modes/stuck-latch.yaml", kSpecific}};
  std::vector<knowledge::KnowledgeFile> files;
  for (auto& [path, text] : texts) {
    if (path == file && !what.empty()) {
      const std::size_t at = text.find(what);
      EXPECT_NE(at, std::string::npos) << what;
      text.replace(at, what.size(), with);
    }
    const auto read = knowledge::read_yaml(text, path);
    EXPECT_TRUE(read);
    if (read) files.push_back(*read);
  }
  std::vector<std::string> out;
  for (const auto& fault : lint_knowledge(files).faults)
    out.push_back(fmt::format("{}:{}: {}", fault.file, fault.line, fault.what));
  return out;
}

TEST(KnowledgeLint, FindsNothingWhereNothingIsWrong) {
  EXPECT_THAT(faults_with("", "", ""), IsEmpty());
}

TEST(KnowledgeLint, PlaysTheFaultOfAChangeWithItsChange) {
  EXPECT_THAT(
      faults_with(
          "modes/stuck-latch.yaml", "kind: saturation",
          "kind: saturation\nneeds_change: true\nchanges:\n  - { see: \"change.latch.*\", weight: 3 }"),
      IsEmpty());
}

TEST(KnowledgeLint, FindsNothingInTheKnowledgeThatIsBuiltIn) {
  const auto files = knowledge::embedded_files();
  ASSERT_TRUE(files) << files.error().describe();
  std::vector<std::string> faults;
  const auto result = lint_knowledge(*files);
  for (const auto& fault : result.faults)
    faults.push_back(fmt::format("knowledge/{}:{}: {}", fault.file, fault.line, fault.what));
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_GE(result.modes, 100U);
}

TEST(KnowledgeLint, ReadsTheSameAdviceFromTheProgramAsFromItsFiles) {
  const auto program = knowledge::embedded_knowledge();
  const auto files = knowledge::embedded_files();
  ASSERT_TRUE(program && files);
  const auto whole = knowledge::build_knowledge(*files);
  ASSERT_TRUE(whole) << whole.error().describe();
  ASSERT_EQ(program->modes.size(), whole->modes.size());
  for (std::size_t i = 0; i < program->modes.size(); ++i) {
    const knowledge::Advice advice = knowledge::advice_of(program->modes[i]);
    const knowledge::Advice& expected = whole->modes[i].advice;
    EXPECT_FALSE(advice.mitigation.ja.empty()) << program->modes[i].id;
    EXPECT_EQ(advice.mitigation.ja, expected.mitigation.ja);
    EXPECT_EQ(advice.permanent_fix.en, expected.permanent_fix.en);
    EXPECT_EQ(advice.operational, expected.operational);
    EXPECT_EQ(advice.temporary, expected.temporary);
    EXPECT_EQ(advice.steps.size(), expected.steps.size());
    EXPECT_EQ(advice.requirements.size(), expected.requirements.size());
    EXPECT_EQ(advice.acceptance.size(), expected.acceptance.size());
  }
}

TEST(KnowledgeLint, KnowsTheDelayThatIsWorkedOutFromBothSidesOfAnEdge) {
  EXPECT_THAT(faults_with("modes/stuck-latch.yaml", "see: metric.threads.up, likely",
                          "see: metric.edge_delay.up, likely"),
              IsEmpty());
}

TEST(KnowledgeLint, LetsAGenericModeSayThatASignCountsForNothing) {
  EXPECT_THAT(faults_with("modes/slow.yaml", "refuted_by:",
                          "  - { see: metric.threads.up, likely: 0.1, otherwise: 0.1 }\nrefuted_by:"),
              IsEmpty());
  EXPECT_THAT(
      faults_with("modes/slow.yaml", "refuted_by:",
                  "  - { see: metric.threads.up, on: hosts, likely: 0.1, otherwise: 0.1 }\nrefuted_by:"),
      Contains(HasSubstr("as likely with the mode as without")));
}

struct Case {
  std::string name;
  std::string file;
  std::string what;
  std::string with;
  std::string fault;
};

std::ostream& operator<<(std::ostream& out, const Case& faulty) {
  return out << faulty.name;
}

class FaultyKnowledge : public testing::TestWithParam<Case> {};

TEST_P(FaultyKnowledge, IsFoundWithItsPlace) {
  const Case& c = GetParam();
  EXPECT_THAT(faults_with(c.file, c.what, c.with), Contains(HasSubstr(c.fault)));
}

const std::string kMode = "modes/stuck-latch.yaml";
const std::string kSigns = "signatures/latches.yaml";
const std::vector<Case> kCases{
    {"unknown_key", kMode, "kind: saturation", "kind: saturation\ncolour: red", "unknown key 'colour'"},
    {"missing_likelihood", kMode, "likely: 0.8, ", "", "modes/stuck-latch.yaml:8: sign: 'likely' is missing"},
    {"says_nothing", kMode, "likely: 0.8", "likely: 0.1",
     ":8: 'metric.latency.up' is as likely with the mode as"},
    {"nothing_needed", kMode, ", needed: true", "", ":1: no sign is 'needed'"},
    {"no_refuter", kMode,
     "refuted_by:\n  - { see: metric.threads.down, because: { en: \"Fewer threads wait.\", ja: "
     "\"待機スレッドは減っています。\" } }\n",
     "", "no 'refuted_by'"},
    {"no_question", kMode,
     "ask:\n  - { signal: logs, what: { en: \"Which latch?\", ja: \"どのラッチか\" } }\n", "",
     "no question under 'ask'"},
    {"no_japanese", kMode, "ja: \"どのラッチか\"", "ja: \"Which latch?\"",
     ":13: 'what': its Japanese text is not Japanese"},
    {"no_english", kMode, "en: \"A latch is stuck.\"", "en: \"ラッチ\"",
     "'why': its English text is Japanese"},
    {"not_ears", kMode, "THE SYSTEM SHALL release", "it releases", "not in EARS form (WHEN"},
    {"not_ears_in_japanese", kMode, "システムは解放するものとする。", "解放する。",
     "not in EARS form (…とき、システムは"},
    {"applies_though_not_operational", kMode, "operational: true", "operational: false",
     ":15: a step applies a change although"},
    {"unknown_signature", kMode, "see: sign.latch_stuck, likely", "see: sign.no_such, likely",
     ":7: no signature makes 'sign.no_such'"},
    {"unknown_symptom", kMode, "see: metric.threads.up, likely", "see: symptom.no_such, likely",
     ":9: nothing makes 'symptom.no_such'"},
    {"change_that_nobody_names", kMode, "kind: saturation", "kind: saturation\nneeds_change: true",
     "a mode that needs a change has to say which"},
    {"unknown_signal", kMode, "see: metric.threads.up, likely", "see: guess.threads, likely",
     ":9: 'guess.threads' is no observation type"},
    {"unknown_quantity", kMode, "see: metric.threads.up, likely", "see: metric.luck.up, likely",
     "nothing measures 'luck'"},
    {"sign_without_a_name", "texts/signs.yaml", "quantity.threads", "quantity.thread",
     ":9: nobody could say that 'metric.threads.up' is missing"},
    {"no_sentence", kMode, "see: metric.threads.up, likely", "see: state.odd, likely",
     "'state.odd' has no sentence"},
    {"unknown_class", kMode, "class: database", "class: spaceship", "nothing is of the class 'spaceship'"},
    {"unknown_place", kMode, "{ see: metric.threads.up }]", "{ see: metric.threads.up, at: moon }]",
     "'at: moon' is no place"},
    {"scenario_lost", kMode, "likely: 0.95, otherwise: 0.005", "likely: 0.05, otherwise: 0.9",
     "scenario 'a stuck latch': 'slow' at the subject comes first"},
    {"scenario_won", kMode, "best: false\n    seen: [", "best: false\n    seen: [{ see: sign.latch_stuck }, ",
     "comes first although"},
    {"example_not_found", kSigns, "after 12 s\"]", "since 12 s\"]",
     ":2: signature 'latch_stuck' does not find its example"},
    {"counterexample_found", kSigns, "stuck? no", "stuck after 1 s", "finds its counterexample"},
    {"no_counterexample", kSigns, "    counterexamples: [\"latch stuck? no\"]\n", "",
     "needs counterexamples"},
    {"upper_case_literal", kSigns, "literals: [\"latch", "literals: [\"Latch", "compared in lower case"},
    {"bad_expression", kSigns, "latch stuck after (?P", "latch stuck after (?P<", "is no RE2 expression"},
};

INSTANTIATE_TEST_SUITE_P(, FaultyKnowledge, testing::ValuesIn(kCases),
                         [](const auto& faulty) { return faulty.param.name; });

}  // namespace
}  // namespace midwatch::lint

#include "src/lint/mode_rules.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "src/knowledge/statement.h"
#include "src/lint/scenario_run.h"

namespace midwatch::lint {
namespace {

using base::Json;
using knowledge::FailureMode;

constexpr std::array<std::string_view, 11> kSignals{"metric", "log",   "sign",   "trace",   "state", "change",
                                                    "event",  "alarm", "absent", "symptom", "code"};
/// Quantities that no rule of knowledge/metrics.yaml names: what fits none of them, and what is worked out
/// from the series of both sides of an edge (src/observe/metrics/edge_delay.h).
constexpr std::array<std::string_view, 2> kQuantitiesOfTheirOwn{"other", "edge_delay"};

int line_in(const Json& map) {
  if (!map.is_object()) return 0;
  const auto at = map.find("$line");
  return at != map.end() && at->is_number_integer() ? at->get<int>() : 0;
}

/// The line of the item at `position` in the list `name`, or of the file's map.
int line_of(const Json& content, const char* name, std::size_t position) {
  const auto list = content.find(name);
  if (list == content.end() || !list->is_array() || position >= list->size()) return line_in(content);
  const int line = line_in((*list)[position]);
  return line > 0 ? line : line_in(content);
}

/// True where a text holds kana or kanji.
bool is_japanese(const std::string& text) {
  static const RE2 kJapanese(R"([\p{Hiragana}\p{Katakana}\p{Han}])");
  return RE2::PartialMatch(text, kJapanese);
}

/// True for the words that a Japanese specification binds with: "the system shall".
bool says_shall_in_japanese(std::string_view text) {
  return text.find("システムは") != std::string_view::npos && text.ends_with("ものとする。");
}

class ModeCheck {
 public:
  ModeCheck(const FailureMode& mode, const Json& content, const knowledge::KnowledgeBase& knowledge,
            std::vector<Fault>& faults)
      : mode_(mode), content_(content), knowledge_(knowledge), faults_(faults) {
    for (const auto& rule : knowledge_.metric_rules.list()) quantities_.insert(rule.meaning.quantity);
    quantities_.insert(kQuantitiesOfTheirOwn.begin(), kQuantitiesOfTheirOwn.end());
  }

  void run() {
    check_signs();
    check_refuters();
    check_classes();
    check_texts();
    check_mitigation();
    check_specification();
    check_scenarios();
  }

 private:
  void fault(int line, std::string what) { faults_.push_back({mode_.source_file, line, std::move(what)}); }
  void fault(std::string what) { fault(line_in(content_), std::move(what)); }

  void check_signs() {
    if (mode_.signs.empty()) fault("no signs: say under 'signs' what the mode makes likely to be seen");
    bool needed = false;
    for (std::size_t i = 0; i < mode_.signs.size(); ++i) {
      const auto& sign = mode_.signs[i];
      const int line = line_of(content_, "signs", i);
      needed = needed || sign.needed;
      check_type(sign.see, line);
      check_conditions(sign.where, line);
      if (!sign.silent_when_absent && knowledge::name_of(sign, knowledge_).empty()) {
        fault(line,
              fmt::format("nobody could say that '{}' is missing: give the sign a 'what', or its type a name "
                          "in knowledge/texts/signs.yaml",
                          sign.see));
      }
      // What is out of the ordinary and unspoken of counts for every mode as involvement: a generic mode may
      // say of a sign of its own that it counts for nothing.
      const bool silences = mode_.generic && sign.place == knowledge::Place::kSelf;
      if (sign.likely == sign.otherwise && !silences)
        fault(line, fmt::format("'{}' is as likely with the mode as without: it says nothing, leave it out",
                                sign.see));
    }
    if (!mode_.generic && !mode_.needs_change && !needed) {
      fault(
          "no sign is 'needed': a specific mode needs one sign, or a change, without which it is not "
          "proposed "
          "(generic modes rank what only moves metrics)");
    }
    for (std::size_t i = 0; i < mode_.changes.size(); ++i)
      check_type(mode_.changes[i].see, line_of(content_, "changes", i));
  }

  void check_refuters() {
    if (mode_.refuted_by.empty())
      fault("no 'refuted_by': say what, where it is seen, rules the mode out, and why");
    for (std::size_t i = 0; i < mode_.refuted_by.size(); ++i) {
      const int line = line_of(content_, "refuted_by", i);
      check_type(mode_.refuted_by[i].see, line);
      check_conditions(mode_.refuted_by[i].where, line);
    }
  }

  void check_conditions(const std::map<std::string, std::string, std::less<>>& where, int line) {
    for (const auto& [fact, pattern] : where) {
      if (!RE2(pattern, RE2::Quiet).ok())
        fault(line, fmt::format("'where.{}' is no RE2 expression: {}", fact, pattern));
    }
  }

  /// An observation type, or a pattern of types, must be one that something can make.
  void check_type(const std::string& see, int line) {
    const std::string signal = see.substr(0, see.find('.'));
    if (std::find(kSignals.begin(), kSignals.end(), signal) == kSignals.end()) {
      fault(line, fmt::format("'{}' is no observation type: it begins with one of {} (docs/observations.md)",
                              see, fmt::join(kSignals, ", ")));
      return;
    }
    if (signal == "sign") {
      check_phrase(see, knowledge_.signatures, "no signature makes '{}': add it to knowledge/signatures",
                   line);
    } else if (signal == "symptom") {
      check_phrase(see, knowledge_.symptoms, "nothing makes '{}': add it to knowledge/symptoms.yaml", line);
    } else if (signal == "metric" || signal == "alarm") {
      check_quantity(see, line);
    } else if (see.find('*') == std::string::npos && !has_sentence(see)) {
      fault(line, fmt::format(
                      "'{}' has no sentence in knowledge/texts/observations.yaml: add one in both languages, "
                      "or use a type of docs/observations.md",
                      see));
    }
  }

  /// Some phrase of `makers` must make what is looked for.
  void check_phrase(const std::string& see, const std::vector<knowledge::Signature>& makers, const char* what,
                    int line) {
    const std::string signal = see.substr(0, see.find('.') + 1);
    const bool known = std::any_of(makers.begin(), makers.end(), [&](const auto& s) {
      return knowledge::type_matches(see, signal + s.id) || knowledge::wildcard_match(see, signal + s.id);
    });
    if (!known && !mode_.generic) fault(line, fmt::format(fmt::runtime(what), see));
  }

  void check_quantity(const std::string& see, int line) {
    const std::size_t first = see.find('.');
    if (first == std::string::npos) return;
    const std::string quantity = see.substr(first + 1, see.find('.', first + 1) - first - 1);
    if (quantity.find('*') != std::string::npos || quantities_.contains(quantity)) return;
    fault(line, fmt::format("'{}': nothing measures '{}'; knowledge/metrics.yaml has the quantities", see,
                            quantity));
  }

  bool has_sentence(const std::string& type) const {
    return std::any_of(knowledge_.observation_texts.begin(), knowledge_.observation_texts.end(),
                       [&](const auto& text) { return knowledge::type_matches(text.first, type); });
  }

  void check_classes() {
    for (const auto& name : mode_.applies_to) {
      if (!is_entity_class(name, knowledge_))
        fault(fmt::format(
            "'applies_to': nothing is of the class '{}'; knowledge/entity_classes.yaml has them", name));
    }
  }

  void check_text(const model::Text& text, const char* name, int line) {
    if (text.en.empty() || text.ja.empty()) {
      fault(line, fmt::format("'{}' needs a text in English and in Japanese", name));
    } else if (!is_japanese(text.ja)) {
      fault(line, fmt::format("'{}': its Japanese text is not Japanese: {}", name, text.ja));
    } else if (is_japanese(text.en)) {
      fault(line, fmt::format("'{}': its English text is Japanese: {}", name, text.en));
    }
  }

  void check_texts() {
    const int line = line_in(content_);
    check_text(mode_.title, "title", line);
    check_text(mode_.why, "why", line);
    for (std::size_t i = 0; i < mode_.refuted_by.size(); ++i)
      check_text(mode_.refuted_by[i].because, "because", line_of(content_, "refuted_by", i));
    if (mode_.questions.empty()) fault("no question under 'ask': say what would test the mode");
    for (std::size_t i = 0; i < mode_.questions.size(); ++i)
      check_text(mode_.questions[i].what, "what", line_of(content_, "ask", i));
  }

  void check_mitigation() {
    const auto at = content_.find("mitigation");
    if (at == content_.end()) {
      fault("no 'mitigation': say what to do now, or why operations cannot help (operational: false)");
      return;
    }
    const int line = line_in(*at);
    check_text(mode_.advice.mitigation, "summary", line);
    bool applies = false;
    for (std::size_t i = 0; i < mode_.advice.steps.size(); ++i) {
      const auto& step = mode_.advice.steps[i];
      const int step_line = line_of(*at, "steps", i);
      applies = applies || step.phase == model::MitigationPhase::kApply;
      check_text(step.effect, "effect", step_line);
      check_text(step.risk, "risk", step_line);
      if (step.command.empty()) fault(step_line, "a step needs a command");
    }
    if (applies && !mode_.advice.operational)
      fault(line, "a step applies a change although 'operational' is false");
    check_text(mode_.advice.permanent_fix, "permanent", line_in(content_));
  }

  void check_specification() {
    if (mode_.advice.requirements.empty() || mode_.advice.acceptance.empty())
      fault("no 'spec' with requirements and acceptance: say what to change for good and how to accept it");
    for (const auto& requirement : mode_.advice.requirements) {
      const auto shall = [](const std::string& text) {
        return text.find("THE SYSTEM SHALL") != std::string::npos;
      };
      if (!shall(requirement.en)) {
        fault(
            fmt::format("a requirement is not in EARS form (WHEN … THE SYSTEM SHALL …): {}", requirement.en));
      }
      if (!shall(requirement.ja) && !says_shall_in_japanese(requirement.ja)) {
        fault(fmt::format("a requirement is not in EARS form (…とき、システムは…ものとする。): {}",
                          requirement.ja));
      }
    }
  }

  void check_scenarios() {
    if (mode_.scenarios.empty())
      fault("no scenario: give a small case under 'scenarios' that this mode must win");
    for (std::size_t i = 0; i < mode_.scenarios.size(); ++i) {
      const auto& scenario = mode_.scenarios[i];
      const int line = line_of(content_, "scenarios", i);
      for (const auto& seen : scenario.seen) check_type(seen.type, line);
      if (const auto wrong = run_scenario(mode_, scenario, knowledge_))
        fault(line, fmt::format("scenario '{}': {}", scenario.name, *wrong));
    }
  }

  const FailureMode& mode_;
  const Json& content_;
  const knowledge::KnowledgeBase& knowledge_;
  std::vector<Fault>& faults_;
  std::set<std::string, std::less<>> quantities_;
};

}  // namespace

void check_mode(const FailureMode& mode, const Json& content, const knowledge::KnowledgeBase& knowledge,
                std::vector<Fault>& faults) {
  ModeCheck(mode, content, knowledge, faults).run();
}

}  // namespace midwatch::lint

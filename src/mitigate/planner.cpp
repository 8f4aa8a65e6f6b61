#include "src/mitigate/planner.h"

#include <algorithm>
#include <array>

#include "src/base/utf8.h"
#include "src/knowledge/entity_class.h"
#include "src/mitigate/command_facts.h"

namespace midwatch::mitigate {
namespace {

using model::MitigationPhase;
using model::Text;

constexpr std::size_t kTextBytes = 2000;
constexpr std::size_t kFileBytes = 400;
/// What a step did shows in the metrics of this time after it.
constexpr base::Duration kUntilSeen = std::chrono::minutes(30);

const Text kCannotHelp{"Operations cannot help here. ", "運用操作では解決しません。"};
const Text kByHand{"No command can be filled from what was recorded; by hand: ",
                   "記録された情報だけでは実行可能なコマンドを作れません。手作業での対処: "};
const Text kUnreadChange{"No revert is proposed, because the content of the change was not read. ",
                         "変更の内容を確認できていないため、切り戻しは提案しません。"};

/// A text for people: filled, without open places, harmless on a terminal.
Text told(const Text& pattern, const model::Facts& facts) {
  const Text text = model::tell(pattern, facts);
  return {base::printable(text.en, kTextBytes), base::printable(text.ja, kTextBytes)};
}

Text joined(const Text& first, const Text& second) {
  return {first.en + second.en, first.ja + second.ja};
}

bool fits(const std::vector<std::string>& types, const telemetry::Entity* entity) {
  if (types.empty()) return true;
  if (entity == nullptr) return false;
  const std::string_view kind = entity->attributes.get("platform.kind");
  return std::any_of(types.begin(), types.end(), [&](const std::string& type) {
    return knowledge::wildcard_match(type, entity->type) ||
           (!kind.empty() && knowledge::wildcard_match(type, kind));
  });
}

/// True where a step goes back to how it was before a change. (A rollback step goes back to before the plan.)
bool is_revert(const knowledge::StepTemplate& step) {
  static constexpr std::array<std::string_view, 5> kWays{"{change}", "{commit}", "rollout undo",
                                                         "helm rollback", "git revert"};
  return step.phase == MitigationPhase::kApply &&
         std::any_of(kWays.begin(), kWays.end(),
                     [&](std::string_view way) { return step.command.find(way) != std::string::npos; });
}

bool only_looks(MitigationPhase phase) {
  return phase == MitigationPhase::kPrepare || phase == MitigationPhase::kPreValidate;
}

void add_file(const std::string& file, std::vector<std::string>& files) {
  std::string shown = base::printable(file, kFileBytes);
  if (!shown.empty() && std::find(files.begin(), files.end(), shown) == files.end())
    files.push_back(std::move(shown));
}

/// Adds a sentence behind others; one that stands there already is not said twice.
void add_sentence(const Text& sentence, Text& to) {
  const auto add = [](const std::string& one, std::string_view gap, std::string& all) {
    if (one.empty() || all.find(one) != std::string::npos) return;
    if (!all.empty()) all += gap;
    all += one;
  };
  add(sentence.en, " ", to.en);
  add(sentence.ja, "", to.ja);
}

template <class Items>
void add_new(const Items& from, Items& to) {
  for (const auto& item : from) {
    if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }
}

}  // namespace

model::Facts plan_facts(const PlanInput& input) {
  model::Facts facts = input.hypothesis->facts;
  if (input.hypothesis->onset) facts["onset"] = base::format_rfc3339(*input.hypothesis->onset);
  // What telemetry says must not redirect a command: the entity's own address stands above it.
  for (auto& [name, value] : address_of(input.hypothesis->entity, input.entity))
    facts.insert_or_assign(name, value);
  if (input.change != nullptr) {
    for (auto& [name, value] : facts_of(*input.change)) facts.insert_or_assign(name, value);
  }
  if (input.window) {
    const auto seconds = [](base::Timestamp at) { return std::chrono::floor<std::chrono::seconds>(at); };
    facts["from"] = base::format_rfc3339(seconds(input.window->start));
    facts["to"] = base::format_rfc3339(seconds(input.window->end));
    facts["after"] = base::format_rfc3339(seconds(input.window->end + kUntilSeen));
    facts["from_ms"] = std::to_string(
        std::chrono::duration_cast<std::chrono::milliseconds>(seconds(input.window->start).time_since_epoch())
            .count());
  }
  return facts;
}

Text explanation(const PlanInput& input) {
  return told(input.mode->why, plan_facts(input));
}

model::MitigationPlan plan_mitigation(const PlanInput& input) {
  model::MitigationPlan plan;
  const knowledge::Advice advice = knowledge::advice_of(*input.mode);
  const model::Facts facts = plan_facts(input);
  const model::Facts plain = plain_only(facts);
  bool unread = false;
  for (const knowledge::StepTemplate& step : advice.steps) {
    if (!fits(step.types, input.entity)) continue;
    if (is_revert(step) && (input.change == nullptr || !input.change->has_diff)) {
      unread = true;
      continue;
    }
    const std::string command = model::fill(step.command, plain);
    if (model::has_open_place(command)) continue;
    plan.steps.push_back(
        {step.phase, command, told(step.effect, facts), told(step.risk, facts), step.reversible});
  }
  std::stable_sort(plan.steps.begin(), plan.steps.end(),
                   [](const auto& a, const auto& b) { return a.phase < b.phase; });
  plan.operational =
      advice.operational && std::any_of(plan.steps.begin(), plan.steps.end(),
                                        [](const auto& s) { return s.phase == MitigationPhase::kApply; });
  plan.summary = told(advice.mitigation, facts);
  plan.permanent_fix = told(advice.permanent_fix, facts);
  plan.temporary = plan.operational && advice.temporary;
  if (plan.operational) return plan;
  plan.summary = joined(
      advice.operational ? (unread ? joined(kUnreadChange, kByHand) : kByHand) : kCannotHelp, plan.summary);
  // Steps that only look stay useful; those that belong to a change that is not made do not.
  std::erase_if(plan.steps, [](const auto& s) { return !only_looks(s.phase); });
  return plan;
}

model::ChangeSpec write_spec(const PlanInput& input) {
  model::ChangeSpec spec;
  const model::Facts facts = plan_facts(input);
  spec.problem = explanation(input);
  const knowledge::Advice advice = knowledge::advice_of(*input.mode);
  for (const auto& requirement : advice.requirements) spec.requirements.push_back(told(requirement, facts));
  for (const auto& acceptance : advice.acceptance) spec.acceptance.push_back(told(acceptance, facts));
  const std::string& location = input.hypothesis->location;
  if (!location.empty()) add_file(location.substr(0, location.find(':')), spec.files);
  if (input.change != nullptr) {
    for (const auto& file : input.change->files) add_file(file, spec.files);
  }
  return spec;
}

model::MitigationPlan join_plans(const std::vector<model::MitigationPlan>& plans) {
  model::MitigationPlan all;
  for (const auto& plan : plans) {
    add_sentence(plan.summary, all.summary);
    add_sentence(plan.permanent_fix, all.permanent_fix);
    all.operational = all.operational || plan.operational;
    all.temporary = all.temporary || plan.temporary;
    for (const auto& step : plan.steps) {
      const bool known = std::any_of(all.steps.begin(), all.steps.end(), [&](const auto& s) {
        return s.phase == step.phase && s.command == step.command;
      });
      if (!known) all.steps.push_back(step);
    }
  }
  std::stable_sort(all.steps.begin(), all.steps.end(),
                   [](const auto& a, const auto& b) { return a.phase < b.phase; });
  return all;
}

model::ChangeSpec join_specs(const std::vector<model::ChangeSpec>& specs) {
  model::ChangeSpec all;
  for (const auto& spec : specs) {
    add_sentence(spec.problem, all.problem);
    add_new(spec.requirements, all.requirements);
    add_new(spec.acceptance, all.acceptance);
    add_new(spec.files, all.files);
  }
  return all;
}

}  // namespace midwatch::mitigate

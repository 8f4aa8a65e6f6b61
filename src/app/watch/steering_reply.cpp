#include "src/app/watch/steering_reply.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/json_of.h"
#include "src/base/json.h"
#include "src/base/quantity.h"

namespace midwatch::app {
namespace {

using api::Verdict;
using model::SteeringAction;
using model::Text;

constexpr std::size_t kNamedOthers = 3;
/// A difference that rounding to whole percents does not show is none to a reader.
constexpr double kShownDifference = 0.005;
constexpr int kDigits = 5;

Verdict verdict_of(const model::InvestigationRecord& record) {
  const std::string outcome(model::to_string(record.outcome));
  if (!record.root_causes.empty()) {
    const auto& cause = record.root_causes.front();
    return {outcome, cause.entity, cause.mode, cause.title, cause.probability};
  }
  const auto leading =
      std::find_if(record.hypotheses.begin(), record.hypotheses.end(),
                   [](const model::Hypothesis& h) { return h.status != model::HypothesisStatus::kRefuted; });
  if (leading == record.hypotheses.end()) return {outcome};
  return {outcome, leading->entity, leading->mode, leading->title, leading->probability};
}

std::string percent(double probability) {
  return fmt::format("{:.0f} %", probability * 100);
}

bool leads_another(const Verdict& a, const Verdict& b) {
  return a.entity != b.entity || a.mode != b.mode;
}

bool is_named(const Verdict& verdict) {
  return verdict.outcome == "root_cause";
}

Text named(const Verdict& verdict) {
  if (verdict.mode.empty()) return {"none", "なし"};
  return {fmt::format("“{}” ({})", verdict.title.en, percent(verdict.probability)),
          fmt::format("「{}」（{}）", verdict.title.ja, percent(verdict.probability))};
}

/// How sure the new verdict is where that is another than before.
Text standing(const Verdict& before, const Verdict& after) {
  if (is_named(before) == is_named(after)) return {};
  if (is_named(after)) return {" It is named as the root cause.", "根本原因と判断しました。"};
  return {" The evidence does not single out one cause any more.", "原因を一つに絞れなくなりました。"};
}

Text changed_text(const Verdict& before, const Verdict& after) {
  const Text was = named(before);
  const Text is = named(after);
  const Text sure = standing(before, after);
  if (before.mode.empty())
    return {fmt::format("The leading cause is {} now.{}", is.en, sure.en),
            fmt::format("有力な原因は{}になりました。{}", is.ja, sure.ja)};
  if (leads_another(before, after))
    return {fmt::format("The leading cause was {}, now it is {}.{}", was.en, is.en, sure.en),
            fmt::format("最有力の原因が{}から{}に変わりました。{}", was.ja, is.ja, sure.ja)};
  return {fmt::format("{} still leads; it had {} before.{}", is.en, percent(before.probability), sure.en),
          fmt::format("最有力は{}のままで、確度は {} から変わりました。{}", is.ja,
                      percent(before.probability), sure.ja)};
}

bool read_code(const model::InvestigationRecord& record) {
  return std::any_of(record.observations.begin(), record.observations.end(),
                     [](const auto& o) { return o.observation.type.starts_with("code."); });
}

/// Why a directive changed nothing.
Text reason(const model::Directive& directive, const model::InvestigationRecord& record, bool may_read_code) {
  switch (directive.action) {
    case SteeringAction::kRuleOut:
      return {"what was ruled out did not lead", "除外した原因は最有力ではなかったため"};
    case SteeringAction::kPutBack:
      return {"what was put back does not lead", "取り消した除外の原因は最有力ではないため"};
    case SteeringAction::kOtherCauses:
      return {"what was asked again about the other places speaks for none of them",
              "ほかの場所を調べ直しても、それを裏づける証拠がなかったため"};
    case SteeringAction::kWindow:
      return {"the records of that time say the same", "その時間帯の記録も同じことを示しているため"};
    case SteeringAction::kReadCode:
      if (!may_read_code)
        return {"this space does not allow code to be read (read_code)",
                "このスペースではコードの読み取り（read_code）が許可されていないため"};
      if (read_code(record))
        return {"the code that was read speaks for the same", "読んだコードも同じことを示しているため"};
      return {"what is suspected has no code that could be read",
              "疑われている対象に、読み取れるコードがなかったため"};
    case SteeringAction::kPlannedChange:
      return {"what leads does not rest on that change", "最有力の原因はその変更に基づくものではないため"};
    case SteeringAction::kNone:
    case SteeringAction::kStop:
    case SteeringAction::kContinue:
      break;
  }
  return {"it asks for nothing", "指示する内容がないため"};
}

/// Who comes after the one that leads.
Text others(const Verdict& leading, const model::InvestigationRecord& record) {
  Text list;
  std::size_t told = 0;
  for (const auto& h : record.hypotheses) {
    const bool is_other = h.entity != leading.entity || h.mode != leading.mode;
    if (!is_other || h.status == model::HypothesisStatus::kRefuted || told == kNamedOthers) continue;
    ++told;
    const Text one = named({"", h.entity, h.mode, h.title, h.probability});
    list.en += (list.en.empty() ? "" : "; ") + one.en;
    list.ja += one.ja;
  }
  if (list.empty()) return {" There is no other candidate.", "ほかに候補はありません。"};
  return {fmt::format(" The next ones: {}.", list.en), fmt::format("次の候補: {}。", list.ja)};
}

base::Json verdict_json(const Verdict& verdict) {
  return {{"outcome", verdict.outcome},
          {"entity", verdict.entity},
          {"mode", verdict.mode},
          {"title", api::json_of(verdict.title)},
          {"probability", base::round_significant(verdict.probability, kDigits)}};
}

}  // namespace

SteeringReply reply_to(const api::Told& told, const model::InvestigationRecord& record, bool may_read_code) {
  const Verdict after = verdict_of(record);
  const bool changed = leads_another(told.before, after) || told.before.outcome != after.outcome ||
                       std::abs(told.before.probability - after.probability) >= kShownDifference;
  Text text = changed_text(told.before, after);
  if (!changed) {
    const Text why = reason(told.directive, record, may_read_code);
    const Text is = named(after);
    text = {fmt::format("Nothing changed: {} still leads, because {}.", is.en, why.en),
            fmt::format("{}、結論は変わりません。最有力は{}のままです。", why.ja, is.ja)};
  }
  if (told.directive.action == SteeringAction::kOtherCauses) {
    const Text next = others(after, record);
    text = {text.en + next.en, text.ja + next.ja};
  }
  return {std::move(text), base::dump_json({{"to", told.sequence},
                                            {"changed", changed},
                                            {"before", verdict_json(told.before)},
                                            {"after", verdict_json(after)}})};
}

SteeringReply reply_of_failure(const api::Told& told) {
  return {{"It could not be taken up: the investigation failed.",
           "調査が失敗したため、指示を反映できませんでした。"},
          base::dump_json({{"to", told.sequence}, {"changed", false}})};
}

}  // namespace midwatch::app

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/body.h"
#include "src/api/change.h"
#include "src/api/json_of.h"
#include "src/api/resources.h"
#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

constexpr std::size_t kLongestActual = 4000;  // characters
/// A finer scale would need more answers than a team judges in a year.
constexpr std::size_t kCalibrationSteps = 5;
/// `2026-01-31` of a time.
constexpr std::size_t kDayLength = 10;

struct Tally {
  std::uint64_t judged = 0;
  std::uint64_t right = 0;

  void count(const model::Feedback& feedback) {
    ++judged;
    if (feedback.judgement == model::Judgement::kRight) ++right;
  }
  base::Json json(const char* name, const base::Json& key) const {
    return {{name, key}, {"judged", judged}, {"right", right}};
  }
};

/// Who judges an answer twice has changed their mind: the last word of each investigation.
std::vector<model::Feedback> last_words(std::vector<model::Feedback> all) {
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  std::map<std::string, model::Feedback> last;
  for (auto& feedback : all) last[feedback.investigation] = std::move(feedback);
  std::vector<model::Feedback> words;
  words.reserve(last.size());
  for (auto& [id, feedback] : last) words.push_back(std::move(feedback));
  return words;
}

base::Json accuracy_json(const std::vector<model::Feedback>& words) {
  std::map<model::Judgement, std::uint64_t> judgements;
  std::map<std::string, Tally> modes;
  std::map<std::string, Tally> days;
  std::array<Tally, kCalibrationSteps> steps;
  for (const auto& feedback : words) {
    ++judgements[feedback.judgement];
    days[base::format_rfc3339(feedback.time).substr(0, kDayLength)].count(feedback);
    if (feedback.mode.empty()) continue;
    modes[feedback.mode].count(feedback);
    const double scaled = std::clamp(feedback.probability, 0.0, 1.0) * kCalibrationSteps;
    steps.at(std::min(static_cast<std::size_t>(scaled), kCalibrationSteps - 1)).count(feedback);
  }
  base::Json body{{"judged", words.size()},
                  {"right", judgements[model::Judgement::kRight]},
                  {"wrong", judgements[model::Judgement::kWrong]},
                  {"partly", judgements[model::Judgement::kPartly]},
                  {"modes", base::Json::array()},
                  {"days", base::Json::array()},
                  {"calibration", base::Json::array()}};
  for (const auto& [mode, tally] : modes) body["modes"].push_back(tally.json("mode", mode));
  for (const auto& [day, tally] : days) body["days"].push_back(tally.json("day", day));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    base::Json step = steps.at(i).json("from", static_cast<double>(i) / kCalibrationSteps);
    step["to"] = static_cast<double>(i + 1) / kCalibrationSteps;
    body["calibration"].push_back(std::move(step));
  }
  return body;
}

}  // namespace

Answer give_feedback(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"judgement", MemberKind::kText, true, 20, "right wrong partly"},
                                        {"mitigation_helped", MemberKind::kFlag},
                                        {"actual", MemberKind::kText, false, kLongestActual}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  return answer_change(
      api, call, "giveFeedback",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(const auto judged, visible_investigation(session, call.caller, call.part("id")));
        if (judged.outcome.empty()) {
          return base::user_error(base::ErrorCode::kConflict,
                                  "this investigation has no answer yet that could be judged");
        }
        model::Feedback feedback;
        feedback.id = "fbk-" + api.ids.next_uuid();
        feedback.investigation = judged.id;
        feedback.space = judged.space;
        feedback.mode = judged.mode;
        feedback.probability = judged.probability;
        feedback.judgement = *model::judgement_of(base::text_at(body, "judgement"));
        if (body.contains("mitigation_helped"))
          feedback.mitigation_helped = body["mitigation_helped"].get<bool>();
        feedback.actual = base::redact(base::text_at(body, "actual"));
        feedback.by = call.caller.name;
        feedback.time = api.clock.now();
        MIDWATCH_TRY_VOID(session.add_feedback(feedback));
        return ChangeAnswer{201, json_of(feedback), feedback.id, feedback.space};
      },
      [](const ChangeAnswer&) {});
}

Answer list_feedback(const ApiDependencies& api, const Call& call) {
  store::FeedbackFilter filter;
  MIDWATCH_TRY(static_cast<store::Scope&>(filter), listed_scope(call));
  MIDWATCH_TRY(filter.judgement, word_parameter(call, "judgement", &model::judgement_of));
  MIDWATCH_TRY(const std::size_t limit, limit_parameter(call));
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto page, session.judgements(filter, call.parameter("cursor"), limit));
    return json_answer(200, json_of(page));
  });
}

Answer get_accuracy(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY(const auto spaces, listed_spaces(call));
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(auto all, session.feedback(spaces));
    MIDWATCH_TRY(const std::size_t answers, session.count_answers(spaces));
    base::Json body = accuracy_json(last_words(std::move(all)));
    body["answers"] = answers;
    return json_answer(200, body);
  });
}

}  // namespace midwatch::api

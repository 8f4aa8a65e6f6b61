#include "src/evaluate/answer.h"

#include <algorithm>
#include <cctype>

namespace midwatch::evaluate {
namespace {

std::string explanation(const model::InvestigationRecord& record) {
  if (record.root_causes.empty()) return {};
  const auto& cause = record.root_causes.front();
  std::string said = cause.entity + '\n' + cause.mode + '\n' + cause.title.en + '\n' + cause.location + '\n';
  for (const auto& link : cause.chain) said += link.entity + '\n' + link.what.en + '\n';
  for (const auto& s : record.observations) {
    if (std::find(cause.explains.begin(), cause.explains.end(), s.observation.id) != cause.explains.end())
      said += s.statement.en + '\n';
  }
  std::transform(said.begin(), said.end(), said.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return said;
}

}  // namespace

Answer answer_of(const model::InvestigationRecord& record) {
  Answer answer;
  answer.reached = true;
  answer.outcome = record.outcome;
  answer.milliseconds = base::to_seconds(record.stats.wall) * 1000;
  answer.said = explanation(record);
  if (record.outcome == model::Outcome::kNothingWrong) return answer;
  for (const auto& h : record.hypotheses)
    answer.ranking.push_back({h.entity, h.mode, h.kind, h.metric, h.change});
  if (!record.hypotheses.empty()) answer.probability = record.hypotheses.front().place_probability;
  return answer;
}

}  // namespace midwatch::evaluate

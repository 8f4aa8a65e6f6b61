#include "src/diagnose/diagnosis.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "src/diagnose/dependency_graph.h"
#include "src/diagnose/suspects.h"
#include "src/diagnose/weigher.h"

namespace midwatch::diagnose {
namespace {

/// How many hypotheses of one entity are kept, and how many in all; every entity's best one always stays.
constexpr std::size_t kKeptPerEntity = 4;
constexpr std::size_t kKeptInAll = 60;

std::string display_name(const CaseFile& file, const Suspect& suspect) {
  if (suspect.index && !file.topology.entity(*suspect.index).name.empty())
    return file.topology.entity(*suspect.index).name;
  return suspect.entity;
}

model::Hypothesis describe(const CaseFile& file, const Suspects& suspects, const WeighedHypothesis& h) {
  model::Hypothesis out;
  out.entity = suspects[h.suspect].entity;
  out.mode = h.mode->id;
  out.kind = h.mode->kind;
  out.log_odds = h.log_odds;
  out.facts["entity"] = display_name(file, suspects[h.suspect]);
  double best_metric = 0;
  for (const Contribution& c : h.contributions) {
    if (c.observation == Sighting::kNone) {
      if (c.sign != nullptr && c.weight < 0) out.missing.push_back({c.sign->see, c.weight, c.sign->what});
      continue;
    }
    const model::Observation& o = file.observations[c.observation];
    (c.weight >= 0 ? out.supporting : out.opposing).push_back({o.id, c.weight});
    if (c.weight <= 0) continue;
    if (c.sign != nullptr) {
      for (const auto& [name, value] : o.facts) out.facts.emplace(name, value);
    }
    if (o.onset && (!out.onset || *o.onset < *out.onset)) out.onset = o.onset;
    if (o.type.starts_with("metric.") && c.weight > best_metric && o.entity == out.entity) {
      best_metric = c.weight;
      out.metric = o.subject;
    }
    if (const auto at = o.facts.find("location"); at != o.facts.end() && out.location.empty())
      out.location = at->second;
  }
  const auto heaviest = [](const auto& a, const auto& b) { return std::abs(a.weight) > std::abs(b.weight); };
  std::stable_sort(out.supporting.begin(), out.supporting.end(), heaviest);
  std::stable_sort(out.opposing.begin(), out.opposing.end(), heaviest);
  std::stable_sort(out.missing.begin(), out.missing.end(), heaviest);
  out.title = model::fill(h.mode->title, out.facts);
  if (h.refuter != nullptr) {
    out.status = model::HypothesisStatus::kRefuted;
  } else if (!out.supporting.empty() && h.log_odds > 0) {
    out.status = model::HypothesisStatus::kSupported;
  }
  return out;
}

}  // namespace

Diagnosis diagnose(const CaseFile& file, const knowledge::KnowledgeBase& knowledge,
                   const Calibration& calibration) {
  Diagnosis diagnosis;
  const Suspects suspects(file, knowledge);
  if (suspects.size() == 0) return diagnosis;
  const DependencyGraph graph(file, suspects);
  const std::vector<WeighedHypothesis> weighed = weigh(file, knowledge, suspects, graph, calibration);
  if (weighed.empty()) return diagnosis;

  const double highest = std::max(weighed.front().log_odds, calibration.unknown_log_odds);
  double sum = std::exp((calibration.unknown_log_odds - highest) * calibration.probability_temper);
  for (const auto& h : weighed) sum += std::exp((h.log_odds - highest) * calibration.probability_temper);

  std::map<SuspectIndex, std::size_t> kept;
  for (const auto& h : weighed) {
    const std::size_t of_entity = kept[h.suspect]++;
    if (of_entity > 0 && (of_entity >= kKeptPerEntity || diagnosis.hypotheses.size() >= kKeptInAll)) continue;
    model::Hypothesis hypothesis = describe(file, suspects, h);
    hypothesis.probability = std::exp((h.log_odds - highest) * calibration.probability_temper) / sum;
    hypothesis.rank = static_cast<int>(diagnosis.hypotheses.size()) + 1;
    diagnosis.hypotheses.push_back(std::move(hypothesis));
  }
  return diagnosis;
}

}  // namespace midwatch::diagnose

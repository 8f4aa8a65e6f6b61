#include "src/diagnose/change_causes.h"

#include <algorithm>

namespace midwatch::diagnose {
namespace {

/// A change that fits less than this explains nothing beyond its own hypothesis.
constexpr double kStrongFit = 2.0;
/// The same for a change whose mechanism is known to show so, and for "it fails of itself", which asks for
/// any cause at all.
constexpr double kFitForEffect = 1.2;
/// How far below the effect its cause may have been weighed by itself.
constexpr double kMargin = 4.0;
/// The same where both rest on one record: that the effect has the more specific name for it proves nothing
/// against its cause.
constexpr double kMarginOfOneRecord = 9.0;
/// The cause stands this much above its effect.
constexpr double kAbove = 0.1;

bool is_effect(const WeighedHypothesis& h) {
  return h.change.change == ChangeFit::kNone && h.refuter == nullptr && h.mode->kind != "external" &&
         h.mode->kind != "load";
}

bool can_cause(const WeighedHypothesis& cause, const WeighedHypothesis& effect,
               const DependencyGraph& graph) {
  if (cause.suspect == effect.suspect) return true;
  if (graph.distance(cause.suspect, effect.suspect) == 1) return cause.mode->burdens;
  return graph.distance(effect.suspect, cause.suspect) == 1;
}

/// The observation that speaks for the effect most.
std::size_t strongest_observation(const WeighedHypothesis& effect) {
  const Contribution* best = nullptr;
  for (const Contribution& c : effect.contributions) {
    if (c.observation != Sighting::kNone && (best == nullptr || c.weight > best->weight)) best = &c;
  }
  return best == nullptr ? Sighting::kNone : best->observation;
}

bool share_a_record(const model::Observation& a, const model::Observation& b) {
  return std::any_of(a.evidence.begin(), a.evidence.end(), [&](const model::Evidence& x) {
    return std::any_of(b.evidence.begin(), b.evidence.end(),
                       [&](const model::Evidence& y) { return x.id == y.id; });
  });
}

/// True where the mode too knows a text that stands in the records of this observation.
bool knows_records_of(const knowledge::FailureMode& mode, std::size_t observation, const CaseFile& file) {
  if (observation == Sighting::kNone) return false;
  return std::any_of(file.observations.begin(), file.observations.end(), [&](const model::Observation& o) {
    const bool text = o.type.starts_with("sign.") || o.type.starts_with("symptom.");
    return text && share_a_record(o, file.observations[observation]) &&
           std::any_of(mode.signs.begin(), mode.signs.end(), [&](const knowledge::Sign& sign) {
             return sign.likely > sign.otherwise && knowledge::type_matches(sign.see, o.type);
           });
  });
}

}  // namespace

void let_changes_explain(const CaseFile& file, const DependencyGraph& graph,
                         std::vector<WeighedHypothesis>& weighed) {
  if (weighed.empty() || !is_effect(weighed.front())) return;
  const WeighedHypothesis& effect = weighed.front();
  const std::size_t told = strongest_observation(effect);
  const auto could_be = [&](const WeighedHypothesis& h, double needed, double margin) {
    return h.change.change != ChangeFit::kNone && h.refuter == nullptr && h.change.weight() >= needed &&
           h.log_odds >= effect.log_odds - margin && can_cause(h, effect, graph);
  };
  auto cause = std::find_if(weighed.begin(), weighed.end(), [&](const WeighedHypothesis& h) {
    return h.suspect == effect.suspect && could_be(h, kFitForEffect, kMarginOfOneRecord) &&
           knows_records_of(*h.mode, told, file);
  });
  if (cause == weighed.end()) {
    const double needed = effect.mode->generic ? kFitForEffect : kStrongFit;
    cause = std::find_if(weighed.begin(), weighed.end(),
                         [&](const WeighedHypothesis& h) { return could_be(h, needed, kMargin); });
  }
  if (cause == weighed.end()) return;
  const double gained = effect.log_odds + kAbove - cause->log_odds;
  cause->contributions.push_back({nullptr, told, gained});
  cause->log_odds += gained;
  std::rotate(weighed.begin(), cause, cause + 1);
}

}  // namespace midwatch::diagnose

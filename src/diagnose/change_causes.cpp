#include "src/diagnose/change_causes.h"

#include <algorithm>

namespace midwatch::diagnose {
namespace {

/// A change that fits less than this explains nothing beyond its own hypothesis.
constexpr double kStrongFit = 2.0;
/// "It fails of itself" asks for any cause at all.
constexpr double kFitForGeneric = 1.2;
/// How far below the effect its cause may have been weighed by itself.
constexpr double kMargin = 4.0;
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

}  // namespace

void let_changes_explain(std::vector<WeighedHypothesis>& weighed, const DependencyGraph& graph) {
  if (weighed.empty() || !is_effect(weighed.front())) return;
  const WeighedHypothesis& effect = weighed.front();
  const double needed = effect.mode->generic ? kFitForGeneric : kStrongFit;
  const auto cause = std::find_if(weighed.begin(), weighed.end(), [&](const WeighedHypothesis& h) {
    return h.change.change != ChangeFit::kNone && h.refuter == nullptr && h.change.weight() >= needed &&
           h.log_odds >= effect.log_odds - kMargin && can_cause(h, effect, graph);
  });
  if (cause == weighed.end()) return;
  const double gained = effect.log_odds + kAbove - cause->log_odds;
  cause->contributions.push_back({nullptr, strongest_observation(effect), gained});
  cause->log_odds += gained;
  std::rotate(weighed.begin(), cause, cause + 1);
}

}  // namespace midwatch::diagnose

#include "src/diagnose/change_causes.h"

#include <algorithm>
#include <cmath>

namespace midwatch::diagnose {
namespace {

/// A change that fits less than this explains nothing beyond its own hypothesis.
constexpr double kStrongFit = 2.0;
/// The same for a change whose mechanism is known to show so, and for "it fails of itself", which asks for
/// any cause at all.
constexpr double kFitForEffect = 1.2;
/// The same for a change of which no known mechanism is told, where a text names the mechanism of the effect:
/// that something was released says nothing of it.
constexpr double kFitOfAnyChange = 5.0;
/// How far below the effect its cause may have been weighed by itself.
constexpr double kMargin = 4.0;
/// The same where both rest on one record: that the effect has the more specific name for it proves nothing
/// against its cause.
constexpr double kMarginOfOneRecord = 9.0;
/// What speaks for a cause that is to stand above how it shows is at least this sure and this heavy.
constexpr double kCauseStrength = 0.5;
/// Trouble of somebody who calls it makes what may be meant (no replica is wanted) likely to be a fault.
constexpr double kLikelyCauseStrength = 0.3;
/// What is left of a mode that names how the fault of somebody below shows: e⁻³, one in twenty.
constexpr double kExplainedAway = -3.0;
constexpr double kCauseEvidence = 2.0;
/// A service lies between a caller and the workload behind it.
constexpr int kNearDependency = 2;
/// The cause stands this much above its effect.
constexpr double kAbove = 0.1;
/// A change is said to have set a mechanism going from this share of the belief in mechanisms without any
/// change at its place on. Where the right change stood first (RootCauseBench, and five sets of incidents
/// written by hand), it had 0.8 or more.
constexpr double kBlamedShare = 0.7;

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

/// The observation that a needed sign of the hypothesis was seen by; nothing where none was.
std::size_t needed_observation(const WeighedHypothesis& h) {
  for (const Contribution& c : h.contributions) {
    if (c.sign != nullptr && c.sign->needed && c.observation != Sighting::kNone && c.weight > 0)
      return c.observation;
  }
  return Sighting::kNone;
}

/// True where the observation was read from a line that a program logged.
bool is_logged(std::size_t observation, const CaseFile& file) {
  if (observation == Sighting::kNone) return false;
  const auto& facts = file.observations[observation].facts;
  const auto seen_in = facts.find("seen_in");
  return seen_in != facts.end() && seen_in->second == "log";
}

/// True where the observation was read from a text, of a program or of the platform.
bool is_read(std::size_t observation, const CaseFile& file) {
  if (observation == Sighting::kNone) return false;
  return is_logged(observation, file) || file.observations[observation].type.starts_with("sign.");
}

/// True where all that is seen for the hypothesis stands in records that the observation was read from.
bool rests_on_record_of(const WeighedHypothesis& h, std::size_t observation, const CaseFile& file) {
  bool rests = false;
  for (const Contribution& c : h.contributions) {
    if (c.observation == Sighting::kNone || c.weight < kCauseEvidence / 10) continue;
    if (!share_a_record(file.observations[c.observation], file.observations[observation])) return false;
    rests = true;
  }
  return rests;
}

/// True where part of what is seen for the hypothesis stands in records that the observation was read from.
bool shows_record_of(const WeighedHypothesis& h, std::size_t observation, const CaseFile& file) {
  return std::any_of(h.contributions.begin(), h.contributions.end(), [&](const Contribution& c) {
    return c.observation != Sighting::kNone && c.weight >= kCauseEvidence / 10 &&
           share_a_record(file.observations[c.observation], file.observations[observation]);
  });
}

/// True for a mode that says why, with evidence of its own of at least this strength.
bool says_why(const WeighedHypothesis& h, const CaseFile& file, double strength) {
  if (h.mode->generic || h.mode->yields_to_own || h.refuter != nullptr) return false;
  const std::size_t needed = needed_observation(h);
  return needed != Sighting::kNone && file.observations[needed].strength >= strength &&
         h.log_odds - std::log(h.mode->prior) > kCauseEvidence;
}

/// Raises one hypothesis above the first: what speaks for the first speaks for it.
void raise_above_first(std::vector<WeighedHypothesis>& weighed,
                       std::vector<WeighedHypothesis>::iterator cause, std::size_t told) {
  const double gained = weighed.front().log_odds + kAbove - cause->log_odds;
  cause->contributions.push_back({nullptr, told, gained});
  cause->log_odds += gained;
  std::rotate(weighed.begin(), cause, cause + 1);
}

void best_first_below_the_first(std::vector<WeighedHypothesis>& weighed) {
  std::stable_sort(weighed.begin() + 1, weighed.end(),
                   [](const auto& a, const auto& b) { return a.log_odds > b.log_odds; });
}

/// Takes from whoever only shows what the first one, below it, explains.
void explain_away_above(const DependencyGraph& graph, std::vector<WeighedHypothesis>& weighed) {
  const WeighedHypothesis& cause = weighed.front();
  const std::size_t told = needed_observation(cause);
  for (auto h = weighed.begin() + 1; h != weighed.end(); ++h) {
    if (!h->mode->yields_to_dependencies || !graph.distance(h->suspect, cause.suspect)) continue;
    h->contributions.push_back({nullptr, told, kExplainedAway});
    h->log_odds += kExplainedAway;
  }
  best_first_below_the_first(weighed);
}

/// Takes from what only shows that something is wrong where the first one says what; from words of a log only
/// where both were read from the same.
void explain_away_own(const CaseFile& file, std::vector<WeighedHypothesis>& weighed) {
  const WeighedHypothesis& cause = weighed.front();
  if (!says_why(cause, file, kCauseStrength)) return;
  const std::size_t told = needed_observation(cause);
  for (auto h = weighed.begin() + 1; h != weighed.end(); ++h) {
    if (!h->mode->yields_to_own || h->suspect != cause.suspect) continue;
    const std::size_t shown = needed_observation(*h);
    if (is_logged(shown, file) && !share_a_record(file.observations[told], file.observations[shown]))
      continue;
    h->contributions.push_back({nullptr, told, kExplainedAway});
    h->log_odds += kExplainedAway;
  }
  best_first_below_the_first(weighed);
}

bool is_near_below(const DependencyGraph& graph, SuspectIndex caller, SuspectIndex called) {
  const auto steps = graph.distance(caller, called);
  return steps && *steps > 0 && *steps <= kNearDependency;
}

/// Where one mechanism was read from one line for a caller and for whom it calls, it is that of the latter;
/// of several who are called nobody knows whose.
void raise_the_one_that_is_called(const DependencyGraph& graph, std::size_t told,
                                  std::vector<WeighedHypothesis>& weighed) {
  const WeighedHypothesis& first = weighed.front();
  auto found = weighed.end();
  for (auto h = weighed.begin() + 1; h != weighed.end(); ++h) {
    if (h->mode != first.mode || h->refuter != nullptr || needed_observation(*h) != told ||
        !is_near_below(graph, first.suspect, h->suspect))
      continue;
    if (found != weighed.end()) return;
    found = h;
  }
  if (found != weighed.end()) raise_above_first(weighed, found, told);
}

}  // namespace

void let_causes_stand_above(const CaseFile& file, const DependencyGraph& graph,
                            std::vector<WeighedHypothesis>& weighed) {
  if (weighed.empty() || weighed.front().refuter != nullptr) return;
  const WeighedHypothesis& first = weighed.front();
  const std::size_t shown = needed_observation(first);
  const bool from_text = is_logged(shown, file);
  const auto own = [&](const WeighedHypothesis& h) {
    if (!first.mode->yields_to_own || h.suspect != first.suspect || !says_why(h, file, kCauseStrength))
      return false;
    return !from_text || share_a_record(file.observations[needed_observation(h)], file.observations[shown]);
  };
  const auto below = [&](const WeighedHypothesis& h) {
    if (!first.mode->yields_to_dependencies || h.mode->yields_to_dependencies ||
        !says_why(h, file, kLikelyCauseStrength))
      return false;
    return is_near_below(graph, first.suspect, h.suspect);
  };
  const std::size_t told = strongest_observation(first);
  if (const auto cause = std::find_if(weighed.begin(), weighed.end(), own); cause != weighed.end()) {
    raise_above_first(weighed, cause, told);
  } else if (const auto other = std::find_if(weighed.begin(), weighed.end(), below); other != weighed.end()) {
    raise_above_first(weighed, other, told);
    explain_away_above(graph, weighed);
  }
  explain_away_own(file, weighed);
}

void let_mechanisms_stand_above_generic(const CaseFile& file, std::vector<WeighedHypothesis>& weighed) {
  if (weighed.empty() || weighed.front().refuter != nullptr || !weighed.front().mode->generic) return;
  const WeighedHypothesis& first = weighed.front();
  const bool any_change = first.change.change != ChangeFit::kNone && first.change.weight() < kFitOfAnyChange;
  const auto named = std::find_if(weighed.begin() + 1, weighed.end(), [&](const WeighedHypothesis& h) {
    if (h.suspect != first.suspect || h.log_odds < first.log_odds - kMargin ||
        !says_why(h, file, kCauseStrength))
      return false;
    const std::size_t text = needed_observation(h);
    return is_logged(text, file) && (any_change || shows_record_of(first, text, file));
  });
  if (named != weighed.end()) raise_above_first(weighed, named, needed_observation(*named));
}

void let_callees_stand_for_callers(const CaseFile& file, const DependencyGraph& graph,
                                   std::vector<WeighedHypothesis>& weighed) {
  if (weighed.empty() || weighed.front().refuter != nullptr || weighed.front().mode->generic) return;
  const std::size_t told = needed_observation(weighed.front());
  if (!is_logged(told, file)) return;
  raise_the_one_that_is_called(graph, told, weighed);
  const WeighedHypothesis& first = weighed.front();
  for (auto h = weighed.begin() + 1; h != weighed.end(); ++h) {
    if (!is_near_below(graph, h->suspect, first.suspect)) continue;
    // What a platform says of the caller itself is no report of somebody else.
    const bool same = h->mode == first.mode && is_logged(needed_observation(*h), file);
    if (!same && !(h->mode->generic && rests_on_record_of(*h, told, file))) continue;
    h->contributions.push_back({nullptr, told, kExplainedAway});
    h->log_odds += kExplainedAway;
  }
  best_first_below_the_first(weighed);
}

void let_changes_explain(const CaseFile& file, const DependencyGraph& graph,
                         std::vector<WeighedHypothesis>& weighed) {
  if (weighed.empty() || !is_effect(weighed.front())) return;
  const WeighedHypothesis& effect = weighed.front();
  const std::size_t told = strongest_observation(effect);
  const bool told_by_text = !effect.mode->generic && is_read(needed_observation(effect), file);
  const auto could_be = [&](const WeighedHypothesis& h, double needed, double margin) {
    const double fit = h.mode->generic && told_by_text ? std::max(needed, kFitOfAnyChange) : needed;
    return h.change.change != ChangeFit::kNone && h.refuter == nullptr && h.change.weight() >= fit &&
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
  raise_above_first(weighed, cause, told);
}

void let_changes_need_belief(const CaseFile& file, double temper, std::vector<WeighedHypothesis>& weighed) {
  if (weighed.empty() || weighed.front().change.change == ChangeFit::kNone || weighed.front().mode->generic)
    return;
  const WeighedHypothesis& first = weighed.front();
  double blamed = 0;
  double unchanged = 0;
  auto rival = weighed.end();
  for (auto h = weighed.begin(); h != weighed.end(); ++h) {
    if (h->refuter != nullptr) continue;
    const double belief = std::exp((h->log_odds - first.log_odds) * temper);
    if (h->change.change == first.change.change) blamed += belief;
    if (h->change.change != ChangeFit::kNone || h->suspect != first.suspect) continue;
    if (knows_records_of(*first.mode, needed_observation(*h), file)) continue;
    unchanged += belief;
    if (rival == weighed.end()) rival = h;
  }
  if (rival == weighed.end() || blamed >= kBlamedShare * unchanged) return;
  std::swap(weighed.front().log_odds, rival->log_odds);
  std::iter_swap(weighed.begin(), rival);
}

}  // namespace midwatch::diagnose

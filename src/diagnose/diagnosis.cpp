#include "src/diagnose/diagnosis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "src/diagnose/change_causes.h"
#include "src/diagnose/dependency_graph.h"
#include "src/diagnose/suspects.h"
#include "src/diagnose/weigher.h"

namespace midwatch::diagnose {
namespace {

/// How many hypotheses of one entity are kept, and how many in all; every entity's best one always stays.
constexpr std::size_t kKeptPerEntity = 4;
constexpr std::size_t kKeptInAll = 60;
/// Evidence of this weight makes a hypothesis e² times as probable as before: more than chance would.
constexpr double kSupportedEvidence = 2.0;

std::string display_name(const CaseFile& file, const Suspect& suspect) {
  if (suspect.index && !file.topology.entity(*suspect.index).name.empty())
    return file.topology.entity(*suspect.index).name;
  return suspect.entity;
}

/// The change as part of a hypothesis: its facts win, for they say what was done.
void name_change(const CaseFile& file, const ChangeFit& fit, model::Hypothesis& out) {
  out.change = file.changes[fit.change].id;
  const model::Observation& o = file.observations[fit.observation];
  for (const auto& [name, value] : o.facts) out.facts[name] = value;
  // Trends are dated from the beginning of the window; an effect does not come before its cause.
  if (o.onset && (!out.onset || *out.onset < *o.onset)) out.onset = o.onset;
  if (const auto at = o.facts.find("location"); at != o.facts.end()) {
    out.location = at->second;
  } else if (const auto path = o.facts.find("file"); path != o.facts.end()) {
    out.location = path->second;
  }
}

model::Hypothesis describe(const CaseFile& file, const knowledge::KnowledgeBase& knowledge,
                           const Suspects& suspects, const WeighedHypothesis& h) {
  model::Hypothesis out;
  out.entity = suspects[h.suspect].entity;
  out.mode = h.mode->id;
  out.kind = h.mode->kind;
  out.log_odds = h.log_odds;
  out.facts["entity"] = display_name(file, suspects[h.suspect]);
  double best_metric = 0;
  for (const Contribution& c : h.contributions) {
    if (!c.context.empty()) {
      out.context.push_back({knowledge.phrase(c.context), c.weight});
      continue;
    }
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
  if (h.change.change != ChangeFit::kNone) name_change(file, h.change, out);
  out.title = model::fill(h.mode->title, out.facts);
  if (h.refuter != nullptr) {
    out.status = model::HypothesisStatus::kRefuted;
  } else if (!out.supporting.empty() && h.log_odds - std::log(h.mode->prior) > kSupportedEvidence) {
    out.status = model::HypothesisStatus::kSupported;
  }
  return out;
}

}  // namespace

namespace {

/// Below this an observation is no trouble that somebody would have to explain.
constexpr double kTroubleStrength = 0.5;
/// From this on there is hardly any doubt that something is out of the ordinary.
constexpr double kClearStrength = 0.9;
/// An alarm whose own metric is this ordinary was a false one.
constexpr double kFalseAlarmStrength = 0.3;
/// A cause is named when its entity is this probable, or less, but this much above the next place: of the
/// causes so named on the development incidents four in five were right (docs/calibration.md).
constexpr double kAssertedProbability = 0.5;
constexpr double kAssertedAlone = 0.25;
constexpr double kAssertedMargin = 2.0;

/// Observation types that mean that something does not work, as opposed to "is different".
bool is_trouble(std::string_view type) {
  static constexpr std::array kTrouble = std::to_array<std::string_view>({"log.error.",
                                                                          "log.exception.",
                                                                          "log.flow.",
                                                                          "sign.",
                                                                          "trace.error.",
                                                                          "trace.self_time.",
                                                                          "trace.edge_delay.",
                                                                          "trace.latency.",
                                                                          "trace.operation.",
                                                                          "trace.slow_requests.",
                                                                          "metric.latency.up",
                                                                          "metric.edge_delay.up",
                                                                          "metric.errors.up",
                                                                          "metric.availability.d",
                                                                          "metric.availability.z",
                                                                          "metric.replication_lag.up",
                                                                          "metric.throttles.up",
                                                                          "metric.restarts.up",
                                                                          "metric.queue_age.up",
                                                                          "event.failover"});
  if (type.ends_with(".saturated")) return true;
  if (type.starts_with("state."))
    return type != "state.healthy" && type != "state.workload.rolling_out" && type != "state.secret.unread";
  return std::any_of(kTrouble.begin(), kTrouble.end(),
                     [&](std::string_view prefix) { return type.starts_with(prefix); });
}

/// Trouble that a platform or a program says in words, which no quiet metric can take back.
bool is_said(std::string_view type) {
  return type.starts_with("state.") || type.starts_with("sign.") || type.starts_with("log.e") ||
         type.starts_with("event.");
}

/// True where somebody whom the alarmed entity calls directly shows what the alarm is about, although the
/// alarm's own metric is quiet: then the alarm saw what its average hides.
bool a_callee_shows_it(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph) {
  const auto alarmed = suspects.find(file.scope.alarm.entity);
  if (!alarmed || file.alarm.quantity.empty()) return false;
  const std::string same = "metric." + file.alarm.quantity + ".";
  for (const model::Observation& o : file.observations) {
    if (o.strength < kClearStrength || !o.type.starts_with(same) || !is_trouble(o.type)) continue;
    const auto suspect = suspects.find(o.entity);
    if (suspect && graph.distance(*alarmed, *suspect) == 1) return true;
  }
  return false;
}

bool nothing_is_wrong(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph) {
  if (file.coverage.signals.empty()) return false;
  const bool false_alarm = file.alarm.measured && file.alarm.strength < kFalseAlarmStrength &&
                           !a_callee_shows_it(file, suspects, graph);
  for (const model::Observation& o : file.observations) {
    // What a site's own detector reports is trouble to the site.
    const bool detected = o.facts.contains("detector");
    if (o.strength < kTroubleStrength || !(detected || is_trouble(o.type))) continue;
    if (!false_alarm || is_said(o.type)) return false;
  }
  return true;
}

/// The way from the root cause up to the alarm.
std::vector<std::string> path_to_alarm(const CaseFile& file, const Suspects& suspects,
                                       const DependencyGraph& graph, SuspectIndex root) {
  std::vector<std::string> path{suspects[root].entity};
  const auto alarmed = suspects.find(file.scope.alarm.entity);
  if (!alarmed || *alarmed == root || !graph.distance(*alarmed, root)) return path;
  SuspectIndex at = root;
  while (at != *alarmed) {
    std::optional<SuspectIndex> nearer;
    for (const SuspectIndex caller : graph.callers(at)) {
      const auto steps = graph.distance(*alarmed, caller);
      if (steps && *steps < *graph.distance(*alarmed, at)) {
        nearer = caller;
        break;
      }
    }
    if (!nearer) break;
    at = *nearer;
    path.push_back(suspects[at].entity);
  }
  return path;
}

void decide(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph, SuspectIndex best,
            Diagnosis& diagnosis) {
  if (nothing_is_wrong(file, suspects, graph)) {
    diagnosis.outcome = model::Outcome::kNothingWrong;
    return;
  }
  const model::Hypothesis& first = diagnosis.hypotheses.front();
  double other = 0;
  for (const auto& h : diagnosis.hypotheses) {
    if (h.entity != first.entity) other = std::max(other, h.place_probability);
  }
  const bool sure =
      first.place_probability >= kAssertedProbability ||
      (first.place_probability >= kAssertedAlone && first.place_probability >= kAssertedMargin * other);
  if (!sure || first.status != model::HypothesisStatus::kSupported) return;
  diagnosis.outcome = model::Outcome::kRootCause;
  diagnosis.root_causes.push_back(0);
  diagnosis.path = path_to_alarm(file, suspects, graph, best);
  for (const SuspectIndex i : graph.above(best)) diagnosis.affected.push_back(suspects[i].entity);
}

}  // namespace

Diagnosis diagnose(const CaseFile& file, const knowledge::KnowledgeBase& knowledge,
                   const Calibration& calibration) {
  Diagnosis diagnosis;
  const Suspects suspects(file, knowledge);
  if (suspects.size() == 0) return diagnosis;
  const DependencyGraph graph(file, suspects);
  const ChangeMatcher changes(file, suspects, graph);
  std::vector<WeighedHypothesis> weighed = weigh(file, knowledge, suspects, graph, changes, calibration);
  let_changes_explain(file, graph, weighed);
  if (weighed.empty()) return diagnosis;

  const double highest = std::max(weighed.front().log_odds, calibration.unknown_log_odds);
  double sum = 0;
  for (const auto& h : weighed) sum += std::exp((h.log_odds - highest) * calibration.probability_temper);
  sum += std::max(std::exp((calibration.unknown_log_odds - highest) * calibration.probability_temper),
                  sum * calibration.unknown_share);

  std::map<SuspectIndex, double> of_place;
  for (const auto& h : weighed)
    of_place[h.suspect] += std::exp((h.log_odds - highest) * calibration.probability_temper) / sum;

  std::map<SuspectIndex, std::size_t> kept;
  for (const auto& h : weighed) {
    const std::size_t of_entity = kept[h.suspect]++;
    if (of_entity > 0 && (of_entity >= kKeptPerEntity || diagnosis.hypotheses.size() >= kKeptInAll)) continue;
    model::Hypothesis hypothesis = describe(file, knowledge, suspects, h);
    hypothesis.probability = std::exp((h.log_odds - highest) * calibration.probability_temper) / sum;
    hypothesis.place_probability = of_place[h.suspect];
    hypothesis.rank = static_cast<int>(diagnosis.hypotheses.size()) + 1;
    diagnosis.hypotheses.push_back(std::move(hypothesis));
  }
  decide(file, suspects, graph, weighed.front().suspect, diagnosis);
  diagnosis.innocent = changes.innocent(diagnosis.hypotheses.front().change, weighed.front().suspect);
  return diagnosis;
}

}  // namespace midwatch::diagnose

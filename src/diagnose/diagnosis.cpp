#include "src/diagnose/diagnosis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "src/diagnose/change_causes.h"
#include "src/diagnose/dependency_graph.h"
#include "src/diagnose/independent_causes.h"
#include "src/diagnose/suspects.h"
#include "src/diagnose/trouble.h"
#include "src/diagnose/weigher.h"
#include "src/knowledge/statement.h"

namespace midwatch::diagnose {
namespace {

/// How many hypotheses of one entity are kept, and how many in all; every entity's best one always stays.
constexpr std::size_t kKeptPerEntity = 4;
constexpr std::size_t kKeptInAll = 60;
/// What was ruled out of the likeliest entity is told as well: so many.
constexpr std::size_t kKeptRuledOut = 4;
/// What people excluded stays on the board: so many of one entity, the likeliest first, and so many in all.
constexpr std::size_t kKeptExcluded = 4;
constexpr std::size_t kKeptExcludedInAll = 20;
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
  // A release is known by its settings: the line of code that failed says more than theirs.
  const bool content = file.changes[fit.change].kind == telemetry::ChangeKind::kCommit;
  if (!content && !out.location.empty()) {
    out.facts["location"] = out.location;
    return;
  }
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
  bool location_was_read = false;
  for (const Contribution& c : h.contributions) {
    if (!c.context.empty()) {
      out.context.push_back({knowledge.phrase(c.context), c.weight});
      continue;
    }
    if (c.observation == Sighting::kNone) {
      if (c.sign != nullptr && c.weight < 0)
        out.missing.push_back({c.sign->see, c.weight, knowledge::name_of(*c.sign, knowledge)});
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
    // The file in the package says more than the path that a trace names.
    const bool read = o.type.starts_with("code.");
    if (const auto at = o.facts.find("location");
        at != o.facts.end() && (out.location.empty() || (read && !location_was_read))) {
      out.location = at->second;
      location_was_read = read;
    }
  }
  const auto heaviest = [](const auto& a, const auto& b) { return std::abs(a.weight) > std::abs(b.weight); };
  std::stable_sort(out.supporting.begin(), out.supporting.end(), heaviest);
  std::stable_sort(out.opposing.begin(), out.opposing.end(), heaviest);
  std::stable_sort(out.missing.begin(), out.missing.end(), heaviest);
  if (h.change.change != ChangeFit::kNone) name_change(file, h.change, out);
  out.title = model::tell(h.mode->title, out.facts);
  if (h.excluded != nullptr) out.excluded = h.excluded->speaker;
  if (h.refuter != nullptr || h.excluded != nullptr) {
    out.status = model::HypothesisStatus::kRefuted;
  } else if (!out.supporting.empty() && h.log_odds - std::log(h.mode->prior) > kSupportedEvidence) {
    out.status = model::HypothesisStatus::kSupported;
  }
  return out;
}

}  // namespace

namespace {

/// From this probability on, nobody says that nothing is wrong.
constexpr double kPlainProbability = 0.7;
/// ln 2: twice the ordinary level.
constexpr double kFarFromOrdinary = 0.69;
/// An alarm whose own metric is this ordinary was a false one.
constexpr double kFalseAlarmStrength = 0.3;
/// A cause is named when its entity is this probable, or less, but this much above the next place: of the
/// causes so named on the development incidents four in five were right (docs/calibration.md).
constexpr double kAssertedProbability = 0.5;
constexpr double kAssertedAlone = 0.25;
constexpr double kAssertedMargin = 2.0;

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

/// True where nobody measures at the alarmed entity what its alarm is about, but it is far from ordinary at
/// that entity by another metric, or at somebody next to it: the queue that a consumer is alarmed for.
bool somebody_near_bears_it_out(const CaseFile& file, const Suspects& suspects,
                                const DependencyGraph& graph) {
  const auto alarmed = suspects.find(file.scope.alarm.entity);
  if (!alarmed || file.alarm.measured || file.alarm.quantity.empty()) return false;
  const std::string same = "metric." + file.alarm.quantity + ".";
  return std::any_of(file.observations.begin(), file.observations.end(), [&](const model::Observation& o) {
    if (o.strength < kClearStrength || o.magnitude < kFarFromOrdinary) return false;
    if (o.type != same + "up" && o.type != same + "rising") return false;
    const auto suspect = suspects.find(o.entity);
    return suspect && (*suspect == *alarmed || graph.distance(*alarmed, *suspect) == 1 ||
                       graph.distance(*suspect, *alarmed) == 1);
  });
}

/// False where an alarm of a metric is all that is known of how anything is doing: configuration and changes
/// do not show it.
bool looked_at_behaviour(const CaseFile& file) {
  static constexpr std::array<std::string_view, 4> kBehaviour{"metric", "log", "trace", "span"};
  return file.scope.alarm.metric.empty() ||
         std::any_of(kBehaviour.begin(), kBehaviour.end(),
                     [&](std::string_view signal) { return file.coverage.signals.contains(signal); });
}

/// True where a cause would say no more than the alarm did: nothing but the alarmed entity is known, of that
/// nothing but what the alarm measures, and of what it may be by, nothing.
bool only_repeats_alarm(const CaseFile& file, const Suspects& suspects, const WeighedHypothesis& first) {
  if (suspects.size() > 1 || !first.mode->generic || file.alarm.quantity.empty()) return false;
  const std::string same = "metric." + file.alarm.quantity + ".";
  return std::all_of(first.contributions.begin(), first.contributions.end(), [&](const Contribution& c) {
    if (c.observation == Sighting::kNone || c.weight <= 0) return true;
    const std::string& type = file.observations[c.observation].type;
    return type.starts_with(same) || type.starts_with("alarm.");
  });
}

/// True for a processor or memory that is far from its ordinary level, where nobody said what the alarm is
/// about: somebody was called for it.
bool is_unasked_trouble(const CaseFile& file, const model::Observation& o) {
  return !file.alarm.measured && file.scope.alarm.metric.empty() && o.strength >= kClearStrength &&
         o.magnitude >= kFarFromOrdinary && (o.type == "metric.cpu.up" || o.type == "metric.memory.up");
}

/// Nodes have no namespace, and that of the cluster's own services is everybody's; so are those of what
/// stands before all services.
bool is_shared(std::string_view name_space) {
  return name_space.empty() || name_space == "kube-system" || name_space.starts_with("ingress") ||
         name_space.starts_with("istio");
}

/// Somebody asked after one entity, in words that tell no symptom, and the platform says that it is well:
/// then what is broken in a namespace of others that it has nothing to do with is no answer.
class AskedAfter {
 public:
  AskedAfter(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph)
      : file_(file), suspects_(suspects), graph_(graph) {
    const auto asked = suspects.find(file.scope.alarm.entity);
    if (!asked || !file.scope.alarm.metric.empty()) return;
    bool well = false;
    for (const model::Observation& o : file.observations) {
      if (o.type.starts_with("alarm.") || (o.type.starts_with("symptom.") && is_asked(o))) return;
      if (o.type == "state.healthy" && suspects.find(o.entity) == asked) well = true;
    }
    if (well) asked_ = asked;
  }

  bool concerns(const model::Observation& o) const {
    if (!asked_) return true;
    const auto suspect = suspects_.find(o.entity);
    if (!suspect || *suspect == *asked_) return true;
    const std::string place = namespace_of(*suspect);
    return is_shared(place) || place == namespace_of(*asked_) || graph_.distance(*asked_, *suspect) ||
           graph_.distance(*suspect, *asked_);
  }

 private:
  static bool is_asked(const model::Observation& o) {
    const auto at = o.facts.find("seen_in");
    return at != o.facts.end() && at->second == "alarm";
  }
  std::string namespace_of(SuspectIndex suspect) const {
    if (!suspects_[suspect].index) return {};
    return std::string(file_.topology.entity(*suspects_[suspect].index).attributes.get("metadata.namespace"));
  }

  const CaseFile& file_;
  const Suspects& suspects_;
  const DependencyGraph& graph_;
  std::optional<SuspectIndex> asked_;
};

bool nothing_is_wrong(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph) {
  if (file.coverage.signals.empty() || !looked_at_behaviour(file)) return false;
  // What the alarm watches is clearly not as usual: it may be harmless, but nobody has shown that.
  if (file.alarm.measured && file.alarm.strength >= kClearStrength) return false;
  if (somebody_near_bears_it_out(file, suspects, graph)) return false;
  const bool false_alarm = file.alarm.measured && file.alarm.strength < kFalseAlarmStrength &&
                           !a_callee_shows_it(file, suspects, graph);
  const AskedAfter asked(file, suspects, graph);
  for (const model::Observation& o : file.observations) {
    if (!asked.concerns(o)) continue;
    // What a site's own detector reports is trouble to the site.
    const bool detected = o.facts.contains("detector");
    if (o.strength < kTroubleStrength) continue;
    if (!detected && !is_trouble(o.type) && !is_unasked_trouble(file, o)) continue;
    if (!false_alarm || is_said(o.type) || is_followed(o.type)) return false;
    // The metric of the alarm is quiet, and yet its entity does far worse than usual in another way.
    if (o.entity == file.scope.alarm.entity && o.strength >= kClearStrength &&
        o.magnitude >= kFarFromOrdinary)
      return false;
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

/// True where the first place stands out among those that would explain the same.
bool stands_out(double probability, double other) {
  return probability >= kAssertedProbability ||
         (probability >= kAssertedAlone && probability >= kAssertedMargin * other);
}

/// The kept hypothesis that a weighed one became, else its place's best one, which is always kept.
std::size_t kept_as(const Diagnosis& diagnosis, const std::string& entity, const std::string& mode) {
  const auto& kept = diagnosis.hypotheses;
  auto at = std::find_if(kept.begin(), kept.end(),
                         [&](const model::Hypothesis& h) { return h.entity == entity && h.mode == mode; });
  if (at == kept.end()) {
    at = std::find_if(kept.begin(), kept.end(),
                      [&](const model::Hypothesis& h) { return h.entity == entity; });
  }
  return static_cast<std::size_t>(at - kept.begin());
}

/// A fault with evidence of its own that leaves little doubt, whether or not somebody suffers from it
/// already.
bool is_plain(const model::Hypothesis& first, const knowledge::FailureMode& mode) {
  return first.status == model::HypothesisStatus::kSupported && !mode.generic &&
         first.probability >= kPlainProbability;
}

void decide(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph,
            const std::vector<WeighedHypothesis>& weighed, const Calibration& calibration,
            Diagnosis& diagnosis) {
  const model::Hypothesis& first = diagnosis.hypotheses.front();
  if (!is_plain(first, *weighed.front().mode) && nothing_is_wrong(file, suspects, graph)) {
    diagnosis.outcome = model::Outcome::kNothingWrong;
    return;
  }
  if (first.status != model::HypothesisStatus::kSupported) return;
  if (only_repeats_alarm(file, suspects, weighed.front())) return;
  const auto further = independent_causes(file, suspects, graph, weighed, calibration);
  // Faults that explain different things do not compete.
  std::set<std::string> beside;
  double taken = 0;
  for (const IndependentCause& cause : further) {
    const std::string& entity = suspects[weighed[cause.hypothesis].suspect].entity;
    if (entity == first.entity || !beside.insert(entity).second) continue;
    taken += diagnosis.hypotheses[kept_as(diagnosis, entity, weighed[cause.hypothesis].mode->id)]
                 .place_probability;
  }
  const double left = std::max(1 - taken, first.place_probability);
  double other = 0;
  for (const auto& h : diagnosis.hypotheses) {
    // Where nothing at all was seen, nothing competes.
    if (h.supporting.empty()) continue;
    if (h.entity != first.entity && !beside.contains(h.entity)) other = std::max(other, h.place_probability);
  }
  if (!stands_out(first.place_probability / left, other / left)) return;
  diagnosis.outcome = model::Outcome::kRootCause;
  std::set<SuspectIndex> affected;
  const auto name = [&](std::size_t hypothesis, double probability, SuspectIndex place) {
    diagnosis.root_causes.push_back({hypothesis, probability, path_to_alarm(file, suspects, graph, place)});
    affected.insert(graph.above(place).begin(), graph.above(place).end());
  };
  const double sure = std::min(first.place_probability / left, 1 - calibration.unknown_share);
  name(0, further.empty() ? first.place_probability : sure, weighed.front().suspect);
  for (const IndependentCause& cause : further) {
    const SuspectIndex place = weighed[cause.hypothesis].suspect;
    const std::size_t kept = kept_as(diagnosis, suspects[place].entity, weighed[cause.hypothesis].mode->id);
    if (kept != 0) name(kept, cause.probability, place);
  }
  for (const SuspectIndex i : affected) diagnosis.affected.push_back(suspects[i].entity);
}

/// What people took off the table stays to be seen behind all others, without a share of the probability.
void keep_excluded(const CaseFile& file, const knowledge::KnowledgeBase& knowledge, const Suspects& suspects,
                   const std::vector<WeighedHypothesis>& excluded, Diagnosis& diagnosis) {
  std::map<SuspectIndex, std::size_t> kept;
  std::size_t in_all = 0;
  for (const WeighedHypothesis& h : excluded) {
    if (in_all == kKeptExcludedInAll || kept[h.suspect] == kKeptExcluded) continue;
    ++kept[h.suspect];
    ++in_all;
    diagnosis.hypotheses.push_back(describe(file, knowledge, suspects, h));
    diagnosis.hypotheses.back().rank = static_cast<int>(diagnosis.hypotheses.size());
  }
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
  const auto first_excluded =
      std::find_if(weighed.begin(), weighed.end(), [](const auto& h) { return h.excluded != nullptr; });
  const std::vector<WeighedHypothesis> excluded(first_excluded, weighed.end());
  weighed.erase(first_excluded, weighed.end());
  let_mechanisms_stand_above_generic(file, weighed);
  let_causes_stand_above(file, graph, weighed);
  let_callees_stand_for_callers(file, graph, weighed);
  let_changes_explain(file, graph, weighed);
  let_changes_need_belief(file, calibration.probability_temper, weighed);
  if (weighed.empty()) {
    keep_excluded(file, knowledge, suspects, excluded, diagnosis);
    return diagnosis;
  }

  const double highest = std::max(weighed.front().log_odds, calibration.unknown_log_odds);
  double sum = 0;
  for (const auto& h : weighed) sum += std::exp((h.log_odds - highest) * calibration.probability_temper);
  sum += std::max(std::exp((calibration.unknown_log_odds - highest) * calibration.probability_temper),
                  sum * calibration.unknown_share);

  std::map<SuspectIndex, double> of_place;
  for (const auto& h : weighed)
    of_place[h.suspect] += std::exp((h.log_odds - highest) * calibration.probability_temper) / sum;

  std::map<SuspectIndex, std::size_t> kept;
  std::size_t ruled_out = 0;
  for (const auto& h : weighed) {
    const std::size_t of_entity = kept[h.suspect]++;
    const bool tells =
        h.refuter != nullptr && h.suspect == weighed.front().suspect && ruled_out < kKeptRuledOut;
    const bool beyond = of_entity >= kKeptPerEntity || diagnosis.hypotheses.size() >= kKeptInAll;
    if (of_entity > 0 && beyond && !tells) continue;
    ruled_out += h.refuter != nullptr ? 1 : 0;
    model::Hypothesis hypothesis = describe(file, knowledge, suspects, h);
    hypothesis.probability = std::exp((h.log_odds - highest) * calibration.probability_temper) / sum;
    hypothesis.place_probability = of_place[h.suspect];
    hypothesis.rank = static_cast<int>(diagnosis.hypotheses.size()) + 1;
    diagnosis.hypotheses.push_back(std::move(hypothesis));
  }
  decide(file, suspects, graph, weighed, calibration, diagnosis);
  diagnosis.innocent = changes.innocent(diagnosis.hypotheses.front().change, weighed.front().suspect);
  keep_excluded(file, knowledge, suspects, excluded, diagnosis);
  return diagnosis;
}

}  // namespace midwatch::diagnose

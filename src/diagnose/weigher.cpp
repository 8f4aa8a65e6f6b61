#include "src/diagnose/weigher.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

namespace midwatch::diagnose {
namespace {

using knowledge::FailureMode;
using knowledge::Place;
using knowledge::Sign;

/// A needed sign weaker than this does not propose its mode.
constexpr double kNeededStrength = 0.3;
/// A refuter weaker than this refutes nothing.
constexpr double kRefutingStrength = 0.5;
/// What a refuter costs: enough that no amount of supporting evidence outweighs it.
constexpr double kRefutedWeight = -12.0;
/// No single missing sign may cost more than a decisive one brings.
constexpr double kSmallest = 1e-4;
/// Contributions smaller than this are not worth a line in the ledger.
constexpr double kLedgerWeight = 0.05;
/// Distance weakens the link from a fault to an alarm: each hop may absorb it (timeouts, caches, fallbacks).
constexpr double kHopFactor = 0.95;

/// A weaker observation has no onset that one could rely on.
constexpr double kOrderStrength = 0.3;
/// Clocks of different sources, and what an alarm needs to fire, differ by this much.
constexpr base::Duration kClockSkew = std::chrono::seconds(60);

/// Somebody outside the system is the cause less often than what is inside, and can be shown less often.
constexpr double kExternalPrior = 0.3;

double clamp_probability(double p) {
  return std::clamp(p, kSmallest, 0.95);
}

/// Log likelihood ratio of seeing something with certainty `x`, and of missing it with the rest.
double soft_weight(double x, double likely, double otherwise) {
  return x * std::log(likely / otherwise) + (1 - x) * std::log((1 - likely) / (1 - otherwise));
}

bool applies(const FailureMode& mode, const Suspect& suspect) {
  return mode.applies_to.empty() || std::find(mode.applies_to.begin(), mode.applies_to.end(),
                                              suspect.entity_class) != mode.applies_to.end();
}

/// Observation types that say nothing about being involved in a fault.
bool says_nothing(std::string_view type) {
  static constexpr std::array<std::string_view, 8> kSilent{
      "change.", "alarm.",        "absent.",         "symptom.",
      "code.",   "state.healthy", "event.recovered", "event.maintenance"};
  return std::any_of(kSilent.begin(), kSilent.end(),
                     [&](std::string_view prefix) { return type.starts_with(prefix); });
}

class Weigher {
 public:
  Weigher(const CaseFile& file, const knowledge::KnowledgeBase& knowledge, const Suspects& suspects,
          const DependencyGraph& graph, const ChangeMatcher& changes, const Calibration& calibration)
      : file_(file),
        knowledge_(knowledge),
        suspects_(suspects),
        graph_(graph),
        changes_(changes),
        calibration_(calibration),
        reader_(file, suspects, graph),
        blame_(suspects.size(), suspects.size() > 0 ? 1.0 / static_cast<double>(suspects.size()) : 0) {
    for (std::size_t t = 0; t < reader_.types().size(); ++t) {
      const std::string& type = reader_.types()[t];
      types_.push_back(
          {reader_.intern(type, {}), says_nothing(type), knowledge_.passes(type), weight_of(type)});
    }
    for (const FailureMode& mode : knowledge_.modes) {
      if (!has_needed_signs(mode)) continue;
      PreparedMode prepared{&mode, {}, {}, std::vector<char>(types_.size(), 0)};
      for (const Sign& sign : mode.signs) {
        const auto pattern = reader_.intern(sign.see, sign.where);
        prepared.signs.push_back({&sign, pattern, passes_of(pattern, sign), weight_of(sign.see)});
        if (sign.place != Place::kSelf && sign.place != Place::kAffected) continue;
        for (std::size_t t = 0; t < types_.size(); ++t) {
          if (reader_.matches(pattern, t)) prepared.speaks_of[t] = 1;
        }
      }
      for (const auto& refuter : mode.refuted_by)
        prepared.refuters.push_back(reader_.intern(refuter.see, refuter.where));
      modes_.push_back(std::move(prepared));
    }
  }

  std::vector<WeighedHypothesis> run() {
    std::vector<WeighedHypothesis> hypotheses = weigh_all();
    for (int pass = 0; pass < calibration_.propagation_passes; ++pass) {
      spread_blame(hypotheses);
      hypotheses = weigh_all();
    }
    std::stable_sort(hypotheses.begin(), hypotheses.end(),
                     [](const WeighedHypothesis& a, const WeighedHypothesis& b) {
                       const bool a_out = a.excluded != nullptr;
                       const bool b_out = b.excluded != nullptr;
                       return a_out != b_out ? b_out : a.log_odds > b.log_odds;
                     });
    return hypotheses;
  }

 private:
  struct PreparedSign {
    const Sign* sign;
    SignReader::PatternId pattern;
    double passes;
    double weight;
  };
  struct PreparedMode {
    const FailureMode* mode;
    std::vector<PreparedSign> signs;
    std::vector<SignReader::PatternId> refuters;
    std::vector<char> speaks_of;  // by type
  };
  struct PreparedType {
    SignReader::PatternId pattern;
    bool silent;
    double passes;
    double weight;
  };

  /// False where nothing in the whole incident is what the mode needs to see: most modes go no further.
  bool has_needed_signs(const FailureMode& mode) const {
    return std::all_of(mode.signs.begin(), mode.signs.end(), [&](const Sign& sign) {
      return !sign.needed ||
             std::any_of(reader_.types().begin(), reader_.types().end(),
                         [&](const auto& type) { return knowledge::type_matches(sign.see, type); });
    });
  }

  /// Slow and failing spans are what metrics of latency and errors count as well.
  double weight_of(std::string_view type) const {
    const bool repeats_metrics = type.starts_with("trace.latency.") || type.starts_with("trace.error.");
    return repeats_metrics ? calibration_.trace_weight : 1.0;
  }

  /// How readily what the pattern matches is passed on; the likeliest of what it matches here.
  double passes_of(SignReader::PatternId pattern, const Sign& sign) const {
    double passes = knowledge_.passes(sign.see);
    for (std::size_t t = 0; t < types_.size(); ++t) {
      if (reader_.matches(pattern, t)) passes = std::max(passes, types_[t].passes);
    }
    return passes;
  }

  /// P(seen at the suspect | the fault is elsewhere): knowledge and the other suspects together, then what a
  /// fault below would explain.
  double otherwise(SignReader::PatternId pattern, SuspectIndex suspect, double known, double passes) const {
    double count = 0;
    const double mean = reader_.mean_elsewhere(pattern, suspect, count);
    const double pseudo = calibration_.knowledge_pseudo_count;
    const double here = (mean * count + known * pseudo) / (count + pseudo);
    return clamp_probability(here + (1 - here) * calibration_.downstream_share * below_[suspect] * passes);
  }

  std::vector<WeighedHypothesis> weigh_all() {
    measure_below();
    measure_alarm();
    measure_order();
    std::vector<WeighedHypothesis> hypotheses;
    for (SuspectIndex i = 0; i < suspects_.size(); ++i) {
      for (const PreparedMode& mode : modes_) {
        if (applies(*mode.mode, suspects_[i])) weigh_one(mode, i, hypotheses);
      }
    }
    return hypotheses;
  }

  /// The probability that the fault lies below each suspect, given that it is not the suspect itself.
  void measure_below() {
    below_.assign(suspects_.size(), 0);
    for (SuspectIndex i = 0; i < suspects_.size(); ++i) {
      double sum = 0;
      for (const SuspectIndex j : graph_.below(i)) sum += blame_[j];
      below_[i] = std::clamp(sum / std::max(1e-9, 1 - blame_[i]), 0.0, 1.0);
    }
  }

  /// How much the place of the alarm speaks for each suspect.
  void measure_alarm() {
    alarm_.assign(suspects_.size(), 0);
    const auto alarmed = suspects_.find(file_.scope.alarm.entity);
    if (!alarmed) return;
    const double elsewhere =
        graph_.below(*alarmed).empty() ? calibration_.alarm_unknown : calibration_.alarm_elsewhere;
    std::vector<double> likely(suspects_.size());
    double mean = 0;
    for (SuspectIndex i = 0; i < suspects_.size(); ++i) {
      const auto steps = graph_.distance(*alarmed, i);
      likely[i] = steps ? calibration_.alarm_above * std::pow(kHopFactor, *steps) : elsewhere;
      mean += likely[i] / static_cast<double>(suspects_.size());
    }
    for (SuspectIndex i = 0; i < suspects_.size(); ++i) alarm_[i] = std::log(likely[i] / mean);
    measure_carried();
  }

  /// No effect comes before its cause: who was ordinary until after the alarm did not set it off.
  void measure_order() {
    order_.assign(suspects_.size(), 0);
    if (!file_.scope.alarm.time) return;
    std::vector<std::optional<base::Timestamp>> first(suspects_.size());
    for (const model::Observation& o : file_.observations) {
      if (!o.onset || o.strength < kOrderStrength || says_nothing(o.type)) continue;
      const auto suspect = suspects_.find(o.entity);
      if (!suspect) continue;
      const base::Timestamp earliest = *o.onset - std::max(o.onset_uncertainty, kClockSkew);
      auto& known = first[*suspect];
      if (!known || earliest < *known) known = earliest;
    }
    for (SuspectIndex i = 0; i < suspects_.size(); ++i) {
      if (!first[i]) continue;
      const bool late = *first[i] > *file_.scope.alarm.time;
      order_[i] = std::log(late ? calibration_.late_cause / calibration_.late_other
                                : (1 - calibration_.late_cause) / (1 - calibration_.late_other));
    }
  }

  /// What the alarm measures travels along the calls: slowness comes from somebody slow, failing from
  /// somebody failing. Where the same quantity was measured at a suspect, it speaks for or against it.
  void measure_carried() {
    const std::string_view quantity = file_.alarm.quantity;
    std::vector<std::string> signs;
    if (quantity == "latency") signs = {"metric.latency.up"};
    if (quantity == "availability" || quantity == "errors")
      signs = {"metric.availability.down", "metric.availability.zero", "metric.errors.up"};
    if (signs.empty()) return;
    for (SuspectIndex i = 0; i < suspects_.size(); ++i) {
      double strength = 0;
      bool looked = false;
      for (const std::string& sign : signs) {
        const Sighting& seen = reader_.at(reader_.intern(sign, {}), i);
        looked = looked || seen.looked;
        strength = std::max(strength, seen.strength);
      }
      if (looked) {
        alarm_[i] += soft_weight(strength, calibration_.alarm_carried, 1 - calibration_.alarm_carried);
      }
    }
  }

  void weigh_one(const PreparedMode& mode, SuspectIndex suspect, std::vector<WeighedHypothesis>& out) const {
    WeighedHypothesis h;
    h.suspect = suspect;
    h.mode = mode.mode;
    h.excluded = model::find_exclusion(file_.directives, suspects_[suspect].entity, mode.mode->id);
    h.change = changes_.best(*mode.mode, suspect);
    if (mode.mode->needs_change && h.change.change == ChangeFit::kNone) {
      h.change = changes_.best_excused(*mode.mode, suspect);
      if (h.change.change == ChangeFit::kNone) return;
      h.excluded = changes_.excuse_of(h.change.change);
    }
    add_context(suspect, *mode.mode, h);
    if (!add_signs(mode, suspect, h)) return;
    if (h.change.change != ChangeFit::kNone)
      h.contributions.push_back({nullptr, h.change.observation, h.change.weight()});
    add_involvement(mode, suspect, h);
    for (const Contribution& c : h.contributions) h.log_odds += c.weight;
    add_refuters(mode, suspect, h);
    std::erase_if(h.contributions, [](const Contribution& c) { return std::abs(c.weight) < kLedgerWeight; });
    out.push_back(std::move(h));
  }

  void add_context(SuspectIndex suspect, const FailureMode& mode, WeighedHypothesis& h) const {
    const auto add = [&](double weight, std::string_view phrase) {
      if (weight != 0) h.contributions.push_back({nullptr, Sighting::kNone, weight, phrase});
    };
    add(std::log(mode.prior), "context_prior");
    if (suspects_[suspect].entity_class == "external") add(std::log(kExternalPrior), "context_external");
    add(order_[suspect], order_[suspect] < 0 ? "context_late" : "context_early");
    const double alarm = alarm_of(mode, suspect);
    add(alarm, alarm < 0 ? "context_away_from_alarm" : "context_below_alarm");
  }

  /// What gives work to its dependencies may be noticed there first.
  double alarm_of(const FailureMode& mode, SuspectIndex suspect) const {
    double alarm = alarm_[suspect];
    if (!mode.burdens) return alarm;
    for (const SuspectIndex i : graph_.callees(suspect)) alarm = std::max(alarm, alarm_[i]);
    return alarm;
  }

  /// False where a needed sign is not there.
  bool add_signs(const PreparedMode& mode, SuspectIndex suspect, WeighedHypothesis& h) const {
    std::map<std::string_view, Contribution> groups;
    for (const PreparedSign& p : mode.signs) {
      const Sighting seen = reader_.at(p.pattern, suspect, p.sign->place);
      if (p.sign->needed && seen.strength < kNeededStrength) return false;
      if (!seen.looked || (p.sign->silent_when_absent && seen.observation == Sighting::kNone)) continue;
      Contribution c{p.sign, seen.observation, 0};
      if (p.sign->place == Place::kSelf || p.sign->place == Place::kAffected) {
        const double without = otherwise(p.pattern, suspect, p.sign->otherwise, p.passes);
        // A sign that is ordinary in this incident says nothing for the mode, but not against it either.
        const double with = clamp_probability(
            p.sign->likely >= p.sign->otherwise ? std::max(p.sign->likely, without) : p.sign->likely);
        c.weight = p.weight * soft_weight(seen.strength, with, without);
      } else {
        c.weight = p.weight * soft_weight(seen.strength, clamp_probability(p.sign->likely),
                                          clamp_probability(p.sign->otherwise));
      }
      if (p.sign->group.empty()) {
        h.contributions.push_back(c);
      } else if (const auto [at, is_new] = groups.emplace(p.sign->group, c);
                 !is_new && c.weight > at->second.weight) {
        at->second = c;
      }
    }
    for (const auto& [name, contribution] : groups) h.contributions.push_back(contribution);
    return true;
  }

  /// What is out of the ordinary at the suspect and not spoken of still speaks for its being involved.
  void add_involvement(const PreparedMode& mode, SuspectIndex suspect, WeighedHypothesis& h) const {
    for (std::size_t t = 0; t < types_.size(); ++t) {
      if (types_[t].silent || mode.speaks_of[t]) continue;
      const Sighting& seen = reader_.at(types_[t].pattern, suspect);
      if (!seen.looked) continue;
      const double without = otherwise(types_[t].pattern, suspect, kUnspokenOtherwise, types_[t].passes);
      const double with = std::min(0.9, without * calibration_.involvement);
      if (with <= without) continue;
      h.contributions.push_back(
          {nullptr, seen.observation, types_[t].weight * soft_weight(seen.strength, with, without)});
    }
  }

  void add_refuters(const PreparedMode& mode, SuspectIndex suspect, WeighedHypothesis& h) const {
    for (std::size_t i = 0; i < mode.refuters.size(); ++i) {
      const Sighting seen = reader_.at(mode.refuters[i], suspect, mode.mode->refuted_by[i].place);
      if (seen.strength < kRefutingStrength) continue;
      h.refuter = &mode.mode->refuted_by[i];
      h.refuting_observation = seen.observation;
      h.log_odds += kRefutedWeight;
      h.contributions.push_back({nullptr, seen.observation, kRefutedWeight});
      return;
    }
  }

  /// The probability of each suspect from its best hypothesis, flattened.
  void spread_blame(const std::vector<WeighedHypothesis>& hypotheses) {
    std::vector<double> best(suspects_.size(), -1e9);
    double highest = -1e9;
    for (const auto& h : hypotheses) {
      if (h.excluded != nullptr) continue;
      best[h.suspect] = std::max(best[h.suspect], h.log_odds);
      highest = std::max(highest, h.log_odds);
    }
    double sum = 0;
    for (double& b : best) {
      b = std::exp((b - highest) * calibration_.propagation_temper);
      sum += b;
    }
    for (SuspectIndex i = 0; i < suspects_.size(); ++i) blame_[i] = sum > 0 ? best[i] / sum : 0;
  }

  /// How often something out of the ordinary is seen at an entity that has nothing to do with the fault.
  static constexpr double kUnspokenOtherwise = 0.1;

  const CaseFile& file_;
  const knowledge::KnowledgeBase& knowledge_;
  const Suspects& suspects_;
  const DependencyGraph& graph_;
  const ChangeMatcher& changes_;
  const Calibration& calibration_;
  SignReader reader_;
  std::vector<PreparedMode> modes_;
  std::vector<PreparedType> types_;
  std::vector<double> blame_;
  std::vector<double> below_;
  std::vector<double> alarm_;
  std::vector<double> order_;
};

}  // namespace

std::vector<WeighedHypothesis> weigh(const CaseFile& file, const knowledge::KnowledgeBase& knowledge,
                                     const Suspects& suspects, const DependencyGraph& graph,
                                     const ChangeMatcher& changes, const Calibration& calibration) {
  return Weigher(file, knowledge, suspects, graph, changes, calibration).run();
}

}  // namespace midwatch::diagnose

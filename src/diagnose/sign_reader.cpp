#include "src/diagnose/sign_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <re2/re2.h>

namespace midwatch::diagnose {
namespace {

using knowledge::Place;

/// How much of a metric sign's strength depends on how many of the quantity's metrics moved. Half: one metric
/// that moved is worth half of all of them having moved (calibrated on sets with detections of many metrics,
/// docs/calibration.md).
constexpr double kShareWeight = 0.5;

/// What must have been looked at to see a type: whoever reports that a trace is slow or failing need not have
/// the spans that tell where.
std::string_view signal_of(std::string_view type) {
  static constexpr std::array<std::string_view, 4> kOfSpans{"trace.edge_delay", "trace.self_time",
                                                            "trace.slow_requests", "trace.calls"};
  for (const std::string_view prefix : kOfSpans) {
    if (type.starts_with(prefix)) return "span";
  }
  return type.substr(0, type.find('.'));
}

/// "metric.QUANTITY" of "metric.QUANTITY.WAY".
std::string_view quantity_of(std::string_view type) {
  const std::size_t first = type.find('.');
  return type.substr(0, type.find('.', first + 1));
}

}  // namespace

struct SignReader::State {
  const CaseFile& file;
  const Suspects& suspects;
  const DependencyGraph& graph;

  std::vector<std::string> types;
  std::vector<std::size_t> type_of;                  // observation → type
  std::vector<std::vector<std::size_t>> by_suspect;  // suspect → observations
  std::vector<std::size_t> elsewhere;                // observations of nobody that is a suspect
  std::vector<double> largest;                       // type → the largest effect that any suspect has of it
  std::vector<std::size_t> most_subjects;            // type → the most subjects that one suspect has for it
  std::map<std::string, bool, std::less<>>
      anywhere_quantity;  // metric.QUANTITY that some observation is about

  struct Pattern {
    std::vector<char> types;
    std::vector<Sighting> at;
    double sum = 0;
    double looked = 0;
    Sighting outside;
  };
  std::vector<Pattern> patterns;
  std::map<std::string, PatternId> ids;

  State(const CaseFile& f, const Suspects& s, const DependencyGraph& g) : file(f), suspects(s), graph(g) {
    for (const auto& o : file.observations) types.push_back(o.type);
    std::sort(types.begin(), types.end());
    types.erase(std::unique(types.begin(), types.end()), types.end());
    by_suspect.resize(suspects.size());
    for (std::size_t i = 0; i < file.observations.size(); ++i) {
      const auto& o = file.observations[i];
      type_of.push_back(
          static_cast<std::size_t>(std::lower_bound(types.begin(), types.end(), o.type) - types.begin()));
      const auto suspect = suspects.find(o.entity);
      if (suspect) {
        by_suspect[*suspect].push_back(i);
      } else {
        elsewhere.push_back(i);
      }
      if (o.type.starts_with("metric.")) anywhere_quantity.emplace(quantity_of(o.type), true);
    }
    largest.assign(types.size(), 0);
    for (std::size_t i = 0; i < file.observations.size(); ++i) {
      if (suspects.find(file.observations[i].entity))
        largest[type_of[i]] = std::max(
            largest[type_of[i]], std::abs(file.observations[i].magnitude) * file.observations[i].strength);
    }
    most_subjects.assign(types.size(), 1);
    for (const auto& list : by_suspect) {
      std::map<std::size_t, std::size_t> counts;
      for (const std::size_t i : list) ++counts[type_of[i]];
      for (const auto& [type, count] : counts) most_subjects[type] = std::max(most_subjects[type], count);
    }
  }

  /// How large an effect is beside the largest of its kind in this incident: what noise does to everybody is
  /// small beside what the fault does to somebody. The alarm's own series says better how a metric's effect
  /// relates to it.
  double eminence(std::size_t i) const {
    const auto& o = file.observations[i];
    if (o.magnitude == 0 || largest[type_of[i]] <= 0) return 1;
    if (file.alarm.measured && o.type.starts_with("metric.")) return 1;
    return std::min(1.0, std::abs(o.magnitude) / largest[type_of[i]]);
  }

  bool looked_at(std::string_view pattern, SuspectIndex suspect) const {
    const auto& coverage = file.coverage;
    const std::string_view signal = signal_of(pattern);
    if (signal == "alarm") return true;
    const auto of_entity = coverage.by_entity.find(suspects[suspect].entity);
    const bool known = of_entity != coverage.by_entity.end();
    if (signal == "metric") {
      const std::string quantity(quantity_of(pattern));
      if (quantity == "metric.*") return coverage.signals.contains("metric");
      if (known) return of_entity->second.contains(quantity);
      return coverage.signals.contains("metric") && anywhere_quantity.contains(quantity);
    }
    if (signal == "sign" || signal == "symptom") {
      for (const char* source : {"log", "event", "state"}) {
        if (known ? of_entity->second.contains(source) : coverage.signals.contains(source)) return true;
      }
      return false;
    }
    const std::string source(signal == "absent" ? "log" : signal);
    return known ? of_entity->second.contains(source) : coverage.signals.contains(source);
  }

  static bool fits(const model::Observation& o,
                   const std::vector<std::pair<std::string, std::unique_ptr<RE2>>>& where) {
    for (const auto& [fact, pattern] : where) {
      const auto at = o.facts.find(fact);
      if (at == o.facts.end() || !RE2::FullMatch(at->second, *pattern)) return false;
    }
    return true;
  }

  /// The sighting among some observations of one suspect.
  Sighting sight(const Pattern& pattern, const std::vector<std::size_t>& observations,
                 const std::vector<std::pair<std::string, std::unique_ptr<RE2>>>& where) const {
    Sighting best;
    std::map<std::size_t, std::pair<double, double>> by_type;  // type → (strongest, sum)
    for (const std::size_t i : observations) {
      const auto& o = file.observations[i];
      if (!pattern.types[type_of[i]] || !fits(o, where)) continue;
      auto& [strongest, sum] = by_type[type_of[i]];
      strongest = std::max(strongest, o.strength * eminence(i));
      sum += o.strength * eminence(i);
      if (best.observation == Sighting::kNone || o.strength > file.observations[best.observation].strength) {
        best.observation = i;
      }
    }
    for (const auto& [type, strengths] : by_type) {
      double strength = strengths.first;
      if (types[type].starts_with("metric.") || types[type].starts_with("trace.")) {
        const double share =
            std::min(1.0, strengths.second / strengths.first / static_cast<double>(most_subjects[type]));
        strength *= 1 - kShareWeight + kShareWeight * share;
      }
      best.strength = std::max(best.strength, strength);
    }
    return best;
  }
};

SignReader::SignReader(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph)
    : state_(std::make_unique<State>(file, suspects, graph)) {}
SignReader::~SignReader() = default;

const std::vector<std::string>& SignReader::types() const {
  return state_->types;
}
bool SignReader::matches(PatternId pattern, std::size_t type) const {
  return state_->patterns[pattern].types[type] != 0;
}

SignReader::PatternId SignReader::intern(const std::string& see,
                                         const std::map<std::string, std::string, std::less<>>& where) {
  std::string key = see;
  for (const auto& [fact, text] : where) key += '\x1f' + fact + '=' + text;
  if (const auto at = state_->ids.find(key); at != state_->ids.end()) return at->second;

  std::vector<std::pair<std::string, std::unique_ptr<RE2>>> conditions;
  for (const auto& [fact, text] : where)
    conditions.emplace_back(fact, std::make_unique<RE2>(text, RE2::Quiet));
  State::Pattern pattern;
  for (const auto& type : state_->types) pattern.types.push_back(knowledge::type_matches(see, type) ? 1 : 0);
  for (SuspectIndex i = 0; i < state_->suspects.size(); ++i) {
    Sighting s = state_->sight(pattern, state_->by_suspect[i], conditions);
    s.looked = s.observation != Sighting::kNone || state_->looked_at(see, i);
    if (s.looked) {
      pattern.sum += s.strength;
      pattern.looked += 1;
    }
    pattern.at.push_back(s);
  }
  pattern.outside = state_->sight(pattern, state_->elsewhere, conditions);
  pattern.outside.looked = pattern.outside.observation != Sighting::kNone;
  state_->patterns.push_back(std::move(pattern));
  const PatternId id = state_->patterns.size() - 1;
  state_->ids.emplace(std::move(key), id);
  return id;
}

const Sighting& SignReader::at(PatternId pattern, SuspectIndex suspect) const {
  return state_->patterns[pattern].at[suspect];
}

Sighting SignReader::at(PatternId pattern, SuspectIndex suspect, Place place) const {
  const State::Pattern& p = state_->patterns[pattern];
  if (place == Place::kSelf) return p.at[suspect];
  Sighting best;
  const auto consider = [&](const Sighting& s) {
    best.looked = best.looked || s.looked;
    if (s.strength > best.strength) {
      best.strength = s.strength;
      best.observation = s.observation;
    }
  };
  const auto consider_all = [&](const std::vector<SuspectIndex>& list) {
    for (const SuspectIndex i : list) consider(p.at[i]);
  };
  switch (place) {
    case Place::kAffected:
      consider(p.at[suspect]);
      consider_all(state_->graph.above(suspect));
      break;
    case Place::kDependents:
      consider_all(state_->graph.above(suspect));
      break;
    case Place::kDependencies:
      consider_all(state_->graph.callees(suspect));
      break;
    case Place::kHosts:
    case Place::kPeers: {
      const auto index = state_->suspects[suspect].index;
      if (!index) break;
      const topology::Topology& t = state_->file.topology;
      std::vector<topology::EntityIndex> hosts = t.hosts(*index);
      for (const auto part : t.parts(*index)) {
        for (const auto host : t.hosts(part)) hosts.push_back(host);
      }
      for (const auto host : hosts) {
        if (place == Place::kHosts) {
          if (const auto s = state_->suspects.find(t.id(host)); s && *s != suspect) consider(p.at[*s]);
          continue;
        }
        for (const auto peer : t.parts(host)) {
          if (const auto s = state_->suspects.find(t.id(peer)); s && *s != suspect) consider(p.at[*s]);
        }
      }
      break;
    }
    case Place::kAnywhere:
      for (const Sighting& s : p.at) consider(s);
      consider(p.outside);
      break;
    case Place::kSelf:
      break;
  }
  return best;
}

double SignReader::mean_elsewhere(PatternId pattern, SuspectIndex suspect, double& count) const {
  const State::Pattern& p = state_->patterns[pattern];
  const Sighting& own = p.at[suspect];
  count = p.looked - (own.looked ? 1 : 0);
  return count > 0 ? (p.sum - (own.looked ? own.strength : 0)) / count : 0;
}

}  // namespace midwatch::diagnose

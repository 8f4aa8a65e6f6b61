#include "src/investigation/next_question.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>

#include "src/investigation/question_query.h"

namespace midwatch::investigation {
namespace {

/// The questions of this many hypotheses are weighed, against what this many would answer.
constexpr std::size_t kLeading = 5;
constexpr std::size_t kWeighed = 12;
constexpr std::size_t kShown = 3;
/// What an answer tells where the mode does not say which sign it would give: right four times out of five.
constexpr double kTypicalLikely = 0.8;
constexpr double kTypicalOtherwise = 0.2;

/// An answer that is expected to tell less than this is not worth anybody's minute.
constexpr double kWorthAsking = 0.01;

/// What is left to see in records that detectors have read already.
constexpr double kLookedAt = 0.5;

/// A question's signal, the first parts of the observation types it would give, and what asking costs as a
/// multiple of looking at a metric: a person has to be found, code has to be read. `covered_by` is what the
/// coverage of a case calls it.
struct Signal {
  std::string_view name;
  std::string_view covered_by;
  std::array<std::string_view, 2> types;
  double cost;
};
constexpr std::array<Signal, 8> kSignals{{{"metrics", "metric", {"metric.", "alarm."}, 1},
                                          {"logs", "log", {"log.", "sign."}, 1},
                                          {"traces", "trace", {"trace.", "trace."}, 1},
                                          {"events", "event", {"event.", "sign."}, 1},
                                          {"changes", "change", {"change.", "change."}, 1},
                                          {"configuration", "state", {"state.", "sign."}, 1},
                                          {"code", "code", {"code.", "code."}, 2},
                                          {"person", "", {"person.", "person."}, 3}}};

double entropy(double p) {
  if (p <= 0 || p >= 1) return 0;
  return -p * std::log2(p) - (1 - p) * std::log2(1 - p);
}

const Signal* signal_named(std::string_view name) {
  const auto at =
      std::find_if(kSignals.begin(), kSignals.end(), [&](const Signal& s) { return s.name == name; });
  return at == kSignals.end() ? nullptr : &*at;
}

/// The likelier of the hypotheses that nothing refutes, with what their modes say.
struct Leading {
  const model::Hypothesis* hypothesis;
  const knowledge::FailureMode* mode;
};

/// A sign of a hypothesis that nobody looked for yet, or, without one, its mode's question as such.
struct Test {
  const Leading* of;
  const knowledge::Sign* sign;
};

class Questions {
 public:
  Questions(const StatedCase& facts, const std::vector<model::Hypothesis>& hypotheses) : facts_(facts) {
    for (const auto& h : hypotheses) {
      const auto* mode = facts.knowledge().mode(h.mode);
      if (leading_.size() >= kWeighed) break;
      if (h.status != model::HypothesisStatus::kRefuted && mode != nullptr) leading_.push_back({&h, mode});
    }
  }

  std::vector<model::NextQuestion> run() {
    for (std::size_t i = 0; i < std::min(kLeading, leading_.size()); ++i) {
      for (const auto& question : leading_[i].mode->questions) consider(leading_[i], question);
    }
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& a, const auto& b) { return a.bits > b.bits; });
    std::vector<model::NextQuestion> best;
    std::set<std::string> places;
    for (auto& question : found_) {
      if (best.size() >= kShown || question.bits < kWorthAsking) break;
      // Of one entity one signal is looked at once, with the question that tells most.
      if (places.insert(question.entity + '\n' + question.signal).second) best.push_back(std::move(question));
    }
    return best;
  }

 private:
  void consider(const Leading& of, const knowledge::Question& question) {
    const Signal* signal = signal_named(question.signal);
    model::Text what = model::fill(question.what, of.hypothesis->facts);
    if (signal == nullptr || model::has_open_place(what.en)) return;
    Test best{&of, nullptr};
    double most = 0;
    for (const auto& sign : of.mode->signs) {
      const bool fits = sign.place == knowledge::Place::kSelf &&
                        std::any_of(signal->types.begin(), signal->types.end(),
                                    [&](auto t) { return sign.see.starts_with(t); });
      if (!fits || is_answered(of.hypothesis->entity, *signal, sign.see)) continue;
      const double bits = expected_bits({&of, &sign});
      if (bits <= most) continue;
      most = bits;
      best.sign = &sign;
    }
    // Where the code was quoted for it, the question has its answer.
    if (best.sign == nullptr && signal->name == "code" && was_quoted(of)) return;
    if (best.sign == nullptr) {
      // What a detector could read of this signal was read: a person sees more in it, but less than in
      // something new.
      most = expected_bits(best) * (was_looked_at(of.hypothesis->entity, *signal, {}) ? kLookedAt : 1);
    }
    found_.push_back(put(of, question, best.sign, std::move(what), most / signal->cost));
  }

  model::NextQuestion put(const Leading& of, const knowledge::Question& question, const knowledge::Sign* sign,
                          model::Text what, double bits) const {
    model::NextQuestion out;
    out.entity = of.hypothesis->entity;
    out.name = facts_.name_of(out.entity);
    out.mode = of.mode->id;
    out.signal = question.signal;
    out.what = std::move(what);
    out.bits = bits;
    out.window = facts_.gathered().file.scope.window;
    Asked asked{question.signal, {}, nullptr, out.window};
    if (sign != nullptr && sign->see.starts_with("metric.")) asked.quantity = quantity_of(sign->see);
    const auto& topology = facts_.gathered().file.topology;
    if (const auto index = topology.find(out.entity)) asked.entity = &topology.entity(*index);
    out.query = question_query(asked).value_or("");
    return out;
  }

  static std::string_view quantity_of(std::string_view type) {
    const std::string_view rest = type.substr(std::string_view("metric.").size());
    return rest.substr(0, rest.find('.'));
  }

  /// How often the answer is yes where this hypothesis holds.
  static double yes(const Test& test, const Leading& holds) {
    const bool same_place = holds.hypothesis->entity == test.of->hypothesis->entity;
    if (test.sign == nullptr) {
      return same_place && holds.mode == test.of->mode ? kTypicalLikely : kTypicalOtherwise;
    }
    if (!same_place) return test.sign->otherwise;
    for (const auto& sign : holds.mode->signs) {
      const bool speaks_of_it =
          sign.see == test.sign->see || knowledge::type_matches(sign.see, test.sign->see);
      if (speaks_of_it && sign.place == knowledge::Place::kSelf) return sign.likely;
    }
    return test.sign->otherwise;
  }

  /// The information between the answer and which hypothesis holds.
  double expected_bits(const Test& test) const {
    double rest = 1;
    double mean = 0;
    double noise = 0;
    const auto add = [&](double p, double q) {
      mean += p * q;
      noise += p * entropy(q);
    };
    for (const Leading& l : leading_) {
      add(l.hypothesis->probability, yes(test, l));
      rest -= l.hypothesis->probability;
    }
    add(std::max(rest, 0.0), test.sign == nullptr ? kTypicalOtherwise : test.sign->otherwise);
    return std::max(entropy(mean) - noise, 0.0);
  }

  bool was_quoted(const Leading& of) const {
    return std::any_of(of.hypothesis->supporting.begin(), of.hypothesis->supporting.end(),
                       [&](const auto& entry) {
                         return facts_.stated(entry.observation).observation.type.starts_with("code.");
                       });
  }

  /// True where the sign was seen, or looked for and not found: its weight is in the ledger already.
  bool is_answered(const std::string& entity, const Signal& signal, const std::string& pattern) const {
    const bool seen =
        std::any_of(facts_.observations().begin(), facts_.observations().end(), [&](const auto& s) {
          return s.observation.entity == entity && s.observation.strength >= kTold &&
                 knowledge::type_matches(pattern, s.observation.type);
        });
    return seen || was_looked_at(entity, signal, pattern);
  }

  bool was_looked_at(const std::string& entity, const Signal& signal, std::string_view pattern) const {
    const auto& coverage = facts_.gathered().file.coverage;
    if (signal.covered_by.empty() || !coverage.signals.contains(signal.covered_by)) return false;
    const auto of_entity = coverage.by_entity.find(entity);
    if (of_entity == coverage.by_entity.end()) return true;
    std::string what(signal.covered_by);
    if (pattern.starts_with("metric.")) what += "." + std::string(quantity_of(pattern));
    return std::any_of(of_entity->second.begin(), of_entity->second.end(),
                       [&](const std::string& looked) { return looked.starts_with(what); });
  }

  const StatedCase& facts_;
  std::vector<Leading> leading_;
  std::vector<model::NextQuestion> found_;
};

}  // namespace

std::vector<model::NextQuestion> next_questions(const StatedCase& facts,
                                                const std::vector<model::Hypothesis>& hypotheses) {
  return Questions(facts, hypotheses).run();
}

}  // namespace midwatch::investigation

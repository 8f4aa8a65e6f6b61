#include "src/investigation/next_question.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace midwatch::investigation {
namespace {

constexpr std::size_t kLeading = 5;
constexpr std::size_t kShown = 3;
/// What an answer tells where the mode does not say which sign it would give: right four times out of five.
constexpr double kTypicalLikely = 0.8;
constexpr double kTypicalOtherwise = 0.2;

/// A question's signal, the first parts of the observation types it would give, and what asking costs as a
/// multiple of looking at a metric: a person has to be found, code has to be read.
struct Signal {
  std::string_view name;
  std::array<std::string_view, 2> types;
  double cost;
};
constexpr std::array<Signal, 8> kSignals{{{"metrics", {"metric.", "alarm."}, 1},
                                          {"logs", {"log.", "sign."}, 1},
                                          {"traces", {"trace.", "trace."}, 1},
                                          {"events", {"event.", "sign."}, 1},
                                          {"changes", {"change.", "change."}, 1},
                                          {"configuration", {"state.", "sign."}, 1},
                                          {"code", {"code.", "code."}, 2},
                                          {"person", {"person.", "person."}, 3}}};

double entropy(double p) {
  if (p <= 0 || p >= 1) return 0;
  return -p * std::log2(p) - (1 - p) * std::log2(1 - p);
}

/// What a test with these likelihoods is expected to tell about something of probability p, in bits.
double information(double p, double likely, double otherwise) {
  const double seen = p * likely + (1 - p) * otherwise;
  return entropy(seen) - p * entropy(likely) - (1 - p) * entropy(otherwise);
}

const Signal* signal_named(std::string_view name) {
  const auto at =
      std::find_if(kSignals.begin(), kSignals.end(), [&](const Signal& s) { return s.name == name; });
  return at == kSignals.end() ? nullptr : &*at;
}

bool is_seen(const StatedCase& facts, const std::string& entity, const std::string& pattern) {
  return std::any_of(facts.observations().begin(), facts.observations().end(), [&](const auto& s) {
    return s.observation.entity == entity && s.observation.strength >= kTold &&
           knowledge::type_matches(pattern, s.observation.type);
  });
}

double worth(const StatedCase& facts, const model::Hypothesis& h, const knowledge::FailureMode& mode,
             const knowledge::Question& question) {
  const Signal* signal = signal_named(question.signal);
  const double cost = signal == nullptr ? 1 : signal->cost;
  double most = 0;
  bool any = false;
  for (const auto& sign : mode.signs) {
    const bool fits = signal != nullptr && std::any_of(signal->types.begin(), signal->types.end(),
                                                       [&](auto type) { return sign.see.starts_with(type); });
    if (!fits || is_seen(facts, h.entity, sign.see)) continue;
    any = true;
    most = std::max(most, information(h.probability, sign.likely, sign.otherwise));
  }
  if (!any) most = information(h.probability, kTypicalLikely, kTypicalOtherwise);
  return most / cost;
}

}  // namespace

std::vector<model::NextQuestion> next_questions(const StatedCase& facts,
                                                const std::vector<model::Hypothesis>& hypotheses) {
  std::vector<model::NextQuestion> questions;
  std::set<std::string> asked;
  std::size_t leading = 0;
  for (const auto& h : hypotheses) {
    if (leading >= kLeading) break;
    const auto* mode = facts.knowledge().mode(h.mode);
    if (h.status == model::HypothesisStatus::kRefuted || mode == nullptr) continue;
    ++leading;
    for (const auto& question : mode->questions) {
      model::Text what = model::fill(question.what, h.facts);
      if (model::has_open_place(what.en) || !asked.insert(h.entity + '\n' + what.en).second) continue;
      questions.push_back(
          {h.entity, h.mode, question.signal, std::move(what), worth(facts, h, *mode, question)});
    }
  }
  std::stable_sort(questions.begin(), questions.end(),
                   [](const auto& a, const auto& b) { return a.bits > b.bits; });
  if (questions.size() > kShown) questions.resize(kShown);
  return questions;
}

}  // namespace midwatch::investigation

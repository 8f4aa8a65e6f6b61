#include "src/observe/flow/flow_departures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace midwatch::observe::flow {
namespace {

/// Of a step that the baseline passed less often, what follows it is not known.
constexpr std::uint64_t kLeastPassed = 5;
/// A successor with a smaller share is no part of the ordinary flow, but what a rare fault of the baseline
/// left.
constexpr double kRareShare = 0.02;
/// A request of more steps is no request: an identifier that everybody shares.
constexpr std::size_t kMostSteps = 5'000;
/// The tail is summed over so many terms at most; counts beyond are scaled down, which only makes them less
/// sure.
constexpr std::uint64_t kMostTrials = 2'000;

using Symbol = std::uint64_t;
constexpr Symbol kEnd = 0;

/// Where a line names its code, that is what it is; else what it says.
Symbol symbol_of(const Step& s) {
  return s.place != 0 ? (1ULL << 32U | s.place) : (2ULL << 32U | s.kind);
}

/// What follows one step in the baseline.
struct Node {
  std::uint64_t passed = 0;
  std::int64_t longest = 0;                               // until the next step
  std::map<Symbol, std::pair<std::uint64_t, Step>> next;  // kEnd for the end

  bool is_rare(std::uint64_t count) const {
    return static_cast<double>(count) <= kRareShare * static_cast<double>(passed);
  }
  bool knows_end() const {
    const auto at = next.find(kEnd);
    return at != next.end() && !is_rare(at->second.first);
  }
  /// The same line of code, or the same words from another one: a new version moves lines.
  bool knows(const Step& s) const {
    const auto at = next.find(symbol_of(s));
    if (at != next.end() && !is_rare(at->second.first)) return true;
    return s.place != 0 && std::any_of(next.begin(), next.end(), [&](const auto& n) {
             return n.first != kEnd && n.second.second.words == s.words && !is_rare(n.second.first);
           });
  }
  /// The commonest successor.
  const std::pair<const Symbol, std::pair<std::uint64_t, Step>>& usual() const {
    return *std::max_element(next.begin(), next.end(),
                             [](const auto& a, const auto& b) { return a.second.first < b.second.first; });
  }
  std::uint64_t rare() const {
    std::uint64_t sum = 0;
    for (const auto& [symbol, seen] : next) sum += is_rare(seen.first) ? seen.first : 0;
    return sum;
  }
};

using Place = std::pair<std::uint32_t, Symbol>;  // entity, step

/// The steps of one part of a request, in order; a step repeated at once (a loop, a line shipped twice) is
/// one.
using Part = std::vector<Step>;

/// Calls `visit` with all parts of each request.
template <class Visit>
void each_request(const std::vector<Step>& steps, Visit visit) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < steps.size();) {
    std::size_t end = i;
    while (end < steps.size() && steps[end].trace == steps[i].trace) ++end;
    if (end - i <= kMostSteps) {
      parts.clear();
      for (std::size_t k = i; k < end; ++k) {
        const Step& s = steps[k];
        if (k == i || s.entity != steps[k - 1].entity || s.span != steps[k - 1].span) parts.emplace_back();
        Part& part = parts.back();
        if (part.empty() || symbol_of(part.back()) != symbol_of(s)) part.push_back(s);
      }
      visit(parts);
    }
    i = end;
  }
}

/// One departure of one request.
struct Sighting {
  Place at;
  Step after;
  std::optional<Step> instead;
  bool rejoins = false;
};

/// What the incident shows of one step.
struct Tally {
  std::uint64_t passed = 0;
  std::uint64_t departed = 0;
  std::uint64_t rejoined = 0;
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::map<Symbol, std::pair<std::uint64_t, std::optional<Step>>> instead;
  Step after;
};

class Finder {
 public:
  Finder(const std::vector<Step>& baseline, const std::function<StepMeaning(const Step&)>& meaning)
      : meaning_(meaning) {
    each_request(baseline, [this](const std::vector<Part>& parts) {
      for (const Part& part : parts) learn(part);
    });
  }

  std::vector<Departure> run(const std::vector<Step>& incident) {
    for (const Step& s : incident) last_ = std::max(last_, s.time);
    each_request(incident, [this](const std::vector<Part>& parts) { follow(parts); });
    std::vector<Departure> out;
    for (const auto& [place, tally] : tallies_) {
      if (tally.departed > 0) out.push_back(describe(place, tally));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Departure& a, const Departure& b) { return a.chance < b.chance; });
    return out;
  }

 private:
  void learn(const Part& part) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      Node& node = nodes_[{part[i].entity, symbol_of(part[i])}];
      ++node.passed;
      const bool ends = i + 1 == part.size();
      auto& seen = node.next[ends ? kEnd : symbol_of(part[i + 1])];
      if (seen.first++ == 0 && !ends) seen.second = part[i + 1];
      if (!ends) node.longest = std::max(node.longest, part[i + 1].time - part[i].time);
    }
  }

  const Node* node_of(const Step& s) const {
    const auto at = nodes_.find({s.entity, symbol_of(s)});
    return at != nodes_.end() && at->second.passed >= kLeastPassed ? &at->second : nullptr;
  }

  void follow(const std::vector<Part>& parts) {
    std::vector<Sighting> sightings;
    for (const Part& part : parts) {
      for (std::size_t i = 0; i < part.size(); ++i) {
        const Node* node = node_of(part[i]);
        if (node == nullptr) continue;
        ++tallies_[{part[i].entity, symbol_of(part[i])}].passed;
        if (auto sighting = depart(*node, std::span(part).subspan(i))) sightings.push_back(*sighting);
      }
    }
    std::erase_if(sightings, [&](const Sighting& s) { return is_under_way(s, parts); });
    if (!sightings.empty()) blame(sightings, parts);
  }

  /// A request that has come no further when the lines end may have gone on as ever.
  bool is_under_way(const Sighting& s, const std::vector<Part>& parts) const {
    if (s.instead || s.after.time < last_ - nodes_.at(s.at).longest) return false;
    return std::all_of(parts.begin(), parts.end(),
                       [&](const Part& part) { return part.back().time <= s.after.time; });
  }

  /// Whether the first step of `rest` goes on as none before it did.
  std::optional<Sighting> depart(const Node& node, std::span<const Step> rest) const {
    const Symbol here = symbol_of(rest[0]);
    const bool ends = rest.size() == 1;
    if (ends ? node.knows_end() : node.knows(rest[1])) return std::nullopt;
    Sighting s{{rest[0].entity, here}, rest[0], std::nullopt, false};
    if (ends) return s;
    s.instead = rest[1];
    if (is_progress(node, rest[1])) return std::nullopt;
    for (std::size_t i = 2; i < rest.size() && symbol_of(rest[i]) != here; ++i)
      s.rejoins = s.rejoins || node.knows(rest[i]);
    return s;
  }

  /// Going on where requests used to end, or well where they used to complain, is no fault.
  bool is_progress(const Node& node, const Step& instead) const {
    const int severity = meaning_(instead).severity;
    const auto& [symbol, seen] = node.usual();
    return severity == 0 && (symbol == kEnd || meaning_(seen.second).severity > 0);
  }

  /// Counts the deepest departure of a request, where it is the entity's own.
  void blame(const std::vector<Sighting>& sightings, const std::vector<Part>& parts) {
    std::int64_t strange = std::numeric_limits<std::int64_t>::max();
    for (const Sighting& s : sightings) {
      if (s.instead) strange = std::min(strange, s.instead->time);
    }
    const Sighting* deepest = nullptr;
    for (const Sighting& s : sightings) {
      if (s.after.time <= strange && (deepest == nullptr || s.after.time >= deepest->after.time))
        deepest = &s;
    }
    if (deepest == nullptr || is_passed_on(deepest->after, parts)) return;
    Tally& tally = tallies_[deepest->at];
    if (tally.departed++ == 0) tally.after = deepest->after;
    tally.rejoined += deepest->rejoins ? 1 : 0;
    tally.first = std::min(tally.first, deepest->after.time);
    auto& instead = tally.instead[deepest->instead ? symbol_of(*deepest->instead) : kEnd];
    if (instead.first++ == 0) instead.second = deepest->instead;
  }

  bool is_passed_on(const Step& after, const std::vector<Part>& parts) const {
    for (const Part& part : parts) {
      if (part.front().entity != after.entity) continue;
      for (const Step& s : part) {
        if (s.time >= after.time && meaning_(s).passed_on) return true;
      }
    }
    return false;
  }

  Departure describe(const Place& place, const Tally& tally) const {
    const Node& node = nodes_.at(place);
    Departure d;
    d.entity = place.first;
    d.after = tally.after;
    const auto& [expected, seen] = node.usual();
    if (expected != kEnd) d.expected = seen.second;
    const auto instead =
        std::max_element(tally.instead.begin(), tally.instead.end(),
                         [](const auto& a, const auto& b) { return a.second.first < b.second.first; });
    d.instead = instead->second.second;
    d.rejoins = tally.rejoined * 2 > tally.departed;
    d.count = tally.departed;
    d.passed = tally.passed;
    d.baseline = node.passed;
    d.chance = predictive_tail(tally.departed, tally.passed, node.rare(), node.passed);
    d.first = tally.first;
    return d;
  }

  const std::function<StepMeaning(const Step&)>& meaning_;
  std::map<Place, Node> nodes_;
  std::map<Place, Tally> tallies_;
  std::int64_t last_ = std::numeric_limits<std::int64_t>::min();  // of all steps of the incident
};

double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

}  // namespace

std::vector<Departure> find_departures(const std::vector<Step>& baseline, const std::vector<Step>& incident,
                                       const std::function<StepMeaning(const Step&)>& meaning) {
  return Finder(baseline, meaning).run(incident);
}

double predictive_tail(std::uint64_t hits, std::uint64_t trials, std::uint64_t before_hits,
                       std::uint64_t before_trials) {
  if (hits == 0) return 1;
  if (trials > kMostTrials) {
    hits = std::max<std::uint64_t>(1, hits * kMostTrials / trials);
    trials = kMostTrials;
  }
  const double a = static_cast<double>(before_hits) + 0.5;
  const double b = static_cast<double>(before_trials - std::min(before_hits, before_trials)) + 0.5;
  const auto n = static_cast<double>(trials);
  double sum = 0;
  for (std::uint64_t i = hits; i <= trials; ++i) {
    const auto x = static_cast<double>(i);
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) +
                    log_beta(x + a, n - x + b) - log_beta(a, b));
  }
  return std::min(1.0, sum);
}

}  // namespace midwatch::observe::flow

#include "src/diagnose/independent_causes.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include "src/diagnose/trouble.h"

namespace midwatch::diagnose {
namespace {

/// More faults than this at once are one fault that is not understood.
constexpr std::size_t kMostCauses = 3;
/// A cause of its own is likelier than everything else that the others leave, unknown causes included.
constexpr double kOwnProbability = 0.5;
/// A sign of this weight is seen e² times as often with the mechanism as without.
constexpr double kSpecificWeight = 2.0;
/// Shorter names stand in records by chance.
constexpr std::size_t kTellingName = 4;

/// True for a sign that the mechanism alone gives, seen at its entity.
bool is_own_proof(const Contribution& c) {
  return c.sign != nullptr && c.sign->needed && c.sign->place == knowledge::Place::kSelf &&
         c.observation != Sighting::kNone && c.weight >= kSpecificWeight;
}

/// Who may have caused what is seen at whom.
class Account {
 public:
  Account(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph)
      : file_(file), suspects_(suspects), graph_(graph), troubled_(suspects.size(), 0) {
    for (const model::Observation& o : file.observations) {
      if (o.strength < kClearStrength || !is_trouble(o.type)) continue;
      if (const auto at = suspects.find(o.entity)) troubled_[*at] = 1;
    }
  }

  /// True where a fault at one of the two may show at the other, or a third may be behind both.
  bool are_linked(SuspectIndex a, SuspectIndex b) const {
    if (a == b || graph_.distance(a, b) || graph_.distance(b, a) || are_neighbours(a, b)) return true;
    const auto& of_a = graph_.below(a);
    const auto& of_b = graph_.below(b);
    return std::any_of(of_a.begin(), of_a.end(), [&](SuspectIndex i) {
      return troubled_[i] && std::binary_search(of_b.begin(), of_b.end(), i);
    });
  }

  /// True where the alarm may be about a fault there: nobody knows where the alarm is, or it is there or
  /// above.
  bool reaches_alarm(SuspectIndex i) const {
    const auto alarmed = suspects_.find(file_.scope.alarm.entity);
    return !alarmed || *alarmed == i || graph_.distance(*alarmed, i).has_value();
  }

  /// What of a hypothesis' weight rests on observations that the other can explain.
  double borrowed(const WeighedHypothesis& h, const WeighedHypothesis& other) const {
    double sum = 0;
    for (const Contribution& c : h.contributions) {
      if (c.observation == Sighting::kNone || c.weight <= 0) continue;
      const auto at = suspects_.find(file_.observations[c.observation].entity);
      const bool elsewhere = at && *at != h.suspect && are_linked(*at, other.suspect);
      if (elsewhere || (h.suspect == other.suspect && counts_for(other, c.observation))) sum += c.weight;
    }
    return sum;
  }

  /// True where records of one tell of the other's entity, or both were read from one record.
  bool speak_of_each_other(const WeighedHypothesis& a, const WeighedHypothesis& b) const {
    if (share_a_record(a, b)) return true;
    return a.suspect != b.suspect && (speaks_of(a, b.suspect) || speaks_of(b, a.suspect));
  }

  /// True where two mechanisms at one entity hit different runs of it, as an observation says itself
  /// (`apart_from`): neither explains what the other does.
  bool are_apart(const WeighedHypothesis& a, const WeighedHypothesis& b) const {
    return a.suspect == b.suspect && (says_apart_from(a, b) || says_apart_from(b, a));
  }

 private:
  static bool counts_for(const WeighedHypothesis& h, std::size_t observation) {
    return std::any_of(h.contributions.begin(), h.contributions.end(), [&](const Contribution& c) {
      return c.sign != nullptr && c.observation == observation && c.weight > 0;
    });
  }

  bool says_apart_from(const WeighedHypothesis& h, const WeighedHypothesis& other) const {
    return std::any_of(h.contributions.begin(), h.contributions.end(), [&](const Contribution& c) {
      if (!is_own_proof(c)) return false;
      const auto& facts = file_.observations[c.observation].facts;
      const auto apart = facts.find("apart_from");
      return apart != facts.end() && rests_on(other, apart->second);
    });
  }

  bool rests_on(const WeighedHypothesis& h, const std::string& type) const {
    return std::any_of(h.contributions.begin(), h.contributions.end(), [&](const Contribution& c) {
      return is_own_proof(c) && file_.observations[c.observation].type == type;
    });
  }

  /// An edge whose direction nobody knows.
  bool are_neighbours(SuspectIndex a, SuspectIndex b) const {
    if (!suspects_[a].index) return false;
    const auto& out = file_.topology.out(*suspects_[a].index);
    return std::any_of(out.begin(), out.end(), [&](const auto& neighbour) {
      const auto to = suspects_.find(file_.topology.id(neighbour.entity));
      return to && *to == b;
    });
  }

  bool speaks_of(const WeighedHypothesis& h, SuspectIndex other) const {
    const Suspect& suspect = suspects_[other];
    const std::string& name = suspect.index ? file_.topology.entity(*suspect.index).name : suspect.entity;
    const auto holds = [&](const std::string& text, const std::string& word) {
      return word.size() >= kTellingName && text.find(word) != std::string::npos;
    };
    return std::any_of(h.contributions.begin(), h.contributions.end(), [&](const Contribution& c) {
      if (c.observation == Sighting::kNone || c.weight < kSpecificWeight) return false;
      const auto& facts = file_.observations[c.observation].facts;
      return std::any_of(facts.begin(), facts.end(), [&](const auto& fact) {
        return holds(fact.second, name) || holds(fact.second, suspect.entity);
      });
    });
  }

  std::set<std::string> records_of(const WeighedHypothesis& h) const {
    std::set<std::string> ids;
    for (const Contribution& c : h.contributions) {
      if (c.observation == Sighting::kNone || c.weight < kSpecificWeight) continue;
      for (const auto& evidence : file_.observations[c.observation].evidence) ids.insert(evidence.id);
    }
    return ids;
  }

  bool share_a_record(const WeighedHypothesis& a, const WeighedHypothesis& b) const {
    const auto of_a = records_of(a);
    const auto of_b = records_of(b);
    return std::any_of(of_a.begin(), of_a.end(), [&](const std::string& id) { return of_b.contains(id); });
  }

  const CaseFile& file_;
  const Suspects& suspects_;
  const DependencyGraph& graph_;
  std::vector<char> troubled_;
};

/// True where the hypothesis rests on a sign that its mechanism alone gives, seen so clearly at its entity.
bool is_specific(const WeighedHypothesis& h, const CaseFile& file, double strength = kClearStrength) {
  if (h.mode->generic || h.refuter != nullptr) return false;
  return std::any_of(h.contributions.begin(), h.contributions.end(), [&](const Contribution& c) {
    if (!is_own_proof(c)) return false;
    const model::Observation& o = file.observations[c.observation];
    return o.strength >= strength && is_trouble(o.type);
  });
}

bool is_one_thing(const WeighedHypothesis& a, const WeighedHypothesis& b, const CaseFile& file) {
  if (a.mode->id == b.mode->id) return true;
  if (a.change.change == ChangeFit::kNone || b.change.change == ChangeFit::kNone) return false;
  return file.changes[a.change.change].id == file.changes[b.change.change].id;
}

/// Goes from the first cause to what it leaves, and again from both.
class Remainder {
 public:
  Remainder(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph,
            const std::vector<WeighedHypothesis>& weighed, const Calibration& calibration)
      : file_(file), account_(file, suspects, graph), weighed_(weighed), calibration_(calibration) {}

  std::vector<IndependentCause> run() {
    while (named_.size() < kMostCauses) {
      const std::vector<Left> left = what_is_left();
      if (left.empty()) break;
      const auto best = std::max_element(
          left.begin(), left.end(), [](const Left& a, const Left& b) { return a.log_odds < b.log_odds; });
      const double probability = probability_of(*best, left);
      if (probability < kOwnProbability || !is_cause_of_its_own(weighed_[best->hypothesis])) break;
      named_.push_back(best->hypothesis);
      causes_.push_back({best->hypothesis, probability});
    }
    return std::move(causes_);
  }

 private:
  struct Left {
    std::size_t hypothesis;
    double log_odds;  ///< without what the named causes can explain
  };

  std::vector<Left> what_is_left() const {
    std::vector<Left> left;
    for (std::size_t i = 1; i < weighed_.size(); ++i) {
      const WeighedHypothesis& h = weighed_[i];
      const bool explained = std::any_of(named_.begin(), named_.end(), [&](std::size_t n) {
        return account_.are_linked(h.suspect, weighed_[n].suspect) && !account_.are_apart(h, weighed_[n]);
      });
      if (explained) continue;
      double log_odds = h.log_odds;
      for (const std::size_t n : named_) log_odds -= account_.borrowed(h, weighed_[n]);
      left.push_back({i, log_odds});
    }
    return left;
  }

  /// Of its place, among those that could explain the same: a proven fault elsewhere is no rival.
  double probability_of(const Left& best, const std::vector<Left>& left) const {
    const WeighedHypothesis& h = weighed_[best.hypothesis];
    double place = 0;
    double sum = std::exp((calibration_.unknown_log_odds - best.log_odds) * calibration_.probability_temper);
    for (const Left& one : left) {
      const WeighedHypothesis& other = weighed_[one.hypothesis];
      if (is_specific(other, file_) && !account_.are_linked(other.suspect, h.suspect)) continue;
      const double share = std::exp((one.log_odds - best.log_odds) * calibration_.probability_temper);
      sum += share;
      if (other.suspect == h.suspect) place += share;
    }
    return std::min(place / sum, 1 - calibration_.unknown_share);
  }

  bool is_cause_of_its_own(const WeighedHypothesis& h) const {
    // How many runs it hits decides how clear a sign is; of runs that are apart, fewer are clear enough.
    const bool apart = std::any_of(named_.begin(), named_.end(),
                                   [&](std::size_t n) { return account_.are_apart(h, weighed_[n]); });
    const double strength = apart ? kTroubleStrength : kClearStrength;
    if (!is_specific(h, file_, strength) || !is_specific(weighed_.front(), file_, strength) ||
        !account_.reaches_alarm(h.suspect))
      return false;
    return std::none_of(named_.begin(), named_.end(), [&](std::size_t n) {
      return is_one_thing(h, weighed_[n], file_) || account_.speak_of_each_other(h, weighed_[n]);
    });
  }

  const CaseFile& file_;
  const Account account_;
  const std::vector<WeighedHypothesis>& weighed_;
  const Calibration& calibration_;
  std::vector<std::size_t> named_{0};
  std::vector<IndependentCause> causes_;
};

}  // namespace

std::vector<IndependentCause> independent_causes(const CaseFile& file, const Suspects& suspects,
                                                 const DependencyGraph& graph,
                                                 const std::vector<WeighedHypothesis>& weighed,
                                                 const Calibration& calibration) {
  if (weighed.empty()) return {};
  return Remainder(file, suspects, graph, weighed, calibration).run();
}

}  // namespace midwatch::diagnose

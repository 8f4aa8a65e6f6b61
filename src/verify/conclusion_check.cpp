#include "src/verify/conclusion_check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "src/verify/filled_text.h"
#include "src/verify/grounds.h"
#include "src/verify/plan_check.h"

namespace midwatch::verify {
namespace {

using Wrong = std::optional<std::string>;

/// Probabilities are printed with five digits; hundreds of them may sum to a little more than one.
constexpr double kSumSlack = 1e-2;
constexpr double kOrderSlack = 1e-6;
/// Weaker observations are noise to the engine as well.
constexpr double kTroubleStrength = 0.5;

class Conclusions {
 public:
  Conclusions(const Claims& claims, const Reread& reread, const knowledge::KnowledgeBase& knowledge,
              std::uint64_t& checked)
      : claims_(claims), reread_(reread), knowledge_(knowledge), checked_(checked) {
    for (const auto& o : claims_.observations) observations_.emplace(o.observation.id, &o);
  }

  std::optional<Failure> first_failure() {
    check("outcome", outcome_wrong());
    check("hypotheses", ranking_wrong());
    for (const auto& h : claims_.hypotheses) check(fmt::format("hypothesis {}", h.rank), hypothesis_wrong(h));
    for (const auto& cause : claims_.causes) check("root cause " + cause.entity, cause_wrong(cause));
    for (const auto& out : claims_.ruled_out)
      check(fmt::format("ruled out {} at {}", out.mode, out.entity), exclusion_wrong(out));
    for (const auto& moment : claims_.timeline)
      check("timeline " + base::format_rfc3339(moment.time), moment_wrong(moment));
    check("timeline", order_wrong());
    check("impact", impact_wrong());
    for (const auto& step : claims_.steps)
      check("mitigation step " + step.phase, step_wrong(step, claims_, reread_, knowledge_));
    check("mitigation", plan_wrong(claims_));
    for (const auto& file : claims_.spec_files) check("specification", file_wrong(file));
    return failure_;
  }

 private:
  void check(const std::string& claim, const Wrong& wrong) {
    if (failure_) return;
    ++checked_;
    if (wrong) failure_ = Failure{claim, *wrong};
  }

  Wrong observations_wrong(const std::vector<std::string>& ids) const {
    for (const auto& id : ids) {
      if (!observations_.contains(id)) return fmt::format("the observation {} is not in the report", id);
    }
    return std::nullopt;
  }

  Wrong entity_wrong(const std::string& entity) const {
    if (entity.empty() || reread_.knows(entity)) return std::nullopt;
    return fmt::format("no record names the entity {}", entity);
  }

  Wrong change_wrong(const std::string& change) const {
    if (change.empty() || std::any_of(reread_.changes.begin(), reread_.changes.end(),
                                      [&](const auto& c) { return c.id == change; }))
      return std::nullopt;
    return fmt::format("there is no change {}", change);
  }

  static bool is_said_trouble(const model::Observation& o) {
    static constexpr std::array<std::string_view, 4> kTrouble{
        "log.error.", "log.exception.", "state.container.", "state.workload.unavailable"};
    return o.strength >= kTroubleStrength &&
           std::any_of(kTrouble.begin(), kTrouble.end(),
                       [&](std::string_view prefix) { return o.type.starts_with(prefix); });
  }

  Wrong outcome_wrong() const {
    if (claims_.bundle != reread_.scope.id)
      return fmt::format("the report is about {}, the bundle is {}", claims_.bundle, reread_.scope.id);
    if (claims_.outcome == "root_cause")
      return claims_.causes.empty() ? Wrong("it says root_cause and names none") : std::nullopt;
    if (claims_.outcome != "nothing_wrong" && claims_.outcome != "inconclusive")
      return fmt::format("there is no outcome “{}”", claims_.outcome);
    if (!claims_.causes.empty()) return fmt::format("it says {} and names a root cause", claims_.outcome);
    if (claims_.outcome == "inconclusive") return std::nullopt;
    for (const auto& o : claims_.observations) {
      if (is_said_trouble(o.observation))
        return fmt::format("it says nothing_wrong against observation {}: {}", o.observation.id, o.statement);
    }
    return std::nullopt;
  }

  Wrong ranking_wrong() const {
    double sum = 0;
    double last = 1;
    int rank = 0;
    for (const auto& h : claims_.hypotheses) {
      if (h.rank != ++rank) return fmt::format("rank {} stands at place {}", h.rank, rank);
      if (!(h.probability >= 0 && h.probability <= 1))
        return fmt::format("the probability {} of rank {} is none", h.probability, rank);
      if (h.probability > last + kOrderSlack)
        return fmt::format("rank {} is more probable than the one before it", rank);
      last = h.probability;
      sum += h.probability;
    }
    if (sum > 1 + kSumSlack) return fmt::format("their probabilities sum to {:.4f}", sum);
    return std::nullopt;
  }

  /// A title is the knowledge's own, with values from the records in its places. A value may hold what the
  /// pattern goes on with: the facts of the observations, which are held against the records themselves, say
  /// where one ends.
  Wrong title_wrong(const std::string& mode_id, const std::string& title, const std::string& entity,
                    const std::vector<std::string>& observations) const {
    const auto* mode = knowledge_.mode(mode_id);
    if (mode == nullptr) return fmt::format("the knowledge has no failure mode {}", mode_id);
    Grounds grounds(claims_, reread_);
    KnownValues known;
    for (const auto& id : observations) {
      grounds.add(*observations_.at(id));
      for (const auto& [name, value] : observations_.at(id)->observation.facts) known.emplace(name, value);
    }
    const auto values = values_in(mode->title.in(claims_.language), title, known);
    if (!values) return fmt::format("“{}” is not the title of {}", title, mode_id);
    for (const auto& [place, value] : *values) {
      if (!is_said(place, value, observations, grounds))
        return fmt::format("its title says {} “{}” for {}, which no record says", place, value, entity);
    }
    return std::nullopt;
  }

  /// True where a value of a title is in a record, or among what was counted, or said to be unknown.
  bool is_said(const std::string& place, const std::string& value,
               const std::vector<std::string>& observations, const Grounds& grounds) const {
    if (value == model::tell({"{" + place + "}", "{" + place + "}"}, {}).in(claims_.language)) return true;
    const bool counted =
        !is_quote(place) && std::any_of(observations.begin(), observations.end(), [&](const auto& id) {
          const auto& facts = observations_.at(id)->observation.facts;
          const auto fact = facts.find(place);
          return fact != facts.end() && fact->second == value;
        });
    return counted || grounds.hold(value);
  }

  Wrong hypothesis_wrong(const ClaimedHypothesis& h) const {
    if (auto wrong = entity_wrong(h.entity)) return wrong;
    if (auto wrong = change_wrong(h.change)) return wrong;
    if (auto wrong = observations_wrong(h.supporting)) return wrong;
    if (auto wrong = observations_wrong(h.opposing)) return wrong;
    if (h.status == "supported" && h.supporting.empty()) return "it is supported by nothing";
    if (h.excluded && h.status != "refuted") return "a person ruled it out, and it is not refuted";
    if (h.excluded && h.probability > 0) return "a person ruled it out, and it has a probability";
    if (auto wrong = speaker_wrong(h.excluded)) return wrong;
    if (h.status == "refuted" && h.opposing.empty() && !h.excluded) return "it is refuted by nothing";
    return title_wrong(h.mode, h.title, h.entity, h.supporting);
  }

  Wrong cause_wrong(const ClaimedCause& cause) const {
    const auto weighed =
        std::find_if(claims_.hypotheses.begin(), claims_.hypotheses.end(), [&](const auto& h) {
          return h.entity == cause.entity && h.mode == cause.mode && h.change == cause.change;
        });
    if (weighed == claims_.hypotheses.end()) return "it is none of the hypotheses";
    if (weighed->status == "refuted") return "its hypothesis is refuted";
    if (weighed->title != cause.title) return "its title is not that of its hypothesis";
    if (!(cause.probability > 0 && cause.probability <= 1 + kOrderSlack))
      return fmt::format("its probability {} is none", cause.probability);
    if (cause.explains.empty()) return "it explains no observation";
    if (auto wrong = observations_wrong(cause.explains)) return wrong;
    if (cause.onset && reread_.recorded &&
        (*cause.onset < reread_.recorded->start || *cause.onset > reread_.recorded->end))
      return "its onset lies outside all that was recorded";
    if (cause.chain.empty() || cause.chain.front().entity != cause.entity)
      return "its chain does not begin with it";
    for (const auto& link : cause.chain) {
      if (auto wrong = entity_wrong(link.entity)) return wrong;
      if (auto wrong = observations_wrong(link.observations)) return wrong;
    }
    if (!cause.location.empty()) {
      Grounds grounds(claims_, reread_);
      for (const auto& id : cause.explains) grounds.add(*observations_.at(id));
      if (!grounds.hold(cause.location))
        return fmt::format("its location {} stands in none of the records that it explains", cause.location);
    }
    return std::nullopt;
  }

  /// A change that is ruled out by itself is one that exists, with an observation about it.
  Wrong innocence_wrong(const ClaimedExclusion& out) const {
    if (auto wrong = change_wrong(out.change)) return wrong;
    if (auto wrong = observations_wrong({out.observation})) return wrong;
    if (observations_.at(out.observation)->observation.change != out.change)
      return fmt::format("its observation is about another change than {}", out.change);
    return std::nullopt;
  }

  /// What a person excluded stands among what people said.
  Wrong speaker_wrong(const std::optional<ClaimedSpeaker>& speaker) const {
    if (!speaker) return std::nullopt;
    const bool told =
        std::find(claims_.steering.begin(), claims_.steering.end(), *speaker) != claims_.steering.end();
    if (told) return std::nullopt;
    return fmt::format("{} is said to have ruled it out at {}, and nothing of that is told", speaker->by,
                       speaker->time);
  }

  Wrong exclusion_wrong(const ClaimedExclusion& out) const {
    if (auto wrong = speaker_wrong(out.excluded)) return wrong;
    if (out.mode.empty() && !out.change.empty())
      return out.excluded ? change_wrong(out.change) : innocence_wrong(out);
    const auto weighed =
        std::find_if(claims_.hypotheses.begin(), claims_.hypotheses.end(), [&](const auto& h) {
          return h.entity == out.entity && h.mode == out.mode && h.change == out.change;
        });
    if (weighed == claims_.hypotheses.end()) return "it is none of the hypotheses";
    if (weighed->status != "refuted") return "its hypothesis is not refuted";
    return out.excluded ? std::nullopt : observations_wrong({out.observation});
  }

  Wrong moment_wrong(const ClaimedMoment& moment) const {
    if (auto wrong = entity_wrong(moment.entity)) return wrong;
    if (moment.kind == "alarm") {
      return reread_.scope.alarm.time == moment.time ? std::nullopt
                                                     : Wrong("the alarm fired at another time");
    }
    if (moment.kind == "change") {
      const bool there = std::any_of(reread_.changes.begin(), reread_.changes.end(), [&](const auto& c) {
        return c.id == moment.change && c.time == moment.time;
      });
      return there ? std::nullopt : Wrong(fmt::format("no change {} at that time", moment.change));
    }
    const auto at = observations_.find(moment.observation);
    if (at == observations_.end()) return "no observation stands behind it";
    if (at->second->observation.onset != moment.time) return "its observation began at another time";
    if (at->second->statement != moment.what) return "it does not say what its observation says";
    return std::nullopt;
  }

  Wrong order_wrong() const {
    const bool ordered = std::is_sorted(claims_.timeline.begin(), claims_.timeline.end(),
                                        [](const auto& a, const auto& b) { return a.time < b.time; });
    return ordered ? std::nullopt : Wrong("it is not in the order of time");
  }

  Wrong impact_wrong() const {
    for (const auto& entity : claims_.affected) {
      if (auto wrong = entity_wrong(entity)) return wrong;
    }
    for (const auto& path : claims_.paths) {
      for (const auto& entity : path) {
        if (auto wrong = entity_wrong(entity)) return wrong;
      }
    }
    return std::nullopt;
  }

  Wrong file_wrong(const std::string& file) const {
    Grounds grounds(claims_, reread_);
    for (const auto& cause : claims_.causes) {
      for (const auto& id : cause.explains) grounds.add(*observations_.at(id));
    }
    return grounds.hold(file) ? std::nullopt : Wrong(fmt::format("no record names the file {}", file));
  }

  const Claims& claims_;
  const Reread& reread_;
  const knowledge::KnowledgeBase& knowledge_;
  std::uint64_t& checked_;
  std::map<std::string, const ClaimedObservation*> observations_;
  std::optional<Failure> failure_;
};

}  // namespace

std::optional<Failure> check_conclusions(const Claims& claims, const Reread& reread,
                                         const knowledge::KnowledgeBase& knowledge, std::uint64_t& checked) {
  return Conclusions(claims, reread, knowledge, checked).first_failure();
}

}  // namespace midwatch::verify

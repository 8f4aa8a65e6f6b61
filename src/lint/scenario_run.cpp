#include "src/lint/scenario_run.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "src/diagnose/diagnosis.h"

namespace midwatch::lint {
namespace {

using telemetry::RelationKind;

constexpr std::string_view kSubject = "subject";
/// Where a scenario's observations can be, and the entity that stands for it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kPlaces{{{"self", kSubject},
                                                                                {"dependent", "caller"},
                                                                                {"dependency", "callee"},
                                                                                {"host", "machine"},
                                                                                {"peer", "neighbour"}}};
constexpr std::string_view kOrdinaryClass = "service";
constexpr std::string_view kOrdinaryType = "Deployment";

/// A type that the rules take for this class.
std::string type_of(std::string_view entity_class, const knowledge::KnowledgeBase& knowledge) {
  for (const auto& rule : knowledge.entity_class_rules) {
    if (rule.entity_class != entity_class || rule.types.empty()) continue;
    std::string type = rule.types.front();
    std::erase(type, '*');
    return type;
  }
  return std::string(kOrdinaryType);
}

telemetry::Entity entity(std::string_view id, std::string type) {
  telemetry::Entity e;
  e.id = id;
  e.type = std::move(type);
  return e;
}

/// A mode that is the fault of a change is seen together with the change that makes it most of all.
void add_change(const knowledge::FailureMode& mode, diagnose::CaseFile& file) {
  if (!mode.needs_change || mode.changes.empty()) return;
  model::ChangeAccount change;
  change.id = "change";
  change.kind = telemetry::ChangeKind::kCommit;
  change.summary = mode.id;
  change.read = true;
  change.reaches.push_back({std::string(kSubject), model::ReachKind::kDeployed, change.time, {}});
  const auto most = std::max_element(mode.changes.begin(), mode.changes.end(),
                                     [](const auto& a, const auto& b) { return a.weight < b.weight; });
  model::Observation did;
  did.id = "o0";
  did.entity = kSubject;
  did.change = change.id;
  did.type = most->see;
  std::replace(did.type.begin(), did.type.end(), '*', 'x');
  did.subject = did.type;
  did.strength = 1;
  file.coverage.signals.insert("change");
  file.observations.push_back(std::move(did));
  file.changes.push_back(std::move(change));
}

diagnose::CaseFile case_of(const knowledge::FailureMode& mode, const knowledge::Scenario& scenario,
                           const knowledge::KnowledgeBase& knowledge) {
  diagnose::CaseFile file;
  topology::TopologyBuilder builder;
  builder.add(entity(kSubject, type_of(scenario.entity_class, knowledge)));
  builder.add(entity("caller", std::string(kOrdinaryType)));
  builder.add(entity("callee", std::string(kOrdinaryType)));
  builder.add(entity("machine", type_of("node", knowledge)));
  builder.add(entity("neighbour", std::string(kOrdinaryType)));
  for (const auto& [from, to, kind] : {std::tuple{"caller", "subject", RelationKind::kCalls},
                                       std::tuple{"subject", "callee", RelationKind::kCalls},
                                       std::tuple{"subject", "machine", RelationKind::kRunsOn},
                                       std::tuple{"neighbour", "machine", RelationKind::kRunsOn}})
    builder.relate({from, to, kind, {}});
  file.topology = std::move(builder).build();
  for (const auto& [place, name] : kPlaces) file.scope.candidates.emplace_back(name);
  file.scope.alarm.entity = kSubject;
  add_change(mode, file);
  for (const auto& seen : scenario.seen) {
    const auto place =
        std::find_if(kPlaces.begin(), kPlaces.end(), [&](const auto& p) { return p.first == seen.at; });
    model::Observation o;
    o.id = fmt::format("o{}", file.observations.size() + 1);
    o.entity = place == kPlaces.end() ? std::string(kSubject) : std::string(place->second);
    o.type = seen.type;
    o.subject = seen.type;
    o.strength = seen.strength;
    o.facts.insert(seen.facts.begin(), seen.facts.end());
    if (seen.type.starts_with("change.")) o.change = "change";
    if (seen.at == "dependent") file.scope.alarm.entity = "caller";
    const std::string signal = seen.type.substr(0, seen.type.find('.'));
    file.coverage.signals.insert(signal);
    if (signal == "sign") file.coverage.signals.insert({"log", "event", "state"});
    file.observations.push_back(std::move(o));
  }
  return file;
}

}  // namespace

bool is_entity_class(std::string_view name, const knowledge::KnowledgeBase& knowledge) {
  return name == kOrdinaryClass ||
         std::any_of(knowledge.entity_class_rules.begin(), knowledge.entity_class_rules.end(),
                     [&](const auto& rule) { return rule.entity_class == name; });
}

std::optional<std::string> run_scenario(const knowledge::FailureMode& mode,
                                        const knowledge::Scenario& scenario,
                                        const knowledge::KnowledgeBase& knowledge) {
  if (!is_entity_class(scenario.entity_class, knowledge))
    return fmt::format("nothing is of the class '{}'", scenario.entity_class);
  if (scenario.seen.empty()) return "it sees nothing";
  for (const auto& seen : scenario.seen) {
    const bool known =
        std::any_of(kPlaces.begin(), kPlaces.end(), [&](const auto& p) { return p.first == seen.at; });
    if (!known)
      return fmt::format("'at: {}' is no place; use self, dependent, dependency, host or peer", seen.at);
  }
  const auto diagnosis = diagnose::diagnose(case_of(mode, scenario, knowledge), knowledge);
  if (diagnosis.hypotheses.empty()) return "no mode was proposed at all";
  const auto& first = diagnosis.hypotheses.front();
  const bool won = first.mode == mode.id && first.entity == kSubject;
  if (won == scenario.expect_best) return std::nullopt;
  if (!scenario.expect_best) return "the mode comes first although the scenario says 'best: false'";
  const auto own = std::find_if(diagnosis.hypotheses.begin(), diagnosis.hypotheses.end(),
                                [&](const auto& h) { return h.mode == mode.id && h.entity == kSubject; });
  const std::string mine =
      own == diagnosis.hypotheses.end()
          ? std::string("this mode is not proposed (is a needed sign missing?)")
          : fmt::format("this mode comes at rank {} with {:+.1f}", own->rank, own->log_odds);
  return fmt::format(
      "'{}' at the {} comes first with {:+.1f}; {}. Add what tells them apart, or correct the "
      "likelihoods",
      first.mode, first.entity, first.log_odds, mine);
}

}  // namespace midwatch::lint

#include "src/observe/state/findings.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/model/record_evidence.h"

namespace midwatch::observe::state {
namespace {

constexpr std::size_t kFact = 300;
/// What only adds knowledge stays below what counts as trouble (diagnose).
constexpr double kKnowledge = 0.45;
/// From this strength on, an observation speaks against being well.
constexpr double kTrouble = 0.5;

}  // namespace

void Findings::add(Finding finding) {
  const topology::EntityIndex owner = input_.topology.owner(finding.at);
  looked_.insert(owner);
  auto& merged = merged_[{owner, finding.type, finding.subject}];
  merged.instances.insert(finding.at);
  const auto weight = [&](const Finding& f) {
    return std::tuple(f.strength >= kTrouble && is_alarmed(f.at), f.strength);
  };
  Finding& best = merged.best;
  if (best.type.empty() || weight(finding) > weight(best)) std::swap(best, finding);
  // What only one of two readings of the same thing captured stays.
  if (best.at == finding.at) best.facts.merge(finding.facts);
}

void Findings::add_match(const Finding& finding, const signs::SignatureMatch& match) {
  Finding sign = finding;
  sign.type = "sign." + match.signature->id;
  sign.subject = finding.subject;
  sign.strength = finding.strength * match.signature->strength;
  if (!match.signature->alarming) sign.strength = std::min(sign.strength, kKnowledge);
  for (const auto& [name, value] : match.facts) sign.facts[name] = value;
  sign.facts["seen_in"] = "state";
  add(std::move(sign));
}

void Findings::add_signs(const Finding& finding, std::string_view reason, std::string_view message,
                         std::string_view exit_code) {
  for (const auto& match : input_.matcher.match_reason(reason)) add_match(finding, match);
  for (const auto& match : input_.matcher.match_exit_code(exit_code)) add_match(finding, match);
  // Some platforms give a sentence where others have a code: "OutOfMemoryError: Container killed due to …".
  if (reason.find(' ') != std::string_view::npos) add_words(finding, reason);
  if (!message.empty()) add_words(finding, message);
}

void Findings::add_words(const Finding& finding, std::string_view words) {
  Finding said = finding;
  said.facts["sample"] = base::printable(base::redact(words), kFact);
  for (const auto& match : input_.matcher.match(words)) add_match(said, match);
}

double Findings::trouble_of(topology::EntityIndex owner) const {
  double strongest = 0;
  for (auto at = merged_.lower_bound({owner, "", ""}); at != merged_.end() && std::get<0>(at->first) == owner;
       ++at)
    strongest = std::max(strongest, at->second.best.strength);
  return strongest;
}

bool Findings::is_alarmed(topology::EntityIndex at) const {
  const telemetry::Entity& entity = input_.topology.entity(at);
  return !input_.alarm_entity.empty() &&
         (entity.id == input_.alarm_entity || entity.name == input_.alarm_entity);
}

std::vector<model::Observation> Findings::finish() {
  std::vector<model::Observation> out;
  for (auto& [key, merged] : merged_) {
    Finding& f = merged.best;
    model::Observation o;
    o.entity = input_.topology.id(std::get<0>(key));
    o.type = f.type;
    o.subject = f.subject;
    o.strength = std::clamp(f.strength, 0.0, 1.0);
    o.onset = f.onset;
    o.evidence.push_back(
        model::attribute_evidence(input_.topology.entity(f.at), f.paths, input_.source_name));
    for (auto& [name, value] : f.facts) {
      if (!value.empty()) o.facts[name] = base::printable(base::redact(value), kFact);
    }
    const telemetry::Entity& instance = input_.topology.entity(f.at);
    o.facts.emplace("instance", base::printable(instance.name.empty() ? instance.id : instance.name, kFact));
    const std::string_view name_space = instance.attributes.get("metadata.namespace");
    if (!name_space.empty()) o.facts.emplace("namespace", base::printable(name_space, kFact));
    o.facts["instances"] = fmt::format("{}", merged.instances.size());
    out.push_back(std::move(o));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.entity, a.type, a.subject) < std::tie(b.entity, b.type, b.subject);
  });
  return out;
}

}  // namespace midwatch::observe::state

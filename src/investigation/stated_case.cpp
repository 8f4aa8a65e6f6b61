#include "src/investigation/stated_case.h"

#include <algorithm>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/knowledge/statement.h"

namespace midwatch::investigation {
namespace {

constexpr std::size_t kNameBytes = 160;
/// Significant digits of the figures of a record.
constexpr int kDigits = 5;

}  // namespace

StatedCase::StatedCase(const Gathered& gathered, const diagnose::Diagnosis& diagnosis,
                       const knowledge::KnowledgeBase& knowledge)
    : gathered_(gathered), diagnosis_(diagnosis), knowledge_(knowledge) {
  for (model::Observation o : gathered_.file.observations) {
    // A sentence says what the report's own figures say.
    for (auto* figure : {&o.value, &o.baseline}) {
      if (*figure) *figure = base::round_significant(**figure, kDigits);
    }
    by_id_[o.id] = observations_.size();
    model::Text statement = knowledge::statement_of(o, name_of(o.entity), knowledge_);
    observations_.push_back({std::move(o), std::move(statement)});
  }
}

std::string StatedCase::name_of(const std::string& entity) const {
  const auto index = gathered_.file.topology.find(entity);
  const std::string& name = index ? gathered_.file.topology.entity(*index).name : entity;
  return base::printable(name.empty() ? entity : name, kNameBytes);
}

const model::StatedObservation& StatedCase::stated(const std::string& id) const {
  return observations_[by_id_.at(id)];
}

std::vector<const model::StatedObservation*> StatedCase::told_of(const std::string& entity) const {
  std::vector<const model::StatedObservation*> told;
  for (const auto& s : observations_) {
    if (s.observation.entity == entity && s.observation.strength >= kTold) told.push_back(&s);
  }
  std::stable_sort(told.begin(), told.end(),
                   [](auto* a, auto* b) { return a->observation.strength > b->observation.strength; });
  return told;
}

const telemetry::ChangeEvent* StatedCase::change(const std::string& id) const {
  if (id.empty()) return nullptr;
  const telemetry::ChangeEvent* found = nullptr;
  for (const auto& change : gathered_.changes) {
    if (change.id != id) continue;
    if (change.has_diff) return &change;
    if (found == nullptr) found = &change;
  }
  return found;
}

const telemetry::MetricSeries* StatedCase::series_of(const model::Observation& o) const {
  if (o.evidence.empty() || o.evidence.front().kind != model::EvidenceKind::kSeries) return nullptr;
  const auto& all = gathered_.incident_series;
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.key == o.evidence.front().series; });
  return at == all.end() ? nullptr : &*at;
}

}  // namespace midwatch::investigation

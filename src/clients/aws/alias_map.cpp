#include "src/clients/aws/alias_map.h"

#include <vector>

namespace midwatch::clients::aws {
namespace {

/// Chains are short: a log group is of a function's name, which is of its ARN.
constexpr int kLongestChain = 8;

}  // namespace

AliasMap::AliasMap(const telemetry::TelemetryBatch& batch) {
  for (const auto& [alias, entity] : batch.instances) meant_.emplace(alias, entity);
  for (auto& [alias, entity] : meant_) {
    for (int step = 0; step < kLongestChain; ++step) {
      const auto next = meant_.find(entity);
      if (next == meant_.end() || next->second == entity || next->second == alias) break;
      entity = next->second;
    }
  }
}

const std::string& AliasMap::meant(const std::string& id) const {
  const auto at = meant_.find(id);
  return at == meant_.end() ? id : at->second;
}

void AliasMap::apply(telemetry::TelemetryBatch& batch) const {
  std::map<std::string, std::size_t> places;
  std::vector<telemetry::Entity> merged;
  for (telemetry::Entity& entity : batch.entities) {
    entity.id = meant(entity.id);
    const auto [at, is_new] = places.emplace(entity.id, merged.size());
    if (is_new) {
      merged.push_back(std::move(entity));
      continue;
    }
    telemetry::Entity& known = merged[at->second];
    if (known.type.empty()) known.type = std::move(entity.type);
    if (known.name.empty()) known.name = std::move(entity.name);
    known.attributes.merge(entity.attributes);
  }
  batch.entities = std::move(merged);
  for (auto& relation : batch.relations) {
    relation.from = meant(relation.from);
    relation.to = meant(relation.to);
  }
  for (auto& event : batch.events) event.entity = meant(event.entity);
  for (auto& change : batch.changes) change.entity = meant(change.entity);
  for (auto& series : batch.metrics) series.key.entity = meant(series.key.entity);
  for (auto& line : batch.logs) line.entity = meant(line.entity);
  for (auto& span : batch.spans) span.entity = meant(span.entity);
}

}  // namespace midwatch::clients::aws

#pragma once

#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/model/investigation_record.h"
#include "src/topology/topology.h"

namespace midwatch::report {

/// A topology to be shown.
struct TopologyView {
  topology::Topology topology;
  std::string focus;             ///< the entity that it is about; empty: all
  std::vector<model::Gap> gaps;  ///< what could not be seen of it
};

/// The part of a topology that is at most `steps` relations away from an entity.
topology::Topology around(const topology::Topology& topology, topology::EntityIndex entity, int steps);

/// A flowchart in Mermaid's language: entities with a relation as nodes, formed by what they are. Names are
/// escaped, so that none of them becomes markup.
/// Source: Mermaid documentation, "Flowcharts", "Entity codes to escape characters"
std::string mermaid_topology(const TopologyView& view, model::Language language);

/// Shape: midwatch.topology/v1: `entities` (id, type, name, kind), `relations` (from, to, kind), `gaps`.
base::Json json_topology(const TopologyView& view, model::Language language);

/// Each entity, and whom it refers to, as lines for people.
std::string text_topology(const TopologyView& view, model::Language language);

}  // namespace midwatch::report

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/signs/signature_matcher.h"
#include "src/topology/topology.h"

namespace midwatch::observe::state {

/// What the detectors of state look at.
struct StateInput {
  const topology::Topology& topology;
  const signs::SignatureMatcher& matcher;
  std::string alarm_entity;            ///< whose state is told even where it is well; may be empty
  std::optional<base::Timestamp> now;  ///< when the state was read, as well as it is known
  model::SourceName source_name;
};

struct StateFindings {
  std::vector<model::Observation> observations;
  std::vector<std::string> entities;  ///< whose state was looked at, ordered
};

/// Turns the attributes of entities (src/observe/state/README.md) into observations `state.*`, and the
/// reasons, messages and exit codes in them into `sign.*`.
///
/// Instances of one workload that show the same are told once, under the workload, with the instance that the
/// alarm names or else the first. What is long over or only just begun is weak: a container that ran ten
/// minutes since its restart has settled, a pod that was made a minute ago is still starting. Shape: ordered
/// by entity, type and subject.
StateFindings observe_state(const StateInput& input);

/// True where the platform says that the entity works, false where it says that it does not; nothing where it
/// does not say.
std::optional<bool> is_well(const topology::Topology& topology, topology::EntityIndex index,
                            std::optional<base::Timestamp> now);

}  // namespace midwatch::observe::state

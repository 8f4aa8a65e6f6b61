#pragma once

#include <optional>
#include <string>

#include "src/model/observation.h"
#include "src/topology/topology.h"

namespace midwatch::observe::configuration {

/// What an entity runs, and what it ran before. Times as the platform says them; empty where it does not.
struct Release {
  std::string definition;  ///< "orders:42"
  std::string image;
  std::string pushed;
  std::string previous;
  std::string previous_image;
  std::string previous_pushed;
};

/// The release of a workload whose former one is known and has another image.
std::optional<Release> release_of(const topology::Topology& topology, topology::EntityIndex workload);

/// Adds `new_image`, `pushed`, `release`, `previous`, `previous_image` and `previous_pushed`.
void add_release(const Release& release, model::Observation& o);

}  // namespace midwatch::observe::configuration

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/evaluate/world_score.h"

namespace midwatch::app {

/// What `midwatch evaluate --worlds` is asked to do.
struct WorldEvaluation {
  std::string worlds;        ///< a world file or a folder of them; empty: those that are part of the program
  std::uint64_t seeds = 20;  ///< each world is tried with so many seeds
  std::uint64_t first_seed = 1;
  base::Duration latency{};           ///< that every call takes
  std::chrono::seconds deadline{60};  ///< after which an investigation asks nothing more
  std::string knowledge_folder;       ///< empty: the built-in knowledge
  unsigned jobs = 0;                  ///< runs side by side; 0: as many as the machine has cores
  std::function<void(std::size_t done, std::size_t all)> on_progress;  ///< from any thread, one at a time
};

/// Hosts each simulated account on loopback and investigates its latest alarm over HTTP, as `midwatch
/// investigate --latest-alarm` does with an account. A run that fails counts as not right. The runs come in
/// the order of worlds and seeds. Errors: no world, or one of them is wrong; the knowledge cannot be read.
base::Result<std::vector<evaluate::WorldRun>> evaluate_worlds(const WorldEvaluation& what,
                                                              const base::Clock& clock);

}  // namespace midwatch::app

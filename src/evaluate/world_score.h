#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "src/base/json_value.h"
#include "src/model/investigation_record.h"

namespace midwatch::evaluate {

/// What is true of a simulated incident.
struct WorldExpectation {
  model::Outcome outcome = model::Outcome::kRootCause;
  std::vector<std::string> entities;  ///< any one is right, as the last part of an entity's id
  std::vector<std::string> modes;     ///< any one is right
  std::vector<std::string> decoys;    ///< names that must not be blamed
  std::string location;               ///< file:line that the report should name; empty: none is asked
  std::vector<std::string> also{};    ///< modes of a second cause that must be named too; empty: there is one
};

/// How one investigation of a simulated incident went.
struct WorldRun {
  std::string world;
  std::uint64_t seed = 0;
  std::string error;  ///< why there is no report; empty: there is one
  bool control = false;
  bool right_entity = false;
  bool right = false;           ///< entity and mode; of a control: its outcome
  bool asserted_wrong = false;  ///< a root cause was asserted that is not right
  bool decoy_blamed = false;
  bool location_asked = false;
  bool location_named = false;
  double probability = 0;  ///< of the first cause; 0 where none is asserted
  std::string answered;    ///< "mode at entity", or the outcome
  std::size_t calls = 0;
  double seconds = 0;
  double dollars = 0;
};

/// Holds a report against what is true. The caller fills in who ran and what it cost.
WorldRun score_world(const model::InvestigationRecord& record, const WorldExpectation& expected);

/// The runs of one world, or of all.
struct WorldRow {
  std::string world;
  bool control = false;
  std::size_t runs = 0;
  std::size_t failed = 0;
  std::size_t entities_asked = 0;  ///< runs in which something is to be blamed
  std::size_t right_entity = 0;
  std::size_t right = 0;
  std::size_t asserted_wrong = 0;
  std::size_t decoys_blamed = 0;
  std::size_t locations_asked = 0;
  std::size_t locations_named = 0;
  std::size_t calls_median = 0;
  std::size_t calls_most = 0;
  double least_probability = 0;  ///< of the right answers
  double seconds_median = 0;
  double seconds_p95 = 0;
  double dollars_mean = 0;
};

/// A row per world, ordered by name, and one for all at the end. Controls come after the incidents.
std::vector<WorldRow> world_rows(const std::vector<WorldRun>& runs);

/// The rows for a terminal and as Markdown, with the runs that were not right.
std::string worlds_text(const std::vector<WorldRun>& runs, bool misses);
std::string worlds_markdown(const std::vector<WorldRun>& runs, bool misses);
/// The rows and all runs for programs (midwatch.worlds/v1).
base::Json worlds_json(const std::vector<WorldRun>& runs);

}  // namespace midwatch::evaluate

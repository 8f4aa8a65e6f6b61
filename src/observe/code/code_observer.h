#pragma once

#include <set>
#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/code/source.h"
#include "src/topology/topology.h"

namespace midwatch::observe::code {

/// What the observer of code looks at.
struct CodeInput {
  const std::vector<SourceFile>& files;
  const topology::Topology& topology;
  const std::vector<model::Observation>& seen;  ///< by the other detectors: where it fails, on which host
  model::SourceName source_name;
};

struct CodeFindings {
  std::vector<model::Observation> observations;
  std::set<std::string> entities;  ///< whose code was read
};

/// Reads the code of entities, JavaScript, TypeScript and Python:
///  - `code.line.failing`: the line that a stack trace names;
///  - `code.wait.over_limit`, `code.import.waits`: a wait that is longer than a run may take, or while the
///  code is
///    loaded; `code.import.plain`: nothing waits there;
///  - `code.growth.across_runs`, `code.growth.in_loop`: a collection that only grows;
///  - `code.host.literal`: a host where the environment names another one;
///  - `code.null.unchecked`: a member of a value that may be null;
///  - `code.handler.found`, `code.handler.missing`: the entry point.
/// Facts of each: `location` (file:line:column), `code` (the line). What code says is there whether or not it
/// matters: none of these is trouble by itself.
///
/// Shape:   ordered by entity, type, and how much it is; of each type the first few.
/// Threads: safe; pure. Time grows with the length of the code alone.
CodeFindings observe_code(const CodeInput& input);

}  // namespace midwatch::observe::code

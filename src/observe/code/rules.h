#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/observation.h"
#include "src/observe/code/source.h"
#include "src/observe/code/values.h"
#include "src/telemetry/entity.h"

namespace midwatch::observe::code {

/// What a rule found at a token, before it is an observation.
struct Finding {
  std::string type;
  const Source* source = nullptr;
  std::size_t token = 0;
  double size = 0;  ///< of several, the one of the largest size is told first
  model::Facts facts = {};
  std::vector<std::string> attributes = {};  ///< of the entity, that it is about as well
};

/// The code of one entity, and what is known of it.
struct Code {
  const std::vector<Source>& sources;
  const telemetry::Entity& entity;
  const Values& values;
  std::optional<double> limit;                       ///< how long a run may take, in seconds
  std::vector<std::string> limit_paths;              ///< the attributes that say it
  std::set<std::string, std::less<>> failing_hosts;  ///< that records of the entity name
  bool fails_on_null = false;
};

// Each rule adds what it finds.

/// `code.wait.over_limit`: a wait that is longer than a run may take; `code.import.waits`: one while the code
/// is loaded.
void find_waits(const Code& code, std::vector<Finding>& out);
/// `code.growth.across_runs`: a collection of the module that runs only add to; `code.growth.in_loop`: one
/// that a loop fills whose length the input decides, or that is long.
void find_growth(const Code& code, std::vector<Finding>& out);
/// `code.host.literal`: a host in the code where the environment names another one.
void find_literal_hosts(const Code& code, std::vector<Finding>& out);
/// `code.null.unchecked`: a member of a parsed or optional value that is read without a check.
void find_unchecked_nulls(const Code& code, std::vector<Finding>& out);
/// `code.handler.found`, `code.handler.missing`: the entry point that the function's configuration names.
void find_handler(const Code& code, std::vector<Finding>& out);

}  // namespace midwatch::observe::code

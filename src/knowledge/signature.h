#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/text.h"

namespace midwatch::knowledge {

/// A known phrase of logs, events, statuses and alarms, and the observation `sign.ID` that it makes.
/// Source: a file of knowledge/signatures.
struct Signature {
  std::string id;                     ///< snake_case, without "sign."
  std::vector<std::string> literals;  ///< lower-case; one of them must occur before a pattern is tried
  std::vector<std::string> patterns;  ///< RE2, case-insensitive; named groups become facts
  std::vector<std::string> reasons;  ///< platform reasons and statuses that mean it, compared whole, any case
  std::vector<std::string> exit_codes;
  double strength = 0.9;  ///< how surely a match means it
  bool alarming = true;   ///< false: an ordinary remark that only adds knowledge
  model::Text statement;
  std::vector<std::string> examples;         ///< texts that must match (lint)
  std::vector<std::string> counterexamples;  ///< texts that must not match (lint)
  std::string source_file;
};

}  // namespace midwatch::knowledge

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace midwatch::evaluate {

/// One right answer. Members that are empty are not known.
struct TruthRoot {
  std::string entity;
  std::vector<std::string> kinds;  ///< families of failure that count as right
  std::string mode;                ///< an RE2 expression that the failure mode's id has to match
  std::string metric;
  std::string change;
};

/// What is known of one past incident. docs/evaluating.md describes the file.
struct Truth {
  std::string id;  ///< the bundle's
  std::string set;
  std::string group;
  std::string level = "entity";  ///< what is asked: entity, kind, mode, metric, change, told
  bool has_place = true;         ///< false: only the mechanism is known, not where
  /// Any one is right; empty: nothing was wrong; absent: no place to name.
  std::optional<std::vector<TruthRoot>> roots;
  std::map<std::string, std::string> alias;    ///< entities that count as one
  bool match_name = false;                     ///< entities are compared by their last name
  std::vector<std::string> decoys;             ///< changes known to be innocent
  std::vector<std::vector<std::string>> must;  ///< the explanation needs one word of each list
};

/// Reads a truth file, one JSON object a line. Errors: kMalformed, with the line.
base::Result<std::vector<Truth>> read_truth(std::string_view text, const std::string& path);

}  // namespace midwatch::evaluate

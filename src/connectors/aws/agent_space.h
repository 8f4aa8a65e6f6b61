#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"

namespace midwatch::connectors::aws {

/// One account that may be read.
struct SpaceAccount {
  std::string id;                         ///< twelve digits
  std::string role;                       ///< ARN of the role to read it with; empty: the credentials' own
  std::vector<std::string> regions;       ///< empty: the region of the credentials
  std::string external_id = {};           ///< that the role's trust policy asks for; empty: none
  std::string session_name = "midwatch";  ///< by which CloudTrail names who read
};

/// A time in which something is meant to be changed or down.
struct Maintenance {
  base::TimeRange window;
  std::string reason;
  std::vector<std::string> resources;  ///< patterns; empty: everything
};

/// What an investigation may read. Everything outside it is never asked for.
///
/// Shape: patterns have `*` for any text and `?` for one character. A resource is matched by its ARN and by
///        "service/name".
struct AgentSpace {
  std::string name;
  std::vector<SpaceAccount> accounts;  ///< empty: the credentials' own account and region
  std::vector<std::string> stacks;     ///< patterns of CloudFormation stacks; empty: not limited by stack
  std::vector<std::pair<std::string, std::string>> tags;  ///< key and pattern; a resource needs all of them
  std::vector<std::string> exclude;                       ///< patterns of resources that are not read
  std::vector<Maintenance> maintenance;
  bool read_code = true;  ///< whether packages of functions are fetched (docs/adr/0006-reading-code.md)
};

/// Where something can be asked for.
struct Place {
  std::string account;  ///< empty: the only one
  std::string region;   ///< empty: that of the credentials
};

/// Every account and region of a space, in its order; of a region that somebody names, only that one.
std::vector<Place> places_of(const AgentSpace& space, const std::string& region);

/// Reads a space file (docs/aws.md describes it). Errors: kMalformed with file and line: no YAML, a key that
/// nobody knows, a value of the wrong kind, an account that is no account.
base::Result<AgentSpace> read_agent_space(std::string_view yaml, const std::string& path);

}  // namespace midwatch::connectors::aws

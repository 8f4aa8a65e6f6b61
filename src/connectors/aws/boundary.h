#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "src/connectors/aws/agent_space.h"

namespace midwatch::connectors::aws {

/// Decides what may be asked: nothing outside the agent space is.
class Boundary {
 public:
  explicit Boundary(AgentSpace space) : space_(std::move(space)) {}

  const AgentSpace& space() const { return space_; }
  /// True where something of an account in the space lies outside it.
  bool keeps_out() const { return is_listed() || !space_.exclude.empty(); }
  /// Whether only what is listed (by stack or tag) may be read.
  bool is_listed() const { return !space_.stacks.empty() || !space_.tags.empty(); }
  /// True where the space names the account and lets that region of it be read. Without accounts, a space is
  /// the region of the credentials alone. `account`: empty for the first.
  bool permits(std::string_view account, std::string_view region) const;
  /// Says that a stack or tag in scope holds the resource.
  void admit(std::string_view id);
  /// Short names of all that was admitted.
  const std::set<std::string, std::less<>>& admitted() const { return admitted_; }

  /// Why the resource must not be read; nothing where it may. An id that names no resource of AWS may.
  std::optional<std::string> refusal(std::string_view id) const;

 private:
  AgentSpace space_;
  std::set<std::string, std::less<>> admitted_;  ///< short names
};

}  // namespace midwatch::connectors::aws

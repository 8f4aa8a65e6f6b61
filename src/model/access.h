#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace midwatch::model {

/// What somebody may do in a space; each includes the ones before it.
enum class Role {
  kViewer,    ///< reads
  kOperator,  ///< starts, steers, judges and undoes
  kAdmin,     ///< reads the audit, gives tokens
};

std::string_view to_string(Role role);
std::optional<Role> role_of(std::string_view word);

/// As the space of a grant: every space that the server has, also one that comes later.
inline constexpr std::string_view kEverySpace = "*";

/// What somebody may do in one space.
struct Grant {
  std::string space;
  Role role = Role::kViewer;

  friend bool operator==(const Grant&, const Grant&) = default;
};

}  // namespace midwatch::model

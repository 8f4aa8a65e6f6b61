#include "src/model/access.h"

#include <array>
#include <utility>

#include "src/model/words_of.h"

namespace midwatch::model {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 3> kRoleWords{{
    {Role::kViewer, "viewer"},
    {Role::kOperator, "operator"},
    {Role::kAdmin, "admin"},
}};

}  // namespace

std::string_view to_string(Role role) {
  return word_of(kRoleWords, role);
}

std::optional<Role> role_of(std::string_view word) {
  return of_word(kRoleWords, word);
}

}  // namespace midwatch::model

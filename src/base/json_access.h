#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/json.h"

namespace midwatch::base {

/// The member of an object; null where there is no such member or no object.
const Json& at(const Json& object, std::string_view key);

template <class... Keys>
const Json& at(const Json& object, std::string_view key, Keys... more) {
  return at(at(object, key), more...);
}

/// The items of a list; an empty list for any other value.
const Json& list_at(const Json& object, std::string_view key);
/// The same of a temporary, which a loop over its items would outlive.
Json list_at(Json&& object, std::string_view key);

/// A scalar as text; empty for null, lists and objects.
std::string text(const Json& value);

/// The text of a member.
template <class... Keys>
std::string text_at(const Json& object, std::string_view key, Keys... more) {
  return text(at(object, key, more...));
}

/// A number, also one that is written as text; nothing for any other value.
std::optional<double> number(const Json& value);

/// The number of a member.
template <class... Keys>
std::optional<double> number_at(const Json& object, std::string_view key, Keys... more) {
  return number(at(object, key, more...));
}

}  // namespace midwatch::base

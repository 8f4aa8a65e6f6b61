#pragma once

#include <string>
#include <string_view>

#include "src/base/json.h"

namespace midwatch::clients::kubernetes {

/// The member of an object; null where there is no such member or no object.
const base::Json& at(const base::Json& object, std::string_view key);

template <class... Keys>
const base::Json& at(const base::Json& object, std::string_view key, Keys... more) {
  return at(at(object, key), more...);
}

/// The items of a list; nothing for any other value.
const base::Json& list_at(const base::Json& object, std::string_view key);

/// A scalar as text; empty for null, lists and objects.
std::string text(const base::Json& value);

/// The text of a member.
template <class... Keys>
std::string text_at(const base::Json& object, std::string_view key, Keys... more) {
  return text(at(object, key, more...));
}

}  // namespace midwatch::clients::kubernetes

#include "src/clients/kubernetes/json_access.h"

#include <nlohmann/json.hpp>

namespace midwatch::clients::kubernetes {

using base::Json;

const Json& at(const Json& object, std::string_view key) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

const Json& list_at(const Json& object, std::string_view key) {
  static const Json kEmpty = Json::array();
  const Json& value = at(object, key);
  return value.is_array() ? value : kEmpty;
}

std::string text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null() || value.is_structured()) return {};
  return base::dump_json(value);
}

}  // namespace midwatch::clients::kubernetes

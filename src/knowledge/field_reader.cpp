#include "src/knowledge/field_reader.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/telemetry/number.h"

namespace midwatch::knowledge {

using base::Json;

void SchemaErrors::add(int line, std::string what) {
  if (first_) return;
  first_ = base::user_error(base::ErrorCode::kMalformed, fmt::format("{}:{}: {}", path_, line, what));
}

namespace {

const Json& empty_map() {
  static const Json kEmpty = Json::object();
  return kEmpty;
}

int line_of(const Json& map) {
  const auto at = map.find("$line");
  return at != map.end() && at->is_number_integer() ? at->get<int>() : 0;
}

}  // namespace

FieldReader::FieldReader(const Json& map, SchemaErrors& errors, std::string what)
    : map_(map.is_object() ? map : empty_map()),
      errors_(errors),
      what_(std::move(what)),
      line_(line_of(map_)),
      asked_(map_.size()) {
  if (!map.is_object()) errors_.add(0, fmt::format("{} must be a map", what_));
}

FieldReader::~FieldReader() {
  std::size_t member = 0;
  for (const auto& [key, value] : map_.items()) {
    if (!asked_[member++] && key != "$line")
      errors_.add(line_, fmt::format("{}: unknown key '{}'", what_, key));
  }
}

const Json* FieldReader::find(std::string_view name) {
  const auto at = map_.find(name);
  if (at == map_.end()) return nullptr;
  asked_[static_cast<std::size_t>(std::distance(map_.begin(), at))] = true;
  return at->is_null() ? nullptr : &*at;
}

bool FieldReader::has(std::string_view name) const {
  return map_.contains(name);
}

std::string FieldReader::text(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) {
    error(fmt::format("{}: '{}' is missing", what_, name));
    return {};
  }
  return text_or(name, {});
}

std::string FieldReader::text_or(std::string_view name, std::string otherwise) {
  const Json* value = find(name);
  if (value == nullptr) return otherwise;
  if (!value->is_string()) {
    error(fmt::format("{}: '{}' must be text", what_, name));
    return otherwise;
  }
  return value->get<std::string>();
}

double FieldReader::number(std::string_view name) {
  if (find(name) == nullptr) error(fmt::format("{}: '{}' is missing", what_, name));
  return number_or(name, 0);
}

double FieldReader::number_or(std::string_view name, double otherwise) {
  const Json* value = find(name);
  if (value == nullptr) return otherwise;
  const auto number =
      value->is_string() ? telemetry::parse_number(value->get_ref<const std::string&>()) : std::nullopt;
  if (!number) {
    error(fmt::format("{}: '{}' must be a number", what_, name));
    return otherwise;
  }
  return *number;
}

bool FieldReader::boolean_or(std::string_view name, bool otherwise) {
  const std::string word = text_or(name, otherwise ? "true" : "false");
  if (word != "true" && word != "false") error(fmt::format("{}: '{}' must be true or false", what_, name));
  return word == "true";
}

std::vector<std::string> FieldReader::texts(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return {};
  if (value->is_string()) return {value->get<std::string>()};
  std::vector<std::string> list;
  if (value->is_array()) {
    for (const auto& item : *value) {
      if (item.is_string()) {
        list.push_back(item.get<std::string>());
      } else {
        error(fmt::format("{}: '{}' must be a list of texts", what_, name));
      }
    }
  } else {
    error(fmt::format("{}: '{}' must be a list of texts", what_, name));
  }
  return list;
}

model::Text FieldReader::localized(std::string_view name) {
  if (find(name) == nullptr) error(fmt::format("{}: '{}' is missing; it needs en and ja", what_, name));
  return localized_or_empty(name);
}

model::Text FieldReader::localized_or_empty(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return {};
  FieldReader inner(*value, errors_, fmt::format("{}: {}", what_, name));
  return {inner.text("en"), inner.text("ja")};
}

std::map<std::string, std::string, std::less<>> FieldReader::text_map(std::string_view name) {
  std::map<std::string, std::string, std::less<>> map;
  const Json* value = find(name);
  if (value == nullptr) return map;
  if (!value->is_object()) {
    error(fmt::format("{}: '{}' must be a map of texts", what_, name));
    return map;
  }
  for (const auto& [key, item] : value->items()) {
    if (key == "$line") continue;
    if (item.is_string()) {
      map.emplace(key, item.get<std::string>());
    } else {
      error(fmt::format("{}: '{}.{}' must be text", what_, name, key));
    }
  }
  return map;
}

std::vector<const Json*> FieldReader::maps(std::string_view name) {
  std::vector<const Json*> list;
  const Json* value = find(name);
  if (value == nullptr) return list;
  if (!value->is_array()) {
    error(fmt::format("{}: '{}' must be a list", what_, name));
    return list;
  }
  for (const auto& item : *value) list.push_back(&item);
  return list;
}

const Json* FieldReader::map(std::string_view name) {
  return find(name);
}

}  // namespace midwatch::knowledge

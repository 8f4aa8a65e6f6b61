#include "src/connectors/bundle/record_fields.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/name_table.h"
#include "src/telemetry/flatten.h"
#include "src/telemetry/number.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kMaxText = 1024UL * 1024;

/// A number as it is written: a double would lose the nanoseconds of epoch seconds.
std::string number_token(std::string_view text, const std::string& pointer) {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(text);
  simdjson::ondemand::document document;
  if (parser.iterate(padded).get(document)) return {};
  simdjson::ondemand::value value;
  if (document.at_pointer(pointer).get(value)) return {};
  const std::string_view token = value.raw_json_token();
  return std::string(token.substr(0, token.find_last_not_of(" \t\r\n") + 1));
}

}  // namespace

const base::Json* RecordFields::member(std::string_view name) const {
  const auto at = object_.find(name);
  return at == object_.end() || at->is_null() ? nullptr : &*at;
}

std::optional<std::string> RecordFields::text_of(const base::Json& value) const {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > kMaxText) problems_.repaired(problem::kTextCut, line_);
    return base::redact(base::clip_utf8(text, kMaxText));
  }
  if (value.is_number() || value.is_boolean()) return base::dump_json(value);
  return std::nullopt;
}

std::string RecordFields::text(std::string_view name) const {
  const base::Json* value = member(name);
  if (value == nullptr) return {};
  auto text = text_of(*value);
  if (!text) note_type(name);
  return std::move(text).value_or(std::string());
}

template <class Convert>
std::vector<std::string> RecordFields::each_text(std::string_view name, Convert convert) const {
  std::vector<std::string> texts;
  const base::Json* value = member(name);
  if (value == nullptr) return texts;
  if (!value->is_array()) {
    note_type(name);
    return texts;
  }
  for (const auto& item : *value) {
    auto text = convert(item);
    if (!text) {
      note_type(name);
    } else if (!text->empty()) {
      texts.push_back(*std::move(text));
    }
  }
  return texts;
}

std::vector<std::string> RecordFields::texts(std::string_view name) const {
  return each_text(name, [this](const base::Json& item) { return text_of(item); });
}

std::string RecordFields::entity(std::string_view name) const {
  const base::Json* value = member(name);
  if (value == nullptr) return {};
  if (value->is_string()) return clean_name(value->get_ref<const std::string&>());
  return text(name);
}

std::vector<std::string> RecordFields::entities(std::string_view name) const {
  auto names = each_text(name, [](const base::Json& item) {
    return item.is_string() ? std::optional(clean_name(item.get_ref<const std::string&>())) : std::nullopt;
  });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::optional<double> RecordFields::number(std::string_view name) const {
  const base::Json* value = member(name);
  if (value == nullptr) return std::nullopt;
  std::optional<double> number;
  if (value->is_number() && std::isfinite(value->get<double>())) number = value->get<double>();
  if (value->is_string()) number = telemetry::parse_number(value->get_ref<const std::string&>());
  if (!number) note_type(name);
  return number;
}

std::optional<base::Timestamp> RecordFields::time(std::string_view name) const {
  const base::Json* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return base::parse_timestamp(value->get_ref<const std::string&>());
  if (value->is_number_integer()) return base::parse_epoch_seconds(base::dump_json(*value));
  if (!value->is_number_float()) return std::nullopt;
  return base::parse_epoch_seconds(number_token(text_, pointer_ + "/" + std::string(name)));
}

telemetry::Attributes RecordFields::attributes(std::string_view name) const {
  telemetry::Attributes attributes;
  const base::Json* value = object(name);
  if (value != nullptr && !telemetry::flatten(*value, "", attributes))
    problems_.repaired(problem::kAttributesCut, line_);
  return attributes;
}

const base::Json* RecordFields::object(std::string_view name) const {
  const base::Json* value = member(name);
  if (value == nullptr || value->is_object()) return value;
  note_type(name);
  return nullptr;
}

void RecordFields::note_unknown(std::initializer_list<std::string_view> known) const {
  for (const auto& [name, value] : object_.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) problems_.unknown_field(name, line_);
  }
}

}  // namespace midwatch::connectors::bundle

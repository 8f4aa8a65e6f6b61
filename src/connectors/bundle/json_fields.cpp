#include "src/connectors/bundle/json_fields.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/telemetry/number.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kMaxText = 1024UL * 1024;

const base::Json* member(const base::Json& object, std::string_view name) {
  const auto at = object.find(name);
  return at == object.end() ? nullptr : &*at;
}

std::string text_of(const base::Json& value) {
  if (value.is_string()) return base::redact(base::clip_utf8(value.get_ref<const std::string&>(), kMaxText));
  if (value.is_number() || value.is_boolean()) return base::dump_json(value);
  return {};
}

}  // namespace

std::string json_text(const base::Json& object, std::string_view name) {
  const base::Json* value = member(object, name);
  return value ? text_of(*value) : std::string();
}

std::vector<std::string> json_texts(const base::Json& object, std::string_view name) {
  std::vector<std::string> texts;
  const base::Json* value = member(object, name);
  if (value && value->is_array()) {
    for (const auto& item : *value) {
      std::string text = text_of(item);
      if (!text.empty()) texts.push_back(std::move(text));
    }
  }
  return texts;
}

std::optional<double> json_number(const base::Json& object, std::string_view name) {
  const base::Json* value = member(object, name);
  if (!value) return std::nullopt;
  if (value->is_number()) {
    const double number = value->get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
  }
  return value->is_string() ? telemetry::parse_number(value->get_ref<const std::string&>()) : std::nullopt;
}

std::optional<base::Timestamp> json_time(const base::Json& object, std::string_view name) {
  const base::Json* value = member(object, name);
  if (!value) return std::nullopt;
  if (value->is_string()) return base::parse_timestamp(value->get_ref<const std::string&>());
  if (value->is_number_integer())
    return base::parse_epoch_seconds(fmt::format("{}", value->get<std::int64_t>()));
  // The shortest decimal form that gives the same double is what was written, to the microsecond.
  if (value->is_number_float()) return base::parse_epoch_seconds(fmt::format("{:.6f}", value->get<double>()));
  return std::nullopt;
}

}  // namespace midwatch::connectors::bundle

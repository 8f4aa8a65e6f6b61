#include "src/sandbox/wire/json_shape.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "src/base/time.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;
using Kind = Shape::Kind;

Json time_as_seconds(const Json& value) {
  if (!value.is_string()) return value;
  const auto time = base::parse_rfc3339(value.get_ref<const std::string&>());
  if (!time) return value;
  const auto milliseconds = std::chrono::round<std::chrono::milliseconds>(time->time_since_epoch()).count();
  constexpr double kMilliseconds = 1000.0;
  return static_cast<double>(milliseconds) / kMilliseconds;
}

const Member* by_tag(const Shape& shape, const std::string& tag) {
  for (const Member& member : shape.members) {
    if (member.tag == tag && member.place.empty()) return &member;
  }
  return nullptr;
}

/// Applies a conversion to every item of a list or map.
template <class Convert>
Json each(const Json& value, Convert convert) {
  Json out = value;
  for (Json& item : out) item = convert(item);
  return out;
}

}  // namespace

Json time_as_text(const Json& value) {
  if (value.is_number()) {
    const auto time = base::from_seconds(value.get<double>());
    return base::format_rfc3339(std::chrono::round<std::chrono::milliseconds>(time));
  }
  if (value.is_string()) {
    if (const auto time = base::parse_rfc3339(value.get_ref<const std::string&>()))
      return base::format_rfc3339(*time);
  }
  return value;
}

Json from_body(const Json& body, const Shape* shape, BodyNames names) {
  if (shape == nullptr) return body;
  if (shape->kind == Kind::kTime) return time_as_text(body);
  if (shape->kind == Kind::kList || shape->kind == Kind::kMap) {
    if (!body.is_structured()) return body;
    return each(body, [&](const Json& item) { return from_body(item, shape->item, names); });
  }
  if (!body.is_object()) return body;
  Json out = Json::object();
  for (const auto& [key, value] : body.items()) {
    const Member* member = names == BodyNames::kTags ? by_tag(*shape, key) : nullptr;
    if (member == nullptr) member = shape->member(key);
    out[member == nullptr ? key : member->name] =
        from_body(value, member == nullptr ? nullptr : member->shape, names);
  }
  return out;
}

Json to_body(const Json& value, const Shape* shape, BodyNames names) {
  if (shape == nullptr) return value;
  if (shape->kind == Kind::kTime) return time_as_seconds(value);
  if (shape->kind == Kind::kList || shape->kind == Kind::kMap) {
    if (!value.is_structured()) return value;
    return each(value, [&](const Json& item) { return to_body(item, shape->item, names); });
  }
  if (!value.is_object()) return value;
  Json out = Json::object();
  for (const auto& [key, inner] : value.items()) {
    const Member* member = shape->member(key);
    const bool renamed = member != nullptr && names == BodyNames::kTags && !member->tag.empty();
    out[renamed ? member->tag : key] = to_body(inner, member == nullptr ? nullptr : member->shape, names);
  }
  return out;
}

}  // namespace midwatch::sandbox::wire

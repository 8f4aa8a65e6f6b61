#include "src/api/body.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/time.h"
#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::api {
namespace {

/// The longest body that an operation takes is a feedback of 4,000 characters.
constexpr std::size_t kMostBytes = 64UL * 1024;
constexpr std::size_t kShownBytes = 60;
/// More spaces than this a server has hardly.
constexpr std::size_t kMostTexts = 200;

base::Error wrong(std::string_view where, std::string_view name, std::string_view what) {
  const std::string member = where.empty() ? base::printable(name, kShownBytes)
                                           : fmt::format("{}.{}", where, base::printable(name, kShownBytes));
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          fmt::format("the member {} of the body {}", member, what));
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

base::Result<> check_text(const base::Json& value, const Member& member, std::string_view where) {
  if (!value.is_string()) return wrong(where, member.name, "must be text");
  const auto& text = value.get_ref<const std::string&>();
  if (member.required && base::trim(text).empty()) return wrong(where, member.name, "must not be empty");
  if (characters(text) > member.longest) {
    return wrong(where, member.name,
                 fmt::format("is too long: {} characters, at most {}", characters(text), member.longest));
  }
  if (text.find('\0') != std::string::npos) return wrong(where, member.name, "holds a NUL character");
  const auto words = base::split_words(member.words);
  if (!words.empty() && std::find(words.begin(), words.end(), text) == words.end())
    return wrong(where, member.name, fmt::format("must be one of: {}", member.words));
  return {};
}

base::Result<> check_member(const base::Json& value, const Member& member, std::string_view where) {
  switch (member.kind) {
    case MemberKind::kText:
      return check_text(value, member, where);
    case MemberKind::kTexts: {
      const bool texts = value.is_array() && std::all_of(value.begin(), value.end(),
                                                         [](const auto& item) { return item.is_string(); });
      if (!texts) return wrong(where, member.name, "must be a list of texts");
      if (value.size() > kMostTexts || (member.required && value.empty()))
        return wrong(where, member.name, fmt::format("must have 1 to {} items", kMostTexts));
      return {};
    }
    case MemberKind::kFlag:
      if (!value.is_boolean()) return wrong(where, member.name, "must be true or false");
      return {};
    case MemberKind::kWhole:
      if (!value.is_number_unsigned()) return wrong(where, member.name, "must be a whole number from 0");
      return {};
    case MemberKind::kTime:
      if (!value.is_string() || !base::parse_rfc3339(value.get_ref<const std::string&>()))
        return wrong(where, member.name, "must be a time such as 2026-01-31T09:30:00Z");
      return {};
    case MemberKind::kObject:
      if (!value.is_object()) return wrong(where, member.name, "must be an object");
      return {};
  }
  return {};
}

bool announces_json(std::string_view content_type) {
  const std::string type = base::to_lower(base::trim(content_type.substr(0, content_type.find(';'))));
  return type == "application/json";
}

}  // namespace

base::Result<> check_members(const base::Json& object, std::span<const Member> members,
                             std::string_view where) {
  for (const auto& [name, value] : object.items()) {
    const auto member =
        std::find_if(members.begin(), members.end(), [&](const Member& known) { return known.name == name; });
    if (member == members.end()) {
      std::string known;
      for (const auto& each : members) known += fmt::format("{}{}", known.empty() ? "" : ", ", each.name);
      return wrong(where, name, fmt::format("is unknown; known are: {}", known));
    }
    MIDWATCH_TRY_VOID(check_member(value, *member, where));
  }
  for (const auto& member : members) {
    if (member.required && !object.contains(std::string(member.name)))
      return wrong(where, member.name, "is missing");
  }
  return {};
}

base::Result<base::Json> read_body(const Call& call, std::span<const Member> members) {
  if (!announces_json(call.request.header("Content-Type"))) {
    return base::user_error(base::ErrorCode::kUnsupported,
                            "the body must be JSON: send the header Content-Type: application/json");
  }
  if (call.request.body.size() > kMostBytes) {
    return base::user_error(base::ErrorCode::kInvalidArgument,
                            fmt::format("the body is too long: at most {} bytes", kMostBytes));
  }
  auto body = base::parse_json(call.request.body);
  if (!body) {
    return base::user_error(base::ErrorCode::kInvalidArgument,
                            fmt::format("the body: {}", body.error().describe()));
  }
  if (!body->is_object())
    return base::user_error(base::ErrorCode::kInvalidArgument, "the body must be a JSON object");
  MIDWATCH_TRY_VOID(check_members(*body, members, ""));
  return body;
}

}  // namespace midwatch::api

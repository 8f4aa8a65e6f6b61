#include "src/base/json.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "src/base/json_builder.h"

namespace midwatch::base {
namespace {

constexpr int kMaxDepth = 200;
constexpr std::size_t kEscape = 6;  ///< bytes of `\uXXXX`

std::string place_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t last = before.rfind('\n');
  const std::size_t column = last == std::string_view::npos ? before.size() : before.size() - last - 1;
  return fmt::format("line {}, column {}", line, std::max<std::size_t>(column, 1));
}

/// Refuses hostile nesting before the parser recurses into it.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

/// The code unit of an escape `\uXXXX` at the beginning of `json`.
std::optional<unsigned> code_unit(std::string_view json) {
  if (json.size() < kEscape || json[0] != '\\' || json[1] != 'u') return std::nullopt;
  unsigned unit = 0;
  const char* end = json.data() + kEscape;
  const auto [stop, error] = std::from_chars(json.data() + 2, end, unit, 16);
  return error == std::errc() && stop == end ? std::optional(unit) : std::nullopt;
}

bool is_high_surrogate(unsigned unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(unsigned unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (is_too_deep(text)) {
    return external_error(ErrorCode::kMalformed,
                          fmt::format("JSON is nested deeper than {} levels", kMaxDepth));
  }
  JsonBuilder builder;
  Json::sax_parse(text.begin(), text.end(), &builder);
  if (builder.error_at()) {
    const char* what = builder.number_is_too_large() ? "a number too large for JSON" : "not valid JSON";
    return external_error(ErrorCode::kMalformed,
                          fmt::format("{} at {}", what, place_of(text, *builder.error_at())));
  }
  return builder.take();
}

std::optional<std::string> repair_surrogates(std::string_view json) {
  std::string repaired;
  std::size_t copied = 0;
  for (std::size_t at = json.find('\\'); at != std::string_view::npos;) {
    const auto unit = code_unit(json.substr(at));
    std::size_t length = unit ? kEscape : 2;
    if (unit && is_high_surrogate(*unit)) {
      const auto next = code_unit(json.substr(at + kEscape));
      if (next && is_low_surrogate(*next)) length = 2 * kEscape;
    }
    if (unit && length == kEscape && (is_high_surrogate(*unit) || is_low_surrogate(*unit))) {
      repaired += json.substr(copied, at - copied);
      repaired += "\\ufffd";
      copied = at + kEscape;
    }
    at = json.find('\\', at + length);
  }
  if (copied == 0) return std::nullopt;
  return repaired + std::string(json.substr(copied));
}

std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dump_json_indented(const Json& value) {
  return value.dump(1, ' ', false, Json::error_handler_t::replace);
}

std::string escape_json(std::string_view text) {
  const std::string quoted = dump_json(Json(text));
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace midwatch::base

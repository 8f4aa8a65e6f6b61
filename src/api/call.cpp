#include "src/api/call.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/http/url.h"

namespace midwatch::api {
namespace {

/// No operation has more than a dozen parameters.
constexpr std::size_t kMostParameters = 32;
/// Of a wrong value in a message: enough to recognise it.
constexpr std::size_t kShownBytes = 60;
constexpr std::uint64_t kMostItems = 500;
constexpr std::uint64_t kItems = 50;

base::Error invalid(std::string message) {
  return base::user_error(base::ErrorCode::kInvalidArgument, std::move(message));
}

std::string shown(std::string_view text) {
  return base::printable(text, kShownBytes);
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

base::Result<std::string> decode(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2]))
      return invalid(fmt::format("a % is not followed by two hex digits in the address: {}", shown(text)));
  }
  std::string decoded = http::percent_decode(text);
  if (!base::is_valid_utf8(decoded))
    return invalid(fmt::format("a part of the address is not UTF-8: {}", shown(text)));
  if (std::any_of(decoded.begin(), decoded.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) == 0x7f;
      })) {
    return invalid(fmt::format("a part of the address holds a control character: {}", shown(text)));
  }
  return decoded;
}

}  // namespace

std::string Call::part(std::string_view name) const {
  const auto found = path.find(name);
  return found == path.end() ? std::string() : found->second;
}

std::string Call::parameter(std::string_view name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

base::Result<std::vector<std::string>> decode_path(std::string_view path) {
  std::vector<std::string> parts;
  if (!path.starts_with('/')) return invalid("the address has no path");
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    MIDWATCH_TRY(auto part, decode(path.substr(0, end)));
    parts.push_back(std::move(part));
    path.remove_prefix(end);
  }
  return parts;
}

base::Result<Parameters> decode_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    // Forms write a space as '+'; a plus sign is written as %2B.
    std::string written(pair.substr(std::min(equals + 1, pair.size())));
    std::replace(written.begin(), written.end(), '+', ' ');
    MIDWATCH_TRY(auto name, decode(pair.substr(0, equals)));
    MIDWATCH_TRY(auto value, decode(written));
    if (!parameters.emplace(name, std::move(value)).second)
      return invalid(fmt::format("the parameter {} is there twice", shown(name)));
    if (parameters.size() > kMostParameters) return invalid("the address has too many parameters");
  }
  return parameters;
}

base::Result<std::optional<base::Timestamp>> time_parameter(const Call& call, std::string_view name) {
  const std::string text = call.parameter(name);
  if (text.empty()) return std::optional<base::Timestamp>();
  const auto time = base::parse_rfc3339(text);
  if (!time) {
    return invalid(
        fmt::format("the parameter {} is no time such as 2026-01-31T09:30:00Z: {}", name, shown(text)));
  }
  return time;
}

base::Result<std::optional<base::TimeRange>> range_parameter(const Call& call) {
  MIDWATCH_TRY(const auto from, time_parameter(call, "from"));
  MIDWATCH_TRY(const auto to, time_parameter(call, "to"));
  if (!from && !to) return std::optional<base::TimeRange>();
  const base::TimeRange range{from.value_or(base::Timestamp::min()), to.value_or(base::Timestamp::max())};
  if (range.empty()) return invalid("the parameter from must be before to");
  return std::optional(range);
}

base::Result<std::optional<bool>> flag_parameter(const Call& call, std::string_view name) {
  const std::string word = call.parameter(name);
  if (word.empty()) return std::optional<bool>();
  if (word != "true" && word != "false") return not_one_of_the_words(name, word);
  return std::optional(word == "true");
}

base::Result<std::uint64_t> number_parameter(const Call& call, std::string_view name, std::uint64_t least,
                                             std::uint64_t most, std::uint64_t otherwise) {
  const std::string text = call.parameter(name);
  if (text.empty()) return otherwise;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    return invalid(
        fmt::format("the parameter {} is no whole number from {} to {}: {}", name, least, most, shown(text)));
  }
  return value;
}

base::Result<std::size_t> limit_parameter(const Call& call) {
  MIDWATCH_TRY(const std::uint64_t limit, number_parameter(call, "limit", 1, kMostItems, kItems));
  return static_cast<std::size_t>(limit);
}

base::Error not_one_of_the_words(std::string_view name, std::string_view word) {
  return invalid(fmt::format("the parameter {} has no such value: {}", name, shown(word)));
}

http::ServerResponse json_answer(int status, const base::Json& body) {
  http::ServerResponse response;
  response.status = status;
  response.set("Content-Type", "application/json");
  response.body = base::dump_json(body);
  return response;
}

}  // namespace midwatch::api

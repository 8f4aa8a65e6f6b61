#include "src/http/http_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "src/base/ascii.h"

namespace midwatch::http {

std::optional<base::Timestamp> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto words = base::split_words(text);
  if (words.size() != 6 || words[5] != "GMT") return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), words[2]);
  if (month == kMonths.end()) return std::nullopt;
  return base::parse_rfc3339(
      fmt::format("{}-{:02}-{}T{}Z", words[3], month - kMonths.begin() + 1, words[1], words[4]));
}

std::optional<base::Duration> retry_after(const HttpResponse& response) {
  constexpr base::Duration kLongest = std::chrono::hours(24);
  const std::string_view text = base::trim(response.header("Retry-After"));
  if (const auto until = parse_http_date(text)) {
    const auto sent = parse_http_date(response.header("Date"));
    if (!sent) return std::nullopt;
    return std::clamp<base::Duration>(*until - *sent, base::Duration::zero(), kLongest);
  }
  std::uint64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::chrono::seconds(std::chrono::hours(24)).count());
  return std::chrono::seconds(std::min(seconds, kMost));
}

}  // namespace midwatch::http

#include "src/clients/aws/api/http_date.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/base/ascii.h"

namespace midwatch::clients::aws::api {

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

}  // namespace midwatch::clients::aws::api

#include "src/clients/kubernetes/text_lines.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/base/ascii.h"

namespace midwatch::clients::kubernetes {
namespace {

/// Ages beyond this are no ages; it also keeps the sum inside of what a duration can hold.
constexpr double kOldest = 200.0 * 365 * 86400;

double seconds_of_unit(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'y':
      return 31536000;
    default:
      return 0;
  }
}

}  // namespace

std::vector<Line> lines_of(std::string_view text, std::size_t first) {
  std::vector<Line> lines;
  for (std::size_t number = first; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t indent = line.find_first_not_of(' ');
    const std::string_view content = base::trim(line);
    if (!content.empty()) lines.push_back({number, indent, content});
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  while (!line.empty()) {
    const std::size_t gap = line.find("  ");
    cells.push_back(base::trim(line.substr(0, gap)));
    if (gap == std::string_view::npos) break;
    const std::size_t next = line.find_first_not_of(' ', gap);
    if (next == std::string_view::npos) break;
    line.remove_prefix(next);
  }
  return cells;
}

bool is_absent(std::string_view value) {
  static constexpr std::array<std::string_view, 6> kAbsent{"",      "<none>",    "<unset>",
                                                           "<nil>", "<unknown>", "<default>"};
  return std::find(kAbsent.begin(), kAbsent.end(), value) != kAbsent.end();
}

std::string_view first_word(std::string_view value) {
  return value.substr(0, value.find_first_of(" \t("));
}

std::optional<base::Duration> parse_age(std::string_view text) {
  double seconds = 0;
  double number = 0;
  bool digits = false;
  bool any = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
      digits = true;
      continue;
    }
    const double unit = seconds_of_unit(c);
    if (unit == 0 || !digits) return std::nullopt;
    seconds += number * unit;
    number = 0;
    digits = false;
    any = true;
  }
  if (!any || digits || seconds > kOldest) return std::nullopt;
  return base::duration_from_seconds(seconds);
}

std::optional<base::Duration> age_in(std::string_view text) {
  const std::size_t ago = text.find(" ago");
  if (ago != std::string_view::npos) {
    const std::string_view before = text.substr(0, ago);
    const std::size_t start = before.find_last_of(" (");
    return parse_age(start == std::string_view::npos ? before : before.substr(start + 1));
  }
  return parse_age(first_word(base::trim(text)));
}

std::string rfc3339_of_describe_time(std::string_view value) {
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto words = base::split_words(value);
  if (words.size() < 6 || !words[0].ends_with(',')) return {};
  const auto month = std::find(kMonths.begin(), kMonths.end(), words[2]);
  if (month == kMonths.end()) return {};
  return fmt::format("{}-{:02}-{:0>2}T{}{}", words[3], month - kMonths.begin() + 1, words[1], words[4],
                     words[5]);
}

}  // namespace midwatch::clients::kubernetes

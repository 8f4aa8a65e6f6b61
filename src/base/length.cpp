#include "src/base/length.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace midwatch::base {

std::optional<Duration> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    double seconds;
  };
  static constexpr std::array<Unit, 5> kUnits{
      {{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}};
  constexpr double kMostSeconds = 250 * 365.0 * 86400;  // a Duration holds 292 years
  double total = 0;
  bool first = true;
  do {
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                    [&](const Unit& known) { return text.starts_with(known.name); });
    const bool bare = first && text.empty();
    if (unit == kUnits.end() && !bare) return std::nullopt;
    if (bare) {
      total = number;
    } else {
      total += number * unit->seconds;
      text.remove_prefix(unit->name.size());
    }
    if (!(total <= kMostSeconds)) return std::nullopt;
    first = false;
  } while (!text.empty());
  return duration_from_seconds(total);
}

}  // namespace midwatch::base

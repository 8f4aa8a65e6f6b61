#include "src/base/quantity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace midwatch::base {
namespace {

std::string scaled_bytes(double value) {
  static constexpr std::array<std::string_view, 6> kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (std::abs(value) >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{} {}", format_number(value), kUnits[unit]);
}

std::string scaled_seconds(double value) {
  const double size = std::abs(value);
  if (size == 0 || size >= 1) return format_number(value) + " s";
  if (size >= 1e-3) return format_number(value * 1e3) + " ms";
  return format_number(value * 1e6) + " µs";
}

/// Units that are so many of a scaled one. What a rate is divided by stays behind it.
struct Multiple {
  std::string_view unit;
  double factor;
};
constexpr std::array<Multiple, 7> kBytes{{{"By", 1},
                                          {"kBy", 1e3},
                                          {"MBy", 1e6},
                                          {"GBy", 1e9},
                                          {"KiBy", 1024.0},
                                          {"MiBy", 1024.0 * 1024},
                                          {"GiBy", 1024.0 * 1024 * 1024}}};
constexpr std::array<Multiple, 4> kSeconds{{{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}}};

template <class Units>
const Multiple* multiple_of(const Units& units, std::string_view unit) {
  const auto at = std::find_if(units.begin(), units.end(), [&](const Multiple& m) { return m.unit == unit; });
  return at == units.end() ? nullptr : &*at;
}

}  // namespace

std::string format_number(double value) {
  if (std::isnan(value)) return "n/a";
  if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size >= 1e15 || size < 1e-3) return fmt::format("{:.3g}", value);
  const int digits_before_point = static_cast<int>(std::floor(std::log10(size))) + 1;
  const int decimals = digits_before_point >= 3 ? 0 : 3 - digits_before_point;
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

double round_significant(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return 0;
  const double scale = std::pow(10.0, digits - std::ceil(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

std::string format_quantity(double value, std::string_view unit) {
  const std::size_t slash = std::min(unit.find('/'), unit.size());
  const std::string_view per = unit.substr(slash);
  if (const auto* m = multiple_of(kBytes, unit.substr(0, slash)))
    return scaled_bytes(value * m->factor).append(per);
  if (const auto* m = multiple_of(kSeconds, unit.substr(0, slash)))
    return scaled_seconds(value * m->factor).append(per);
  if (unit == "%") return format_number(value) + "%";
  if (unit.empty() || unit == "1") return format_number(value);
  if (unit.size() > 2 && unit.front() == '{' && unit.back() == '}') unit = unit.substr(1, unit.size() - 2);
  return fmt::format("{} {}", format_number(value), unit);
}

std::string group_digits(std::string text) {
  constexpr std::size_t kFewest = 5;  // "1,200" is no easier to read than "1200"
  constexpr std::size_t kGroup = 3;
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", start), text.size());
  const bool number = end == text.size() || text[end] == ' ' || text[end] == '.' || text[end] == '%';
  if (!number || end - start < kFewest) return text;
  for (std::size_t at = end; at > start + kGroup;) text.insert(at -= kGroup, 1, ',');
  return text;
}

}  // namespace midwatch::base

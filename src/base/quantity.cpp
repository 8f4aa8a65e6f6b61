#include "src/base/quantity.h"

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
  if (unit == "By") return scaled_bytes(value);
  if (unit == "s") return scaled_seconds(value);
  if (unit == "ms") return scaled_seconds(value / 1e3);
  if (unit == "%") return format_number(value) + "%";
  if (unit.empty() || unit == "1") return format_number(value);
  return fmt::format("{} {}", format_number(value), unit);
}

}  // namespace midwatch::base

#include "src/intake/trace_parent.h"

#include <array>

#include <fmt/format.h>

#include "src/base/ascii.h"

namespace midwatch::intake {
namespace {

/// Digits of version, trace, span and flags.
constexpr std::array<std::size_t, 4> kDigits{2, 32, 16, 2};
constexpr std::string_view kInvalidVersion = "ff";
constexpr std::string_view kFirstVersion = "00";

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::optional<TraceParent> read_trace_parent(std::string_view header) {
  std::array<std::string_view, kDigits.size()> parts;
  std::string_view rest = base::trim(header);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && !rest.starts_with('-')) return std::nullopt;
    if (i > 0) rest.remove_prefix(1);
    if (rest.size() < kDigits[i]) return std::nullopt;
    parts[i] = rest.substr(0, kDigits[i]);
    rest.remove_prefix(kDigits[i]);
    if (!is_hex(parts[i])) return std::nullopt;
  }
  const auto [version, trace, span, flags] = parts;
  // Later versions may say more after what this one knows.
  const bool ends = rest.empty() || (version != kFirstVersion && rest.starts_with('-'));
  if (!ends || version == kInvalidVersion || is_zero(trace) || is_zero(span)) return std::nullopt;
  return TraceParent{std::string(trace), std::string(span)};
}

std::string to_string(const TraceParent& parent) {
  return fmt::format("00-{}-{}-00", parent.trace, parent.span);
}

}  // namespace midwatch::intake

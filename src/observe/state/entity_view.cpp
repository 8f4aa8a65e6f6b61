#include "src/observe/state/entity_view.h"

#include <cmath>

#include <fmt/format.h>

namespace midwatch::observe::state {
namespace {

/// Clocks of machines and of who exported the records may differ by so much.
constexpr base::Duration kClockDifference = std::chrono::minutes(10);

}  // namespace

std::optional<base::Timestamp> EntityView::time(std::string_view path) const {
  const std::string_view text = get(path);
  return text.empty() ? std::nullopt : base::parse_timestamp(text);
}

std::vector<std::string> EntityView::names_below(std::string_view prefix) const {
  std::vector<std::string> names;
  for (const auto* entry : entity_.attributes.with_prefix(prefix)) {
    const std::string_view rest = std::string_view(entry->first).substr(prefix.size());
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) continue;
    std::string name(rest.substr(0, dot));
    if (names.empty() || names.back() != name) names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> EntityView::containers() const {
  return names_below("container.");
}

std::optional<base::Duration> EntityView::ago(std::string_view path) const {
  const auto then = time(path);
  if (!then || !now_ || *then > *now_ + kClockDifference) return std::nullopt;
  return std::max(base::Duration{}, *now_ - *then);
}

bool EntityView::is_starting() const {
  for (const char* path : {"platform.started", "platform.created"}) {
    if (const auto age = ago(path)) return *age < kStarting;
  }
  return false;
}

std::string memory_words(double bytes) {
  constexpr std::pair<double, const char*> kUnits[] = {
      {1024.0 * 1024 * 1024, "Gi"}, {1024.0 * 1024, "Mi"}, {1024.0, "Ki"}};
  for (const auto& [size, unit] : kUnits) {
    if (bytes >= size && std::fmod(bytes, size) == 0) return fmt::format("{:.0f}{}", bytes / size, unit);
  }
  if (bytes >= kUnits[1].first) return fmt::format("{:.0f}Mi", bytes / kUnits[1].first);
  return fmt::format("{:.0f}", bytes);
}

std::string cpu_words(double cores) {
  return std::fmod(cores, 1.0) == 0 ? fmt::format("{:.0f}", cores) : fmt::format("{:.0f}m", cores * 1000);
}

}  // namespace midwatch::observe::state

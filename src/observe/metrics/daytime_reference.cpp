#include "src/observe/metrics/daytime_reference.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

namespace midwatch::observe::metrics {
namespace {

using base::Duration;
using telemetry::MetricPoint;

constexpr Duration kDay = std::chrono::hours(24);
constexpr Duration kWeek = 7 * kDay;
/// Days are not alike to the minute.
constexpr Duration kMargin = std::chrono::minutes(30);
/// Fewer cycles than this make no habit: of two, one may have been the incident.
constexpr int kLeastCycles = 3;
/// A cycle with under half of the points of the fullest one was seen in part.
constexpr std::size_t kFullShare = 2;
/// Fewer points than this say little of the ordinary range's ends.
constexpr std::size_t kLeastPoints = 12;

/// The points whose place in a cycle is within `focus`; none where there are too few of them or too few
/// cycles.
std::vector<MetricPoint> same_phase(const std::vector<MetricPoint>& reference, base::TimeRange focus,
                                    Duration cycle) {
  std::vector<MetricPoint> same;
  if (focus.length() >= cycle) return same;
  std::map<std::int64_t, std::size_t> of_cycle;
  for (const MetricPoint& point : reference) {
    // How long after the beginning of the focus it would be, were it moved there by whole cycles.
    Duration after = (point.time - focus.start) % cycle;
    if (after < Duration::zero()) after += cycle;
    if (after >= focus.length()) continue;
    same.push_back(point);
    ++of_cycle[(point.time - focus.start - after) / cycle];
  }
  std::size_t fullest = 0;
  for (const auto& [number, points] : of_cycle) fullest = std::max(fullest, points);
  const auto cycles = std::count_if(of_cycle.begin(), of_cycle.end(),
                                    [&](const auto& c) { return kFullShare * c.second >= fullest; });
  if (cycles < kLeastCycles || same.size() < kLeastPoints) same.clear();
  return same;
}

}  // namespace

std::vector<MetricPoint> of_same_daytime(std::vector<MetricPoint> reference, base::TimeRange focus) {
  const base::TimeRange wide{focus.start - kMargin, focus.end + kMargin};
  for (const Duration cycle : {kWeek, kDay}) {
    auto same = same_phase(reference, wide, cycle);
    if (!same.empty()) return same;
  }
  return reference;
}

}  // namespace midwatch::observe::metrics

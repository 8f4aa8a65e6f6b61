#include "src/sandbox/world/history.h"

#include <algorithm>

namespace midwatch::sandbox::world {
namespace {

/// Enough for a p99 that is right to a few per cent.
constexpr std::size_t kKeptSamples = 120;

}  // namespace

void Metrics::add(const MetricId& id, base::Timestamp minute, double value, double count) {
  MetricPoint& point = courses_[id][minute];
  point.min = point.count == 0 ? value : std::min(point.min, value);
  point.max = point.count == 0 ? value : std::max(point.max, value);
  point.sum += value * count;
  point.count += count;
  if (point.samples.size() < kKeptSamples) point.samples.push_back(static_cast<float>(value));
}

const MetricCourse* Metrics::find(const MetricId& id) const {
  const auto found = courses_.find(id);
  return found == courses_.end() ? nullptr : &found->second;
}

void Metrics::forget(const std::string& name_space) {
  std::erase_if(courses_, [&](const auto& course) { return course.first.name_space == name_space; });
}

}  // namespace midwatch::sandbox::world

#include "src/connectors/bundle/series_builder.h"

#include <algorithm>

namespace midwatch::connectors::bundle {
namespace {

using telemetry::MetricPoint;

/// From this size on, storage grows by a quarter instead of doubling: many series are half full at a time.
constexpr std::size_t kDoublingUpTo = 1024;

}  // namespace

void SeriesBuilder::push(MetricPoint point) {
  auto& points = series_.points;
  if (points.size() == points.capacity() && points.size() >= kDoublingUpTo)
    points.reserve(points.size() + points.size() / 4);
  points.push_back(point);
}

void SeriesBuilder::add(MetricPoint point) {
  if (stride_ == 1) {
    push(point);
    return;
  }
  if (waiting_ == 0) sum_ = {point.time, 0};
  sum_.value += point.value / static_cast<double>(stride_);
  if (++waiting_ == stride_) {
    push(sum_);
    waiting_ = 0;
  }
}

/// Sorts by time and keeps the last added of equal times; returns how many others had another value.
std::uint64_t SeriesBuilder::sort_and_unite() {
  auto& points = series_.points;
  const auto earlier = [](const MetricPoint& a, const MetricPoint& b) { return a.time < b.time; };
  if (!std::is_sorted(points.begin(), points.end(), earlier))
    std::stable_sort(points.begin(), points.end(), earlier);
  std::uint64_t replaced = 0;
  std::size_t kept = 0;
  for (const MetricPoint& point : points) {
    if (kept > 0 && points[kept - 1].time == point.time) {
      replaced += points[kept - 1].value != point.value ? 1 : 0;
      points[kept - 1] = point;
    } else {
      points[kept++] = point;
    }
  }
  points.resize(kept);
  return replaced;
}

void SeriesBuilder::halve() {
  replaced_ += sort_and_unite();
  auto& points = series_.points;
  std::size_t kept = 0;
  for (std::size_t i = 0; i + 1 < points.size(); i += 2)
    points[kept++] = {points[i].time, points[i].value / 2 + points[i + 1].value / 2};
  if (points.size() % 2 == 1) points[kept++] = points.back();
  points.resize(kept);
  points.shrink_to_fit();
  stride_ *= 2;
}

telemetry::MetricSeries SeriesBuilder::finish(std::uint64_t& replaced) {
  if (waiting_ > 0)
    push({sum_.time, sum_.value * static_cast<double>(stride_) / static_cast<double>(waiting_)});
  replaced += replaced_ + sort_and_unite();
  series_.points.shrink_to_fit();
  return std::move(series_);
}

}  // namespace midwatch::connectors::bundle

#include "src/observe/series/recent_values.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace midwatch::observe::series {

void RecentValues::add(double value) {
  twice_[next_] = value;
  twice_[next_ + capacity_] = value;
  next_ = (next_ + 1) % capacity_;
  size_ = std::min(size_ + 1, capacity_);
}

std::span<const double> RecentValues::last(std::size_t count, std::size_t skip) const {
  return std::span<const double>(twice_).subspan(next_ + capacity_ - skip - count, count);
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double spread_of(std::span<const double> values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace midwatch::observe::series

#include "src/observe/traces/log_histogram.h"

#include <algorithm>
#include <cmath>

namespace midwatch::observe::traces {
namespace {

constexpr double kFloorSeconds = 1e-6;  // what clocks of spans resolve
constexpr double kCeilingSeconds = 1e7;
constexpr double kGrowth = 0.0198026273;  // ln(1.02)

std::int16_t bin_of(double seconds) {
  const double clamped = std::clamp(seconds, kFloorSeconds, kCeilingSeconds);
  return static_cast<std::int16_t>(std::lround(std::log(clamped / kFloorSeconds) / kGrowth));
}

double value_of(std::int16_t bin) {
  return kFloorSeconds * std::exp(bin * kGrowth);
}

}  // namespace

void LogHistogram::add(double seconds) {
  if (!(seconds >= 0)) return;
  bins_[bin_of(seconds)] += 1;
  count_ += 1;
  sum_ += seconds;
}

double LogHistogram::quantile(double q) const {
  double before = 0;
  for (const auto& [bin, n] : bins_) {
    before += n;
    if (before >= q * count_) return value_of(bin);
  }
  return bins_.empty() ? 0 : value_of(bins_.rbegin()->first);
}

double LogHistogram::mean_log() const {
  double sum = 0;
  for (const auto& [bin, n] : bins_) sum += n * std::log(value_of(bin));
  return count_ > 0 ? sum / count_ : 0;
}

LogHistogram::Comparison LogHistogram::compare(const LogHistogram& other) const {
  const double n = count_;
  const double m = other.count_;
  if (n < 1 || m < 1) return {};
  // Walk both ordered bin lists at once: pairs won and pairs tied by `other`.
  double won = 0;
  double below = 0;
  double tie_term = 0;
  auto a = bins_.begin();
  auto b = other.bins_.begin();
  while (a != bins_.end() || b != other.bins_.end()) {
    const std::int16_t bin = a == bins_.end()         ? b->first
                             : b == other.bins_.end() ? a->first
                                                      : std::min(a->first, b->first);
    const double of_a = a != bins_.end() && a->first == bin ? (a++)->second : 0;
    const double of_b = b != other.bins_.end() && b->first == bin ? (b++)->second : 0;
    won += of_b * (below + of_a / 2);
    below += of_a;
    const double tied = of_a + of_b;
    tie_term += tied * tied * tied - tied;
  }
  const double total = n + m;
  const double variance = n * m / 12 * (total + 1 - tie_term / std::max(1.0, total * (total - 1)));
  Comparison result;
  result.probability = won / (n * m);
  result.z = variance > 0 ? (won - n * m / 2) / std::sqrt(variance) : 0;
  return result;
}

void LogHistogram::merge(const LogHistogram& other, double weight) {
  for (const auto& [bin, n] : other.bins_) bins_[bin] += n * weight;
  count_ += other.count_ * weight;
  sum_ += other.sum_ * weight;
}

}  // namespace midwatch::observe::traces

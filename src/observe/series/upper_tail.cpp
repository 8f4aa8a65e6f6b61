#include "src/observe/series/upper_tail.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

namespace midwatch::observe::series {
namespace {

/// With fewer values than this a tail is not known: the first hundredth of it has not been seen.
constexpr std::uint64_t kLeastHistory = 100;
/// The share of the values that counts as tail, as in Siffer et al.
constexpr double kTailShare = 0.02;
constexpr std::size_t kLeastExcesses = 4;
/// The method of moments has no solution at and beyond a shape of one half; the limit only guards rounding.
constexpr double kHeaviestShape = 0.9;

}  // namespace

std::size_t UpperTail::excesses() const {
  const auto wanted = static_cast<std::size_t>(kTailShare * static_cast<double>(seen_));
  return std::min(kept_ - 1, std::max(kLeastExcesses, wanted));
}

void UpperTail::fit() {
  fitted_ = excesses();
  threshold_ = largest_[fitted_];
  const auto n = static_cast<double>(fitted_);
  const std::span<const double> beyond(largest_.data(), fitted_);
  double mean = 0;
  for (const double v : beyond) mean += (v - threshold_) / n;
  double variance = 0;
  for (const double v : beyond) variance += (v - threshold_ - mean) * (v - threshold_ - mean) / (n - 1);
  const double by_moments = variance > 0 ? 0.5 * (1 - mean * mean / variance) : 0;
  shape_ = std::clamp(by_moments, 1 / n, kHeaviestShape);
  scale_ = mean * (1 - shape_);
}

double UpperTail::surprise(double value) const {
  if (seen_ < kLeastHistory || fitted_ == 0 || value <= threshold_) return 0;
  const double seen = static_cast<double>(seen_);
  // All of the tail was one value, and this is larger: a tenth of what the history could have shown.
  if (scale_ <= 0) return std::min(kMostSurprise, std::log10(seen) + 1);
  const double of_threshold = std::log10(seen / static_cast<double>(fitted_));
  const double beyond = std::log10(1 + shape_ * (value - threshold_) / scale_) / shape_;
  return std::min(kMostSurprise, of_threshold + beyond);
}

void UpperTail::add(double value) {
  ++seen_;
  const bool is_large = kept_ < kKept || value > largest_.back();
  if (is_large) {
    if (kept_ < kKept) ++kept_;
    const auto end = largest_.begin() + static_cast<std::ptrdiff_t>(kept_ - 1);
    const auto at = std::upper_bound(largest_.begin(), end, value, std::greater<>());
    std::move_backward(at, end, end + 1);
    *at = value;
  }
  if (kept_ > kLeastExcesses && (is_large || excesses() != fitted_)) fit();
}

}  // namespace midwatch::observe::series

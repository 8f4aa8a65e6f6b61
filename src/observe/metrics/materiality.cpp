#include "src/observe/metrics/materiality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace midwatch::observe::metrics {
namespace {

/// An amount of this share of the whole counts half.
constexpr double kHalfMaterial = 0.05;

bool is_amount(std::string_view quantity) {
  static constexpr std::array<std::string_view, 5> kAmounts{"cpu", "memory", "network_io", "disk_io",
                                                            "requests"};
  return std::find(kAmounts.begin(), kAmounts.end(), quantity) != kAmounts.end();
}

}  // namespace

double materiality(const PreparedSeries& p, double value) {
  if (!is_amount(p.meaning.quantity)) return 1;
  const double whole = p.meaning.limit.value_or(p.peers_largest);
  const double amount = std::max(std::abs(value), std::abs(p.ordinary.middle));
  if (whole <= 0 || amount <= 0) return 1;
  const double share = amount / whole;
  return std::min(1.0, (1 + kHalfMaterial) * share / (share + kHalfMaterial));
}

}  // namespace midwatch::observe::metrics

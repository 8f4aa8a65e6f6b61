#include "src/observe/metrics/saturation.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "src/observe/metrics/metric_fact.h"

namespace midwatch::observe::metrics {
namespace {

/// An amount this close to its limit is saturated.
constexpr double kSaturatedShare = 0.95;
/// Far above the limit the limit is not what limits: the unit was misread, or bursts are allowed.
constexpr double kImplausibleShare = 1.5;
/// Free space below this share of what there used to be is used up.
constexpr double kExhaustedShare = 0.05;
/// Being at a limit is a fact; that it harms is not.
constexpr double kSaturatedStrength = 0.9;

bool can_run_out(std::string_view quantity) {
  static constexpr std::array<std::string_view, 6> kResources{"cpu",         "memory",  "disk_space",
                                                              "connections", "threads", "disk_io"};
  return std::find(kResources.begin(), kResources.end(), quantity) != kResources.end();
}

/// The value from which on (or, for a free amount, down to which) the resource is used up; none without a
/// limit.
std::optional<double> edge_of(const PreparedSeries& p, bool is_free_amount) {
  if (is_free_amount) {
    if (p.ordinary.highest <= 0) return std::nullopt;
    return kExhaustedShare * p.ordinary.highest;
  }
  if (!p.meaning.limit || *p.meaning.limit <= 0) return std::nullopt;
  return kSaturatedShare * *p.meaning.limit;
}

}  // namespace

std::optional<model::Observation> observe_saturation(const PreparedSeries& p) {
  if (!can_run_out(p.meaning.quantity)) return std::nullopt;
  const bool is_free_amount = p.meaning.bad == knowledge::BadWay::kDown;
  const auto edge = edge_of(p, is_free_amount);
  if (!edge) return std::nullopt;
  const auto is_used_up = [&](double value) { return is_free_amount ? value <= *edge : value >= *edge; };
  const double last = p.focus.back().value;
  if (!is_used_up(last)) return std::nullopt;
  if (!is_free_amount && last > kImplausibleShare * *p.meaning.limit) return std::nullopt;
  model::Observation o = metric_fact(p, "saturated", kSaturatedStrength);
  set_value(p, o, last);
  const auto free = std::find_if_not(p.focus.rbegin(), p.focus.rend(),
                                     [&](const auto& point) { return is_used_up(point.value); });
  set_onset(p, o, static_cast<std::size_t>(p.focus.rend() - free));
  return o;
}

}  // namespace midwatch::observe::metrics

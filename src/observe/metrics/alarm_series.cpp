#include "src/observe/metrics/alarm_series.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/observe/metrics/excursion.h"
#include "src/observe/metrics/strength.h"

namespace midwatch::observe::metrics {
namespace {

using base::Timestamp;

/// An effect this small a share of the alarm's counts half; latency adds up along a call, and so do failures.
constexpr double kHalfShare = 0.15;
/// What is left of the weight of a deviation that does not go with the alarm at all: causes may come first.
constexpr double kUnrelated = 0.3;
/// The factor of a series with too few points in the alarm's time to say whether it goes with it.
constexpr double kHardlyMeasured = 0.6;
constexpr std::size_t kLeastShared = 3;
/// The alarm's series tells something about the others when it is this surely out of the ordinary itself.
constexpr double kTellingAlarm = 0.2;

bool is_alarmed(const telemetry::Alarm& alarm, const telemetry::MetricKey& key) {
  if (alarm.entity.empty() || alarm.metric.empty() || key.entity != alarm.entity) return false;
  return key.metric == alarm.metric ||
         knowledge::name_words(key.metric) == knowledge::name_words(alarm.metric);
}

/// What a series has beyond its level of before, one way, by time; in the unit of the series.
std::vector<std::pair<Timestamp, double>> excess_of(const PreparedSeries& p, int way) {
  const double level = p.level_before.value_or(p.ordinary.middle);
  std::vector<std::pair<Timestamp, double>> excess;
  for (const auto& point : p.focus)
    excess.emplace_back(point.time, std::max(0.0, way * (point.value - level)));
  return excess;
}

bool is_fault(knowledge::BadWay bad, int way) {
  if (bad == knowledge::BadWay::kUp) return way > 0;
  if (bad == knowledge::BadWay::kDown) return way < 0;
  return true;
}

}  // namespace

AlarmSeries::AlarmSeries(const telemetry::Alarm& alarm, const std::vector<PreparedSeries>& prepared) {
  // Where the source has a plain value beside its statistics, an alarm that names no statistic means that.
  const bool plain = std::any_of(prepared.begin(), prepared.end(), [&](const PreparedSeries& p) {
    return is_alarmed(alarm, p.series->key) && p.series->key.stat.empty();
  });
  for (const PreparedSeries& p : prepared) {
    if (!is_alarmed(alarm, p.series->key) || (plain && !p.series->key.stat.empty())) continue;
    assessment_.found = true;
    assessment_.quantity = p.meaning.quantity;
    for (const int way : {1, -1}) {
      if (!is_fault(p.meaning.bad, way)) continue;
      const Excursion e = strongest_excursion(p, way);
      const double strength = strength_of(e.deviation);
      if (strength <= assessment_.strength) continue;
      assessment_.strength = strength;
      assessment_.onset = p.focus[e.first].time;
      assessment_.series = p.series->key;
      alarmed_ = &p;
      way_ = way;
    }
  }
  if (alarmed_ == nullptr || assessment_.strength < kTellingAlarm) return;
  for (const auto& [time, excess] : excess_of(*alarmed_, way_)) excess_.emplace(time, excess);
}

double AlarmSeries::relation(const PreparedSeries& p, int way) const {
  if (excess_.empty() || &p == alarmed_) return 1;
  double common = 0;
  double own = 0;
  double alarm = 0;
  std::size_t points = 0;
  for (const auto& [time, excess] : excess_of(p, way)) {
    const auto at = excess_.find(time);
    if (at == excess_.end()) continue;
    ++points;
    common += excess * at->second;
    own += excess * excess;
    alarm += at->second * at->second;
  }
  if (own <= 0 || alarm <= 0) return 1;
  if (points < kLeastShared) return kHardlyMeasured;
  const double together = common / std::sqrt(own * alarm);
  double factor = kUnrelated + (1 - kUnrelated) * together * together;
  const bool measures_the_same = p.meaning.quantity == alarmed_->meaning.quantity &&
                                 p.meaning.unit == alarmed_->meaning.unit &&
                                 p.series->key.metric == alarmed_->series->key.metric && way == way_;
  if (measures_the_same) {
    const double share = common / alarm;
    factor *= std::min(1.0, (1 + kHalfShare) * share / (share + kHalfShare));
  }
  return factor;
}

}  // namespace midwatch::observe::metrics

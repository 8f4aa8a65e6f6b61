#include "src/observe/series/streaming_detector.h"

#include <algorithm>
#include <cmath>

namespace midwatch::observe::series {
namespace {

using base::Duration;

/// Larger values overflow where they are squared; no measurement reaches this.
constexpr double kLargestValue = 1e100;
/// A root mean square of two decades of surprise scores one half.
constexpr double kHalfSurprise = 2;
/// Neighbouring points err alike, so a quarter of an hour is as fine as a habit is looked for.
constexpr Duration kSlot = std::chrono::minutes(15);
/// Three days make a habit of a time of the day; of the week, two already span a month's quarter.
constexpr SeasonalLevel::Shape kDay{std::chrono::hours(24), kSlot, 3, 30};
constexpr SeasonalLevel::Shape kWeek{std::chrono::hours(7 * 24), kSlot, 2, 8};
/// A habit is left for good only over several rows.
constexpr std::size_t kSmoothedResiduals = 12;

}  // namespace

StreamingDetector::StreamingDetector()
    : recent_(2 * kLengths.back()),
      seasons_{Season{kDay.cycle, SeasonalLevel(kDay), RecentValues(kSmoothedResiduals), std::nullopt},
               Season{kWeek.cycle, SeasonalLevel(kWeek), RecentValues(kSmoothedResiduals), std::nullopt}},
      statistics_(kStatistics) {}

void StreamingDetector::learn(Statistic& statistic, double value) {
  statistic.high.add(value);
  statistic.low.add(-value);
}

void StreamingDetector::judge(Statistic& statistic, double value) {
  const double surprise = std::max(statistic.high.surprise(value), statistic.low.surprise(-value));
  squares_ += surprise * surprise;
  learn(statistic, value);
}

void StreamingDetector::judge_windows() {
  const double value = recent_.last(1).front();
  judge(statistics_[0], value);
  if (recent_.size() >= 2) judge(statistics_[1], value - recent_.last(1, 1).front());
  std::size_t at = 2;
  for (const std::size_t length : kLengths) {
    if (recent_.size() >= length) {
      const auto window = recent_.last(length);
      const double level = mean_of(window);
      judge(statistics_[at], level);
      judge(statistics_[at + 1], spread_of(window));
      if (recent_.size() > length) judge(statistics_[at + 2], value - recent_.last(1, length).front());
      if (recent_.size() >= 2 * length)
        judge(statistics_[at + 3], level - mean_of(recent_.last(length, length)));
    }
    at += 4;
  }
}

void StreamingDetector::judge_seasons(base::Timestamp time, double value) {
  std::size_t at = kStatistics - 2 * kSeasons;
  for (Season& season : seasons_) {
    if (const auto ordinary = season.level.ordinary_at(time)) {
      if (!season.since) season.since = time;
      // How far values stray from a habit is known once a whole cycle has been compared with it.
      const bool is_known = time - *season.since >= season.cycle;
      const auto note = [&](Statistic& statistic, double residual) {
        is_known ? judge(statistic, residual) : learn(statistic, residual);
      };
      season.residuals.add(value - *ordinary);
      note(statistics_[at], value - *ordinary);
      if (season.residuals.size() == kSmoothedResiduals)
        note(statistics_[at + 1], mean_of(season.residuals.last(kSmoothedResiduals)));
    }
    season.level.add(time, value);
    at += 2;
  }
}

double StreamingDetector::score(base::Timestamp time, double value) {
  if (!std::isfinite(value) || (newest_ && time < *newest_)) return 0;
  newest_ = time;
  value = std::clamp(value, -kLargestValue, kLargestValue);
  recent_.add(value);
  squares_ = 0;
  judge_windows();
  judge_seasons(time, value);
  const double surprise = std::sqrt(squares_ / (2 * static_cast<double>(kStatistics)));
  return announced_.news(surprise / (surprise + kHalfSurprise));
}

}  // namespace midwatch::observe::series

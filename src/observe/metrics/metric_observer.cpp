#include "src/observe/metrics/metric_observer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/observe/metrics/series_evidence.h"
#include "src/observe/series/robust.h"

namespace midwatch::observe::metrics {
namespace {

using base::Duration;
using base::TimeRange;
using base::Timestamp;
using knowledge::MetricMeaning;
using telemetry::MetricKey;
using telemetry::MetricPoint;
using telemetry::MetricSeries;

/// Half of all observers would call this many tail scales out of the ordinary; one more or less decides.
constexpr double kDoubtfulDeviation = 4.2;
constexpr double kDoubtWidth = 0.8;
/// Weaker than this is not worth an observation.
constexpr double kLeastStrength = 0.05;
/// A change below 3 % of the level is ordinary for any quantity, percentages aside.
constexpr double kRelativeFloor = 0.03;
/// The least change of a percentage in points: half a point with few reference points; less with many,
/// because a percentage that never moved in hundreds of points does not move by chance.
constexpr double kPercentFloorMany = 0.15;
constexpr double kPercentFloorFew = 0.5;
constexpr double kManyPoints = 20.0;
/// A series' own spread counts against that of the same metric elsewhere as if the latter had this many
/// points.
constexpr double kPooledPoints = 5.0;
/// References with fewer points than this are few: what they never showed may still be ordinary.
constexpr double kFewPoints = 12.0;
/// A baseline that ended this long before the window is another day's: levels may have drifted since.
constexpr Duration kAnotherDay = std::chrono::hours(12);
/// What a level that was there before the alarm keeps of its weight when the baseline is another day's.
constexpr double kDriftShare = 0.25;
/// The share of a movement that counts although the baseline has seen such levels.
constexpr double kUndone = 0.5;
/// How far around the alarm a window is looked at; longer windows hold other days' noise.
constexpr Duration kAroundAlarm = std::chrono::minutes(30);
/// A percentage this close to its limit is saturated.
constexpr double kSaturatedShare = 0.95;
/// Free space below this share of what there used to be is used up.
constexpr double kExhaustedShare = 0.05;
/// An effect this small a share of the alarm's counts half; latency adds up along a call, and so do failures.
constexpr double kHalfShare = 0.15;
/// An amount of this share of the whole counts half.
constexpr double kHalfMaterial = 0.05;
/// What is left of the weight of a deviation that does not go with the alarm at all: causes may come first.
constexpr double kUnrelated = 0.3;
/// The factor of a series with too few points in the alarm's time to say whether it goes with it.
constexpr double kHardlyMeasured = 0.6;
/// The alarm's series tells something about the others when it is this surely out of the ordinary itself.
constexpr double kTellingAlarm = 0.2;
constexpr std::size_t kLeastTrendPoints = 6;
constexpr double kTrendMonotony = 0.7;
constexpr std::size_t kLeastReference = 2;

double strength_of(double deviation) {
  return 1.0 / (1.0 + std::exp((kDoubtfulDeviation - std::abs(deviation)) / kDoubtWidth));
}

std::string pool_name(const MetricKey& key) {
  std::string name = key.metric + '\x1f' + key.stat;
  for (const auto& [dimension, value] : key.dimensions) name += '\x1f' + dimension;
  return name;
}

/// A series without its statistic.
std::string series_name(const MetricKey& key) {
  std::string name = key.metric;
  for (const auto& [dimension, value] : key.dimensions) name += '\x1f' + dimension + '=' + value;
  return name;
}

/// The rate per second of a running total; a fall is a restart of the count.
std::vector<MetricPoint> rates_of(const std::vector<MetricPoint>& totals) {
  std::vector<MetricPoint> rates;
  for (std::size_t i = 1; i < totals.size(); ++i) {
    const double seconds = base::to_seconds(totals[i].time - totals[i - 1].time);
    const double grown = totals[i].value - totals[i - 1].value;
    rates.push_back({totals[i].time, (grown >= 0 ? grown : totals[i].value) / seconds});
  }
  return rates;
}

/// The usual distance of a series' points.
Duration usual_interval(const std::vector<MetricPoint>& points) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < points.size(); ++i)
    gaps.push_back(base::to_seconds(points[i].time - points[i - 1].time));
  return gaps.empty() ? Duration::zero() : base::duration_from_seconds(series::median_of(gaps));
}

/// One series prepared: what is ordinary, what there was just before, and what is asked about.
struct Prepared {
  const MetricSeries* series = nullptr;
  MetricMeaning meaning;
  std::vector<MetricPoint> points;  ///< of the incident, as rates for a counter
  std::vector<MetricPoint> focus;
  std::vector<double> before;  ///< just before the alarm, where that says something beside the baseline
  series::Ordinary ordinary;
  double floor = 0;
  double reference_interval = 0;  ///< seconds of reference time a point of it stands for; 0 unknown
  Duration interval{};
};

struct Excursion {
  double deviation = 0;  ///< signed
  double value = 0;
  bool brief = false;
  std::size_t first = 0;  ///< into focus
};

class Observer {
 public:
  Observer(const telemetry::IncidentScope& scope, const knowledge::KnowledgeBase& knowledge)
      : scope_(scope), knowledge_(knowledge) {}

  MetricFindings run(const std::vector<MetricSeries>& incident, const std::vector<MetricSeries>& baseline) {
    prepare(incident, baseline);
    borrow_spread();
    assess_alarm();
    for (const Prepared& p : prepared_) observe(p);
    find_gone(incident, baseline);
    keep_strongest_statistic();
    std::stable_sort(out_.observations.begin(), out_.observations.end(), [](const auto& a, const auto& b) {
      return std::tie(a.entity, a.subject, a.type) < std::tie(b.entity, b.subject, b.type);
    });
    return std::move(out_);
  }

 private:
  /// The time that is asked about: the window, cut to what lies around the alarm.
  TimeRange focus_of(Duration interval) const {
    TimeRange focus = scope_.window;
    if (!scope_.alarm.time) return focus;
    const Duration reach = std::max(kAroundAlarm, 6 * interval);
    focus.start = std::max(focus.start, *scope_.alarm.time - reach);
    focus.end = std::min(focus.end, *scope_.alarm.time + reach);
    return focus.empty() ? scope_.window : focus;
  }

  void prepare(const std::vector<MetricSeries>& incident, const std::vector<MetricSeries>& baseline) {
    std::map<MetricKey, const MetricSeries*> references;
    for (const auto& s : baseline) references.emplace(s.key, &s);
    for (const MetricSeries& s : incident) {
      Prepared p;
      p.series = &s;
      p.meaning = knowledge::metric_meaning(s.key, knowledge_.metric_rules);
      p.points = p.meaning.counter ? rates_of(s.points) : s.points;
      p.interval = scope_.interval.value_or(usual_interval(p.points));
      const TimeRange focus = focus_of(p.interval);
      for (const MetricPoint& point : p.points) {
        if (focus.contains(point.time)) p.focus.push_back(point);
      }
      std::vector<double> reference;
      const auto at = references.find(s.key);
      if (at != references.end()) {
        for (const auto& point : p.meaning.counter ? rates_of(at->second->points) : at->second->points)
          reference.push_back(point.value);
      }
      collect_inside(p, focus, reference);
      if (reference.size() < kLeastReference || p.focus.empty()) continue;
      p.ordinary = series::ordinary_of(std::move(reference));
      prepared_.push_back(std::move(p));
    }
  }

  /// The reference that lies in the incident's own series: a named baseline, or the time before.
  void collect_inside(Prepared& p, TimeRange focus, std::vector<double>& reference) const {
    const bool separate = !reference.empty();
    const Timestamp quiet_until = scope_.alarm.time ? *scope_.alarm.time - p.interval : scope_.window.start;
    std::vector<double> before;
    for (const MetricPoint& point : p.points) {
      if (separate ? point.time + p.interval <= quiet_until + p.interval / 2 : point.time < focus.start)
        before.push_back(point.value);
      if (!separate && scope_.baseline && scope_.baseline->contains(point.time))
        reference.push_back(point.value);
    }
    const bool drifts = separate && scope_.baseline &&
                        (scope_.window.start - scope_.baseline->end > kAnotherDay ||
                         scope_.baseline->start - scope_.window.end > kAnotherDay);
    if (drifts) p.before = before;
    if (separate || reference.size() >= kLeastReference) return;
    reference = before;
    if (reference.size() >= kLeastReference) return;
    // Nothing before the window: the window's own quiet part is what there is.
    reference.clear();
    std::vector<MetricPoint> rest;
    for (const MetricPoint& point : p.focus) {
      if (point.time < quiet_until) {
        reference.push_back(point.value);
      } else {
        rest.push_back(point);
      }
    }
    if (reference.size() >= kLeastReference) {
      p.focus = std::move(rest);
      return;
    }
    split_in_itself(p, reference);
  }

  /// No time is known to be quiet: the first quarter of the series stands for it.
  static void split_in_itself(Prepared& p, std::vector<double>& reference) {
    reference.clear();
    if (p.points.size() < 2 * kLeastTrendPoints) return;
    const std::size_t quarter = p.points.size() / 4;
    for (std::size_t i = 0; i < quarter; ++i) reference.push_back(p.points[i].value);
    p.focus.assign(p.points.begin() + static_cast<std::ptrdiff_t>(quarter), p.points.end());
  }

  /// The least scale of each series: from its unit, and from the spread of the same metric elsewhere.
  void borrow_spread() {
    std::map<std::string, std::vector<double>> relative;
    std::map<std::string, double> largest;
    for (const Prepared& p : prepared_) {
      const std::string name = pool_name(p.series->key);
      const double level = std::abs(p.ordinary.middle);
      const double spread = (p.ordinary.above + p.ordinary.below) / 2;
      if (level > 0) relative[name].push_back(spread / level);
      for (const auto& point : p.focus) largest[name] = std::max(largest[name], std::abs(point.value));
    }
    largest_ = largest;
    std::map<std::string, double> pooled;
    for (auto& [name, values] : relative) pooled[name] = series::median_of(values);
    for (Prepared& p : prepared_) {
      const std::string name = pool_name(p.series->key);
      const double level = std::abs(p.ordinary.middle);
      const double n = static_cast<double>(p.ordinary.count);
      const double elsewhere = pooled[name] * level;
      const auto shrunk = [&](double own) {
        return std::sqrt((n * own * own + kPooledPoints * elsewhere * elsewhere) / (n + kPooledPoints));
      };
      p.ordinary.above = std::max(p.ordinary.above, shrunk(p.ordinary.above));
      p.ordinary.below = std::max(p.ordinary.below, shrunk(p.ordinary.below));
      p.floor = kRelativeFloor * level;
      if (p.meaning.unit == "%" || p.meaning.quantity == "availability") {
        const double share = std::max(p.ordinary.highest, largest[name]) <= 1.0 ? 0.01 : 1.0;
        const double few = std::min(1.0, kManyPoints / n);
        p.floor = share * (kPercentFloorMany + (kPercentFloorFew - kPercentFloorMany) * few);
      }
      // What was always zero has no scale of its own: a tenth of the most that is seen anywhere is one, more
      // where "always" is only a few points.
      if (level == 0) p.floor = std::max(p.floor, 0.1 * (1 + kFewPoints / n) * largest[name]);
      p.floor = std::max(p.floor, 1e-12);
    }
  }

  /// The deviation of a value, less what had already drifted before the alarm.
  static double deviation_of(const Prepared& p, double value) {
    const double whole = series::deviation(p.ordinary, value, p.floor);
    if (p.before.empty()) return whole;
    std::vector<double> before = p.before;
    const double level = series::median_of(before);
    const double scale = std::max(p.floor, whole > 0 ? p.ordinary.above : p.ordinary.below);
    const double fresh = (value - level) / scale;
    // What moved since before the alarm counts, as far as the baseline agrees; where the level had drifted
    // the other way, half of the movement may only undo that.
    const double supported = std::max(0.0, whole * (fresh > 0 ? 1 : -1)) + kUndone * std::abs(fresh);
    const double agreed = std::copysign(std::min(std::abs(fresh), supported), fresh);
    return agreed + kDriftShare * std::clamp(whole - agreed, -kDoubtfulDeviation, kDoubtfulDeviation);
  }

  /// The strongest two neighbouring points of one way; one alone is brief.
  static Excursion strongest(const Prepared& p, int way) {
    std::vector<double> d;
    for (const auto& point : p.focus) d.push_back(std::max(0.0, way * deviation_of(p, point.value)));
    Excursion best;
    for (std::size_t i = 0; i < d.size(); ++i) {
      const double next = i + 1 < d.size() ? d[i + 1] : 0;
      const double previous = i > 0 ? d[i - 1] : 0;
      const double second = d.size() == 1 ? d[i] / 2 : std::max(next, previous);
      // One point far out counts, but no more than twice its neighbour's say: single samples err.
      const double joint = 0.5 * d[i] + 0.5 * second;
      if (joint > std::abs(best.deviation)) {
        best.deviation = way * joint;
        best.value = p.focus[i].value;
        best.brief = d.size() >= 4 && second < 1.0;
        best.first = i;
      }
    }
    const double enough = std::max(2.5, std::abs(best.deviation) / 3);
    while (best.first > 0 && d[best.first - 1] >= enough) --best.first;
    return best;
  }

  model::Observation make(const Prepared& p, const std::string& way, double strength) const {
    model::Observation o;
    o.entity = p.series->key.entity;
    o.type = fmt::format("metric.{}.{}", p.meaning.quantity, way);
    o.subject = p.series->key.metric;
    if (!p.series->key.stat.empty()) o.subject += " " + p.series->key.stat;
    for (const auto& [name, value] : p.series->key.dimensions)
      o.subject += fmt::format(" {}={}", name, value);
    o.subject = base::printable(o.subject, 200);
    o.strength = strength;
    o.baseline = p.ordinary.middle;
    o.unit = p.meaning.unit;
    o.facts["metric"] = base::printable(p.series->key.metric, 200);
    o.facts["series"] = series_name(p.series->key);
    o.facts["lowest_ordinary"] = base::format_quantity(p.ordinary.lowest, o.unit);
    o.facts["highest_ordinary"] = base::format_quantity(p.ordinary.highest, o.unit);
    TimeRange shown{p.focus.front().time, p.focus.back().time + Duration(1)};
    o.evidence.push_back(series_evidence(*p.series, shown));
    o.onset_uncertainty = p.interval;
    return o;
  }

  void set_value(const Prepared& p, model::Observation& o, double value) const {
    o.value = value;
    const double a = std::abs(value);
    const double b = std::abs(p.ordinary.middle);
    const double least = std::max(p.floor, 1e-12);
    o.magnitude = std::abs(std::log((a + least) / (b + least)));
  }

  void observe(const Prepared& p) {
    out_.coverage[p.series->key.entity].insert("metric." + p.meaning.quantity);
    for (const int way : {1, -1}) {
      const Excursion e = strongest(p, way);
      const double strength = strength_of(e.deviation);
      if (strength < kLeastStrength) continue;
      const char* word = e.brief ? (way > 0 ? "spike" : "dip") : (way > 0 ? "up" : "down");
      model::Observation o = make(p, word, strength);
      set_value(p, o, e.value);
      o.onset = p.focus[e.first].time;
      o.strength *= relation_to_alarm(p, way) * materiality(p, e.value);
      if (o.strength >= kLeastStrength) out_.observations.push_back(std::move(o));
    }
    observe_zero(p);
    observe_limit(p);
    observe_trend(p);
  }

  void observe_zero(const Prepared& p) {
    if (p.ordinary.lowest <= 0 || p.focus.size() < 2) return;
    std::size_t zeros = 0;
    for (const auto& point : p.focus) zeros += point.value == 0 ? 1 : 0;
    if (2 * zeros < p.focus.size() && p.focus.back().value != 0) return;
    if (zeros < 2) return;
    model::Observation o = make(p, "zero", strength_of(deviation_of(p, 0)) * relation_to_alarm(p, -1));
    if (o.strength < kLeastStrength) return;
    set_value(p, o, 0);
    for (const auto& point : p.focus) {
      if (point.value != 0) continue;
      o.onset = point.time;
      break;
    }
    out_.observations.push_back(std::move(o));
  }

  static bool can_run_out(const std::string& quantity) {
    return quantity == "cpu" || quantity == "memory" || quantity == "disk_space" ||
           quantity == "connections" || quantity == "threads" || quantity == "disk_io";
  }

  void observe_limit(const Prepared& p) {
    if (!can_run_out(p.meaning.quantity)) return;
    const bool free_amount = p.meaning.bad == knowledge::BadWay::kDown;
    const double last = p.focus.back().value;
    bool reached = false;
    if (p.meaning.limit && *p.meaning.limit > 0 && !free_amount) {
      reached = last >= kSaturatedShare * *p.meaning.limit && last <= 1.5 * *p.meaning.limit;
    } else if (free_amount) {
      reached = last <= kExhaustedShare * p.ordinary.highest && p.ordinary.highest > 0;
    }
    if (!reached) return;
    model::Observation o = make(p, "saturated", 0.9);
    set_value(p, o, last);
    o.onset = p.focus.back().time;
    for (std::size_t i = p.focus.size(); i-- > 0;) {
      const double v = p.focus[i].value;
      if (free_amount ? v > kExhaustedShare * p.ordinary.highest : v < kSaturatedShare * *p.meaning.limit)
        break;
      o.onset = p.focus[i].time;
    }
    out_.observations.push_back(std::move(o));
  }

  void observe_trend(const Prepared& p) {
    if (p.focus.size() < kLeastTrendPoints) return;
    std::vector<double> x;
    std::vector<double> y;
    for (const auto& point : p.focus) {
      x.push_back(base::to_seconds(point.time - p.focus.front().time));
      y.push_back(point.value);
    }
    const double slope = series::theil_sen_slope(x, y);
    if (std::abs(series::monotony(y)) < kTrendMonotony) return;
    const double moved = slope * x.back();
    const double scale = std::max(p.floor, moved > 0 ? p.ordinary.above : p.ordinary.below);
    const double strength = strength_of(moved / scale);
    if (strength < kLeastStrength) return;
    model::Observation o = make(p, moved > 0 ? "rising" : "falling", strength);
    set_value(p, o, y.back());
    o.onset = p.focus.front().time;
    out_.observations.push_back(std::move(o));
  }

  /// Series that used to report and are silent now: missing is not zero.
  void find_gone(const std::vector<MetricSeries>& incident, const std::vector<MetricSeries>& baseline) {
    std::map<MetricKey, const MetricSeries*> now;
    for (const auto& s : incident) now.emplace(s.key, &s);
    const auto examine = [&](const MetricSeries& reference, const MetricSeries* current, TimeRange of) {
      const Duration interval = usual_interval(reference.points);
      if (interval <= Duration::zero() || of.empty()) return;
      const double expected_each = base::to_seconds(of.length()) / base::to_seconds(interval);
      const double density = static_cast<double>(reference.points.size()) / std::max(1.0, expected_each);
      const TimeRange focus = focus_of(interval);
      const double expected =
          std::min(1.0, density) * base::to_seconds(focus.length()) / base::to_seconds(interval);
      std::size_t seen = 0;
      if (current != nullptr) {
        for (const auto& p : current->points) seen += focus.contains(p.time) ? 1 : 0;
      }
      // A Poisson count of nothing where this many were expected.
      if (seen > 0 || expected < 4) return;
      note_gone(reference, 1 - std::exp(-expected / 3), focus);
    };
    if (!baseline.empty() && scope_.baseline) {
      for (const auto& s : baseline) {
        const auto at = now.find(s.key);
        examine(s, at == now.end() ? nullptr : at->second, *scope_.baseline);
      }
      return;
    }
    for (const auto& s : incident) {
      MetricSeries before{s.key, {}};
      for (const auto& p : s.points) {
        if (p.time < scope_.window.start) before.points.push_back(p);
      }
      if (before.points.size() < 4) continue;
      examine(before, &s, {before.points.front().time, scope_.window.start});
    }
  }

  void note_gone(const MetricSeries& series, double strength, TimeRange focus) {
    const auto meaning = knowledge::metric_meaning(series.key, knowledge_.metric_rules);
    out_.coverage[series.key.entity].insert("metric." + meaning.quantity);
    model::Observation o;
    o.entity = series.key.entity;
    o.type = fmt::format("metric.{}.gone", meaning.quantity);
    o.subject =
        base::printable(series.key.metric + (series.key.stat.empty() ? "" : " " + series.key.stat), 200);
    o.strength = 0.6 * strength;
    o.facts["metric"] = base::printable(series.key.metric, 200);
    o.facts["series"] = series_name(series.key);
    o.unit = meaning.unit;
    model::Evidence e = series_evidence(series, focus);
    e.kind = model::EvidenceKind::kAbsence;
    e.id = model::evidence_id(e);
    o.evidence.push_back(std::move(e));
    out_.observations.push_back(std::move(o));
  }

  bool is_alarmed(const Prepared& p) const {
    const auto& alarm = scope_.alarm;
    if (alarm.entity.empty() || alarm.metric.empty() || p.series->key.entity != alarm.entity) return false;
    return p.series->key.metric == alarm.metric ||
           knowledge::name_words(p.series->key.metric) == knowledge::name_words(alarm.metric);
  }

  void assess_alarm() {
    AlarmAssessment& a = out_.alarm;
    const bool plain = std::any_of(prepared_.begin(), prepared_.end(), [&](const Prepared& p) {
      return is_alarmed(p) && p.series->key.stat.empty();
    });
    for (const Prepared& p : prepared_) {
      if (!is_alarmed(p) || (plain && !p.series->key.stat.empty())) continue;
      a.found = true;
      a.quantity = p.meaning.quantity;
      for (const int way : {1, -1}) {
        if (p.meaning.bad == knowledge::BadWay::kUp && way < 0) continue;
        if (p.meaning.bad == knowledge::BadWay::kDown && way > 0) continue;
        const Excursion e = strongest(p, way);
        const double strength = strength_of(e.deviation);
        if (strength <= a.strength) continue;
        a.strength = strength;
        a.onset = p.focus[e.first].time;
        a.series = p.series->key;
        alarmed_ = &p;
        alarm_way_ = way;
      }
    }
    if (alarmed_ != nullptr && a.strength >= kTellingAlarm) {
      for (const auto& [time, excess] : excess_of(*alarmed_, alarm_way_)) alarm_excess_.emplace(time, excess);
    }
  }

  /// What a series has beyond its level of before, one way, by time; in the unit of the series.
  static std::vector<std::pair<Timestamp, double>> excess_of(const Prepared& p, int way) {
    double level = p.ordinary.middle;
    if (!p.before.empty()) {
      std::vector<double> before = p.before;
      level = series::median_of(before);
    }
    std::vector<std::pair<Timestamp, double>> out;
    for (const auto& point : p.focus)
      out.emplace_back(point.time, std::max(0.0, way * (point.value - level)));
    return out;
  }

  /// An amount that is small beside what others of the incident use (or beside its limit) cannot harm much,
  /// however unusual it is.
  double materiality(const Prepared& p, double value) const {
    static constexpr std::array<std::string_view, 5> kAmounts{"cpu", "memory", "network_io", "disk_io",
                                                              "requests"};
    if (std::find(kAmounts.begin(), kAmounts.end(), p.meaning.quantity) == kAmounts.end()) return 1;
    double whole = p.meaning.unit == "%" ? 100.0 : 0.0;
    if (const auto at = largest_.find(pool_name(p.series->key)); at != largest_.end() && whole == 0)
      whole = at->second;
    const double amount = std::max(std::abs(value), std::abs(p.ordinary.middle));
    if (whole <= 0 || amount <= 0) return 1;
    const double share = amount / whole;
    return std::min(1.0, (1 + kHalfMaterial) * share / (share + kHalfMaterial));
  }

  /// How far a deviation goes with the alarm's: in its time course, and, where it measures the same thing, in
  /// its size. 1 where nothing can be said.
  double relation_to_alarm(const Prepared& p, int way) const {
    if (alarm_excess_.empty() || &p == alarmed_) return 1;
    double common = 0;
    double own = 0;
    double alarm = 0;
    std::size_t points = 0;
    for (const auto& [time, excess] : excess_of(p, way)) {
      const auto at = alarm_excess_.find(time);
      if (at == alarm_excess_.end()) continue;
      ++points;
      common += excess * at->second;
      own += excess * excess;
      alarm += at->second * at->second;
    }
    if (own <= 0 || alarm <= 0) return 1;
    if (points < 3) return kHardlyMeasured;
    const double together = common / std::sqrt(own * alarm);
    double factor = kUnrelated + (1 - kUnrelated) * together * together;
    const bool same = p.meaning.quantity == alarmed_->meaning.quantity &&
                      p.meaning.unit == alarmed_->meaning.unit &&
                      p.series->key.metric == alarmed_->series->key.metric && way == alarm_way_;
    if (same) {
      const double share = common / alarm;
      factor *= std::min(1.0, (1 + kHalfShare) * share / (share + kHalfShare));
    }
    return factor;
  }

  /// Several statistics of one metric (average, percentiles) say one thing: the surest says it.
  void keep_strongest_statistic() {
    std::map<std::tuple<std::string, std::string, std::string>, std::size_t> best;
    std::vector<char> keep(out_.observations.size(), 1);
    for (std::size_t i = 0; i < out_.observations.size(); ++i) {
      const auto& o = out_.observations[i];
      const auto [at, is_new] = best.emplace(std::tuple{o.entity, o.facts.at("series"), o.type}, i);
      if (is_new) continue;
      if (o.strength > out_.observations[at->second].strength) {
        keep[at->second] = 0;
        at->second = i;
      } else {
        keep[i] = 0;
      }
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < out_.observations.size(); ++i) {
      if (!keep[i]) continue;
      out_.observations[i].facts.erase("series");
      if (kept != i) out_.observations[kept] = std::move(out_.observations[i]);
      ++kept;
    }
    out_.observations.resize(kept);
  }

  const telemetry::IncidentScope& scope_;
  const knowledge::KnowledgeBase& knowledge_;
  std::vector<Prepared> prepared_;
  const Prepared* alarmed_ = nullptr;
  int alarm_way_ = 1;
  std::map<std::string, double> largest_;  // by pool_name: the most that anybody has
  std::map<Timestamp, double> alarm_excess_;
  MetricFindings out_;
};

}  // namespace

MetricFindings observe_metrics(const telemetry::IncidentScope& scope,
                               const std::vector<MetricSeries>& incident,
                               const std::vector<MetricSeries>& baseline,
                               const knowledge::KnowledgeBase& knowledge) {
  return Observer(scope, knowledge).run(incident, baseline);
}

std::string alarm_quantity(const telemetry::Alarm& alarm, const knowledge::KnowledgeBase& knowledge) {
  for (const std::string* words : {&alarm.metric, &alarm.name, &alarm.summary}) {
    if (words->empty()) continue;
    MetricKey key;
    key.metric = *words;
    const auto meaning = knowledge::metric_meaning(key, knowledge.metric_rules);
    if (meaning.quantity != "other") return meaning.quantity;
  }
  return {};
}

}  // namespace midwatch::observe::metrics

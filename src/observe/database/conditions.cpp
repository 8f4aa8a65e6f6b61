#include "src/observe/database/conditions.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/model/record_evidence.h"
#include "src/observe/series/robust.h"

namespace midwatch::observe::database {
namespace {

using model::Observation;

/// A measured level at its limit leaves little doubt.
constexpr double kMeasured = 0.95;
/// The same seen only from the shape of a series, its limit unknown.
constexpr double kByShape = 0.7;

/// A replica this far behind is no longer a copy that one may read from; ordinary replay is below a second.
constexpr double kLagSeconds = 60.0;
/// A level this many times the ordinary one is no fluctuation.
constexpr double kGrown = 3.0;
/// RDS itself announces low storage at a tenth of the volume (RDS-EVENT-0089).
constexpr double kLowStorageShare = 0.1;
/// Less than this is low for any volume: the smallest has twenty times as much.
constexpr double kLeastStorage = 1024.0 * 1024 * 1024;
/// A volume with less than this share free is full: from then on nothing can be written.
constexpr double kFullShare = 0.005;
/// Free storage of this share is in order again.
constexpr double kAmpleStorageShare = 0.2;
/// Storage fills up when this share of the free part goes within an incident, steadily (rank correlation).
constexpr double kFilledShare = 0.3;
constexpr double kSteady = 0.7;
/// From this share of the limit on, new sessions are about to be refused: some slots are reserved, and the
/// default limit is known only roughly.
constexpr double kConnectionShare = 0.9;
/// Below this share of the highest number there was, the rush is over.
constexpr double kRelaxedShare = 0.7;
/// A ceiling is a level that hardly moves: within this share over the last points.
constexpr double kCeilingSpread = 0.01;
constexpr std::size_t kCeilingPoints = 4;
/// Sessions are mostly idle where fewer than this share of them is active.
constexpr double kActiveShare = 0.25;
/// Where the number of processors is not known: more active sessions than this are at work.
constexpr double kFewActive = 4.0;
/// The processor is saturated when it is this busy (percent) most of the time, and still nearly so at the
/// end.
constexpr double kBusyCpu = 85.0;
constexpr double kStillBusyCpu = 80.0;
/// A volume with this many requests waiting is the bottleneck; ordinary is below one.
constexpr double kDeepQueue = 10.0;
/// Writes stall when hardly any are done although each takes this long (seconds).
constexpr double kStalledWrite = 1.0;
constexpr double kStalledShare = 0.05;
constexpr double kLeastOperations = 10.0;
/// A write load of fewer operations a second, or less log, is light for any volume.
constexpr double kHeavyOperations = 500.0;
constexpr double kHeavyLog = 4.0 * 1024 * 1024;
/// Memory for the operating system and the page cache below this share of the instance means swapping.
constexpr double kLeastMemoryShare = 0.03;
/// Credits left below this many percent.
constexpr double kNoCredits = 5.0;
/// PostgreSQL stops accepting writes near two billion; at half of that vacuum has fallen behind.
constexpr double kOldTransactions = 1e9;
/// Sessions fell to this share of the ordinary number for a moment.
constexpr double kDroppedShare = 0.2;
constexpr double kLeastSessions = 5.0;
/// Less log on the volume than this is ordinary.
constexpr double kRetainedLog = 1024.0 * 1024 * 1024;
/// Ordinary replicas lag by seconds: no log that they need is a fifth of a volume.
constexpr double kHeldShare = 0.2;

class Reader {
 public:
  Reader(const std::string& entity, const Gauges& gauges, const Capacity& capacity)
      : entity_(entity), gauges_(gauges), capacity_(capacity) {}

  Conditions run() {
    read_replication();
    read_storage();
    read_connections();
    read_sessions();
    read_cpu();
    read_load();
    read_writes();
    read_volume();
    read_memory();
    read_upkeep();
    return std::move(out_);
  }

 private:
  Observation& add(const char* type, const Course& course, double value, const char* unit, double strength) {
    Observation o;
    o.entity = entity_;
    o.type = std::string("state.database.") + type;
    o.subject = course.series->key.metric;
    o.strength = strength;
    o.value = value;
    o.baseline = course.before;
    o.unit = unit;
    const double floor = std::max(1e-9, 1e-3 * std::max(std::abs(value), std::abs(course.before)));
    o.magnitude = std::abs(std::log((std::abs(value) + floor) / (std::abs(course.before) + floor)));
    o.facts["metric"] = course.series->key.metric;
    const auto& points = course.series->points;
    o.evidence.push_back(model::series_evidence(
        *course.series, {points.front().time, points.back().time + base::Duration(1)}));
    out_.observations.push_back(std::move(o));
    return out_.observations.back();
  }

  void in_order(const char* topic) { out_.in_order.emplace_back(topic); }

  void read_replication() {
    if (!gauges_.replica_lag) return;
    const Course& lag = *gauges_.replica_lag;
    const bool in_milliseconds = is_in_milliseconds(lag.series->key);
    const double limit = in_milliseconds ? 1e3 * kLagSeconds : kLagSeconds;
    if (lag.now < limit || lag.growth(limit / kLagSeconds) < kGrown) return in_order("replication");
    const char* unit = in_milliseconds ? "ms" : "s";
    Observation& o = add("replica_lagging.measured", lag, lag.now, unit, kMeasured);
    o.onset = lag.since([&](double v) { return v >= limit; });
    o.facts["replica"] = entity_;
    o.facts["lag"] = base::format_quantity(lag.series->points.back().value, unit);
  }

  /// Aurora measures the lag of its replicas in milliseconds, everything else in seconds.
  static bool is_in_milliseconds(const telemetry::MetricKey& key) {
    return key.unit == "ms" || key.unit == "Milliseconds" || key.metric.starts_with("Aurora");
  }

  void read_storage() {
    if (!gauges_.free_storage) return;
    const Course& free = *gauges_.free_storage;
    const double whole = capacity_.storage.value_or(free.highest);
    if (whole <= 0) return;
    const bool low =
        free.now <= kLowStorageShare * whole && (capacity_.storage || free.growth(1) <= 1 / kGrown);
    if (!low && free.now > kLeastStorage) {
      if (is_filling(free)) return add_filling(free);
      if (free.now >= kAmpleStorageShare * whole) in_order("storage");
      return;
    }
    Observation& o = add("storage_exhausted.measured", free, free.now, "By", kMeasured);
    const double limit = (free.now <= kFullShare * whole ? kFullShare : kLowStorageShare) * whole;
    o.onset = free.since([&](double v) { return v <= limit; });
    o.facts["free"] = base::format_quantity(free.series->points.back().value, "By");
    o.facts["share"] = fmt::format("{:.1f}%", 100 * free.now / whole);
  }

  static std::vector<double> values_of(const Course& course) {
    std::vector<double> values;
    for (const auto& p : course.series->points) values.push_back(p.value);
    return values;
  }

  /// A good part of the free storage is gone, and it went steadily.
  static bool is_filling(const Course& free) {
    return free.now <= (1 - kFilledShare) * free.before && series::monotony(values_of(free)) <= -kSteady;
  }

  void add_filling(const Course& free) {
    Observation& o = add("storage_filling", free, free.now, "By", kByShape);
    o.facts["free"] = base::format_quantity(free.series->points.back().value, "By");
    o.onset = free.series->points.front().time;
  }

  void read_connections() {
    if (!gauges_.connections) return;
    const Course& used = *gauges_.connections;
    read_dropped(used);
    const double last = used.series->points.back().value;
    const bool at_limit = capacity_.connections && last >= kConnectionShare * *capacity_.connections;
    exhausted_ = at_limit || at_ceiling(used);
    if (!exhausted_ && !is_climbing(used)) {
      if (used.now <= kRelaxedShare * used.worst) in_order("connections");
      return;
    }
    Observation& o = add(exhausted_ ? "connections_exhausted.measured" : "connections_exhausted.near", used,
                         last, "", at_limit ? kMeasured : kByShape);
    o.facts["used"] = base::format_number(last);
    o.facts["limit"] = base::format_number(at_limit ? *capacity_.connections : used.worst);
    o.onset = used.since([&](double v) { return v >= (used.before + last) / 2; });
  }

  /// Growing steadily to a multiple of what is ordinary, the limit not yet reached or not known.
  static bool is_climbing(const Course& used) {
    return used.growth(kLeastSessions) >= kGrown && series::monotony(values_of(used)) >= kSteady;
  }

  /// Grown to a level that hardly moves any more.
  static bool at_ceiling(const Course& used) {
    const auto& points = used.series->points;
    if (points.size() < 2 * kCeilingPoints || used.growth(1) < kGrown / 2) return false;
    for (std::size_t i = points.size() - kCeilingPoints; i < points.size(); ++i) {
      if (points[i].value < (1 - kCeilingSpread) * used.highest) return false;
    }
    return true;
  }

  void read_dropped(const Course& used) {
    std::vector<double> values = values_of(used);
    const double usual = series::median_of(values);
    if (usual < kLeastSessions) return;
    const auto& points = used.series->points;
    const auto low = std::find_if(points.begin(), points.end(),
                                  [&](const auto& p) { return p.value <= kDroppedShare * usual; });
    if (low == points.begin() || low == points.end()) return;
    Observation& o = add("connections_dropped", used, low->value, "", kMeasured);
    o.onset = low->time;
    o.baseline = usual;
  }

  /// All connections taken, and hardly any of them at work: they leak, or pools keep too many.
  void read_sessions() {
    if (!exhausted_ || !gauges_.load) return;
    const double connections = gauges_.connections->now;
    const double active = gauges_.load->now / connections;
    const double busy = capacity_.vcpus.value_or(kFewActive);
    if (active > kActiveShare || gauges_.load->now > busy) return;
    Observation& o = add("sessions_idle", *gauges_.load, gauges_.load->now, "", kMeasured);
    o.facts["idle"] = fmt::format("{:.0f}%", 100 * (1 - active));
    o.facts["active"] = base::format_number(gauges_.load->now);
    o.facts["used"] = base::format_number(connections);
  }

  void read_cpu() {
    if (!gauges_.cpu) return;
    const Course& cpu = *gauges_.cpu;
    if (cpu.sustained < kBusyCpu || cpu.now < kStillBusyCpu) return in_order("cpu");
    Observation& o = add("cpu_saturated", cpu, cpu.sustained, "%", kMeasured);
    o.onset = cpu.since([](double v) { return v >= kStillBusyCpu; });
  }

  void read_load() {
    if (!gauges_.load) return;
    const Course& load = *gauges_.load;
    const bool beyond = capacity_.vcpus && load.now > *capacity_.vcpus;
    const bool grown = load.growth(1) >= kGrown && (!capacity_.vcpus || load.now > *capacity_.vcpus / 2);
    if (!beyond && !grown) return;
    Observation& o = add("load_high", load, load.now, "", beyond ? kMeasured : kByShape);
    if (capacity_.vcpus) o.facts["vcpus"] = base::format_number(*capacity_.vcpus);
    o.onset = load.since([&](double v) { return v >= (load.before + load.now) / 2; });
  }

  void read_writes() {
    read_stalled_writes();
    if (const auto& log = gauges_.log_generation; log && log->now >= kHeavyLog && log->growth(1) >= kGrown) {
      Observation& o = add("write_heavy", *log, log->now, "By", kMeasured);
      o.onset = log->since([&](double v) { return v >= (log->before + log->now) / 2; });
      return;
    }
    const auto& writes = gauges_.write_operations;
    if (!writes || writes->now < kHeavyOperations || writes->growth(1) < kGrown) return;
    Observation& o = add("write_heavy", *writes, writes->now, "", kMeasured);
    o.onset = writes->since([&](double v) { return v >= (writes->before + writes->now) / 2; });
  }

  void read_stalled_writes() {
    const auto& writes = gauges_.write_operations;
    const auto& latency = gauges_.write_latency;
    if (!writes || !latency) return;
    if (writes->highest < kLeastOperations || writes->now > kStalledShare * writes->highest) return;
    if (latency->now < kStalledWrite || latency->now < kGrown * latency->lowest) return;
    Observation& o = add("writes_stalled", *latency, latency->now, "s", kMeasured);
    o.onset = latency->since([](double v) { return v >= kStalledWrite; });
    o.facts["write_operations"] = base::format_number(writes->now);
    o.evidence.push_back(model::series_evidence(
        *writes->series,
        {writes->series->points.front().time, writes->series->points.back().time + base::Duration(1)}));
  }

  void read_volume() {
    if (const auto& queue = gauges_.queue_depth;
        queue && queue->now >= kDeepQueue && queue->growth(1) >= kGrown) {
      Observation& o = add("volume_saturated", *queue, queue->now, "", kMeasured);
      o.onset = queue->since([](double v) { return v >= kDeepQueue; });
    }
    if (const auto& credits = gauges_.burst_balance;
        credits && credits->now <= kNoCredits && credits->before > kNoCredits)
      add("credits_exhausted", *credits, credits->now, "%", kMeasured);
    if (const auto& kept = gauges_.log_retained; kept && kept->now >= kRetainedLog && is_held(*kept)) {
      Observation& o = add("log_retained.measured", *kept, kept->now, "By", kMeasured);
      o.onset = kept->since([&](double v) { return v >= (kept->before + kept->now) / 2; });
    }
  }

  /// Log that nobody reads grows by much, or has grown long since to a good part of the volume and goes on.
  bool is_held(const Course& kept) const {
    if (kept.growth(1) >= kGrown) return true;
    return capacity_.storage && kept.now >= kHeldShare * *capacity_.storage && kept.now > kept.before;
  }

  void read_memory() {
    if (!gauges_.free_memory || !capacity_.memory) return;
    const Course& free = *gauges_.free_memory;
    // A restart for want of memory gives it back: where it was at its least says more than where it ends.
    if (free.worst > kLeastMemoryShare * *capacity_.memory || free.worst > free.before / kGrown) return;
    add("memory_short", free, free.worst, "By", kMeasured);
  }

  void read_upkeep() {
    if (const auto& age = gauges_.transaction_age; age && age->now >= kOldTransactions)
      add("transaction_ids_old", *age, age->now, "", kMeasured);
    if (const auto& deadlocks = gauges_.deadlocks;
        deadlocks && deadlocks->now > 0 && deadlocks->growth(0.1) >= kGrown)
      add("deadlocks", *deadlocks, deadlocks->now, "", kMeasured);
  }

  const std::string& entity_;
  const Gauges& gauges_;
  const Capacity& capacity_;
  bool exhausted_ = false;
  Conditions out_;
};

}  // namespace

Conditions read_conditions(const std::string& entity, const Gauges& gauges, const Capacity& capacity) {
  return Reader(entity, gauges, capacity).run();
}

}  // namespace midwatch::observe::database

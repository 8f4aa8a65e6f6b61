#include "src/observe/traces/trace_findings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/model/record_evidence.h"
#include "src/observe/traces/slow_requests.h"

namespace midwatch::observe::traces {
namespace {

using model::Evidence;
using model::Observation;

/// One-sided 5 %: below it a pooled difference is noise.
constexpr double kLeastZ = 1.64;
/// A change of typical time by less than this is not worth a word, whatever its significance.
const double kLeastMagnitude = std::log(1.15);
/// Delays and self times below this are within what schedulers and clocks add; it is added to both sides of a
/// ratio.
constexpr double kResolution = 0.001;
/// Fewer spans than this on a side say nothing about an operation.
constexpr double kLeastSpans = 3;
/// An edge with fewer calls than this in the baseline borrows as many from the other edges.
constexpr double kBorrowedCalls = 10;
/// From this factor on, a difference is sure beyond what its rank test with few calls can say.
const double kHuge = std::log(5.0);
/// How many observations of calls one entity gets at most, the surest first.
constexpr std::size_t kCallsPerEntity = 5;
/// Requests are slow in earnest when the slowness that was added is as much as there ordinarily is: half sure
/// there.
constexpr double kMaterialSlowness = 1.0;
/// Who has less than this part of the slowness is not worth an observation.
constexpr double kLeastShare = 0.05;

/// 0 … 1 from how sure a difference is and how large: half sure two standard deviations beyond noise, half
/// large at a doubling.
double strength_of(double z, double magnitude) {
  const double sure = 1 - std::exp(-(std::max(0.0, z - kLeastZ) + std::max(0.0, magnitude - kHuge)) / 2.0);
  const double large = 1 - std::exp(-std::max(0.0, magnitude) / std::log(2.0));
  return sure * large;
}

/// Comparisons of several operations (or edges) put together.
struct Pool {
  double weighted_z = 0;
  double weights_squared = 0;
  double log_ratio = 0;
  double time = 0;
  double compared = 0;
  double slower = 0;

  void add(const LogHistogram& before, const LogHistogram& now) {
    if (before.count() < kLeastSpans || now.count() < kLeastSpans) return;
    const double weight = std::sqrt(std::min(before.count(), now.count()));
    const double z = before.compare(now).z;
    const double typical =
        std::log((std::exp(now.mean_log()) + kResolution) / (std::exp(before.mean_log()) + kResolution));
    const double spent = std::max(before.sum() / before.count(), now.sum() / now.count()) * now.count();
    weighted_z += weight * z;
    weights_squared += weight * weight;
    log_ratio += spent * typical;
    time += spent;
    compared += 1;
    if (z > kLeastZ && typical > kLeastMagnitude) slower += 1;
  }
  double z() const { return weights_squared > 0 ? weighted_z / std::sqrt(weights_squared) : 0; }
  double magnitude() const { return time > 0 ? log_ratio / time : 0; }
  double strength() const {
    return z() > kLeastZ && magnitude() > kLeastMagnitude ? strength_of(z(), magnitude()) : 0;
  }
};

class Finder {
 public:
  Finder(const SpanStatistics& statistics, const RequestTimes& times, const TextIndex& entities,
         const TextIndex& operations, const std::function<std::string(std::uint32_t)>& source_name,
         base::Timestamp origin)
      : s_(statistics),
        times_(times),
        entities_(entities),
        operations_(operations),
        source_name_(source_name),
        origin_(origin) {}

  TraceFindings run() {
    find_times();
    find_edges();
    find_slow_requests();
    find_errors();
    find_calls();
    for (const auto& [caller, callee] : s_.calls) {
      out_.calls.push_back(
          {entities_.text(caller), entities_.text(callee), telemetry::RelationKind::kCalls, {}});
    }
    std::sort(out_.calls.begin(), out_.calls.end(),
              [](const auto& a, const auto& b) { return std::tie(a.from, a.to) < std::tie(b.from, b.to); });
    return std::move(out_);
  }

 private:
  using OperationKey = std::pair<std::uint32_t, std::uint32_t>;

  Evidence spans_evidence(const OperationKey& key, const OperationStatistics& op,
                          telemetry::RecordRef example) const {
    return model::spans_evidence(entities_.text(key.first), operations_.text(key.second), op.totals, example,
                                 source_name_);
  }

  std::string shown(std::uint32_t operation) const {
    return base::printable(operations_.text(operation), 120);
  }

  /// The operation whose total time grew most decides what is shown.
  void find_times() {
    struct Worst {
      Pool pool;
      double growth = 0;
      const std::pair<const OperationKey, OperationStatistics>* operation = nullptr;
    };
    std::map<std::uint32_t, Worst> own;
    std::map<std::uint32_t, Worst> whole;
    for (const auto& item : s_.operations) {
      const auto& [key, op] = item;
      for (auto [pools, sides] : {std::pair{&own, &op.self_time}, std::pair{&whole, &op.duration}}) {
        Worst& worst = (*pools)[key.first];
        worst.pool.add((*sides)[0], (*sides)[1]);
        if ((*sides)[0].count() < kLeastSpans || (*sides)[1].count() < kLeastSpans) continue;
        const double growth = ((*sides)[1].mean() - (*sides)[0].mean()) * (*sides)[1].count();
        if (worst.operation == nullptr || growth > worst.growth) {
          worst.growth = growth;
          worst.operation = &item;
        }
      }
    }
    for (const auto& [pools, type] :
         {std::pair{&own, "trace.self_time.up"}, std::pair{&whole, "trace.latency.up"}}) {
      for (const auto& [entity, worst] : *pools) {
        const double strength = worst.pool.strength();
        if (strength < 0.05 || worst.operation == nullptr) continue;
        const auto& [key, op] = *worst.operation;
        const bool self = std::string_view(type) == "trace.self_time.up";
        const auto& sides = self ? op.self_time : op.duration;
        Observation o;
        o.entity = entities_.text(entity);
        o.type = type;
        o.subject = shown(key.second);
        o.strength = strength;
        o.magnitude = worst.pool.magnitude();
        o.value = sides[1].quantile(0.5);
        o.baseline = sides[0].quantile(0.5);
        o.unit = "s";
        o.facts["operation"] = o.subject;
        o.facts["spans"] = fmt::format("{}", op.count[1]);
        if (self) {
          o.facts["own_time"] = base::format_quantity(*o.value, "s");
          o.facts["usual_time"] = base::format_quantity(*o.baseline, "s");
        }
        o.evidence.push_back(spans_evidence(key, op, op.longest_ref[1]));
        out_.observations.push_back(std::move(o));
      }
    }
  }

  /// An entity behind a slow network is slow on every edge, as callee or as caller: its share of slow edges
  /// counts.
  void find_edges() {
    struct Ends {
      std::array<Pool, 2> pools;  // as caller, as callee
      double growth = 0;
      const std::pair<const std::pair<std::uint32_t, std::uint32_t>, EdgeStatistics>* worst = nullptr;
    };
    // What the network ordinarily takes is much alike on all edges; few calls in the baseline borrow from
    // them.
    LogHistogram all;
    for (const auto& [edge, stats] : s_.edges) all.merge(stats.delay[0]);
    std::map<std::uint32_t, Ends> ends;
    std::map<std::pair<std::uint32_t, std::uint32_t>, LogHistogram> ordinary;
    for (const auto& item : s_.edges) {
      const auto& [edge, stats] = item;
      LogHistogram& before = ordinary[edge];
      before.merge(stats.delay[0]);
      if (before.count() < kBorrowedCalls && all.count() > 0) before.merge(all, kBorrowedCalls / all.count());
      for (const std::size_t side : {0U, 1U}) {
        Ends& at = ends[side == 0 ? edge.first : edge.second];
        at.pools[side].add(before, stats.delay[1]);
        const double growth = stats.delay[1].mean() - before.mean();
        if (before.count() >= kLeastSpans && stats.delay[1].count() >= kLeastSpans &&
            (at.worst == nullptr || growth > at.growth)) {
          at.growth = growth;
          at.worst = &item;
        }
      }
    }
    for (const auto& [entity, at] : ends) {
      if (at.worst == nullptr) continue;
      const auto share_of = [](const Pool& pool) {
        return pool.compared < 1 ? 0.0 : pool.strength() * pool.slower / pool.compared;
      };
      const Pool& pool = share_of(at.pools[1]) >= share_of(at.pools[0]) ? at.pools[1] : at.pools[0];
      const double strength = share_of(pool);
      if (strength < 0.05) continue;
      const auto& [edge, stats] = *at.worst;
      Observation o;
      o.entity = entities_.text(entity);
      o.type = "trace.edge_delay.up";
      o.subject = edge_name(edge);
      o.strength = strength;
      o.magnitude = pool.magnitude();
      o.value = stats.delay[1].quantile(0.5);
      o.baseline = ordinary[edge].quantile(0.5);
      o.unit = "s";
      o.facts["caller"] = entities_.text(edge.first);
      o.facts["callee"] = entities_.text(edge.second);
      o.facts["slow_edges"] = fmt::format("{}", pool.slower);
      o.facts["edges"] = fmt::format("{}", pool.compared);
      o.facts["calls"] = fmt::format("{}", stats.delay[1].count());
      add_edge_evidence(edge, stats, o);
      out_.observations.push_back(std::move(o));
    }
  }

  /// Who makes requests slow.
  void find_slow_requests() {
    const SlowRequests slow = slow_requests(times_, s_);
    if (slow.total <= 0) return;
    for (const auto& [entity, share] : slow.own) {
      Observation o = slow_observation(slow, entity, share, "trace.slow_requests.own");
      if (o.strength < kLeastShare) continue;
      const OperationKey key{share.what.first, share.what.second};
      const auto& op = s_.operations.at(key);
      o.subject = shown(key.second);
      o.facts["operation"] = o.subject;
      o.evidence.push_back(spans_evidence(key, op, op.longest_ref[1]));
      out_.observations.push_back(std::move(o));
    }
    for (const auto& [entity, share] : slow.network) {
      Observation o = slow_observation(slow, entity, share, "trace.slow_requests.network");
      if (o.strength < kLeastShare) continue;
      const OperationKey edge{share.what.first, share.what.second};
      o.subject = edge_name(edge);
      o.facts["caller"] = entities_.text(edge.first);
      o.facts["callee"] = entities_.text(edge.second);
      add_edge_evidence(edge, s_.edges.at(edge), o);
      out_.observations.push_back(std::move(o));
    }
  }

  Observation slow_observation(const SlowRequests& slow, std::uint32_t entity,
                               const SlowRequests::Share& share, std::string type) const {
    const double part = share.votes / slow.total;
    const double added = slow.total / std::max(slow.ordinary, 1e-9) / kMaterialSlowness;
    Observation o;
    o.entity = entities_.text(entity);
    o.type = std::move(type);
    o.strength = part * added * added / (1 + added * added);
    o.value = 100 * part;
    o.unit = "%";
    o.facts["share"] = fmt::format("{:.0f}", 100 * part);
    o.facts["requests"] = fmt::format("{}", slow.requests);
    return o;
  }

  std::string edge_name(const OperationKey& edge) const {
    return base::printable(fmt::format("{} → {}", entities_.text(edge.first), entities_.text(edge.second)),
                           200);
  }

  /// The spans at both ends of an edge.
  void add_edge_evidence(const OperationKey& edge, const EdgeStatistics& stats, Observation& o) const {
    for (const OperationKey& end : {OperationKey{edge.first, stats.client_operation},
                                    OperationKey{edge.second, stats.server_operation}}) {
      const OperationStatistics& op = s_.operations.at(end);
      o.evidence.push_back(spans_evidence(end, op, op.longest_ref[1]));
    }
  }

  void find_errors() {
    struct Total {
      Sides<double> spans{}, own{}, passed{};
      double most = 0;
      double first = -1;
      const std::pair<const OperationKey, OperationStatistics>* worst = nullptr;
    };
    std::map<std::uint32_t, Total> totals;
    for (const auto& item : s_.operations) {
      const auto& [key, op] = item;
      Total& t = totals[key.first];
      for (std::size_t side = 0; side < t.spans.size(); ++side) {
        t.spans[side] += op.count[side];
        t.own[side] += op.errors_own[side];
        t.passed[side] += op.errors_passed_on[side];
      }
      const double errors = op.errors_own[1] + op.errors_passed_on[1];
      if (errors > t.most) {
        t.most = errors;
        t.worst = &item;
      }
      if (op.first_error >= 0 && (t.first < 0 || op.first_error < t.first)) t.first = op.first_error;
    }
    for (const auto& [entity, t] : totals) {
      if (t.worst == nullptr) continue;
      for (const auto& [errors, type] :
           {std::pair{&t.own, "trace.error.own"}, std::pair{&t.passed, "trace.error.passed_on"}}) {
        const double rate = (*errors)[1] / std::max(1.0, t.spans[1]);
        // Half an error in the baseline stands for "none seen yet" (Jeffreys' prior), so that no ratio is
        // infinite.
        const double before = ((*errors)[0] + 0.5) / (t.spans[0] + 1);
        const double z =
            (rate - before) / std::sqrt(before * (1 - std::min(before, 0.999)) / std::max(1.0, t.spans[1]));
        const bool unknown_before = t.spans[0] < 1;
        if ((*errors)[1] < 1 || (!unknown_before && z < kLeastZ)) continue;
        Observation o;
        o.entity = entities_.text(entity);
        o.type = type;
        o.subject = shown(t.worst->first.second);
        o.strength = unknown_before ? std::min(0.8, 0.3 + rate)
                                    : strength_of(z, std::log((rate + 1e-3) / (before + 1e-3)));
        if (o.strength < 0.05) continue;
        o.magnitude = std::log((rate + 1e-3) / (before + 1e-3));
        o.value = 100 * rate;
        if (!unknown_before) o.baseline = 100 * (*errors)[0] / t.spans[0];
        o.unit = "%";
        if (t.first >= 0) o.onset = origin_ + base::duration_from_seconds(t.first);
        o.facts["operation"] = o.subject;
        o.facts["failed"] = fmt::format("{}", (*errors)[1]);
        o.facts["spans"] = fmt::format("{}", t.spans[1]);
        o.evidence.push_back(spans_evidence(t.worst->first, t.worst->second, t.worst->second.error_ref));
        out_.observations.push_back(std::move(o));
      }
    }
  }

  void find_calls() {
    std::map<std::uint32_t, std::vector<Observation>> by_entity;
    for (const auto& [key, op] : s_.operations) {
      if (op.count[0] < kLeastSpans || op.count[1] < kLeastSpans) continue;
      for (const auto& [callee, calls] : op.calls) {
        const double before = calls.total[0] / op.count[0];
        const double now = calls.total[1] / op.count[1];
        const double expected = before * op.count[1];
        if (expected + calls.total[1] < kLeastSpans) continue;
        // Counts of calls scatter at least like Poisson's; the baseline's own scatter is added.
        const double deviation = std::sqrt(expected + expected * op.count[1] / op.count[0] + 1);
        const double z = (calls.total[1] - expected) / deviation;
        const char* type = nullptr;
        if (calls.total[1] < 0.5 && z < -kLeastZ) {
          type = "trace.calls.missing";
        } else if (now < 0.6 * before && z < -2 * kLeastZ) {
          type = "trace.calls.less";
        } else if (before > 0 && now > 1.5 * before && z > 2 * kLeastZ) {
          type = "trace.calls.more";
        }
        if (type == nullptr) continue;
        Observation o;
        o.entity = entities_.text(key.first);
        o.type = type;
        o.magnitude = std::abs(std::log((now + 0.05) / (before + 0.05)));
        o.strength = strength_of(std::abs(z), o.magnitude);
        if (o.strength < 0.05) continue;
        o.subject = fmt::format("{} → {}", shown(key.second), shown(callee.second));
        o.value = now;
        o.baseline = before;
        o.facts["operation"] = shown(key.second);
        o.facts["callee"] = entities_.text(callee.first);
        o.evidence.push_back(spans_evidence(key, op, op.example[1]));
        by_entity[key.first].push_back(std::move(o));
      }
    }
    for (auto& [entity, list] : by_entity) {
      std::stable_sort(list.begin(), list.end(),
                       [](const auto& a, const auto& b) { return a.strength > b.strength; });
      if (list.size() > kCallsPerEntity) list.resize(kCallsPerEntity);
      for (auto& o : list) out_.observations.push_back(std::move(o));
    }
  }

  const SpanStatistics& s_;
  const RequestTimes& times_;
  const TextIndex& entities_;
  const TextIndex& operations_;
  const std::function<std::string(std::uint32_t)>& source_name_;
  base::Timestamp origin_;
  TraceFindings out_;
};

}  // namespace

TraceFindings find(const SpanStatistics& statistics, const RequestTimes& times, const TextIndex& entities,
                   const TextIndex& operations, const std::function<std::string(std::uint32_t)>& source_name,
                   base::Timestamp origin) {
  return Finder(statistics, times, entities, operations, source_name, origin).run();
}

}  // namespace midwatch::observe::traces

#include "src/observe/traces/trace_observer.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace midwatch::observe::traces {
namespace {

using telemetry::SpanStatus;

/// Sends requests web → orders → store through an observer.
class Requests {
 public:
  Requests() : observer_({{}, 300'000, [](std::uint32_t) { return std::string("traces.ndjson"); }}) {}

  struct Shape {
    double work = 0.005;     ///< of the store
    double network = 0.001;  ///< each way between orders and store
    int calls = 1;           ///< of orders to the store
    bool fails = false;      ///< the store
    bool reaches = true;     ///< orders calls the store at all
  };

  void send(const Shape& shape, bool baseline) {
    ++request_;
    const double at = request_ * 2.0;
    const std::string trace = "t" + std::to_string(request_);
    const double call = shape.work + 2 * shape.network;
    const double below = shape.reaches ? call * shape.calls : 0;
    add(trace, "1", "", "web", "GET /orders", at, 0.010 + below, shape.fails, baseline);
    add(trace, "2", "1", "web", "call orders", at + 0.002, 0.006 + below, shape.fails, baseline);
    add(trace, "3", "2", "orders", "list", at + 0.003, 0.004 + below, shape.fails, baseline);
    if (!shape.reaches) return;
    for (int i = 0; i < shape.calls; ++i) {
      const double start = at + 0.005 + i * call;
      const std::string id = std::to_string(10 + 2 * i);
      add(trace, id, "3", "orders", "call store", start, call, shape.fails, baseline);
      add(trace, id + "s", id, "store", "select", start + shape.network, shape.work, shape.fails, baseline);
    }
  }

  void send(int n, const Shape& shape, bool baseline) {
    for (int i = 0; i < n; ++i) send(shape, baseline);
  }

  TraceFindings finish() { return observer_.finish(); }

 private:
  void add(const std::string& trace, const std::string& id, const std::string& parent, const char* entity,
           const char* name, double start, double duration, bool fails, bool baseline) {
    const std::string span_id = trace + "-" + id;
    const std::string parent_id = parent.empty() ? "" : trace + "-" + parent;
    telemetry::Span s;
    s.trace_id = trace;
    s.span_id = span_id;
    s.parent_span_id = parent_id;
    s.entity = entity;
    s.name = name;
    s.start = base::Timestamp{} + base::duration_from_seconds(1000 + start);
    s.duration = base::duration_from_seconds(duration);
    s.status = fails ? SpanStatus::kError : SpanStatus::kOk;
    s.ref = {1, ++line_};
    if (baseline) {
      observer_.observe_baseline(s);
    } else {
      observer_.observe(s);
    }
  }

  TraceObserver observer_;
  int request_ = 0;
  std::uint64_t line_ = 0;
};

TraceFindings compare(const Requests::Shape& before, const Requests::Shape& now, int n = 40) {
  Requests r;
  r.send(n, before, true);
  r.send(n, now, false);
  return r.finish();
}

const model::Observation* find(const TraceFindings& f, const std::string& entity, const std::string& type) {
  const auto at = std::find_if(f.observations.begin(), f.observations.end(),
                               [&](const auto& o) { return o.entity == entity && o.type == type; });
  return at == f.observations.end() ? nullptr : &*at;
}

TEST(TraceObserver, OrdinaryRequestsGiveNothing) {
  EXPECT_TRUE(compare({}, {}).observations.empty());
}

TEST(TraceObserver, SlowWorkBelongsToWhoDoesIt) {
  Requests::Shape slow;
  slow.work = 0.2;
  const auto f = compare({}, slow);
  ASSERT_NE(find(f, "store", "trace.self_time.up"), nullptr);
  EXPECT_EQ(find(f, "orders", "trace.self_time.up"), nullptr);
  EXPECT_EQ(find(f, "store", "trace.edge_delay.up"), nullptr);
  const auto* share = find(f, "store", "trace.slow_requests.own");
  ASSERT_NE(share, nullptr);
  EXPECT_GT(*share->value, 90);
  EXPECT_NE(find(f, "web", "trace.latency.up"), nullptr) << "callers are slow as a whole";
}

TEST(TraceObserver, TimeLostBetweenClientAndServerBelongsToTheEdge) {
  Requests::Shape lossy;
  lossy.network = 0.3;
  const auto f = compare({}, lossy);
  const auto* edge = find(f, "store", "trace.edge_delay.up");
  ASSERT_NE(edge, nullptr);
  EXPECT_EQ(edge->facts.at("caller"), "orders");
  EXPECT_EQ(edge->facts.at("callee"), "store");
  EXPECT_EQ(find(f, "store", "trace.self_time.up"), nullptr);
  EXPECT_EQ(find(f, "orders", "trace.self_time.up"), nullptr);
  const auto* store = find(f, "store", "trace.slow_requests.network");
  const auto* orders = find(f, "orders", "trace.slow_requests.network");
  ASSERT_NE(store, nullptr);
  ASSERT_NE(orders, nullptr);
  EXPECT_GT(store->strength, orders->strength) << "the called end is likelier";
}

TEST(TraceObserver, ErrorsBelongToTheDeepestThatFails) {
  Requests::Shape failing;
  failing.fails = true;
  const auto f = compare({}, failing);
  EXPECT_NE(find(f, "store", "trace.error.own"), nullptr);
  EXPECT_EQ(find(f, "orders", "trace.error.own"), nullptr);
  EXPECT_NE(find(f, "orders", "trace.error.passed_on"), nullptr);
}

TEST(TraceObserver, CallsThatMultiplyOrEndAreSeen) {
  Requests::Shape many;
  many.calls = 6;
  const auto more = compare({}, many);
  ASSERT_NE(find(more, "orders", "trace.calls.more"), nullptr);
  Requests::Shape none;
  none.reaches = false;
  const auto gone = compare({}, none);
  ASSERT_NE(find(gone, "orders", "trace.calls.missing"), nullptr);
}

TEST(TraceObserver, OneExtremeRequestDecidesNothing) {
  Requests r;
  r.send(60, {}, true);
  r.send(60, {}, false);
  Requests::Shape extreme;
  extreme.work = 30;
  r.send(extreme, false);
  const auto f = r.finish();
  const auto* share = find(f, "store", "trace.slow_requests.own");
  EXPECT_TRUE(share == nullptr || share->strength < 0.6);
}

TEST(TraceObserver, SpansWhoseParentNeverCameAreCounted) {
  Requests r;
  r.send(3, {}, false);
  auto f = r.finish();
  EXPECT_EQ(f.orphans, 0U);
  EXPECT_EQ(f.spans, 15U);
  ASSERT_EQ(f.calls.size(), 2U);
  EXPECT_EQ(f.calls[0].from, "orders");
  EXPECT_EQ(f.calls[1].from, "web");
}

TEST(TraceObserver, EveryObservationHasItsSpans) {
  Requests::Shape slow;
  slow.work = 0.2;
  for (const auto& o : compare({}, slow).observations) {
    ASSERT_FALSE(o.evidence.empty()) << o.type;
    EXPECT_EQ(o.evidence.front().source, "traces.ndjson");
    EXPECT_FALSE(o.evidence.front().id.empty());
  }
}

}  // namespace
}  // namespace midwatch::observe::traces

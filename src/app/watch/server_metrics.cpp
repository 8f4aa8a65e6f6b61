#include "src/app/watch/server_metrics.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace midwatch::app {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Buckets = prometheus::Histogram::BucketBoundaries;

/// Seconds. A message must be decided about within one.
const Buckets& short_waits() {
  static const Buckets kBuckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
  return kBuckets;
}

/// Seconds. Deadlines are from one to some minutes, and who waits for a worker waits longer.
const Buckets& long_waits() {
  static const Buckets kBuckets{1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120, 300, 900, 3600};
  return kBuckets;
}

double seconds(base::Duration took) {
  return std::chrono::duration<double>(took).count();
}

ClientMetric with_value(MetricType type, double value, std::vector<ClientMetric::Label> labels = {}) {
  ClientMetric metric;
  metric.label = std::move(labels);
  (type == MetricType::Gauge ? metric.gauge.value : metric.counter.value) = value;
  return metric;
}

/// What is polled, a line a space.
std::vector<MetricFamily> polled_families(const std::vector<ServerMetrics::Now::Polled>& polled) {
  if (polled.empty()) return {};
  MetricFamily failing{
      "midwatch_polling_failing", "1 where alarms of the space cannot be asked for.", MetricType::Gauge, {}};
  MetricFamily alarms{"midwatch_polled_alarms_total",
                      "Changes of alarms that were found by asking.",
                      MetricType::Counter,
                      {}};
  for (const auto& space : polled) {
    failing.metric.push_back(with_value(failing.type, space.failing ? 1 : 0, {{"space", space.space}}));
    alarms.metric.push_back(with_value(alarms.type, space.alarms, {{"space", space.space}}));
  }
  return {std::move(failing), std::move(alarms)};
}

}  // namespace

struct ServerMetrics::Families {
  prometheus::Registry registry;
  prometheus::Counter& deliveries = prometheus::BuildCounter()
                                        .Name("midwatch_deliveries_total")
                                        .Help("Messages of senders that were stored.")
                                        .Register(registry)
                                        .Add({});
  prometheus::Counter& troubles = prometheus::BuildCounter()
                                      .Name("midwatch_troubles_total")
                                      .Help("Lines of the log that tell of trouble.")
                                      .Register(registry)
                                      .Add({});
  prometheus::Histogram& triage =
      prometheus::BuildHistogram()
          .Name("midwatch_triage_duration_seconds")
          .Help("From when a message came until it was decided about and on the disk.")
          .Register(registry)
          .Add({}, short_waits());
  prometheus::Family<prometheus::Histogram>& requests =
      prometheus::BuildHistogram()
          .Name("midwatch_request_duration_seconds")
          .Help("Until a request was answered, by operation of the API and class of the status.")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& investigations =
      prometheus::BuildHistogram()
          .Name("midwatch_investigation_duration_seconds")
          .Help("From when an investigation was requested until it ended in this process.")
          .Register(registry);
};

ServerMetrics::ServerMetrics() : families_(std::make_unique<Families>()) {}

ServerMetrics::~ServerMetrics() = default;

void ServerMetrics::took_delivery(base::Duration took) {
  families_->deliveries.Increment();
  families_->triage.Observe(seconds(took));
}

void ServerMetrics::noted_trouble() {
  families_->troubles.Increment();
}

void ServerMetrics::answered(std::string_view operation, int status, base::Duration took) {
  const prometheus::Labels labels{{"operation", std::string(operation)},
                                  {"code", fmt::format("{}xx", status / 100)}};
  families_->requests.Add(labels, short_waits()).Observe(seconds(took));
}

void ServerMetrics::ended_investigation(std::string_view status, base::Duration took) {
  families_->investigations.Add({{"status", std::string(status)}}, long_waits()).Observe(seconds(took));
}

std::string ServerMetrics::text(const Now& now) const {
  std::vector<MetricFamily> all = families_->registry.Collect();
  all.push_back({"midwatch_investigations_running",
                 "Investigations that run in this process.",
                 MetricType::Gauge,
                 {with_value(MetricType::Gauge, static_cast<double>(now.running))}});
  for (auto& family : polled_families(now.polled)) all.push_back(std::move(family));
  if (now.traces)
    all.push_back(
        {"midwatch_traces_total",
         "Traces of investigations, by what became of them.",
         MetricType::Counter,
         {with_value(MetricType::Counter, static_cast<double>(now.traces->sent), {{"outcome", "sent"}}),
          with_value(MetricType::Counter, static_cast<double>(now.traces->dropped),
                     {{"outcome", "dropped"}})}});
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace midwatch::app

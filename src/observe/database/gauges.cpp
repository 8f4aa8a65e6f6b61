#include "src/observe/database/gauges.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "src/knowledge/metric_meaning.h"
#include "src/observe/database/instance_class.h"

namespace midwatch::observe::database {
namespace {

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

/// The first attribute of these that is a positive number.
std::optional<double> first_number(const telemetry::Attributes& attributes,
                                   std::initializer_list<std::string_view> paths, double unit = 1) {
  for (const std::string_view path : paths) {
    const auto value = attributes.number(path);
    if (value && *value > 0) return *value * unit;
  }
  return std::nullopt;
}

std::string_view first_text(const telemetry::Attributes& attributes,
                            std::initializer_list<std::string_view> paths) {
  for (const std::string_view path : paths) {
    if (const std::string* value = attributes.find(path); value != nullptr && !value->empty()) return *value;
  }
  return {};
}

using Words = std::vector<std::string>;

bool has(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_all(const Words& words, std::initializer_list<std::string_view> wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](std::string_view word) { return has(words, word); });
}

/// A metric's place among the gauges.
struct Place {
  std::optional<Course> Gauges::*gauge = nullptr;
  Worse worse = Worse::kMore;
};

/// Names that the meaning of metrics does not tell apart, by their words.
Place place_by_words(const Words& words) {
  if (has_all(words, {"write", "iops"})) return {&Gauges::write_operations, Worse::kMore};
  if (has_all(words, {"write", "latency"}) || has_all(words, {"commit", "latency"}))
    return {&Gauges::write_latency, Worse::kMore};
  if (has_all(words, {"transaction", "logs", "generation"}) || has_all(words, {"wal", "generation"}))
    return {&Gauges::log_generation, Worse::kMore};
  if (has_all(words, {"slot", "disk", "usage"}) || has_all(words, {"slot", "lag"}) ||
      has_all(words, {"transaction", "logs", "disk", "usage"}))
    return {&Gauges::log_retained, Worse::kMore};
  if (has_all(words, {"queue", "depth"})) return {&Gauges::queue_depth, Worse::kMore};
  if (has(words, "balance")) return {&Gauges::burst_balance, Worse::kLess};
  if (has_all(words, {"maximum", "used", "transaction"})) return {&Gauges::transaction_age, Worse::kMore};
  if (has(words, "deadlocks")) return {&Gauges::deadlocks, Worse::kMore};
  return {};
}

Place place_of(const telemetry::MetricKey& key, const knowledge::KnowledgeBase& knowledge) {
  const Words words = knowledge::name_words(key.metric);
  if (const Place place = place_by_words(words); place.gauge != nullptr) return place;
  const auto meaning = knowledge::metric_meaning(key, knowledge.metric_rules);
  const std::string& quantity = meaning.quantity;
  if (quantity == "cpu" && meaning.unit == "%") return {&Gauges::cpu, Worse::kMore};
  if (quantity == "connections") return {&Gauges::connections, Worse::kMore};
  if (quantity == "db_load" && !has(words, "cpu") && !has(words, "non")) return {&Gauges::load, Worse::kMore};
  if (quantity == "replication_lag") return {&Gauges::replica_lag, Worse::kMore};
  if (quantity == "disk_space" && has(words, "free")) return {&Gauges::free_storage, Worse::kLess};
  if (quantity == "memory" && (has(words, "freeable") || has(words, "free")))
    return {&Gauges::free_memory, Worse::kLess};
  return {};
}

const telemetry::MetricSeries* find_series(const std::vector<telemetry::MetricSeries>& list,
                                           const telemetry::MetricKey& key) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const auto& s) { return s.key == key; });
  return at == list.end() ? nullptr : &*at;
}

}  // namespace

Capacity capacity_of(const telemetry::Entity& entity) {
  const telemetry::Attributes& a = entity.attributes;
  Capacity capacity;
  const auto size = instance_size(first_text(a, {"DBInstanceClass", "instance_class", "class"}));
  if (size) {
    capacity.vcpus = size->vcpus;
    capacity.memory = size->memory;
  }
  capacity.storage = first_number(a, {"limit.storage"});
  if (!capacity.storage) capacity.storage = first_number(a, {"AllocatedStorage", "allocated_storage"}, kGiB);
  capacity.connections = first_number(a, {"limit.connections", "max_connections"});
  if (!capacity.connections && capacity.memory)
    capacity.connections = default_connection_limit(first_text(a, {"Engine", "engine"}), *capacity.memory);
  return capacity;
}

Gauges read_gauges(std::vector<const telemetry::MetricSeries*> own,
                   const std::vector<telemetry::MetricSeries>& baseline,
                   const telemetry::IncidentScope& scope, const knowledge::KnowledgeBase& knowledge) {
  std::sort(own.begin(), own.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  Gauges gauges;
  for (const telemetry::MetricSeries* series : own) {
    const Place place = place_of(series->key, knowledge);
    if (place.gauge == nullptr || gauges.*place.gauge) continue;
    gauges.*place.gauge = course_of(*series, find_series(baseline, series->key), scope, place.worse);
  }
  return gauges;
}

}  // namespace midwatch::observe::database

#pragma once

#include <optional>
#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/observe/database/course.h"
#include "src/telemetry/entity.h"

namespace midwatch::observe::database {

/// What is known of the size of a database.
/// Units: number, bytes, bytes, number.
struct Capacity {
  std::optional<double> vcpus;
  std::optional<double> memory;
  std::optional<double> storage;
  std::optional<double> connections;
};

/// From the entity's attributes: `limit.*` (src/observe/state/README.md), else the instance class.
Capacity capacity_of(const telemetry::Entity& entity);

/// The series of one database that conditions are read from, by what they measure.
struct Gauges {
  std::optional<Course> cpu;               ///< percent
  std::optional<Course> connections;       ///< number
  std::optional<Course> load;              ///< average active sessions
  std::optional<Course> free_storage;      ///< bytes
  std::optional<Course> free_memory;       ///< bytes
  std::optional<Course> replica_lag;       ///< seconds
  std::optional<Course> write_operations;  ///< a second
  std::optional<Course> write_latency;     ///< seconds
  std::optional<Course> log_generation;    ///< bytes a second of the write-ahead log
  std::optional<Course> log_retained;      ///< bytes that a replication slot or the log keeps on the volume
  std::optional<Course> queue_depth;       ///< requests that wait for the volume
  std::optional<Course> burst_balance;     ///< percent of credits left: processor or volume
  std::optional<Course> transaction_age;   ///< transaction ids in use
  std::optional<Course> deadlocks;         ///< number
};

/// Finds the gauges among the series of one database. Of two that fit one place, the first by key counts.
Gauges read_gauges(std::vector<const telemetry::MetricSeries*> own,
                   const std::vector<telemetry::MetricSeries>& baseline,
                   const telemetry::IncidentScope& scope, const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::observe::database

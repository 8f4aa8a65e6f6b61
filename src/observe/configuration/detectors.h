#pragma once

#include <string>
#include <vector>

#include "src/observe/configuration/configuration_observer.h"

namespace midwatch::observe::configuration {

// Each detector adds what it finds.

void detect_credentials(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_unread_secrets(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_moved_images(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_checks(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_denying_policies(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_lost_notifications(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_dns_records(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_hot_partitions(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_platform_limits(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_shared_concurrency(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_cpu_limits(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_memory_growth(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_headroom(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_failing_releases(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_short_grace(const ConfigurationInput& input, std::vector<model::Observation>& out);
void detect_unused_databases(const ConfigurationInput& input, std::vector<model::Observation>& out);

/// An observation about an entity, with the attributes that say it as evidence.
model::Observation about(const ConfigurationInput& input, topology::EntityIndex index, std::string type,
                         double strength, std::vector<std::string> paths);

/// The service or function that a task belongs to; the entity itself where it belongs to nobody.
topology::EntityIndex owner_of(const topology::Topology& topology, topology::EntityIndex index);

/// A series of a database to which nobody was connected in all the time that was asked for; null where there
/// is none.
const telemetry::MetricSeries* without_connections(const ConfigurationInput& input,
                                                   topology::EntityIndex index);

/// The secrets that nobody ever read, ordered.
std::vector<topology::EntityIndex> unread_secrets(const topology::Topology& topology);

/// How surely something is out of order: sure; or worth knowing, below what counts as trouble (0.5).
inline constexpr double kSure = 0.95;
inline constexpr double kRemark = 0.45;

}  // namespace midwatch::observe::configuration

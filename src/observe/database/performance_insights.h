#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/telemetry/platform_event.h"

namespace midwatch::observe::database {

/// One line of a "top" table of Performance Insights: a statement, a wait event, a user or a host, and its
/// share of the database load.
struct LoadShare {
  const telemetry::PlatformEvent* event = nullptr;
  std::string name;
  double load = 0;   ///< average active sessions
  double share = 0;  ///< of the whole table, 0 … 1
  std::optional<double> calls_per_second;
  std::string top_wait;  ///< of a statement: what it waits for most
};

/// The tables of one database.
struct LoadProfile {
  std::vector<LoadShare> statements;  ///< each table with the heaviest first
  std::vector<LoadShare> waits;
  std::vector<LoadShare> users;
  std::vector<LoadShare> hosts;

  bool empty() const { return statements.empty() && waits.empty(); }
  double load_of_waits() const;
  /// The share of the load that waits for this class (wait_class).
  double waiting_for(std::string_view wait_class) const;
};

/// Who says what an event of the load says, in words for people.
std::string told_by(const telemetry::PlatformEvent& event);

/// True for the events that read_load_profile reads.
bool is_load_event(const telemetry::PlatformEvent& event);

/// Reads the events of one database (`source` performance_insights, `type` top_sql, top_wait_events,
/// top_users, top_hosts). Several samples of one name are averaged.
LoadProfile read_load_profile(const std::vector<const telemetry::PlatformEvent*>& events);

/// `event.top_sql`, `event.top_wait`, `event.top_user`, `event.top_host`: who carries a considerable share of
/// the load. Facts: `sql`, `statement`, `wait`, `class`, `load`, `share`, `calls_per_second`, `user`, `host`,
/// `told_by`.
/// `strength` grows with the share, and with the load compared to the processors (where these are known).
std::vector<model::Observation> observe_load(const std::string& entity, const LoadProfile& profile,
                                             std::optional<double> vcpus,
                                             const model::SourceName& source_name);

}  // namespace midwatch::observe::database

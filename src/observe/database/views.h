#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/database/gauges.h"
#include "src/observe/database/performance_insights.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/platform_event.h"

namespace midwatch::observe::database {

/// True for what a database's console printed: rows of its views, and lines.
bool is_from_console(const telemetry::PlatformEvent& event);

/// True for a row of a system view that a database's console printed; src/clients/postgresql/README.md has
/// the views and their columns.
bool is_view_row(const telemetry::PlatformEvent& event);

/// The rows of one database by view, in the order in which they were printed.
class Views {
 public:
  using Rows = std::vector<const telemetry::PlatformEvent*>;

  /// The record that a view had no rows is none.
  void add(const telemetry::PlatformEvent& row);
  const Rows& of(std::string_view view) const;
  /// The rows of each table of a view apart: two tables of one view count the same things twice.
  std::vector<Rows> tables_of(std::string_view view) const;
  bool empty() const { return rows_.empty(); }

 private:
  std::map<std::string, Rows, std::less<>> rows_;
};

/// What the readers of views share.
struct ViewInput {
  const std::string& entity;
  const Views& views;
  const Capacity& capacity;
  const telemetry::IncidentScope& scope;
  const model::SourceName& source_name;
};

/// Sessions against the limit, sessions left in a transaction, long transactions:
/// `state.database.connections_exhausted.measured`, `.sessions_idle`, `.idle_in_transaction`,
/// `.long_transaction`.
std::vector<model::Observation> observe_sessions(const ViewInput& input);

/// Who waits for whom: `state.database.sessions_blocked`, and the load of those who wait, as far as views
/// tell.
struct Waiting {
  std::vector<model::Observation> observations;
  LoadProfile load;
};
Waiting observe_waiting(const ViewInput& input);

/// `state.database.replica_lagging.measured`, `.log_retained.measured`, `.archive_failing`.
std::vector<model::Observation> observe_replication(const ViewInput& input);

/// `state.database.vacuum_behind`, `.transaction_ids_old`, `.sequential_scans`, `sign.db_dead_rows_kept`,
/// `sign.db_pool_exhausted`.
std::vector<model::Observation> observe_tables(const ViewInput& input);

/// `state.healthy`, where sessions were looked at: for a database in whose views nothing is out of the
/// ordinary.
std::optional<model::Observation> observe_health(const ViewInput& input);

/// An observation about the rows of a view. At most a handful of them is kept as evidence.
model::Observation view_observation(const ViewInput& input, std::string type, double strength,
                                    const Views::Rows& rows);

/// `seconds` before the alarm, where that lies in the window.
std::optional<base::Timestamp> onset_before(const ViewInput& input, std::optional<double> seconds);

/// A text of the database for a fact: redacted, printable, short.
std::string view_text(std::string_view text);

/// The row of a setting that was shown; nothing where it was not.
const telemetry::PlatformEvent* setting_row(const Views& views, std::string_view name);

}  // namespace midwatch::observe::database

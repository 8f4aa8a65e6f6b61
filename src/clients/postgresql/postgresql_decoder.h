#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::postgresql {

/// The entity of output that does not say which database it was asked of.
inline constexpr std::string_view kUnnamed = "postgresql";

/// What psql printed.
struct PsqlOutput {
  std::string_view text;  ///< the first line may name the command: `# psql -h db -c "select …"`
  std::string entity = std::string(kUnnamed);  ///< who was asked
  telemetry::RecordRef ref = {};
  std::size_t first_line = 1;                          ///< the number of the first line of `text`
  std::optional<base::Timestamp> reference_time = {};  ///< when it was asked, as well as it is known
};

/// Adds the rows of tables that are known by their columns as events of `entity` (README.md), and all other
/// lines as what a command printed. False, and nothing added, where no table is known.
bool decode_known_tables(const PsqlOutput& output, telemetry::TelemetryBatch& out);

/// The same of output that is psql's for certain: without a known table its lines are messages, and tables
/// become notices.
void decode_psql_output(const PsqlOutput& output, telemetry::TelemetryBatch& out);

/// Says of whoever contains a database, a workload of its pod, that it is one, and relates sessions to the
/// applications that they name. Called once, after the last document.
void link_databases(telemetry::TelemetryBatch& batch);

}  // namespace midwatch::clients::postgresql

#pragma once

#include <optional>
#include <string_view>

#include "src/base/time.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::aws {

/// One command's output: `aws … --output json`. The first line may be `# aws …` and name the command.
struct CliOutput {
  std::string_view text;
  telemetry::RecordRef ref;
  std::optional<base::Timestamp> reference_time;  ///< when it was asked, as well as it is known
};

/// Adds what the output says to `out`. What is not understood, and what the service refused to say, becomes a
/// notice; nothing is an error.
void decode_cli_output(const CliOutput& output, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws

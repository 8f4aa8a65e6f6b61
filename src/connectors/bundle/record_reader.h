#pragma once

#include <cstdint>

#include "src/connectors/bundle/line_reader.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::connectors::bundle {

/// Reads the small record files of a bundle, a JSON object a line, into `batch`. `source` goes into each
/// record's ref. A line that is no such record is skipped and counted; of two changes with the same (kind,
/// id) the first stays. Each returns the number of lines that held something.
base::Result<std::uint64_t> read_changes(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                         telemetry::TelemetryBatch& batch);
base::Result<std::uint64_t> read_events(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                        telemetry::TelemetryBatch& batch);
base::Result<std::uint64_t> read_entities(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                          telemetry::TelemetryBatch& batch);
base::Result<std::uint64_t> read_relations(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                           telemetry::TelemetryBatch& batch);

}  // namespace midwatch::connectors::bundle

#pragma once

#include <cstddef>
#include <string_view>

#include "src/model/investigation_record.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::connectors {

/// What a decoder met in a document and could not use, as a gap of the investigation; `source` names the
/// document.
model::Gap gap_of_notice(std::string_view source, const telemetry::DecodeNotice& notice);

/// How much documents said. What was not understood of them does not count: a document that says nothing is
/// no record.
std::size_t records_in(const telemetry::TelemetryBatch& batch);

}  // namespace midwatch::connectors

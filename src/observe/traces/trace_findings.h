#pragma once

#include "src/observe/traces/slow_requests.h"
#include "src/observe/traces/span_statistics.h"
#include "src/observe/traces/trace_assembly.h"
#include "src/observe/traces/trace_observer.h"

namespace midwatch::observe::traces {

/// Compares the two sides of the statistics and says what is out of the ordinary.
TraceFindings find(const SpanStatistics& statistics, const RequestTimes& times, const TextIndex& entities,
                   const TextIndex& operations, const std::function<std::string(std::uint32_t)>& source_name,
                   base::Timestamp origin);

}  // namespace midwatch::observe::traces

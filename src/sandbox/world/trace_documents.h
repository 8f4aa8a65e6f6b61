#pragma once

#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/sandbox/world/history.h"
#include "src/sandbox/world/world.h"

// A request as tracing writes it down: as a segment of X-Ray, and as the spans of OpenTelemetry that
// Transaction Search keeps as lines.

namespace midwatch::sandbox::world {

inline constexpr const char* kSpansGroup = "aws/spans";

/// Type and name of the node on X-Ray's map that a call goes to.
struct CalledNode {
  std::string type;
  std::string name;
};
CalledNode node_called(const World& world, const TraceCall& call);

/// The document of the segment, as BatchGetTraces gives it.
base::Json segment_document(const World& world, const TraceRecord& trace);

/// The lines of its spans, in the order of their ends.
struct SpanLine {
  base::Timestamp time;
  std::string text;
};
std::vector<SpanLine> span_lines(const World& world, const TraceRecord& trace);

}  // namespace midwatch::sandbox::world

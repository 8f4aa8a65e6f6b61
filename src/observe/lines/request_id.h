#pragma once

#include <string_view>

namespace midwatch::observe::lines {

/// The request that a line says it belongs to, and the part of it.
struct RequestId {
  std::string_view trace;  ///< empty where it names none
  std::string_view span;
};

/// Finds a trace or request identifier that a line names in its text: "trace_id=…", "TraceID: …",
/// "traceparent: 00-…", "RequestId: …", "[req-…". An identifier of zeros is none.
/// Shape: parts of `line`; at least eight characters.
RequestId request_id_in(std::string_view line);

}  // namespace midwatch::observe::lines

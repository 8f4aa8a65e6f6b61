#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace midwatch::intake {

/// Where in which trace a request was sent.
struct TraceParent {
  std::string trace;  ///< 32 lower-case hex digits
  std::string span;   ///< 16 of them
};

/// Reads the header `traceparent`; nothing where it is not as it has to be.
/// Source: W3C Trace Context, Recommendation of 23 November 2021, section 3.2
std::optional<TraceParent> read_trace_parent(std::string_view header);

/// As the header writes it, with what its sender said of sampling left out.
std::string to_string(const TraceParent& parent);

}  // namespace midwatch::intake

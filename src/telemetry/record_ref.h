#pragma once

#include <compare>
#include <cstdint>

namespace midwatch::telemetry {

/// Names the record that a value came from: a source (a file of a bundle, an API query) and the place inside
/// it. `source` indexes the source list of the investigation; `line` counts from 1, and is 0 where the source
/// has no lines.
struct RecordRef {
  std::uint32_t source = 0;
  std::uint64_t line = 0;
  friend auto operator<=>(const RecordRef&, const RecordRef&) = default;
};

}  // namespace midwatch::telemetry

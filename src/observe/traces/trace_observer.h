#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/telemetry/entity.h"
#include "src/telemetry/span.h"

namespace midwatch::observe::traces {

struct TraceObserverOptions {
  /// Where there is no separate baseline, spans before this time are the baseline.
  std::optional<base::Timestamp> split;
  /// Spans of unfinished traces that are kept at most; beyond it the oldest traces are taken as complete.
  std::size_t max_open_spans = 300'000;
  std::function<std::string(std::uint32_t)> source_name;
};

/// What spans say.
struct TraceFindings {
  std::vector<model::Observation> observations;
  std::vector<telemetry::Relation> calls;  ///< who calls whom, from parent and child spans
  std::vector<std::string> entities;       ///< who has spans, ordered
  std::vector<std::pair<std::string, std::string>> instances;  ///< pod or task → entity
  std::uint64_t spans = 0;
  std::uint64_t orphans = 0;  ///< spans whose parent never came
};

/// Observes spans in one pass and attributes time and errors to the span that owns them.
///
/// Shape:   the time of a trace belongs to whoever runs deepest (exclusive_time.h). Where a span's children
/// are all of
///          one other entity and its parent is of its own, it is the client side of a call: what it owns is
///          the edge's delay, not the entity's own time. An error is owned by the span with no failed child.
///          Distributions are kept by operation and compared with the baseline's of the same operation;
///          comparisons of one entity are pooled. Beside them stands how much of all the time that requests
///          take longer belongs to an entity itself, and to the network around it.
/// Source:  Mann and Whitney 1947 (comparison), Stouffer 1949 (pooling).
/// Threads: one thread.
class TraceObserver {
 public:
  explicit TraceObserver(TraceObserverOptions options);
  ~TraceObserver();
  TraceObserver(const TraceObserver&) = delete;
  TraceObserver& operator=(const TraceObserver&) = delete;

  void observe_baseline(const telemetry::Span& span);
  void observe(const telemetry::Span& span);
  TraceFindings finish();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::observe::traces

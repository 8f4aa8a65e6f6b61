#pragma once

#include <cstddef>
#include <vector>

#include "src/observe/traces/trace_assembly.h"

namespace midwatch::observe::traces {

/// A trace as a forest: who is whose parent, and how deep everybody lies. Spans are ordered by start.
struct SpanForest {
  static constexpr std::size_t kNoSpan = static_cast<std::size_t>(-1);

  std::vector<std::size_t> parent;                 ///< kNoSpan for a root, and where the parent never came
  std::vector<std::vector<std::size_t>> children;  ///< in the order of their start
  std::vector<int> depth;                          ///< 0 for a root
  std::size_t orphans = 0;                         ///< spans whose parent never came

  explicit SpanForest(const std::vector<OpenSpan>& spans);
};

/// Gives every moment of a trace to one span: the deepest one that runs then, and of several the one that
/// began last. A span that waits for another, its child or not, owns no time; the sum over a trace is the
/// time in which anything ran.
///
/// Units:  seconds, one value a span.
/// Source: the idea of critical path attribution (Barford and Crovella 2001; Zhang et al., "CRISP", USENIX
/// ATC
///         2022), by depth instead of by last return, which needs no happens-before between siblings.
std::vector<double> exclusive_times(const std::vector<OpenSpan>& spans, const SpanForest& forest);

}  // namespace midwatch::observe::traces

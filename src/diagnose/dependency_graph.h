#pragma once

#include <optional>
#include <vector>

#include "src/diagnose/case_file.h"
#include "src/diagnose/suspects.h"

namespace midwatch::diagnose {

/// Who depends on whom among the suspects, with a direction for every edge that has one.
///
/// An edge that stands both ways in the topology has no known direction. It gets one from the callers that
/// traces name; else from the distance to the entry points (those that somebody outside calls, or that nobody
/// calls): a caller is nearer. Edges that stay undecided are left out of reach, and kept as neighbours.
class DependencyGraph {
 public:
  DependencyGraph(const CaseFile& file, const Suspects& suspects);

  std::size_t size() const { return out_.size(); }
  /// Whom `i` calls directly, and who calls it.
  const std::vector<SuspectIndex>& callees(SuspectIndex i) const { return out_[i]; }
  const std::vector<SuspectIndex>& callers(SuspectIndex i) const { return in_[i]; }
  /// Everything that `i` depends on, directly or not, without itself; ordered.
  const std::vector<SuspectIndex>& below(SuspectIndex i) const { return below_[i]; }
  /// Everything that depends on `i`, without itself; ordered.
  const std::vector<SuspectIndex>& above(SuspectIndex i) const { return above_[i]; }
  /// Steps from `from` down to `to`; nothing where `from` does not depend on `to`.
  std::optional<int> distance(SuspectIndex from, SuspectIndex to) const;

 private:
  std::vector<std::vector<SuspectIndex>> out_;
  std::vector<std::vector<SuspectIndex>> in_;
  std::vector<std::vector<SuspectIndex>> below_;
  std::vector<std::vector<SuspectIndex>> above_;
  std::vector<std::vector<int>> steps_;  // -1: no path
};

}  // namespace midwatch::diagnose

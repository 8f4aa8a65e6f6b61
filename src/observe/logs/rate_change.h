#pragma once

#include <optional>

#include "src/base/time.h"

namespace midwatch::observe::logs {

/// The times between which records of an episode lie.
class Episode {
 public:
  void add(base::Timestamp time);
  /// Seconds; 0 where fewer than two times are known.
  double seconds() const;
  std::optional<base::Timestamp> start() const { return start_; }
  std::optional<base::Timestamp> end() const { return end_; }

 private:
  std::optional<base::Timestamp> start_;
  std::optional<base::Timestamp> end_;
};

/// How surely a count is not what is expected: 0 … 1. Source: z-score of a count that spreads beyond Poisson
/// noise by a share of itself (overdispersed counts, e.g. Cameron and Trivedi 1998).
double sureness_of_change(double count, double expected);

}  // namespace midwatch::observe::logs

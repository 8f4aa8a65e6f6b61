#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace midwatch::observe::series {

/// The newest values of a stream, in one piece of memory.
/// Threads: one at a time.
class RecentValues {
 public:
  /// Requires: capacity > 0.
  explicit RecentValues(std::size_t capacity) : twice_(2 * capacity), capacity_(capacity) {}

  void add(double value);

  /// How many values there are, at most the capacity.
  std::size_t size() const { return size_; }

  /// The `count` values that end `skip` values before the newest, oldest first; valid until the next add.
  /// Requires: count + skip <= size().
  std::span<const double> last(std::size_t count, std::size_t skip = 0) const;

 private:
  std::vector<double>
      twice_;  ///< each value stands twice, one capacity apart, so that any stretch is in one piece
  std::size_t capacity_;
  std::size_t next_ = 0;
  std::size_t size_ = 0;
};

/// Requires: at least one value, as for mean_of.
double mean_of(std::span<const double> values);

/// The standard deviation of the values as such (divided by their number). In two passes: exact where the
/// level is large beside the spread.
double spread_of(std::span<const double> values);

}  // namespace midwatch::observe::series

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace midwatch::observe::flow {

/// A log line as one step of a request. Numbers are the caller's; what matters is which are equal.
struct Step {
  std::uint64_t trace = 0;  ///< the request
  std::uint64_t span = 0;   ///< the part of the request that the line was written in; 0 where it names none
  std::int64_t time = 0;    ///< nanoseconds
  std::uint32_t entity = 0;
  std::uint32_t kind = 0;   ///< what the line says: its template
  std::uint32_t words = 0;  ///< the same more closely: all its constant words
  std::uint32_t place = 0;  ///< the line of code that wrote it; 0 where it names none
};

/// Keeps the steps of requests until all are there, so that lines out of order and from several files do no
/// harm.
///
/// Memory:  at most kMaxSteps. Beyond, whole requests are dropped by the hash of their trace, half of those
///          that are left each time, so that the rest is an unbiased and repeatable sample.
/// Threads: one thread.
class FlowRecorder {
 public:
  static constexpr std::size_t kMaxSteps = 300'000;

  void add(const Step& step);
  bool empty() const { return steps_.empty(); }
  /// The steps ordered by trace, entity, span, time, and arrival. Leaves nothing behind.
  std::vector<Step> take();

 private:
  bool keeps(std::uint64_t trace) const;
  void thin_out();

  std::vector<Step> steps_;
  std::uint64_t mask_ = 0;
};

}  // namespace midwatch::observe::flow

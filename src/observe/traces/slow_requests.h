#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "src/observe/traces/span_statistics.h"

namespace midwatch::observe::traces {

/// Who can own time in a request: an operation of an entity, or the way between two entities.
struct TimeOwner {
  bool network = false;
  std::uint32_t first = 0;   ///< the entity; of the network, the caller
  std::uint32_t second = 0;  ///< the operation; of the network, the callee
  friend auto operator<=>(const TimeOwner&, const TimeOwner&) = default;
};

struct SlowRequests;

/// Keeps of each request who owned how much of its time.
///
/// Memory:  at most kMostEntries entries a side: beyond that, every second request by the hash of its trace
/// id stays,
///          so that what stays does not depend on the order of arrival.
/// Threads: one thread.
class RequestTimes {
 public:
  static constexpr std::size_t kMostEntries = 1'000'000;

  /// What one owner had in one request.
  struct Owned {
    float seconds = 0;
    float spans = 0;
  };

  void add(std::uint64_t trace, std::size_t side, const std::map<TimeOwner, Owned>& owned);

 private:
  friend SlowRequests slow_requests(const RequestTimes&, const SpanStatistics&);
  struct Request {
    std::uint64_t trace = 0;
    std::vector<std::pair<std::uint32_t, Owned>> owned;  // by index into owners_
  };
  struct Kept {
    std::vector<Request> requests;
    std::size_t entries = 0;
    std::uint64_t modulus = 1;
  };
  Sides<Kept> sides_;
  std::map<TimeOwner, std::uint32_t> index_;
  std::vector<TimeOwner> owners_;
};

/// Who makes requests slow.
///
/// Shape:  each request divides its vote among those that own more time in it than is usual for them (the
/// median of the
///         baseline), in proportion. The vote weighs sqrt(seconds lost) times ln(time / usual time): an
///         extreme request counts more than a slightly slow one, and much less than in proportion. What an
///         owner gets beyond its votes in the baseline is its share of the slowness.
/// Source: normalising by request keeps one extreme request, or one much used operation, from deciding (cf.
/// per-trace
///         attribution in Zhang et al., "CRISP", USENIX ATC 2022).
struct SlowRequests {
  struct Share {
    double votes = 0;    ///< a request, beyond the baseline's
    double largest = 0;  ///< of `what`
    TimeOwner what;
  };
  std::map<std::uint32_t, Share> own;  ///< entity → its own operations
  std::map<std::uint32_t, Share>
      network;          ///< entity → the edges it is an end of; an edge counts at both ends
  double total = 0;     ///< votes a request, each edge once
  double requests = 0;  ///< of the incident
  double ordinary = 0;  ///< votes a request in the baseline
  double votes = 0;     ///< and in the incident
};

SlowRequests slow_requests(const RequestTimes& times, const SpanStatistics& statistics);

}  // namespace midwatch::observe::traces

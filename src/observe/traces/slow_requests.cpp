#include "src/observe/traces/slow_requests.h"

#include <algorithm>
#include <cmath>

namespace midwatch::observe::traces {
namespace {

/// Fewer spans than this in the baseline tell nothing about what is usual.
constexpr double kLeastSpans = 3;
/// A slow edge whose callee is slow for nobody else tells no end from the other; servers are behind more
/// queues than clients, so the caller gets less.
constexpr double kCallerPart = 0.6;
/// What schedulers and clocks add to a request whatever happens, in seconds.
constexpr double kResolution = 0.002;

void give(SlowRequests::Share& share, double votes, const TimeOwner& owner) {
  share.votes += votes;
  if (votes > share.largest) {
    share.largest = votes;
    share.what = owner;
  }
}

/// What is usual for an owner, in seconds a request span; negative where nobody knows.
double usual_of(const TimeOwner& owner, const SpanStatistics& statistics) {
  const LogHistogram* before = nullptr;
  if (owner.network) {
    if (const auto at = statistics.edges.find({owner.first, owner.second}); at != statistics.edges.end())
      before = &at->second.delay[0];
  } else if (const auto at = statistics.operations.find({owner.first, owner.second});
             at != statistics.operations.end()) {
    before = &at->second.self_time[0];
  }
  return before == nullptr || before->count() < kLeastSpans ? -1 : before->quantile(0.5);
}

}  // namespace

void RequestTimes::add(std::uint64_t trace, std::size_t side, const std::map<TimeOwner, Owned>& owned) {
  Kept& kept = sides_[side];
  if (trace % kept.modulus != 0) return;
  Request request{trace, {}};
  for (const auto& [owner, time] : owned) {
    const auto [at, is_new] = index_.emplace(owner, static_cast<std::uint32_t>(owners_.size()));
    if (is_new) owners_.push_back(owner);
    request.owned.push_back({at->second, time});
  }
  kept.entries += request.owned.size();
  kept.requests.push_back(std::move(request));
  while (kept.entries > kMostEntries) {
    kept.modulus *= 2;
    std::erase_if(kept.requests, [&](const Request& r) { return r.trace % kept.modulus != 0; });
    kept.entries = 0;
    for (const Request& r : kept.requests) kept.entries += r.owned.size();
  }
}

SlowRequests slow_requests(const RequestTimes& times, const SpanStatistics& statistics) {
  std::vector<double> usual;
  for (const TimeOwner& owner : times.owners_) usual.push_back(usual_of(owner, statistics));
  SlowRequests out;
  Sides<std::vector<double>> votes;
  for (const std::size_t side : {0U, 1U}) {
    votes[side].assign(times.owners_.size(), 0);
    for (const auto& request : times.sides_[side].requests) {
      double expected = kResolution;
      double excess = 0;
      for (const auto& [owner, time] : request.owned) {
        if (usual[owner] < 0) continue;
        expected += usual[owner] * time.spans;
        excess += std::max(0.0, time.seconds - usual[owner] * time.spans);
      }
      if (excess <= 0) continue;
      const double weight = std::sqrt(excess) * std::log((expected + excess) / expected);
      (side == 0 ? out.ordinary : out.votes) += weight;
      for (const auto& [owner, time] : request.owned) {
        if (usual[owner] < 0) continue;
        votes[side][owner] += weight * std::max(0.0, time.seconds - usual[owner] * time.spans) / excess;
      }
    }
  }
  out.requests = static_cast<double>(times.sides_[1].requests.size());
  const double before = static_cast<double>(times.sides_[0].requests.size());
  if (out.requests < 1 || before < 1) return out;
  out.ordinary /= before;
  out.votes /= out.requests;
  for (std::size_t i = 0; i < times.owners_.size(); ++i) {
    const double more = votes[1][i] / out.requests - votes[0][i] / before;
    if (more <= 0) continue;
    const TimeOwner& owner = times.owners_[i];
    out.total += more;
    if (owner.network) {
      give(out.network[owner.first], kCallerPart * more, owner);
      give(out.network[owner.second], more, owner);
    } else {
      give(out.own[owner.first], more, owner);
    }
  }
  return out;
}

}  // namespace midwatch::observe::traces

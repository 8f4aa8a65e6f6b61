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
/// One request must not decide: none weighs more than this many times what the slowest twentieth begins with.
constexpr double kTail = 0.95;
constexpr double kMostOfTail = 3.0;
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

/// Counts the votes of the requests of both sides.
class SlownessVote {
 public:
  SlownessVote(const RequestTimes& times, const SpanStatistics& statistics) : times_(times) {
    for (const TimeOwner& owner : times.owners_) usual_.push_back(usual_of(owner, statistics));
  }

  SlowRequests count() const {
    SlowRequests out;
    out.requests = static_cast<double>(times_.sides_[1].requests.size());
    const double before = static_cast<double>(times_.sides_[0].requests.size());
    if (out.requests < 1 || before < 1) return out;
    const auto old_votes = votes_of(times_.sides_[0].requests, out.ordinary);
    double all = 0;
    const auto new_votes = votes_of(times_.sides_[1].requests, all);
    for (std::size_t i = 0; i < times_.owners_.size(); ++i) {
      if (const double more = new_votes[i] - old_votes[i]; more > 0) share_out(times_.owners_[i], more, out);
    }
    return out;
  }

 private:
  using Request = RequestTimes::Request;

  double excess_of(const std::pair<std::uint32_t, RequestTimes::Owned>& owned) const {
    const double usual = usual_[owned.first];
    return usual < 0 ? 0 : std::max(0.0, owned.second.seconds - usual * owned.second.spans);
  }

  double weight_of(const Request& request) const {
    double expected = kResolution;
    double excess = 0;
    for (const auto& owned : request.owned) {
      if (usual_[owned.first] > 0) expected += usual_[owned.first] * owned.second.spans;
      excess += excess_of(owned);
    }
    return std::sqrt(excess) * std::log((expected + excess) / expected);
  }

  /// The votes a request that each owner gets; `all` is their sum.
  std::vector<double> votes_of(const std::vector<Request>& requests, double& all) const {
    std::vector<double> weights;
    weights.reserve(requests.size());
    for (const Request& request : requests) weights.push_back(weight_of(request));
    std::vector<double> ascending = weights;
    std::sort(ascending.begin(), ascending.end());
    const auto tail = static_cast<std::size_t>(kTail * static_cast<double>(ascending.size() - 1));
    const double most = kMostOfTail * ascending[tail];
    std::vector<double> votes(times_.owners_.size(), 0);
    const double each = 1.0 / static_cast<double>(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      double excess = 0;
      for (const auto& owned : requests[i].owned) excess += excess_of(owned);
      if (excess <= 0) continue;
      const double weight = std::min(weights[i], most) * each;
      all += weight;
      for (const auto& owned : requests[i].owned) votes[owned.first] += weight * excess_of(owned) / excess;
    }
    return votes;
  }

  static void share_out(const TimeOwner& owner, double votes, SlowRequests& out) {
    out.total += votes;
    if (owner.network) {
      give(out.network[owner.first], kCallerPart * votes, owner);
      give(out.network[owner.second], votes, owner);
    } else {
      give(out.own[owner.first], votes, owner);
    }
  }

  const RequestTimes& times_;
  std::vector<double> usual_;  // by owner
};

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
  return SlownessVote(times, statistics).count();
}

}  // namespace midwatch::observe::traces

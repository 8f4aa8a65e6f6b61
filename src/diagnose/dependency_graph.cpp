#include "src/diagnose/dependency_graph.h"

#include <algorithm>
#include <deque>
#include <set>

namespace midwatch::diagnose {
namespace {

using Edge = std::pair<SuspectIndex, SuspectIndex>;

/// Above this number of suspects, pairwise distances are not kept: the graph is too large to be one
/// incident's.
constexpr std::size_t kMaxPairs = 6000;

/// The suspects reachable from `from` along dependencies of the topology through entities that are no
/// suspects themselves: where candidates are limited, a hidden middleman must not cut the chain.
std::vector<SuspectIndex> next_suspects(const CaseFile& file, const Suspects& suspects, SuspectIndex from) {
  std::vector<SuspectIndex> found;
  const auto start = suspects[from].index;
  if (!start) return found;
  const topology::Topology& t = file.topology;
  std::vector<char> seen(t.size(), 0);
  std::deque<topology::EntityIndex> queue;
  const auto push_all = [&](topology::EntityIndex at) {
    for (const auto next : t.dependencies(at)) {
      if (!seen[next]) {
        seen[next] = 1;
        queue.push_back(next);
      }
    }
  };
  const auto push_hosts = [&](topology::EntityIndex at) {
    for (const auto& neighbour : t.out(at)) {
      if (neighbour.kind != telemetry::RelationKind::kRunsOn || seen[neighbour.entity]) continue;
      seen[neighbour.entity] = 1;
      queue.push_back(neighbour.entity);
    }
  };
  seen[*start] = 1;
  // A workload calls what its pods call, and stands on what they run on; a node does not call for its pods.
  std::vector<topology::EntityIndex> own{*start};
  for (std::size_t i = 0; i < own.size(); ++i) {
    push_all(own[i]);
    push_hosts(own[i]);
    for (const auto& neighbour : t.out(own[i])) {
      if (neighbour.kind != telemetry::RelationKind::kContains || seen[neighbour.entity]) continue;
      seen[neighbour.entity] = 1;
      own.push_back(neighbour.entity);
    }
  }
  while (!queue.empty()) {
    const auto at = queue.front();
    queue.pop_front();
    const auto suspect = suspects.find(t.id(at));
    if (suspect) {
      if (*suspect != from) found.push_back(*suspect);
    } else {
      push_all(at);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<int> distances(SuspectIndex from, const std::vector<std::vector<SuspectIndex>>& next) {
  std::vector<int> steps(next.size(), -1);
  std::deque<SuspectIndex> queue{from};
  steps[from] = 0;
  while (!queue.empty()) {
    const SuspectIndex at = queue.front();
    queue.pop_front();
    for (const SuspectIndex to : next[at]) {
      if (steps[to] >= 0) continue;
      steps[to] = steps[at] + 1;
      queue.push_back(to);
    }
  }
  return steps;
}

/// Gives each undecided edge the direction away from the entry points.
void orient(std::set<Edge>& directed, const std::set<Edge>& undecided, std::vector<SuspectIndex> entries,
            std::size_t n) {
  if (undecided.empty()) return;
  std::vector<std::vector<SuspectIndex>> next(n);
  std::vector<char> is_called(n, 0);
  std::vector<char> calls(n, 0);
  for (const auto& [from, to] : directed) {
    next[from].push_back(to);
    is_called[to] = 1;
    calls[from] = 1;
  }
  for (const auto& [a, b] : undecided) {
    next[a].push_back(b);
    next[b].push_back(a);
  }
  for (auto& list : next) std::sort(list.begin(), list.end());
  if (entries.empty()) {
    for (SuspectIndex i = 0; i < n; ++i) {
      if (calls[i] && !is_called[i]) entries.push_back(i);
    }
  }
  std::vector<int> depth(n, -1);
  std::deque<SuspectIndex> queue;
  for (const SuspectIndex entry : entries) {
    depth[entry] = 0;
    queue.push_back(entry);
  }
  while (!queue.empty()) {
    const SuspectIndex at = queue.front();
    queue.pop_front();
    for (const SuspectIndex to : next[at]) {
      if (depth[to] >= 0) continue;
      depth[to] = depth[at] + 1;
      queue.push_back(to);
    }
  }
  for (const auto& [a, b] : undecided) {
    if (depth[a] < 0 || depth[b] < 0 || depth[a] == depth[b]) continue;
    directed.insert(depth[a] < depth[b] ? Edge{a, b} : Edge{b, a});
  }
}

}  // namespace

DependencyGraph::DependencyGraph(const CaseFile& file, const Suspects& suspects) {
  const std::size_t n = suspects.size();
  std::set<Edge> stated;
  for (SuspectIndex i = 0; i < n; ++i) {
    for (const SuspectIndex to : next_suspects(file, suspects, i)) stated.emplace(i, to);
  }
  for (SuspectIndex i = 0; i < n; ++i) {
    if (!suspects[i].index) continue;
    for (const auto& neighbour : file.topology.out(*suspects[i].index)) {
      if (neighbour.kind != telemetry::RelationKind::kRelated) continue;
      const auto other = suspects.find(file.topology.id(neighbour.entity));
      if (!other || *other == i) continue;
      stated.emplace(i, *other);
      stated.emplace(*other, i);
    }
  }
  std::set<Edge> directed;  // decided by the topology or by a caller that a trace names
  std::set<Edge> called;    // what traces say
  std::set<SuspectIndex> entries;
  for (const auto& o : file.observations) {
    const auto caller = o.facts.find("caller");
    if (caller == o.facts.end()) continue;
    const auto to = suspects.find(o.entity);
    if (!to) continue;
    const auto from = suspects.find(caller->second);
    if (!from) {
      entries.insert(*to);  // somebody outside calls it
    } else if (*from != *to) {
      called.emplace(*from, *to);
    }
  }
  std::set<Edge> undecided;
  for (const auto& [from, to] : stated) {
    if (!stated.contains({to, from}) || called.contains({from, to})) {
      directed.emplace(from, to);
    } else if (!called.contains({to, from})) {
      undecided.emplace(std::min(from, to), std::max(from, to));
    }
  }
  directed.insert(called.begin(), called.end());
  orient(directed, undecided, {entries.begin(), entries.end()}, n);

  out_.resize(n);
  in_.resize(n);
  below_.resize(n);
  above_.resize(n);
  for (const auto& [from, to] : directed) {
    out_[from].push_back(to);
    in_[to].push_back(from);
  }
  if (n > kMaxPairs) return;
  steps_.reserve(n);
  for (SuspectIndex i = 0; i < n; ++i) {
    steps_.push_back(distances(i, out_));
    for (SuspectIndex j = 0; j < n; ++j) {
      if (i == j || steps_[i][j] < 0) continue;
      below_[i].push_back(j);
      above_[j].push_back(i);
    }
  }
}

std::optional<int> DependencyGraph::distance(SuspectIndex from, SuspectIndex to) const {
  if (steps_.empty() || steps_[from][to] < 0) return std::nullopt;
  return steps_[from][to];
}

}  // namespace midwatch::diagnose

#include "src/observe/traces/exclusive_time.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

namespace midwatch::observe::traces {

SpanForest::SpanForest(const std::vector<OpenSpan>& spans)
    : parent(spans.size(), kNoSpan), children(spans.size()), depth(spans.size(), 0) {
  std::unordered_map<std::uint64_t, std::size_t> by_id;
  by_id.reserve(spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) by_id.emplace(spans[i].id, i);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (spans[i].parent == 0) continue;
    const auto at = by_id.find(spans[i].parent);
    if (at == by_id.end() || at->second == i) {
      ++orphans;
    } else {
      parent[i] = at->second;
      children[at->second].push_back(i);
    }
  }
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (parent[i] == kNoSpan) open.push_back(i);
  }
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const std::size_t child : children[at]) {
      depth[child] = depth[at] + 1;
      open.push_back(child);
    }
  }
}

std::vector<double> exclusive_times(const std::vector<OpenSpan>& spans, const SpanForest& forest) {
  struct Boundary {
    double time;
    bool begins;
    std::size_t span;
  };
  std::vector<Boundary> boundaries;
  boundaries.reserve(2 * spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    boundaries.push_back({spans[i].start, true, i});
    boundaries.push_back({spans[i].start + spans[i].duration, false, i});
  }
  std::sort(boundaries.begin(), boundaries.end(), [](const Boundary& a, const Boundary& b) {
    return std::tie(a.time, a.begins, a.span) < std::tie(b.time, b.begins, b.span);
  });
  std::vector<double> owned(spans.size(), 0);
  std::set<std::tuple<int, double, std::size_t>> running;  // depth, start, span
  double reached = 0;
  for (const Boundary& b : boundaries) {
    if (!running.empty()) owned[std::get<2>(*running.rbegin())] += b.time - reached;
    reached = b.time;
    const std::tuple key{forest.depth[b.span], spans[b.span].start, b.span};
    if (b.begins) {
      running.insert(key);
    } else {
      running.erase(key);
    }
  }
  return owned;
}

}  // namespace midwatch::observe::traces

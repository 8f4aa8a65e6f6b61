#include "src/observe/traces/exclusive_time.h"

#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::traces {
namespace {

OpenSpan span(std::uint64_t id, std::uint64_t parent, double start, double end) {
  OpenSpan s;
  s.id = id;
  s.parent = parent;
  s.start = start;
  s.duration = end - start;
  return s;
}

std::vector<double> owned(const std::vector<OpenSpan>& spans) {
  return exclusive_times(spans, SpanForest(spans));
}

TEST(ExclusiveTime, AParentOwnsWhatItsChildrenDoNot) {
  EXPECT_EQ(owned({span(1, 0, 0, 10), span(2, 1, 2, 5), span(3, 2, 3, 4)}), (std::vector<double>{7, 2, 1}));
}

TEST(ExclusiveTime, WhoWaitsForASiblingOwnsNothing) {
  // A handler and the call that it waits for stand side by side below the request.
  const auto times = owned({span(1, 0, 0, 10), span(2, 1, 1, 9), span(3, 1, 2, 9), span(4, 3, 4, 8)});
  EXPECT_EQ(times, (std::vector<double>{2, 1, 3, 4}));
}

TEST(ExclusiveTime, ParallelChildrenShareNoMoment) {
  const auto times = owned({span(1, 0, 0, 10), span(2, 1, 0, 10), span(3, 1, 0, 4)});
  EXPECT_DOUBLE_EQ(std::accumulate(times.begin(), times.end(), 0.0), 10);
}

TEST(ExclusiveTime, AChildMayOutliveItsParent) {
  EXPECT_EQ(owned({span(1, 0, 0, 2), span(2, 1, 1, 6)}), (std::vector<double>{1, 5}));
}

TEST(SpanForest, CountsThoseWhoseParentNeverCame) {
  const std::vector<OpenSpan> spans{span(1, 0, 0, 1), span(2, 9, 0, 1), span(3, 3, 0, 1)};
  const SpanForest forest(spans);
  EXPECT_EQ(forest.orphans, 2U);
  EXPECT_EQ(forest.parent[1], SpanForest::kNoSpan);
}

RC_GTEST_PROP(ExclusiveTime, EveryMomentHasOneOwner, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 30);
  std::vector<OpenSpan> spans;
  for (std::size_t i = 0; i < n; ++i) {
    const double start = *rc::gen::inRange(0, 100);
    const double end = start + *rc::gen::inRange(0, 50);
    const auto parent = i == 0 ? 0 : *rc::gen::inRange<std::size_t>(0, i);
    spans.push_back(span(i + 1, parent, start, end));
  }
  // The time in which anything runs, counted second by second.
  double busy = 0;
  for (int second = 0; second < 200; ++second) {
    for (const auto& s : spans) {
      if (s.start <= second && second < s.start + s.duration) {
        busy += 1;
        break;
      }
    }
  }
  const auto times = owned(spans);
  for (const double t : times) RC_ASSERT(t >= 0);
  RC_ASSERT(std::abs(std::accumulate(times.begin(), times.end(), 0.0) - busy) < 1e-9);
}

}  // namespace
}  // namespace midwatch::observe::traces

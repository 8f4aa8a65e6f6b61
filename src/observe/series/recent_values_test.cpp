#include "src/observe/series/recent_values.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::series {
namespace {

RC_GTEST_PROP(RecentValues, IsTheEndOfWhatWasAdded, (const std::vector<int>& values)) {
  const auto capacity = *rc::gen::inRange<std::size_t>(1, 20);
  RecentValues recent(capacity);
  std::vector<double> all;
  for (const int v : values) {
    recent.add(v);
    all.push_back(v);
    RC_ASSERT(recent.size() == std::min(all.size(), capacity));
    for (std::size_t skip = 0; skip < recent.size(); ++skip) {
      const std::size_t count = recent.size() - skip;
      const auto last = recent.last(count, skip);
      RC_ASSERT(std::equal(last.begin(), last.end(), all.end() - static_cast<std::ptrdiff_t>(count + skip)));
    }
  }
}

TEST(Spread, IsExactBesideALargeLevel) {
  const std::vector<double> values{1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4};
  EXPECT_DOUBLE_EQ(mean_of(values), 1e9 + 2.5);
  EXPECT_DOUBLE_EQ(spread_of(values), std::sqrt(1.25));
  EXPECT_EQ(spread_of(std::vector<double>(96, 7.25)), 0);
}

}  // namespace
}  // namespace midwatch::observe::series

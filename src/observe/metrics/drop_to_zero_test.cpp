#include "src/observe/metrics/drop_to_zero.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/prepared_world.h"

namespace midwatch::observe::metrics {
namespace {

using testing::minute;
using testing::PreparedWorld;
using testing::quiet;
using testing::series_of;
using testing::Values;

std::optional<model::Observation> zero_of(const std::vector<double>& values) {
  const PreparedWorld world({series_of("a", "requests", 0, values)});
  const AlarmSeries no_alarm({}, world.all());
  return observe_zero(world.only(), no_alarm);
}

TEST(DropToZero, IsFoundWhereItBegins) {
  const auto o = zero_of(quiet(121, 100, 5) + quiet(29, 0, 0));
  ASSERT_TRUE(o);
  EXPECT_EQ(o->type, "metric.requests.zero");
  EXPECT_EQ(o->onset, minute(121));
  EXPECT_EQ(o->value, 0);
  EXPECT_EQ(o->baseline, 100);
  EXPECT_GT(o->strength, 0.9);
  EXPECT_GT(o->magnitude, 3);
  EXPECT_LT(o->magnitude, 100);
}

struct NoDrop {
  const char* why;
  Values values;
};

TEST(DropToZero, NeedsMoreThanASample) {
  for (const NoDrop& c :
       {NoDrop{"one zero", quiet(120, 100, 5) + Values{0} + quiet(29, 100, 5)},
        NoDrop{"one zero at the end", quiet(149, 100, 5) + Values{0}},
        NoDrop{"was zero before", quiet(40, 100, 5) + quiet(10, 0, 0) + quiet(70, 100, 5) + quiet(30, 0, 0)},
        NoDrop{"a few zeros and back", quiet(120, 100, 5) + quiet(4, 0, 0) + quiet(26, 100, 5)},
        NoDrop{"always zero", quiet(150, 0, 0)}, NoDrop{"no zero", quiet(120, 100, 5) + quiet(30, 1, 0)}})
    EXPECT_FALSE(zero_of(c.values)) << c.why;
}

}  // namespace
}  // namespace midwatch::observe::metrics

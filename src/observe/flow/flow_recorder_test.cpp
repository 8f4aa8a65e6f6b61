#include "src/observe/flow/flow_recorder.h"

#include <map>

#include <gtest/gtest.h>

namespace midwatch::observe::flow {
namespace {

TEST(FlowRecorder, OrdersByRequestPartAndTime) {
  FlowRecorder recorder;
  recorder.add({2, 1, 10, 7, 100, 100, 0});
  recorder.add({1, 1, 30, 7, 101, 101, 0});
  recorder.add({1, 1, 20, 7, 102, 102, 0});
  recorder.add({1, 1, 30, 7, 103, 103, 0});
  const auto steps = recorder.take();
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(steps[0].kind, 102U);
  EXPECT_EQ(steps[1].kind, 101U);  // equal times stay in the order of arrival
  EXPECT_EQ(steps[2].kind, 103U);
  EXPECT_EQ(steps[3].kind, 100U);
  EXPECT_TRUE(recorder.empty());
}

TEST(FlowRecorder, KeepsWholeRequestsWhenThereAreTooMany) {
  FlowRecorder recorder;
  constexpr std::uint64_t kRequests = 400'000;
  for (std::uint32_t step = 0; step < 3; ++step) {
    for (std::uint64_t trace = 1; trace <= kRequests; ++trace)
      recorder.add({trace, 0, step, 0, step, step, 0});
  }
  const auto steps = recorder.take();
  EXPECT_LE(steps.size(), FlowRecorder::kMaxSteps);
  EXPECT_GT(steps.size(), FlowRecorder::kMaxSteps / 4);
  std::map<std::uint64_t, int> lengths;
  for (const Step& s : steps) ++lengths[s.trace];
  for (const auto& [trace, length] : lengths) EXPECT_EQ(length, 3) << trace;
}

TEST(FlowRecorder, StaysBoundedByOneEndlessRequest) {
  FlowRecorder recorder;
  for (std::uint32_t i = 0; i < FlowRecorder::kMaxSteps + 1000; ++i) recorder.add({5, 0, i, 0, i, i, 0});
  EXPECT_LE(recorder.take().size(), FlowRecorder::kMaxSteps);
}

}  // namespace
}  // namespace midwatch::observe::flow

#include "src/runtime/request_context.h"

#include <gtest/gtest.h>

namespace midwatch::runtime {
namespace {

using std::chrono::seconds;

TEST(RequestContext, AChildNeverOutlivesItsParent) {
  base::ManualClock clock(base::Timestamp{});
  const auto parent = RequestContext::unlimited(clock).within(seconds(10));
  const auto child = parent.within(seconds(60));
  EXPECT_EQ(child.remaining(), base::Duration(seconds(10)));
  clock.advance(seconds(9));
  EXPECT_TRUE(child.check());
  clock.advance(seconds(1));
  ASSERT_FALSE(child.check());
  EXPECT_EQ(child.check().error().code, base::ErrorCode::kTimeout);
}

TEST(RequestContext, CancellationWins) {
  base::ManualClock clock(base::Timestamp{});
  std::stop_source source;
  const RequestContext context(clock, std::nullopt, source.get_token());
  EXPECT_TRUE(context.check());
  source.request_stop();
  EXPECT_EQ(context.check().error().code, base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace midwatch::runtime

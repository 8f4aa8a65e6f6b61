#include "src/api/change_feed.h"

#include <thread>

#include <gtest/gtest.h>

namespace midwatch::api {
namespace {

using namespace std::chrono_literals;

TEST(ChangeFeed, TellsWhatCameSince) {
  ChangeFeed feed;
  feed.publish({Change::Kind::kIncident, "inc-1", "a"});
  const auto seen = feed.last();
  feed.publish({Change::Kind::kJournal, "inv-1", "a"});
  const auto news = feed.wait(seen, 0ms);
  ASSERT_EQ(news.changes.size(), 1U);
  EXPECT_EQ(news.changes[0].id, "inv-1");
  EXPECT_TRUE(news.complete);
  EXPECT_TRUE(feed.wait(news.last, 0ms).changes.empty());
}

TEST(ChangeFeed, SaysThatItForgot) {
  ChangeFeed feed;
  for (int i = 0; i < 5000; ++i) feed.publish({Change::Kind::kIncident, "inc-1", "a"});
  const auto news = feed.wait(0, 0ms);
  EXPECT_FALSE(news.complete);
  EXPECT_EQ(news.last, 5000U);
}

TEST(ChangeFeed, WakesWhoWaits) {
  ChangeFeed feed;
  ChangeFeed::News news;
  std::thread waits([&] { news = feed.wait(0, 60s); });
  feed.publish({Change::Kind::kReport, "inv-1", "a"});
  waits.join();
  EXPECT_EQ(news.changes.size(), 1U);
  feed.close();
  EXPECT_TRUE(feed.wait(news.last, 60s).changes.empty());
}

}  // namespace
}  // namespace midwatch::api

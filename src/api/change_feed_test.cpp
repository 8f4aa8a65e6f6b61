#include "src/api/change_feed.h"

#include <thread>

#include <gtest/gtest.h>

#include "src/store/sqlite/sqlite_store.h"

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

/// A store into which a test writes, and a feed.
class Following : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::sqlite::open_sqlite(":memory:");
    ASSERT_TRUE(opened) << opened.error().describe();
    store_ = *std::move(opened);
    write("inc-before");
  }
  void write(const std::string& id) {
    model::Incident incident;
    incident.id = id;
    incident.space = "shop";
    ASSERT_TRUE(store_->write([&](store::Session& session) { return session.add_incident(incident); }));
  }

  std::unique_ptr<store::Store> store_;
  ChangeFeed feed_;
};

TEST_F(Following, TellsWhatAnyoneWrote) {
  std::vector<std::string> heard;
  ChangeFeed::News news;
  {
    const StoreFollower follower(*store_, feed_,
                                 {1ms, [&](const Change& change) { heard.push_back(change.id); }, {}});
    for (const char* id : {"inc-1", "inc-2"}) {
      write(id);
      news = feed_.wait(news.last, 60s);
      ASSERT_EQ(news.changes.size(), 1U);
      EXPECT_EQ(news.changes[0].id, id);
      EXPECT_EQ(news.changes[0].space, "shop");
      EXPECT_EQ(news.changes[0].kind, Change::Kind::kIncident);
    }
  }
  EXPECT_EQ(heard, (std::vector<std::string>{"inc-1", "inc-2"}));
}

TEST_F(Following, TellsWhatThisProcessWroteOnceAndAtOnce) {
  const StoreFollower follower(*store_, feed_, {1h, {}, {}});
  write("inc-1");
  feed_.publish({Change::Kind::kIncident, "inc-1", "shop"});
  const auto news = feed_.wait(0, 60s);
  EXPECT_EQ(news.changes.size(), 1U);
  feed_.publish({Change::Kind::kIncident, "inc-1", "shop"});
  write("inc-2");
  feed_.publish({Change::Kind::kIncident, "inc-2", "shop"});
  const auto more = feed_.wait(news.last, 60s);
  ASSERT_EQ(more.changes.size(), 1U);
  EXPECT_EQ(more.changes[0].id, "inc-2");
}

TEST_F(Following, SaysWhereItFellBehind) {
  ChangeFeed::News news;
  const StoreFollower follower(*store_, feed_, {1h, {}, {}});
  ASSERT_TRUE(store_->write([](store::Session& session) -> base::Result<> {
    model::Incident incident;
    incident.id = "inc";
    auto done = session.add_incident(incident);
    for (int i = 0; done && i < 12'000; ++i, ++incident.version) done = session.update_incident(incident);
    return done;
  }));
  feed_.publish({Change::Kind::kIncident, "inc", ""});
  EXPECT_FALSE(feed_.wait(0, 60s).complete);
}

}  // namespace
}  // namespace midwatch::api

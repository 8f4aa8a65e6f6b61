#include "src/app/watch/housekeeping.h"

#include <gtest/gtest.h>

#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::app {
namespace {

using namespace std::chrono_literals;

TEST(Housekeeping, ForgetsWhatIsOlderThanItsSpaceKeeps) {
  const auto now = *base::parse_rfc3339("2026-01-05T02:00:00Z");
  const auto store = *store::sqlite::open_sqlite(":memory:");
  const auto add = [&](const std::string& id, const std::string& space,
                       std::optional<base::Duration> resolved_ago) {
    model::Incident incident;
    incident.id = id;
    incident.space = space;
    incident.opened = now - 100h;
    if (resolved_ago) {
      incident.status = model::IncidentStatus::kResolved;
      incident.resolved = now - *resolved_ago;
    }
    ASSERT_TRUE(store->write([&](store::Session& session) { return session.add_incident(incident); }));
  };
  for (int i = 0; i < 120; ++i) add("old-" + std::to_string(i), "short", 25h);
  add("fresh", "short", 23h);
  add("open", "short", std::nullopt);
  add("kept", "for-ever", 90h);

  SpaceConfigs spaces;
  spaces["short"].keep = 24h;
  spaces["for-ever"];
  const auto forgotten = forget_old(*store, spaces, now);
  ASSERT_TRUE(forgotten) << forgotten.error().describe();
  EXPECT_EQ(forgotten->incidents, 120U);
  EXPECT_TRUE(forgotten->too_large.empty());
  for (const auto& [id, there] :
       {std::pair{"old-0", false}, std::pair{"old-119", false}, std::pair{"fresh", true},
        std::pair{"open", true}, std::pair{"kept", true}}) {
    bool found = false;
    ASSERT_TRUE(store->read([&, &wanted = id](store::Session& session) -> base::Result<> {
      found = session.incident(wanted).has_value();
      return {};
    }));
    EXPECT_EQ(found, there) << id;
  }
}

TEST(Housekeeping, ForgetsTheOldestOfASpaceThatHoldsTooMuch) {
  const auto now = *base::parse_rfc3339("2026-01-05T02:00:00Z");
  const auto store = *store::sqlite::open_sqlite(":memory:");
  const std::string hundred_kilobytes(100'000, 'x');
  const auto add = [&](int number, bool held) {
    model::Incident incident;
    incident.id = "inc-" + std::to_string(number);
    incident.space = "shop";
    incident.status = model::IncidentStatus::kResolved;
    incident.resolved = now - 1h * number;
    incident.held = held;
    model::Investigation investigation;
    investigation.id = "inv-" + std::to_string(number);
    investigation.incident = incident.id;
    investigation.space = "shop";
    ASSERT_TRUE(store->write([&](store::Session& session) -> base::Result<> {
      auto added = session.add_incident(incident);
      if (added) added = session.add_investigation(investigation);
      if (added) added = session.put_document({investigation.id, "report", "", hundred_kilobytes});
      return added;
    }));
  };
  for (int number = 1; number <= 40; ++number) add(number, number == 40);
  SpaceConfigs spaces;
  spaces["shop"].keep_megabytes = 2;  // twenty of them; ten go at once, and the oldest is held
  const auto forgotten = forget_old(*store, spaces, now);
  ASSERT_TRUE(forgotten) << forgotten.error().describe();
  EXPECT_EQ(forgotten->incidents, 20U);
  EXPECT_TRUE(forgotten->too_large.empty());
  for (const auto& [number, there] : {std::pair(1, true), {19, true}, {20, false}, {39, false}, {40, true}}) {
    bool found = false;
    ASSERT_TRUE(store->read([&, &wanted = number](store::Session& session) -> base::Result<> {
      found = session.incident("inc-" + std::to_string(wanted)).has_value();
      return {};
    }));
    EXPECT_EQ(found, there) << number;
  }

  // What is held is never forgotten, also where the space stays too large.
  for (int number = 50; number < 75; ++number) add(number, true);
  const auto again = forget_old(*store, spaces, now);
  ASSERT_TRUE(again) << again.error().describe();
  EXPECT_EQ(again->incidents, 19U);
  EXPECT_EQ(again->too_large, std::vector<std::string>{"shop"});
}

}  // namespace
}  // namespace midwatch::app

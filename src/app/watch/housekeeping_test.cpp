#include "src/app/watch/housekeeping.h"

#include <gtest/gtest.h>

#include "src/base/testing/jumping_clock.h"
#include "src/base/try.h"
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

TEST(Housekeeping, ForgetsWhatNoIncidentHasHoweverMuchThereIs) {
  const auto now = *base::parse_rfc3339("2026-01-05T02:00:00Z");
  const auto store = *store::sqlite::open_sqlite(":memory:");
  constexpr int kAlarms = 130;
  const std::string kilobyte(1000, 'x');
  ASSERT_TRUE(store->write([&](store::Session& session) -> base::Result<> {
    for (int i = 0; i < kAlarms; ++i) {
      const std::string name = std::to_string(i);
      const auto received = now - 1h - 1min * i;
      MIDWATCH_TRY_VOID(session.add_delivery({"dlv-" + name, "shop", "pager", "", received, kilobyte, ""}));
      store::StoredAlarm skipped;
      skipped.alarm.id = "alm-" + name;
      skipped.alarm.space = "shop";
      skipped.alarm.received = received + 5ns;
      skipped.triage.decision = model::TriageDecision::kSkipped;
      skipped.delivery = "dlv-" + name;
      MIDWATCH_TRY_VOID(session.add_alarm(skipped));
    }
    return {};
  }));
  const auto count = [&] {
    std::size_t alarms = 0;
    EXPECT_TRUE(store->read([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto page, session.alarms({{{"shop"}}}, "", 500));
      MIDWATCH_TRY(const auto deliveries, session.deliveries({{{"shop"}}}, "", 500));
      EXPECT_EQ(page.items.size(), deliveries.items.size());
      alarms = page.items.size();
      return {};
    }));
    return alarms;
  };
  SpaceConfigs spaces;
  spaces["shop"].keep_megabytes = 1000;
  ASSERT_TRUE(forget_old(*store, spaces, now));
  EXPECT_EQ(count(), kAlarms);
  spaces["shop"].keep = 2h;
  ASSERT_TRUE(forget_old(*store, spaces, now));
  EXPECT_EQ(count(), 61U) << "those of the last two hours";
  spaces["shop"].keep = {};
  ASSERT_TRUE(store->write([&](store::Session& session) {
    return session.add_delivery({"dlv-large", "shop", "pager", "", now, std::string(999'000, 'x'), ""})
                   .has_value()
               ? base::Result<>()
               : base::Result<>(base::internal_error("it is there"));
  }));
  spaces["shop"].keep_megabytes = 1;
  const auto shrunk = forget_old(*store, spaces, now);
  ASSERT_TRUE(shrunk) << shrunk.error().describe();
  EXPECT_TRUE(shrunk->too_large.empty());
}

TEST(Housekeeping, BelievesNoClockThatJumps) {
  base::ManualClock real(*base::parse_rfc3339("2026-01-05T02:00:00Z"));
  base::testing::JumpingClock clock(real);
  ClockWatch watch(clock);
  EXPECT_FALSE(watch.is_steady()) << "nothing is known yet";
  const auto after = [&](base::Duration time, base::Duration ahead) {
    real.advance(time);
    clock.set_ahead(ahead);
    return watch.is_steady();
  };
  EXPECT_TRUE(after(10min, 0h));
  EXPECT_FALSE(after(10min, 365 * 24h)) << "forward";
  EXPECT_FALSE(after(10min, 0h)) << "and back";
  EXPECT_TRUE(after(10min, 0h));
  EXPECT_FALSE(after(10min, -5h));
  EXPECT_TRUE(after(10min, -5h)) << "the clock may have been wrong before";
  EXPECT_TRUE(after(10min, -5h + 20s)) << "corrected a little";
}

}  // namespace
}  // namespace midwatch::app

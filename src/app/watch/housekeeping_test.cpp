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
  EXPECT_EQ(*forgotten, 120U);
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

}  // namespace
}  // namespace midwatch::app

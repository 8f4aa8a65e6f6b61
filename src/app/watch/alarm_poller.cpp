#include "src/app/watch/alarm_poller.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/base/wildcard.h"

namespace midwatch::app {
namespace {

using base::Json;

/// For the answers of one account and region.
constexpr std::chrono::seconds kPatience{30};
/// A process that died keeps its turn so much longer than until its next look.
constexpr std::chrono::seconds kTurn{60};
/// How late an account may note a change. What is read twice is told once.
constexpr std::chrono::minutes kOverlap{2};
/// What fires for longer when polling begins, people know of already.
constexpr std::chrono::minutes kBefore{60};
/// Changes that are read at once; the next look reads on.
constexpr std::size_t kMostChanges = 1000;
/// To which the account tells times: so far a look goes on at least.
constexpr std::chrono::milliseconds kLeastStep{1};
/// Names that DescribeAlarms takes. Source: Amazon CloudWatch API reference, "DescribeAlarms".
constexpr std::size_t kMostNames = 100;
constexpr std::size_t kShownBytes = 400;

std::string turn_of(const SpaceConfig& space) {
  return "polling " + space.name;
}

/// Without it only alarms of metrics are given.
Json all_types() {
  return Json::array({"MetricAlarm", "CompositeAlarm"});
}

Json state_of(const store::Turn& turn) {
  auto state = base::parse_json(turn.state);
  return state && state->is_object() ? *std::move(state) : Json::object();
}

/// From when on the changes of a place are read next; nothing before the first look.
std::optional<base::Timestamp> unread_from(const Json& state, std::string_view place) {
  return base::parse_rfc3339(base::text_at(state, "places", place));
}

std::string name_of(const connectors::aws::Place& place) {
  return fmt::format("{}/{}", place.account, place.region);
}

}  // namespace

/// One look at all accounts and regions of the space.
struct AlarmPoller::Round {
  std::stop_token stop;
  base::Timestamp now;
  store::Turn turn;
  Json state;
};

AlarmPoller::AlarmPoller(Parts parts, const SpaceConfig& space) : parts_(std::move(parts)), space_(space) {}

void AlarmPoller::poll(const std::stop_token& stop) {
  Round round{stop, parts_.clock.now(), {}, {}};
  const store::Turn wanted{turn_of(space_), parts_.process, round.now + space_.polling->every + kTurn};
  std::optional<store::Turn> turn;
  const auto taken = parts_.store.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(turn, session.take_turn(wanted, round.now));
    return {};
  });
  if (!taken) parts_.log(base::trouble("alarms cannot be polled", taken.error(), {{"space", space_.name}}));
  if (!turn) return;
  round.turn = *std::move(turn);
  round.state = state_of(round.turn);
  if (!round.state.contains("begun")) round.state["begun"] = base::format_rfc3339(round.now);
  const auto looked = look(round);
  if (!looked && looked.error().code == base::ErrorCode::kCancelled) return;
  end(round, looked);
}

base::Result<> AlarmPoller::look(Round& round) {
  if (!opened_) {
    MIDWATCH_TRY(opened_, parts_.open());
  }
  // A place that cannot be asked does not keep the others from being asked.
  base::Result<> first;
  for (const auto& place : connectors::aws::places_of(opened_->space, "")) {
    auto looked = look_at(round, place);
    if (looked || !first) continue;
    const bool several = !place.account.empty() || !place.region.empty();
    first = several ? std::move(looked).error().with(name_of(place)) : std::move(looked).error();
  }
  if (!first) opened_.reset();
  return first;
}

base::Result<Json> AlarmPoller::ask(const Round& round, const connectors::aws::Place& place,
                                    const std::string& operation, Json input) {
  const runtime::RequestContext context(parts_.clock, std::nullopt, round.stop);
  return opened_->api->call(context.within(kPatience),
                            {"cloudwatch", operation, place.region, std::move(input), place.account});
}

base::Result<> AlarmPoller::look_at(Round& round, const connectors::aws::Place& place) {
  const auto wanted = [this](const std::string& name) {
    const auto& patterns = space_.polling->alarms;
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                           [&](const auto& pattern) { return base::fits(pattern, name); });
  };
  MIDWATCH_TRY(Json described,
               ask(round, place, "DescribeAlarms", {{"StateValue", "ALARM"}, {"AlarmTypes", all_types()}}));
  Json history = Json::object();
  base::Timestamp next = round.now - kOverlap;
  if (const auto unread = unread_from(round.state, name_of(place))) {
    // The clock may have been set back since.
    const base::Timestamp from = *unread <= round.now ? *unread : next;
    MIDWATCH_TRY(history, ask(round, place, "DescribeAlarmHistory",
                              {{"HistoryItemType", "StateUpdate"},
                               {"AlarmTypes", all_types()},
                               {"StartDate", base::format_rfc3339(from)},
                               {"EndDate", base::format_rfc3339(round.now)},
                               {"ScanBy", "TimestampAscending"},
                               {"PaginationConfig", {{"MaxItems", kMostChanges}}}}));
    std::set<std::string> missing;
    const Json& items = base::list_at(history, "AlarmHistoryItems");
    for (const Json& item : items) {
      const std::string name = base::text_at(item, "AlarmName");
      if (wanted(name)) missing.insert(name);
    }
    // Without the overlap, which may hold more than is read at once: the next look would read the same again.
    if (items.size() >= kMostChanges)
      next = std::max(base::parse_rfc3339(base::text_at(items.back(), "Timestamp")).value_or(next),
                      from + kLeastStep);
    for (const Json& alarm : base::list_at(described, "MetricAlarms"))
      missing.erase(base::text_at(alarm, "AlarmName"));
    for (const Json& alarm : base::list_at(described, "CompositeAlarms"))
      missing.erase(base::text_at(alarm, "AlarmName"));
    while (!missing.empty()) {
      Json names = Json::array();
      while (!missing.empty() && names.size() < kMostNames)
        names.push_back(std::move(missing.extract(missing.begin()).value()));
      MIDWATCH_TRY(const Json more, ask(round, place, "DescribeAlarms",
                                        {{"AlarmNames", std::move(names)}, {"AlarmTypes", all_types()}}));
      for (const char* list : {"MetricAlarms", "CompositeAlarms"})
        for (const Json& alarm : base::list_at(more, list)) described[list].push_back(alarm);
    }
  }
  auto changes = intake::found_changes(described, history);
  const auto begun = base::parse_rfc3339(base::text_at(round.state, "begun")).value_or(round.now);
  std::erase_if(changes, [&](const intake::FoundChange& change) {
    return !wanted(change.alarm.name) || change.alarm.since < begun - kBefore;
  });
  return tell(round, name_of(place), next, std::move(changes));
}

base::Result<> AlarmPoller::tell(Round& round, const std::string& place, base::Timestamp next,
                                 std::vector<intake::FoundChange> changes) {
  Json state = round.state;
  state["places"][place] = base::format_rfc3339(next);
  store::Turn turn = round.turn;
  turn.state = base::dump_json(state);
  MIDWATCH_TRY(const auto taken,
               parts_.intake.take_found(space_.name, std::move(changes),
                                        [&](store::Session& session) { return session.keep_turn(turn); }));
  state["changes"] = base::number_at(state, "changes").value_or(0) + static_cast<double>(taken.alarms);
  round.state = std::move(state);
  if (taken.investigates) parts_.on_queued();
  return {};
}

void AlarmPoller::end(Round& round, const base::Result<>& looked) {
  Json& state = round.state;
  state["polled"] = base::format_rfc3339(round.now);
  std::string what;
  if (looked) {
    state.erase("failure");
  } else {
    what = base::printable(looked.error().describe(), kShownBytes);
    if (!state.contains("failure")) state["failure"] = {{"since", base::format_rfc3339(round.now)}};
    state["failure"]["what"] = what;
  }
  round.turn.state = base::dump_json(state);
  const auto kept =
      parts_.store.write([&](store::Session& session) { return session.keep_turn(round.turn); });
  // Another process has the turn meanwhile, and tells how it stands.
  const bool lost = !kept && kept.error().code == base::ErrorCode::kConflict;
  if (!kept && !lost) what = base::printable(kept.error().describe(), kShownBytes);
  if (!what.empty() && what != trouble_)
    parts_.log(
        {base::LogLevel::kWarning, "alarms cannot be polled", {{"space", space_.name}, {"reason", what}}});
  trouble_ = std::move(what);
}

void AlarmPoller::leave() {
  const auto left = parts_.store.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(auto turn, session.turn(turn_of(space_)));
    if (!turn || turn->holder != parts_.process) return {};
    turn->until = parts_.clock.now();
    return session.keep_turn(*turn);
  });
  if (!left)
    parts_.log(
        base::trouble("polling goes on elsewhere a little later", left.error(), {{"space", space_.name}}));
}

base::Result<Json> AlarmPoller::standing(store::Store& store, const SpaceConfig& space) {
  std::optional<store::Turn> turn;
  MIDWATCH_TRY_VOID(store.read([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(turn, session.turn(turn_of(space)));
    return {};
  }));
  const auto every = std::chrono::duration_cast<std::chrono::seconds>(space.polling->every).count();
  Json out{{"every_s", every}};
  if (!turn) return out;
  const Json state = state_of(*turn);
  for (const char* member : {"polled", "changes", "failure"})
    if (state.contains(member)) out[member] = state[member];
  return out;
}

}  // namespace midwatch::app

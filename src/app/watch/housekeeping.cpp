#include "src/app/watch/housekeeping.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "src/base/try.h"

namespace midwatch::app {
namespace {

constexpr std::chrono::hours kEvery{1};
/// In one transaction, so that alarms never wait long for a turn.
constexpr std::size_t kAtOnce = 50;

}  // namespace

base::Result<std::size_t> forget_old(store::Store& store, const SpaceConfigs& spaces, base::Timestamp now) {
  std::size_t forgotten = 0;
  for (const auto& [name, space] : spaces) {
    if (space.keep == base::Duration::zero()) continue;
    std::size_t last = kAtOnce;
    while (last == kAtOnce) {
      MIDWATCH_TRY_VOID(
          store.write([&, &space_name = name, &keep = space.keep](store::Session& session) -> base::Result<> {
            MIDWATCH_TRY(last, session.forget(space_name, now - keep, kAtOnce));
            return {};
          }));
      forgotten += last;
    }
  }
  MIDWATCH_TRY_VOID(store.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY([[maybe_unused]] const std::size_t answers, session.forget_answers(now));
    return {};
  }));
  return forgotten;
}

Housekeeping::Housekeeping(store::Store& store, const SpaceConfigs& spaces, const base::Clock& clock,
                           std::function<void(const std::string&)> on_trouble)
    : thread_(
          [&store, &spaces, &clock, on_trouble = std::move(on_trouble), this](const std::stop_token& stop) {
            std::unique_lock lock(mutex_);
            do {
              const auto done = forget_old(store, spaces, clock.now());
              if (!done)
                on_trouble(fmt::format("what is old could not be deleted: {}", done.error().describe()));
            } while (!never_.wait_for(lock, stop, kEvery, [] { return false; }) && !stop.stop_requested());
          }) {}

}  // namespace midwatch::app

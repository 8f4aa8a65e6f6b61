#include "src/app/watch/housekeeping.h"

#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "src/base/try.h"

namespace midwatch::app {
namespace {

constexpr std::chrono::hours kEvery{1};
/// In one transaction, so that alarms never wait long for a turn.
constexpr std::size_t kAtOnce = 50;
/// Of a space that is too large, so that not much more goes than has to.
constexpr std::size_t kAtOnceForSize = 10;
constexpr std::uint64_t kMegabyte = 1'000'000;
/// Longer than any wait that failed tries to sign in bring (src/identity).
constexpr std::chrono::hours kAttemptsKept{24};

base::Result<> forget_aged(store::Store& store, const std::string& space, base::Timestamp before,
                           Forgotten& all) {
  std::size_t last = kAtOnce;
  while (last == kAtOnce) {
    const auto forget = [&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(last, session.forget(space, before, kAtOnce));
      return {};
    };
    MIDWATCH_TRY_VOID(store.write(forget));
    all.incidents += last;
  }
  return {};
}

/// Forgets the oldest until the rest is small enough, or nothing more may go.
base::Result<> shrink(store::Store& store, const std::string& space, std::uint64_t bytes, Forgotten& all) {
  while (true) {
    std::uint64_t size = 0;
    std::optional<base::Timestamp> oldest;
    const auto look = [&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(size, session.size_of(space));
      MIDWATCH_TRY(oldest, session.first_resolved(space, kAtOnceForSize));
      return {};
    };
    MIDWATCH_TRY_VOID(store.read(look));
    if (size <= bytes) return {};
    if (!oldest) {
      all.too_large.push_back(space);
      return {};
    }
    MIDWATCH_TRY_VOID(forget_aged(store, space, *oldest + base::Duration(1), all));
  }
}

}  // namespace

base::Result<Forgotten> forget_old(store::Store& store, const SpaceConfigs& spaces, base::Timestamp now) {
  Forgotten all;
  for (const auto& [name, space] : spaces) {
    if (space.keep != base::Duration::zero()) {
      MIDWATCH_TRY_VOID(forget_aged(store, name, now - space.keep, all));
    }
    if (space.keep_megabytes > 0) {
      MIDWATCH_TRY_VOID(shrink(store, name, space.keep_megabytes * kMegabyte, all));
    }
  }
  const auto forget_ended = [&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.forget_answers(now));
    MIDWATCH_TRY_VOID(session.forget_sign_ins(now));
    MIDWATCH_TRY_VOID(session.forget_attempts(now - kAttemptsKept));
    return {};
  };
  MIDWATCH_TRY_VOID(store.write(forget_ended));
  return all;
}

Housekeeping::Housekeeping(store::Store& store, const SpaceConfigs& spaces, const base::Clock& clock,
                           std::function<void(const std::string&)> on_trouble)
    : thread_(
          [&store, &spaces, &clock, on_trouble = std::move(on_trouble), this](const std::stop_token& stop) {
            std::unique_lock lock(mutex_);
            do {
              const auto done = forget_old(store, spaces, clock.now());
              if (done) {
                for (const std::string& space : done->too_large)
                  on_trouble(fmt::format(
                      "the space {} is larger than its keep_megabytes, and all that is left of it is open or "
                      "held: resolve what is over, or keep more",
                      space));
              } else {
                on_trouble(fmt::format("what is old could not be deleted: {}", done.error().describe()));
              }
            } while (!never_.wait_for(lock, stop, kEvery, [] { return false; }) && !stop.stop_requested());
          }) {}

}  // namespace midwatch::app

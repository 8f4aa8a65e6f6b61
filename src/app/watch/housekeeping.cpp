#include "src/app/watch/housekeeping.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "src/base/try.h"

namespace midwatch::app {
namespace {

constexpr std::chrono::minutes kLook{10};
constexpr std::chrono::hours kEvery{1};
/// Between two looks at the clock, for what corrects it little by little and for a thread that has to wait.
constexpr std::chrono::minutes kDrift{1};
/// In one transaction, so that alarms never wait long for a turn.
constexpr std::size_t kAtOnce = 50;
/// Of a space that is too large, so that not much more goes than has to.
constexpr std::size_t kAtOnceForSize = 10;
constexpr std::uint64_t kMegabyte = 1'000'000;
/// Longer than any wait that failed tries to sign in bring (src/identity).
constexpr std::chrono::hours kAttemptsKept{24};

/// Gives the bytes that went.
base::Result<std::uint64_t> forget_aged(store::Store& store, const std::string& space, base::Timestamp before,
                                        Forgotten& all) {
  std::uint64_t bytes = 0;
  store::Cleared last;
  do {
    const auto forget = [&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(last, session.forget(space, before, kAtOnce));
      return {};
    };
    MIDWATCH_TRY_VOID(store.write(forget));
    all.incidents += last.incidents;
    bytes += last.bytes;
  } while (last.more);
  return bytes;
}

/// Forgets the oldest until the rest is small enough, or nothing more may go.
base::Result<> shrink(store::Store& store, const std::string& space, std::uint64_t bytes, Forgotten& all) {
  // All of it is looked at once: then what goes is counted.
  std::uint64_t size = 0;
  MIDWATCH_TRY_VOID(store.read([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(size, session.size_of(space));
    return {};
  }));
  while (size > bytes) {
    std::optional<base::Timestamp> before;
    MIDWATCH_TRY_VOID(store.read([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(before, session.first_to_forget(space, kAtOnceForSize));
      return {};
    }));
    if (!before) {
      all.too_large.push_back(space);
      return {};
    }
    MIDWATCH_TRY(const std::uint64_t gone, forget_aged(store, space, *before, all));
    size -= std::min(size, gone);
  }
  return {};
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

bool ClockWatch::is_steady() {
  const Look now{clock_.now(), clock_.steady_now()};
  const auto before = std::exchange(last_, now);
  if (!before) return false;
  const auto off = (now.civil - before->civil) - base::Duration(now.steady - before->steady);
  return std::chrono::abs(off) <= kDrift;
}

Housekeeping::Housekeeping(store::Store& store, const SpaceConfigs& spaces, const base::Clock& clock,
                           base::Log log)
    : thread_([&store, &spaces, &clock, log = std::move(log), this](const std::stop_token& stop) {
        const auto clean = [&] {
          const auto done = forget_old(store, spaces, clock.now());
          if (!done) {
            log(base::trouble("what is old could not be deleted", done.error()));
            return;
          }
          for (const std::string& space : done->too_large)
            log({base::LogLevel::kWarning,
                 "a space is larger than its keep_megabytes, and all that is left of it is open or held: "
                 "resolve what is over, or keep more",
                 {{"space", space}}});
        };
        ClockWatch watch(clock);
        std::optional<std::chrono::steady_clock::time_point> cleaned;
        std::unique_lock lock(mutex_);
        do {
          const auto now = clock.steady_now();
          if (watch.is_steady() && (!cleaned || now - *cleaned >= kEvery)) {
            cleaned = now;
            clean();
          }
        } while (!never_.wait_for(lock, stop, kLook, [] { return false; }) && !stop.stop_requested());
      }) {}

}  // namespace midwatch::app

#include "src/app/watch/worker_pool.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "src/base/try.h"

namespace midwatch::app {
namespace {

/// How often an idle worker looks whether another process left something.
constexpr std::chrono::milliseconds kLook{1'000};

/// The store for who holds a lease: each write renews it first, in the same transaction. So whoever lost the
/// lease, by a pause or a store that could not be reached, writes nothing any more, and nothing is told
/// twice.
class LeasedStore final : public store::Store {
 public:
  LeasedStore(store::Store& store, const base::Clock& clock, std::string investigation, std::string worker)
      : store_(store), clock_(clock), investigation_(std::move(investigation)), worker_(std::move(worker)) {}

  base::Result<> read(const store::Work& work) override { return store_.read(work); }
  base::Result<> write(const store::Work& work) override {
    return store_.write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.renew(investigation_, {worker_, clock_.now() + kLeaseTime}));
      return work(session);
    });
  }
  std::string describe() const override { return store_.describe(); }

 private:
  store::Store& store_;
  const base::Clock& clock_;
  std::string investigation_;
  std::string worker_;
};

/// Renews a lease until it is destroyed, and stops who holds it where another has it meanwhile, or may have.
class LeaseKeeper {
 public:
  LeaseKeeper(store::Store& store, const base::Clock& clock, std::string investigation, std::string worker,
              std::stop_source holder)
      : thread_([&store, &clock, investigation = std::move(investigation), worker = std::move(worker),
                 holder = std::move(holder), this](const std::stop_token& stop) mutable {
          std::unique_lock lock(mutex_);
          auto renewed_at = clock.steady_now();
          while (!changed_.wait_for(lock, stop, kLeaseTime / 3, [] { return false; })) {
            if (stop.stop_requested()) return;
            const auto now = clock.steady_now();
            const auto renewed = store.write([&](store::Session& session) {
              return session.renew(investigation, {worker, clock.now() + kLeaseTime});
            });
            if (renewed) renewed_at = now;
            const bool lost = !renewed && renewed.error().code == base::ErrorCode::kConflict;
            if (lost || clock.steady_now() - renewed_at >= kLeaseTime * 2 / 3) holder.request_stop();
          }
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread thread_;
};

}  // namespace

WorkerPool::WorkerPool(const RunnerParts& parts, Options options)
    : parts_(parts), options_(std::move(options)) {
  for (std::size_t i = 0; i < options_.workers; ++i) threads_.emplace_back([this, i] { work(i); });
}

WorkerPool::~WorkerPool() {
  stop();
}

void WorkerPool::wake() {
  const std::lock_guard lock(mutex_);
  ++wakes_;
  woken_.notify_all();
}

void WorkerPool::cancel(const std::string& investigation) {
  const std::lock_guard lock(mutex_);
  if (const auto at = running_.find(investigation); at != running_.end()) at->second.request_stop();
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [id, source] : running_) source.request_stop();
    woken_.notify_all();
  }
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

std::size_t WorkerPool::running() const {
  const std::lock_guard lock(mutex_);
  return running_.size();
}

void WorkerPool::work(std::size_t number) {
  const std::string worker = fmt::format("{}/{}", options_.name, number);
  std::size_t seen = 0;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (stopping_) return;
      seen = wakes_;
    }
    if (work_once(worker)) continue;
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, kLook, [&] { return stopping_ || wakes_ != seen; });
  }
}

bool WorkerPool::work_once(const std::string& worker) {
  std::optional<model::Investigation> taken;
  const auto now = parts_.clock.now();
  const auto leased = parts_.store.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(taken, session.lease({worker, now + kLeaseTime, options_.spaces}, now));
    return {};
  });
  if (!leased) options_.log(base::trouble("no work can be taken", leased.error()));
  if (!leased || !taken) return false;
  return run(*taken, worker);
}

bool WorkerPool::run(const model::Investigation& investigation, const std::string& worker) {
  const std::vector<base::LogField> about{{"investigation", investigation.id},
                                          {"incident", investigation.incident},
                                          {"space", investigation.space},
                                          {"attempt", std::int64_t{investigation.attempt}}};
  options_.log({base::LogLevel::kInfo, "an investigation begins", about});
  std::stop_source source;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) source.request_stop();
    running_.emplace(investigation.id, source);
  }
  const LeaseKeeper keeper(parts_.store, parts_.clock, investigation.id, worker, source);
  static const SpaceConfig kOrdinary;
  const SpaceConfig* limits = options_.limits(investigation.space);
  LeasedStore leased(parts_.store, parts_.clock, investigation.id, worker);
  const RunnerParts parts{leased,       parts_.feed,   parts_.knowledge,
                          parts_.clock, parts_.opener, parts_.announcer};
  const auto done =
      run_investigation(parts, investigation, limits != nullptr ? *limits : kOrdinary, source.get_token());
  {
    const std::lock_guard lock(mutex_);
    running_.erase(investigation.id);
  }
  if (done && options_.on_ended) options_.on_ended(investigation.id);
  if (done) return true;
  // A conflict says that it was cancelled or belongs to another. Else another attempt begins where this one
  // ended.
  const auto why = done.error().code;
  if (why != base::ErrorCode::kCancelled && why != base::ErrorCode::kConflict)
    options_.log(base::trouble("an investigation goes back into the queue", done.error(), about));
  const auto released =
      parts_.store.write([&](store::Session& session) { return session.release(investigation.id, worker); });
  if (!released && released.error().code != base::ErrorCode::kConflict)
    options_.log(
        base::trouble("an investigation is taken up again when its lease runs out", released.error(), about));
  return false;
}

}  // namespace midwatch::app

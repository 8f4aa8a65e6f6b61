#include "src/api/change_feed.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "src/base/try.h"

namespace midwatch::api {
namespace {

constexpr std::size_t kKept = 4096;
/// Read in one transaction.
constexpr std::size_t kAtOnce = 1000;

}  // namespace

void ChangeFeed::publish(Change change) {
  const std::lock_guard lock(mutex_);
  if (follows_) {
    own_ = true;
    written_.notify_all();
    return;
  }
  keep(std::move(change));
  came_.notify_all();
}

void ChangeFeed::keep(Change change) {
  changes_.push_back(std::move(change));
  if (changes_.size() > kKept) changes_.pop_front();
  ++last_;
}

void ChangeFeed::tell(const store::Changes& changes) {
  const std::lock_guard lock(mutex_);
  if (!changes.complete) {
    // As many as nobody can have seen.
    last_ += kKept + 1;
    changes_.clear();
  }
  for (const Change& change : changes.items) keep(change);
  came_.notify_all();
}

void ChangeFeed::wait_for_own(const std::stop_token& stop, std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  written_.wait_for(lock, stop, at_most, [&] { return own_; });
  own_ = false;
}

std::uint64_t ChangeFeed::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

ChangeFeed::News ChangeFeed::wait(std::uint64_t seen, std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, at_most, [&] { return closed_ || last_ > seen; });
  News news;
  news.last = last_;
  news.closed = closed_;
  const auto missed = static_cast<std::size_t>(last_ > seen ? last_ - seen : 0);
  const std::size_t kept = std::min(missed, changes_.size());
  news.complete = kept == missed;
  news.changes.assign(changes_.end() - static_cast<std::ptrdiff_t>(kept), changes_.end());
  return news;
}

void ChangeFeed::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  came_.notify_all();
}

StoreFollower::StoreFollower(store::Store& store, ChangeFeed& feed, Options options)
    : store_(store), feed_(feed), options_(std::move(options)) {
  {
    const std::lock_guard lock(feed_.mutex_);
    feed_.follows_ = true;
  }
  bool well = tell_new().has_value();
  thread_ = std::jthread([this, well](const std::stop_token& stop) mutable {
    while (true) {
      feed_.wait_for_own(stop, options_.period);
      if (stop.stop_requested()) return;
      const auto told = tell_new();
      if (!told && well && options_.log)
        options_.log(base::trouble("what changed cannot be read", told.error()));
      well = told.has_value();
    }
  });
}

base::Result<> StoreFollower::tell_new() {
  for (bool more = true; more;) {
    store::Changes changes;
    MIDWATCH_TRY_VOID(store_.read([&](store::Session& session) -> base::Result<> {
      if (seen_) {
        MIDWATCH_TRY(changes, session.changes(*seen_, kAtOnce));
      } else {
        MIDWATCH_TRY(seen_, session.last_change());
      }
      return {};
    }));
    more = changes.items.size() == kAtOnce;
    if (changes.items.empty()) continue;
    seen_ = changes.items.back().sequence;
    feed_.tell(changes);
    if (options_.on_change)
      for (const Change& change : changes.items) options_.on_change(change);
  }
  return {};
}

}  // namespace midwatch::api

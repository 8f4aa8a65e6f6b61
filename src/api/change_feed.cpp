#include "src/api/change_feed.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace midwatch::api {
namespace {

constexpr std::size_t kKept = 4096;

}  // namespace

void ChangeFeed::publish(Change change) {
  const std::lock_guard lock(mutex_);
  changes_.push_back(std::move(change));
  if (changes_.size() > kKept) changes_.pop_front();
  ++last_;
  came_.notify_all();
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

}  // namespace midwatch::api

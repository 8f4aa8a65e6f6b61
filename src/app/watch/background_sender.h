#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "src/base/clock.h"
#include "src/http/http_client.h"

namespace midwatch::app {

/// Sends requests in whose answers nobody is interested, on a thread of its own, one after the other. What it
/// cannot keep up with, and what waits when it is destroyed, is gone.
///
/// Threads: any. Requires: what is referred to outlives it.
class BackgroundSender {
 public:
  BackgroundSender(http::HttpClient& http, const base::Clock& clock)
      : http_(http), clock_(clock), thread_([this](const std::stop_token& stop) { work(stop); }) {}

  void send(http::HttpRequest request) {
    constexpr std::size_t kMostWaiting = 64;
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) return;
    waiting_.push_back(std::move(request));
    changed_.notify_one();
  }

 private:
  void work(const std::stop_token& stop) {
    while (true) {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); }) || stop.stop_requested()) return;
      const http::HttpRequest next = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      (void)http_.send({clock_, std::nullopt, stop}, next);
    }
  }

  http::HttpClient& http_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<http::HttpRequest> waiting_;
  std::jthread thread_;
};

}  // namespace midwatch::app

#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "src/base/time.h"

namespace midwatch::app {

/// Does something at once and then at regular times, on a thread of its own, until it is destroyed.
///
/// Requires: what `work` refers to outlives it; `work` ends soon once a stop is requested.
class Repeater {
 public:
  Repeater(base::Duration every, std::function<void(const std::stop_token&)> work)
      : thread_([every, work = std::move(work), this](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          do work(stop);
          while (!never_.wait_for(lock, stop, every, [] { return false; }) && !stop.stop_requested());
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any never_;
  std::jthread thread_;
};

}  // namespace midwatch::app

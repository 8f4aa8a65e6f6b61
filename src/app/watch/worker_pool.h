#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "src/app/watch/investigation_runner.h"
#include "src/base/log.h"

namespace midwatch::app {

/// Threads that take investigations from the store and run them. Any number of processes share one store;
/// who dies leaves leases that run out.
///
/// Threads: any.
class WorkerPool {
 public:
  struct Options {
    std::string name;  ///< of this process among all that share the store
    std::size_t workers = 4;
    std::vector<std::string> spaces{};  ///< whose investigations it takes; empty: all
    /// What a space may use up; nothing for a space that this process does not serve.
    std::function<const SpaceConfig*(const std::string& space)> limits;
    base::Log log;
    /// Is told of an investigation that ended here; may be empty. It must not wait for anybody outside.
    std::function<void(const std::string& investigation)> on_ended{};
  };

  /// Requires: `parts` outlives it.
  WorkerPool(const RunnerParts& parts, Options options);
  /// Stops, as stop() does.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Something may wait in the store.
  void wake();
  /// Ends one that runs here.
  void cancel(const std::string& investigation);
  /// Takes nothing more, ends what runs, and puts it back in the queue for others.
  void stop();
  std::size_t running() const;

 private:
  void work(std::size_t number);
  /// True where something was done, and more may wait.
  bool work_once(const std::string& worker);
  /// False where it goes back into the queue: then the worker waits before it looks again.
  bool run(const model::Investigation& investigation, const std::string& worker);

  const RunnerParts& parts_;
  Options options_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  std::size_t wakes_ = 0;
  bool stopping_ = false;
  std::map<std::string, std::stop_source> running_;
  std::vector<std::thread> threads_;
};

}  // namespace midwatch::app

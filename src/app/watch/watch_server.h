#pragma once

#include <memory>
#include <string>

#include "src/app/watch/serve_config.h"
#include "src/base/clock.h"
#include "src/base/log.h"
#include "src/base/result.h"
#include "src/notify/deliverer.h"

namespace midwatch::app {

/// What `midwatch serve` is: alarms come in, investigations run, and everything is offered over HTTP. And
/// what `midwatch worker` is: only investigations run. Any number of both share one store.
///
/// Threads: any.
class WatchServer {
 public:
  struct Options {
    ServeConfig config;
    std::string version;
    std::string knowledge_folder;  ///< empty: the built-in knowledge
    bool only_works = false;       ///< it listens to nobody; it runs what others take in
    base::Log log{};               ///< hears of what happens; may be empty
    notify::Patience patience{};   ///< with receivers of notifications
  };

  /// Errors: the configuration is not safe to start; the store, a secret or the knowledge cannot be read; the
  /// address is taken. Requires: the clock outlives it.
  static base::Result<std::unique_ptr<WatchServer>> start(Options options, const base::Clock& clock);
  /// Stops, as stop() does.
  ~WatchServer();
  WatchServer(const WatchServer&) = delete;
  WatchServer& operator=(const WatchServer&) = delete;

  /// Where it answers: "http://127.0.0.1:8686"; empty where it only works.
  std::string address() const;
  /// Of this process among all that share the store, as its leases say it: machine, process and a UUID.
  const std::string& name() const;
  /// Answers nothing more; what runs goes back into the queue.
  void stop();

 private:
  struct Parts;
  explicit WatchServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace midwatch::app

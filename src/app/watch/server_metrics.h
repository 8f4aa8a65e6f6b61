#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/time.h"

namespace midwatch::app {

/// What a server measures of itself, for Prometheus. docs/serve.md lists it.
///
/// Threads: any number at once.
class ServerMetrics {
 public:
  ServerMetrics();
  ~ServerMetrics();
  ServerMetrics(const ServerMetrics&) = delete;
  ServerMetrics& operator=(const ServerMetrics&) = delete;

  /// A message of a sender is decided about and on the disk, so long after it came.
  void took_delivery(base::Duration took);
  void noted_trouble();
  void answered(std::string_view operation, int status, base::Duration took);
  /// `status` as the API calls it; `took` from when it was requested.
  void ended_investigation(std::string_view status, base::Duration took);

  /// What is known only when somebody looks.
  struct Now {
    std::size_t running = 0;  ///< investigations in this process
    struct Polled {
      std::string space;
      bool failing = false;
      double alarms = 0;  ///< changes that were found so far
    };
    std::vector<Polled> polled{};
    struct Traces {
      std::uint64_t sent = 0;
      std::uint64_t dropped = 0;
    };
    std::optional<Traces> traces{};  ///< nothing where none are sent
  };
  /// All of it, in the text exposition format (version 0.0.4).
  std::string text(const Now& now) const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace midwatch::app

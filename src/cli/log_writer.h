#pragma once

#include <cstdio>
#include <mutex>

#include "src/app/watch/serve_config.h"
#include "src/base/clock.h"
#include "src/base/log.h"

namespace midwatch::cli {

/// Writes the log of a server to a stream: whole lines, whoever writes at the same time.
///
/// Threads: any number at once.
class LogWriter {
 public:
  /// Where nobody says how, programs read what goes anywhere but to a terminal. Requires: `stream` and
  /// `clock` outlive it.
  LogWriter(std::FILE* stream, const base::Clock& clock) : stream_(stream), clock_(clock) {}

  /// From now on it is written so.
  void set(const app::LogConfig& config);
  void write(const base::LogRecord& record);

 private:
  std::FILE* stream_;
  const base::Clock& clock_;
  std::mutex mutex_;
  app::LogConfig config_{};
};

}  // namespace midwatch::cli

#include "src/cli/log_writer.h"

#include <string>

#include <unistd.h>

namespace midwatch::cli {

void LogWriter::set(const app::LogConfig& config) {
  const std::lock_guard lock(mutex_);
  config_ = config;
}

void LogWriter::write(const base::LogRecord& record) {
  const std::lock_guard lock(mutex_);
  if (record.level < config_.level) return;
  const bool at_terminal = ::isatty(::fileno(stream_)) != 0;
  const auto format = config_.format.value_or(at_terminal ? base::LogFormat::kText : base::LogFormat::kJson);
  const std::string line = base::log_line(record, clock_.now(), format);
  std::fwrite(line.data(), 1, line.size(), stream_);
  std::fflush(stream_);
}

}  // namespace midwatch::cli

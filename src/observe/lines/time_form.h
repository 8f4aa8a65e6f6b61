#pragma once

#include <cstddef>
#include <string_view>

namespace midwatch::observe::lines {

/// How a time is written.
enum class TimeForm {
  kNone,
  kFull,   ///< a date and a time, or a time
  kBsd,    ///< "Jan  5 02:00:00", as syslog writes it before a host and a program
  kKlog,   ///< "I0105 02:00:00.1": the level is its first letter
  kEpoch,  ///< seconds or milliseconds since 1970
};

/// The time that begins at `at`, in any of the usual forms; `at` moves behind it, its fraction, and its zone.
TimeForm skip_time(std::string_view line, std::size_t& at);

}  // namespace midwatch::observe::lines

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace midwatch::observe::lines {

/// A line that the Lambda platform writes about a run of a function.
struct LambdaLine {
  enum class Kind {
    kStart,
    kEnd,
    kReport,      ///< a run and what it took
    kInitReport,  ///< an initialisation that failed or took too long
    kTimedOut,    ///< "Task timed out after …"
    kExited,      ///< "Runtime exited …"
  };
  Kind kind = Kind::kStart;
  std::string request;
  std::optional<double> duration_ms;
  std::optional<double> init_ms;
  std::optional<double> memory_mb;  ///< the limit
  std::optional<double> used_mb;    ///< the most that was used
  std::string status;               ///< "timeout", "error", "failure", …; empty for a run that did well
  std::string error_type;           ///< "Runtime.OutOfMemory", …
  std::string phase;                ///< of an initialisation
};

/// Reads START, END, REPORT, INIT_REPORT, "Task timed out" and "Runtime exited" lines, as text and as JSON
/// (platform.start, .report, .initReport, .runtimeDone). Nothing for all other lines.
/// Units: milliseconds and megabytes, as the platform prints them.
std::optional<LambdaLine> read_lambda_line(std::string_view line);

/// The run that a line of a function's program belongs to: the UUID that runtimes print near the line's
/// beginning ("TIME\tUUID\tERROR\t…", "[ERROR]\tTIME\tUUID\t…", {"requestId":"UUID",…}).
/// Shape: a part of `line`; empty where there is none.
std::string_view run_named_in(std::string_view line);

}  // namespace midwatch::observe::lines

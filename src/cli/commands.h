#pragma once

namespace midwatch::cli {

/// Exit statuses of the program.
inline constexpr int kReached = 0;     ///< it did what was asked
inline constexpr int kFailed = 1;      ///< it could not; the reason is on standard error
inline constexpr int kWrongUsage = 2;  ///< the command line is wrong

/// Runs the command line.
int run(int argc, char** argv);

}  // namespace midwatch::cli

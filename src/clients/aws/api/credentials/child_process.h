#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/runtime/request_context.h"

namespace midwatch::clients::aws::api {

/// The words of a command line: single and double quotes and backslashes as in a shell, but nothing is
/// expanded. Empty where a quote stays open.
std::vector<std::string> split_command(std::string_view command);

/// Runs a program, found along PATH, without a shell, and gives what it printed. It reads nothing, and what
/// it says on standard error is dropped: it may hold secrets. It is killed when the context or a minute is
/// over.
///
/// Errors:   kUnavailable: it cannot be started, failed, or printed over 1 MiB; kTimeout, kCancelled.
/// Requires: `words` is not empty.
base::Result<std::string> run_child(const runtime::RequestContext& context,
                                    const std::vector<std::string>& words);

}  // namespace midwatch::clients::aws::api

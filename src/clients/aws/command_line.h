#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace midwatch::clients::aws {

/// What an `aws` command line asked for.
struct CommandLine {
  std::string service;    ///< "ecs"; empty where no command is named
  std::string operation;  ///< "describe-services"
  /// Option without its dashes → its values, in order ("services" → {"api", "worker"}).
  std::map<std::string, std::vector<std::string>, std::less<>> options;

  /// The first value of an option; empty where it was not given.
  std::string_view option(std::string_view name) const;
};

/// Reads a line like `# aws ecs describe-services --cluster web --services api worker --output json`. Quotes
/// and backslashes are understood as a shell does; a path before `aws` and global options before the service
/// are passed over. Without `aws` in it, the line names no command.
CommandLine parse_command_line(std::string_view line);

/// The CLI's shorthand `Name=A,Value=B` as a map.
std::map<std::string, std::string, std::less<>> parse_shorthand(std::string_view text);

}  // namespace midwatch::clients::aws

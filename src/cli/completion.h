#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// One option for completion.
struct CompletedOption {
  std::vector<std::string> names;  ///< with their dashes
  std::string what;
  std::vector<std::string> choices;  ///< the values it may have; empty: any
  bool takes_value = false;
};

/// A command and what may follow it.
struct CompletedCommand {
  std::string path;  ///< "", "knowledge", "knowledge lint"
  std::string what;
  std::vector<std::string> children;
  std::vector<CompletedOption> options;
};

/// Every command of the program, parents before children.
std::vector<CompletedCommand> completed_commands(const CLI::App& app);

/// The script that teaches a shell to complete these commands.
std::string bash_completion(const std::vector<CompletedCommand>& commands);
std::string zsh_completion(const std::vector<CompletedCommand>& commands);
std::string fish_completion(const std::vector<CompletedCommand>& commands);

}  // namespace midwatch::cli

#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch completion bash|zsh|fish`, made from the commands and options of `app`; `status` becomes
/// the exit status when it ran. Requires: every other command is there when the line is parsed.
void add_completion(CLI::App& app, int& status);

}  // namespace midwatch::cli

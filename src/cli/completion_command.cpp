#include "src/cli/completion_command.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "src/cli/commands.h"
#include "src/cli/completion.h"
#include "src/cli/terminal.h"

namespace midwatch::cli {

void add_completion(CLI::App& app, int& status) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("completion", "Print the script that completes this program's commands in a shell");
  command->footer(
      "Examples:\n"
      "  source <(midwatch completion bash)\n"
      "  midwatch completion zsh > \"${fpath[1]}/_midwatch\"\n"
      "  midwatch completion fish | source");
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([shell, &app, &status] {
    const auto commands = completed_commands(app);
    const std::string script = *shell == "zsh"    ? zsh_completion(commands)
                               : *shell == "fish" ? fish_completion(commands)
                                                  : bash_completion(commands);
    status = write_output(script, {});
  });
}

}  // namespace midwatch::cli

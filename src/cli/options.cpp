#include "src/cli/options.h"

#include <CLI/CLI.hpp>

namespace midwatch::cli {

void add_presentation(CLI::App& command, Presentation& how) {
  command
      .add_option(
          "--lang", how.language,
          "en or ja; without it, a terminal gets the language of its locale and everything else English")
      ->check(CLI::IsMember({"en", "ja"}));
  command.add_option("--color", how.colour, "auto (terminals, unless NO_COLOR is set), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  command.add_option("--output,-o", how.output, "write to this file instead of to standard output");
}

}  // namespace midwatch::cli

#include "src/cli/options.h"

#include <charconv>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

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

base::Result<std::chrono::milliseconds> latency_of(const std::string& text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string unit(end, text.data() + text.size());
  if (error == std::errc() && count >= 0 && unit == "ms") return std::chrono::milliseconds(count);
  if (error == std::errc() && count >= 0 && unit == "s") return std::chrono::seconds(count);
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          fmt::format("not a latency: {} (for example 80ms)", text));
}

}  // namespace midwatch::cli

#include "src/cli/options.h"

#include <chrono>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/base/length.h"
#include "src/base/utf8.h"

namespace midwatch::cli {
namespace {

constexpr std::size_t kShownBytes = 80;

}  // namespace

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

CLI::Option* add_length(CLI::App& command, const std::string& name, base::Duration& into,
                        const LengthLimits& limits, const std::string& what) {
  const CLI::callback_t read = [&into, name, limits](const CLI::results_t& given) {
    const std::string& text = given.back();
    const auto length = base::parse_duration(text);
    if (!length) {
      throw CLI::ValidationError(
          name, fmt::format("takes a length of time like 500ms, 2s, 1m30s, or 90 (seconds); it is '{}'",
                            base::printable(text, kShownBytes)));
    }
    if (*length < limits.least || *length > limits.most) {
      throw CLI::ValidationError(
          name, fmt::format("must be from {} to {}; it is {}", base::format_duration(limits.least),
                            base::format_duration(limits.most), base::format_duration(*length)));
    }
    into = *length;
    return true;
  };
  return command.add_option(name, read, what)->type_name("TIME");
}

CLI::Option* add_deadline(CLI::App& command, base::Duration& into) {
  return add_length(command, "--deadline", into, {std::chrono::seconds(1), std::chrono::hours(1)},
                    "after which nothing is asked any more: 30s, 2m, or seconds (default: 60s)");
}

CLI::Option* add_latency(CLI::App& command, base::Duration& into) {
  return add_length(command, "--latency", into, {base::Duration::zero(), std::chrono::minutes(1)},
                    "what every call to a simulated account takes, for example 80ms (default: 0ms)");
}

}  // namespace midwatch::cli

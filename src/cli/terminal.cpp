#include "src/cli/terminal.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "src/cli/commands.h"

namespace midwatch::cli {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool goes_to_standard_output(const Presentation& how) {
  return how.output.empty() || how.output == "-";
}

}  // namespace

bool shows_on_terminal(const Presentation& how) {
  return goes_to_standard_output(how) && isatty(STDOUT_FILENO) == 1;
}

bool uses_colour(const Presentation& how) {
  if (how.colour == "always") return true;
  return how.colour == "auto" && shows_on_terminal(how) && variable("NO_COLOR").empty() &&
         variable("TERM") != "dumb";
}

model::Language language_of(const Presentation& how) {
  if (how.language == "ja") return model::Language::kJapanese;
  if (!how.language.empty() || !shows_on_terminal(how)) return model::Language::kEnglish;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string_view locale = variable(name);
    if (locale.empty()) continue;
    return locale.starts_with("ja") ? model::Language::kJapanese : model::Language::kEnglish;
  }
  return model::Language::kEnglish;
}

std::size_t terminal_width() {
  constexpr std::size_t kOrdinary = 100;
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kOrdinary;
}

bool shows_progress() {
  return isatty(STDERR_FILENO) == 1;
}

int write_output(const std::string& text, const Presentation& how) {
  if (goes_to_standard_output(how)) {
    const bool done =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (done) return kReached;
    fmt::print(stderr, "midwatch: standard output could not be written: {}\n", std::strerror(errno));
    return kFailed;
  }
  errno = 0;
  std::ofstream out(how.output, std::ios::binary);
  out << text;
  out.close();
  if (out) return kReached;
  fmt::print(stderr, "midwatch: {} could not be written: {}; check that its folder exists and is writable\n",
             how.output, std::strerror(errno));
  return kFailed;
}

int tell(const base::Error& error) {
  fmt::print(stderr, "midwatch: {}\n", error.describe());
  return kFailed;
}

}  // namespace midwatch::cli

#include "src/base/shell_words.h"

namespace midwatch::base {
namespace {

constexpr std::size_t kMostWords = 400;
constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kEnds = "|;><";

}  // namespace

ShellCommand first_shell_command(std::string_view line) {
  ShellCommand command;
  std::string word;
  bool inside = false;
  char quote = 0;
  const auto end_word = [&] {
    if (inside) command.words.push_back(std::move(word));
    word.clear();
    inside = false;
  };
  for (std::size_t i = 0; i < line.size() && command.words.size() < kMostWords; ++i) {
    const char c = line[i];
    if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
      word += line[++i];
      inside = true;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      inside = true;
    } else if (quote == 0 && kEnds.find(c) != std::string_view::npos) {
      command.ended_by = c;
      break;
    } else if (quote == 0 && kSpaces.find(c) != std::string_view::npos) {
      end_word();
    } else {
      word += c;
      inside = true;
    }
  }
  if (command.words.size() < kMostWords) end_word();
  return command;
}

}  // namespace midwatch::base

#include "src/clients/aws/command_line.h"

#include <algorithm>

#include "src/base/shell_words.h"

namespace midwatch::clients::aws {
namespace {

bool is_program(std::string_view word) {
  return word == "aws" || word.ends_with("/aws");
}

}  // namespace

std::string_view CommandLine::option(std::string_view name) const {
  const auto at = options.find(name);
  return at == options.end() || at->second.empty() ? std::string_view()
                                                   : std::string_view(at->second.front());
}

CommandLine parse_command_line(std::string_view line) {
  CommandLine command;
  const std::vector<std::string> words = base::first_shell_command(line).words;
  auto word = std::find_if(words.begin(), words.end(), is_program);
  if (word == words.end()) return command;
  std::vector<std::string>* values = nullptr;
  for (++word; word != words.end(); ++word) {
    if (word->starts_with("--")) {
      const std::size_t equals = word->find('=');
      values = &command.options[word->substr(2, equals == std::string::npos ? equals : equals - 2)];
      if (equals != std::string::npos) values->push_back(word->substr(equals + 1));
      continue;
    }
    // A global option before the service has one value; the next plain word is the service.
    if (command.service.empty() && (values == nullptr || !values->empty())) {
      command.service = *word;
      values = nullptr;
    } else if (!command.service.empty() && command.operation.empty()) {
      command.operation = *word;
    } else if (values != nullptr) {
      values->push_back(*word);
    }
  }
  return command;
}

std::map<std::string, std::string, std::less<>> parse_shorthand(std::string_view text) {
  std::map<std::string, std::string, std::less<>> map;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos)
      map.emplace(std::string(part.substr(0, equals)), std::string(part.substr(equals + 1)));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return map;
}

}  // namespace midwatch::clients::aws

#include "src/clients/kubernetes/command_line.h"

#include <algorithm>
#include <array>

#include "src/base/ascii.h"
#include "src/base/shell_words.h"
#include "src/clients/kubernetes/kinds.h"

namespace midwatch::clients::kubernetes {
namespace {

struct Option {
  std::string_view name;
  std::string_view short_name;
};

/// Options whose value is the next word.
constexpr std::array<Option, 17> kWithValue{{{"--namespace", "-n"},
                                             {"--output", "-o"},
                                             {"--container", "-c"},
                                             {"--selector", "-l"},
                                             {"--field-selector", ""},
                                             {"--sort-by", ""},
                                             {"--tail", ""},
                                             {"--since", ""},
                                             {"--since-time", ""},
                                             {"--limit-bytes", ""},
                                             {"--for", ""},
                                             {"--types", ""},
                                             {"--context", ""},
                                             {"--kubeconfig", ""},
                                             {"--chunk-size", ""},
                                             {"--revision", ""},
                                             {"--label-columns", "-L"}}};

class CommandLineParser {
 public:
  explicit CommandLineParser(std::vector<std::string> words) : words_(std::move(words)) {}

  CommandLine run() {
    while (i_ < words_.size()) {
      const std::string& word = words_[i_++];
      if (word == "--") break;  // what follows is for the program inside
      if (plain_.empty() && (word == "#" || word == "$" || word.ends_with("kubectl") || word == "oc"))
        continue;
      if (plain_.empty() && word == "stern") {
        command_.prefixed = true;
        plain_.emplace_back("logs");
        continue;
      }
      if (word.size() > 1 && word.starts_with('-')) {
        option(word);
      } else {
        plain_.push_back(word);
      }
    }
    place();
    return std::move(command_);
  }

 private:
  void option(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (name == "-A" || name == "--all-namespaces") command_.all_namespaces = true;
    if (name == "-p" || name == "--previous") command_.previous = true;
    for (const Option& o : kWithValue) {
      if (name == o.name || (!o.short_name.empty() && name == o.short_name)) {
        std::string value;
        if (equals != std::string::npos) {
          value = word.substr(equals + 1);
        } else if (i_ < words_.size()) {
          value = words_[i_++];
        }
        return set(o.name, value);
      }
      // "-nweb", "-ojson"
      if (!o.short_name.empty() && word.size() > 2 && word.starts_with(o.short_name) && word[1] != '-')
        return set(o.name, word.substr(2));
    }
  }

  void set(std::string_view name, const std::string& value) {
    if (name == "--namespace") command_.name_space = value;
    if (name == "--output") command_.output = value.substr(0, value.find('='));
    if (name == "--container") command_.container = value;
    if (name == "--selector" || name == "--field-selector") command_.selector = value;
    if (name == "--for") resource(value);
  }

  /// "pod/web-0", or a kind alone.
  void resource(const std::string& word) {
    const std::size_t slash = word.find('/');
    const std::string first = word.substr(0, slash);
    command_.kind = api_kind(first.substr(0, first.find(',')));
    if (slash != std::string::npos) command_.name = word.substr(slash + 1);
  }

  void place() {
    if (plain_.empty()) return;
    command_.verb = base::to_lower(plain_[0]);
    std::size_t next = 1;
    if (command_.verb == "top" || command_.verb == "rollout" || command_.verb == "auth") {
      if (plain_.size() > 1) {
        if (command_.verb != "top") command_.others.push_back(plain_[1]);
        if (command_.verb == "top") command_.kind = api_kind(plain_[1]);
      }
      next = 2;
    }
    if (command_.verb == "drain" || command_.verb == "cordon") command_.kind = "Node";
    if (command_.verb == "cordon" || command_.verb == "drain") {
      if (plain_.size() > 1) command_.name = plain_[1].substr(plain_[1].find('/') + 1);
      return;
    }
    if (command_.prefixed) return;  // what it asks for is a pattern, no name
    if (command_.verb == "logs" || command_.verb == "exec") {
      if (plain_.size() > 1) {
        if (plain_[1].find('/') != std::string::npos) {
          resource(plain_[1]);
        } else {
          command_.kind = "Pod";
          command_.name = plain_[1];
        }
      }
      if (plain_.size() > 2 && command_.container.empty()) command_.container = plain_[2];
      return;
    }
    if (command_.verb == "events") return;
    if (command_.kind.empty() && next < plain_.size()) resource(plain_[next++]);
    if (command_.name.empty() && next < plain_.size()) command_.name = plain_[next++];
    while (next < plain_.size()) command_.others.push_back(plain_[next++]);
  }

  std::vector<std::string> words_;
  std::vector<std::string> plain_;
  std::size_t i_ = 0;
  CommandLine command_;
};

}  // namespace

CommandLine parse_command_line(std::string_view line) {
  base::ShellCommand shell = base::first_shell_command(line);
  CommandLine command = CommandLineParser(std::move(shell.words)).run();
  command.filtered = shell.ended_by == '|';
  return command;
}

bool lists_all(const CommandLine& command) {
  return command.verb == "get" && command.name.empty() && command.selector.empty() && !command.filtered &&
         !command.kind.empty() && command.kind != "all";
}

}  // namespace midwatch::clients::kubernetes

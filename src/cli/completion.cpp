#include "src/cli/completion.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace midwatch::cli {
namespace {

/// The values in "{a,b,c}", as CLI11 prints the check IsMember.
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  const std::size_t close = type.rfind('}');
  std::vector<std::string> choices;
  if (open == std::string::npos || close == std::string::npos || close < open) return choices;
  std::string inside = type.substr(open + 1, close - open - 1);
  while (!inside.empty()) {
    const std::size_t comma = std::min(inside.find(','), inside.size());
    choices.push_back(inside.substr(0, comma));
    inside.erase(0, comma + 1);
  }
  return choices;
}

CompletedOption completed(const CLI::Option& option) {
  CompletedOption out;
  for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
  out.what = option.get_description();
  out.choices = choices_of(option);
  out.takes_value = option.get_items_expected_max() > 0;
  return out;
}

void add(const CLI::App& app, const std::string& path, std::vector<CompletedCommand>& commands) {
  CompletedCommand command{path, app.get_description(), {}, {}};
  const auto children = app.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* child : children) command.children.push_back(child->get_name());
  for (const auto* option : app.get_options()) {
    if (!option->get_positional()) command.options.push_back(completed(*option));
  }
  commands.push_back(std::move(command));
  for (const auto* child : children)
    add(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), commands);
}

std::string words_of(const CompletedCommand& command) {
  std::string out = fmt::format("{}", fmt::join(command.children, " "));
  for (const auto& option : command.options) {
    for (const auto& name : option.names) out += (out.empty() ? "" : " ") + name;
  }
  return out;
}

/// Inside single quotes of a shell.
std::string shell_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out;
}

/// Inside an option's description of zsh's _arguments, where brackets and colons have a meaning.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':') out += '\\';
    out += c;
  }
  return shell_quoted(out);
}

}  // namespace

std::vector<CompletedCommand> completed_commands(const CLI::App& app) {
  std::vector<CompletedCommand> commands;
  add(app, "", commands);
  return commands;
}

std::string bash_completion(const std::vector<CompletedCommand>& commands) {
  std::string words;
  std::string values;
  for (const auto& command : commands) {
    words += fmt::format("    '{}') words='{}' ;;\n", command.path, words_of(command));
    for (const auto& option : command.options) {
      if (!option.takes_value) continue;
      for (const auto& name : option.names)
        values += fmt::format("    '{} {}') values='{}'; takes=1 ;;\n", command.path, name,
                              fmt::join(option.choices, " "));
    }
  }
  return fmt::format(
      R"(# bash completion for midwatch. Use it: source <(midwatch completion bash)
_midwatch() {{
  local word path= words= values= takes= i current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${{COMP_WORDS[i]}}
    case "$path $word" in
{})
  esac
  done
  case "$path $previous" in
{}  esac
  if [ -n "$takes" ]; then
    if [ -n "$values" ]; then
      COMPREPLY=($(compgen -W "$values" -- "$current"))
    else
      COMPREPLY=($(compgen -f -- "$current"))
    fi
    return
  fi
  case "$path" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ ${{#COMPREPLY[@]}} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}}
complete -o filenames -F _midwatch midwatch
)",
      [&] {
        std::string paths;
        for (const auto& command : commands) {
          if (command.path.empty()) continue;
          const std::size_t space = command.path.rfind(' ');
          const std::string parent = space == std::string::npos ? "" : command.path.substr(0, space);
          const std::string name = space == std::string::npos ? command.path : command.path.substr(space + 1);
          paths += fmt::format("    '{} {}') path='{}' ;;\n", parent, name, command.path);
        }
        return paths;
      }(),
      values, words);
}

std::string zsh_completion(const std::vector<CompletedCommand>& commands) {
  std::string out =
      "#compdef midwatch\n# zsh completion for midwatch. Use it: midwatch completion zsh > "
      "\"${fpath[1]}/_midwatch\"\n";
  const auto function_of = [](const std::string& path) {
    std::string name = "_midwatch" + (path.empty() ? std::string() : "_" + path);
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
  };
  for (auto command = commands.rbegin(); command != commands.rend(); ++command) {
    out += function_of(command->path) + "() {\n";
    if (!command->children.empty()) out += "  local state line\n";
    out += "  _arguments -C";
    for (const auto& option : command->options) {
      for (const auto& name : option.names) {
        out += fmt::format(" \\\n    '{}[{}]{}'", name, zsh_text(option.what),
                           !option.takes_value ? ""
                           : option.choices.empty()
                               ? ":value:_files"
                               : fmt::format(":value:({})", fmt::join(option.choices, " ")));
      }
    }
    if (command->children.empty()) {
      out += " \\\n    '*:file:_files'\n}\n";
      continue;
    }
    out += " \\\n    '1: :->command' '*:: :->rest'\n  case $state in\n    command) _values command";
    for (const auto& child : command->children) {
      const std::string path = command->path.empty() ? child : command->path + " " + child;
      const auto named =
          std::find_if(commands.begin(), commands.end(), [&](const auto& c) { return c.path == path; });
      out += fmt::format(" '{}[{}]'", child, zsh_text(named->what));
    }
    out += " ;;\n    rest) case $line[1] in\n";
    for (const auto& child : command->children)
      out += fmt::format("      {}) {} ;;\n", child,
                         function_of(command->path.empty() ? child : command->path + " " + child));
    out += "    esac ;;\n  esac\n}\n";
  }
  return out + "_midwatch \"$@\"\n";
}

std::string fish_completion(const std::vector<CompletedCommand>& commands) {
  std::string out = "# fish completion for midwatch. Use it: midwatch completion fish | source\n";
  for (const auto& command : commands) {
    std::string when = "__fish_use_subcommand";
    if (!command.path.empty()) {
      when.clear();
      std::string rest = command.path;
      while (!rest.empty()) {
        const std::size_t space = std::min(rest.find(' '), rest.size());
        when += (when.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + rest.substr(0, space));
        rest.erase(0, space + 1);
      }
    }
    for (const auto& child : command.children) {
      const std::string path = command.path.empty() ? child : command.path + " " + child;
      const auto named =
          std::find_if(commands.begin(), commands.end(), [&](const auto& c) { return c.path == path; });
      out +=
          fmt::format("complete -c midwatch -n '{}' -a {} -d '{}'\n", when, child, shell_quoted(named->what));
    }
    for (const auto& option : command.options) {
      out += fmt::format("complete -c midwatch -n '{}'", when);
      for (const auto& name : option.names)
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!option.choices.empty()) {
        out += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
      } else if (option.takes_value) {
        out += " -r";
      }
      out += fmt::format(" -d '{}'\n", shell_quoted(option.what));
    }
  }
  return out;
}

}  // namespace midwatch::cli

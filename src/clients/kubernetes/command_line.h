#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace midwatch::clients::kubernetes {

/// What a kubectl command line asked for.
struct CommandLine {
  std::string verb;                 ///< get, describe, logs, top, events, rollout, lineage, …
  std::string kind;                 ///< in the API's spelling; of several kinds, the first
  std::string name;                 ///< empty: all of the kind
  std::string name_space;           ///< empty where none was said
  std::string container;            ///< -c
  std::string output;               ///< -o: json, yaml, wide, …
  std::string selector;             ///< -l and --field-selector
  std::vector<std::string> others;  ///< further words that are no options: "history" of rollout, names
  bool all_namespaces = false;
  bool previous = false;
  bool prefixed = false;  ///< of stern: every line begins with its pod and container
  bool filtered = false;  ///< piped through something: lines or the header may be missing
};

/// Reads a line like `# kubectl get pods -n web -o wide | grep api`; the # and the program's name may be
/// missing.
CommandLine parse_command_line(std::string_view line);

/// True where the output lists every object of the kind there is (in its namespace).
bool lists_all(const CommandLine& command);

}  // namespace midwatch::clients::kubernetes

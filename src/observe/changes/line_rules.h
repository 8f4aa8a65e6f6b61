#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/knowledge/change_rules.h"
#include "src/observe/changes/change_fact.h"
#include "src/observe/changes/file_role.h"
#include "src/observe/changes/source_lines.h"

namespace midwatch::observe::changes {

/// One hunk prepared for reading.
struct PreparedHunk {
  std::string file;
  FileRole role = FileRole::kCode;
  std::size_t hunk = 0;
  std::string heading;
  std::vector<SourceLine> lines;
  std::vector<char> in_loop;      ///< by line, on its own side
  std::vector<char> under_lock;   ///< by line, on its own side
  std::vector<char> in_function;  ///< by line: not at the top level of the file
};

/// Finds where each line of a hunk lies: in a loop, under a lock, in a function; by indentation, on each side
/// of the diff for itself.
void mark_surroundings(PreparedHunk& hunk);

/// True where the change has a name in a line that it does not add: it is not new.
bool is_known_before(const std::vector<PreparedHunk>& hunks, std::string_view name);

/// True where the removed line `from` of a hunk stands again at the added line `to`, below a line that leaves
/// (return, throw, break …): what leaves there no longer runs it.
bool moved_past_an_exit(const PreparedHunk& hunk, std::size_t from, std::size_t to);

/// Applies the line and name rules of the knowledge to a change.
///
/// What only moved counts for nothing: removed and added lines that match the same pattern cancel out over
/// the whole change. Threads: safe after construction.
class LineRules {
 public:
  explicit LineRules(const knowledge::ChangeRules& rules);
  ~LineRules();
  LineRules(const LineRules&) = delete;
  LineRules& operator=(const LineRules&) = delete;

  std::vector<ChangeFact> apply(const std::vector<PreparedHunk>& hunks) const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::observe::changes

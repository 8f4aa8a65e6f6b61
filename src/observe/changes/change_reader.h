#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/knowledge/change_rules.h"
#include "src/observe/changes/change_fact.h"
#include "src/observe/changes/diff.h"
#include "src/observe/changes/edits.h"
#include "src/observe/changes/line_rules.h"
#include "src/telemetry/change_event.h"

namespace midwatch::observe::changes {

/// What the content of one change is.
struct ReadChange {
  std::vector<std::string> files;  ///< as the source lists them, else as the diff names them
  std::vector<ChangeFact> facts;   ///< strongest first; empty where `harmless` says why
  Harmless harmless = Harmless::kNo;
  bool read = false;       ///< false: nobody knows its content
  bool truncated = false;  ///< only a part of it was read
  std::vector<std::string>
      words;  ///< that the changed lines and their names use, ordered, for comparing with symptoms
  Diff diff;
};

/// Reads the contents of changes into facts. Pure.
/// Threads: safe after construction.
class ChangeReader {
 public:
  explicit ChangeReader(const knowledge::ChangeRules& rules);

  ReadChange read(const telemetry::ChangeEvent& change) const;

 private:
  const knowledge::ChangeRules& rules_;
  LineRules line_rules_;
};

/// The part of a diff's text around a fact, for people: some whole lines with their marks, at most
/// `most_bytes` unless the decisive line alone is longer; empty where the fact is not of lines.
std::string_view quote(std::string_view diff_text, const Diff& diff, const ChangeFact& fact,
                       std::size_t most_bytes);

}  // namespace midwatch::observe::changes

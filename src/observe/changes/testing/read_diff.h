#pragma once

#include <set>
#include <string>
#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/knowledge/yaml_files.h"
#include "src/observe/changes/change_reader.h"

namespace midwatch::observe::changes::testing {

/// The reader with the rules of the knowledge.
inline const ChangeReader& reader() {
  static const knowledge::KnowledgeBase kKnowledge = [] {
    auto files = knowledge::read_yaml_folder(MIDWATCH_SOURCE_DIR "/knowledge");
    return knowledge::build_knowledge(files.value()).value();
  }();
  static const ChangeReader kReader(kKnowledge.change_rules);
  return kReader;
}

/// What a commit with this diff does.
inline ReadChange read(const std::vector<std::string>& files, const std::string& diff) {
  telemetry::ChangeEvent event;
  event.id = "c0ffee";
  event.kind = telemetry::ChangeKind::kCommit;
  event.files = files;
  event.diff = diff;
  event.has_diff = !diff.empty();
  return reader().read(event);
}

inline std::set<std::string> types(const ReadChange& change) {
  std::set<std::string> out;
  for (const auto& fact : change.facts) out.insert(fact.type);
  return out;
}

}  // namespace midwatch::observe::changes::testing

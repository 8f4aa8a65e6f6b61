#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/knowledge/change_rules.h"
#include "src/knowledge/entity_class.h"
#include "src/knowledge/failure_mode.h"
#include "src/knowledge/metric_meaning.h"
#include "src/knowledge/signature.h"

namespace midwatch::knowledge {

/// How readily a fault of a dependency shows in this way at who depends on it. Source:
/// knowledge/propagation.yaml.
struct Propagation {
  std::string see;      ///< observation type pattern
  double passes = 0.0;  ///< P(seen at a dependent | a dependency is at fault)
};

/// Everything that Midwatch knows of faults, as data: failure modes, text signs, the meaning of metrics and
/// of entity types, and the words for observations. Immutable after loading. Threads: safe.
struct KnowledgeBase {
  std::vector<FailureMode> modes;     ///< ordered by id
  std::vector<Signature> signatures;  ///< ordered by id
  std::vector<Signature> symptoms;    ///< what trouble is about (knowledge/symptoms.yaml), ordered by id
  MetricRules metric_rules;           ///< in the order of the file: the first that fits counts
  std::vector<EntityClassRule> entity_class_rules;
  std::vector<Propagation> propagation;  ///< in the order of the file: the first that fits counts
  ChangeRules change_rules;              ///< how contents of changes are read
  std::map<std::string, model::Text, std::less<>>
      observation_texts;  ///< observation type (`*` allowed) → sentence
  std::map<std::string, model::Text, std::less<>>
      sign_names;  ///< observation type (`*` allowed) → what it is called where it is missing; `quantity.X`
  std::map<std::string, model::Text, std::less<>> phrases;  ///< further sentences of the report, by key

  const FailureMode* mode(std::string_view id) const;
  const Signature* signature(std::string_view id) const;
  const Signature* symptom(std::string_view id) const;
  /// How readily an observation of this type is passed on from a dependency; 0 where nothing says.
  double passes(std::string_view type) const;
  /// The phrase of that key; a missing key is a bug and gives the key itself.
  const model::Text& phrase(std::string_view key) const;
};

/// One file of knowledge as a JSON document; maps carry the line they began at in the member "$line".
struct KnowledgeFile {
  std::string path;  ///< relative to knowledge/
  std::shared_ptr<const base::Json> content;
  std::string_view
      details;  ///< of a mode of the program: members that `content` lacks (kModeDetails), as CBOR
};

/// Builds the knowledge from its files. Errors: kMalformed with file, line, and what to do.
/// `checked`: the patterns of the files are known to compile, as those of the program are.
base::Result<KnowledgeBase> build_knowledge(const std::vector<KnowledgeFile>& files, bool checked = false);

/// The knowledge that was compiled into the program, and the files it was made of.
base::Result<KnowledgeBase> embedded_knowledge();
base::Result<std::vector<KnowledgeFile>> embedded_files();

}  // namespace midwatch::knowledge

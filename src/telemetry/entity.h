#pragma once

#include <string>
#include <string_view>

#include "src/telemetry/attributes.h"
#include "src/telemetry/record_ref.h"

namespace midwatch::telemetry {

/// Something that can be at fault, or be affected: a service, task, pod, function, database, queue, node.
struct Entity {
  std::string id;  ///< opaque
  std::string
      type;  ///< the provider's word: "AWS::RDS::DBInstance", "Deployment", "remote"; empty where unknown
  std::string name;  ///< what people call it; empty where it is the id
  /// Configuration and state as the provider gives them; what the detectors of state read is described in
  /// src/observe/state/README.md.
  Attributes attributes;
  RecordRef ref;
};

enum class RelationKind {
  kCalls,  ///< from caller to callee
  kRunsOn,
  kContains,
  kReadsSecret,
  kReadsConfig,
  kReadsFrom,
  kWritesTo,
  kRoutesTo,
  kDeployedBy,
  kAssumesRole,
  kRelated,  ///< direction unknown
};

std::string_view to_string(RelationKind kind);
/// kRelated for a word that is none of the kinds.
RelationKind relation_kind_from(std::string_view word);

struct Relation {
  std::string from;
  std::string to;
  RelationKind kind = RelationKind::kRelated;
  RecordRef ref;
};

}  // namespace midwatch::telemetry

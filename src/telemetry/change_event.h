#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/time.h"
#include "src/telemetry/attributes.h"
#include "src/telemetry/record_ref.h"

namespace midwatch::telemetry {

enum class ChangeKind {
  kCommit,
  kDeployment,
  kConfig,
  kFeatureFlag,
  kScaling,
  kInfrastructure,
  kSecret,
  kPermission,
  kOther,
};

std::string_view to_string(ChangeKind kind);
/// kOther for a word that is none of the kinds.
ChangeKind change_kind_from(std::string_view word);

/// A sentence of ours for a record that has no words of its own: a phrase of knowledge/texts/changes.yaml
/// (`told_NAME`) and what stands in its places.
struct Telling {
  std::string name;  ///< empty: the source's own words tell it
  Attributes facts;
};

/// Something that somebody changed. Unique is (kind, id): a deployment may carry its commit's id.
struct ChangeEvent {
  base::Timestamp time;
  std::string id;
  ChangeKind kind = ChangeKind::kOther;
  std::string entity;                  ///< empty where the source does not say what was changed
  std::vector<std::string> instances;  ///< the pods or tasks that got it, where only some did (a canary)
  std::string actor;
  std::string summary;  ///< in the source's words; of a record without any, its members
  Telling telling;
  std::string version;
  std::vector<std::string> files;
  std::string diff;       ///< unified diff; empty where there is none or it could not be read
  bool has_diff = false;  ///< false: nobody read its content
  Attributes attributes;
  RecordRef ref;
};

}  // namespace midwatch::telemetry

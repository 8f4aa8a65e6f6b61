#pragma once

#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/text.h"
#include "src/telemetry/change_event.h"

namespace midwatch::model {

/// How it is known that a change reached an entity.
enum class ReachKind {
  kDeployed,  ///< a deployment of the entity carries the change's id, or the change itself names the entity
  kCarried,   ///< a later deployment of the entity was built from code that holds it
  kPath,      ///< its files are the entity's; no deployment is known
  kLikely,    ///< its files may be the entity's
};

struct ChangeReach {
  std::string entity;
  ReachKind kind = ReachKind::kDeployed;
  base::Timestamp since;               ///< from when on it could have an effect there
  std::vector<std::string> instances;  ///< only these got it (a canary); empty: all
};

/// One change as the diagnosis sees it: commit and deployments of the same content are one. What its content
/// does is in the observations that carry its id.
struct ChangeAccount {
  std::string id;
  telemetry::ChangeKind kind = telemetry::ChangeKind::kOther;
  std::string summary;  ///< in its source's words
  Text told;            ///< what it is, for people
  base::Timestamp time;
  bool read = false;     ///< its content is known
  std::string harmless;  ///< why it cannot be felt, a word of docs/observations.md; empty where it can
  std::vector<std::string> files;
  std::vector<std::string> words;    ///< knowledge::telling_words of what it changes
  std::vector<ChangeReach> reaches;  ///< ordered by entity
};

}  // namespace midwatch::model

#pragma once

#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/change_account.h"
#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/telemetry/change_event.h"
#include "src/telemetry/entity.h"

namespace midwatch::observe::changes {

struct ChangeFindings {
  /// change.deployed of each deployment, change.THING.WAY of each content; `change` is the commit's id.
  std::vector<model::Observation> observations;
  std::vector<model::ChangeAccount> accounts;  ///< one a content, by time, then by id
};

/// Reads all changes of an incident: what their contents do, whom they reached and when.
///
/// Commits and deployments that belong together become one account. A content is observed at the entity that
/// it reached first; where it reached nobody known, at no entity. Threads: safe; pure.
ChangeFindings observe_changes(const std::vector<telemetry::ChangeEvent>& events,
                               const std::vector<telemetry::Entity>& entities,
                               const knowledge::KnowledgeBase& knowledge,
                               const model::SourceName& source_name);

}  // namespace midwatch::observe::changes

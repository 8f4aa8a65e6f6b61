#pragma once

#include <vector>

#include "src/diagnose/case_file.h"
#include "src/diagnose/diagnosis.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/investigation_record.h"

namespace midwatch::investigation {

/// Why something counts as ruled out that a person took off the table; `excuse` is what that person said of
/// its change, null where it was not about a change.
model::Text because_of(const knowledge::KnowledgeBase& knowledge, const model::Speaker& speaker,
                       const model::Directive* excuse);

/// Says of each recent change why it is not the cause: its content, its reach, or its time. Changes that some
/// hypothesis still holds possible are left out.
std::vector<model::RuledOut> rule_out_changes(const diagnose::CaseFile& file,
                                              const diagnose::Diagnosis& diagnosis,
                                              const knowledge::KnowledgeBase& knowledge);

/// Changes that could be the cause but whose content nobody knows.
std::vector<model::Gap> unread_changes(const diagnose::CaseFile& file, const diagnose::Diagnosis& diagnosis,
                                       const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::investigation

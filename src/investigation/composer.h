#pragma once

#include "src/diagnose/diagnosis.h"
#include "src/investigation/gatherer.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/investigation_record.h"

namespace midwatch::investigation {

/// Puts what was gathered and what it amounts to into the record that every report is made from.
/// Deterministic.
model::InvestigationRecord compose(const Gathered& gathered, const diagnose::Diagnosis& diagnosis,
                                   const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::investigation

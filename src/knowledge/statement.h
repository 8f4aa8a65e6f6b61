#pragma once

#include <string>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/model/text.h"
#include "src/telemetry/change_event.h"

namespace midwatch::knowledge {

/// The sentence of an observation in both languages: the signature's words for a `sign.*`, else the text of
/// its type. `entity_name` is what people call the entity. A fact that the pattern needs and nobody knows is
/// shown as "?", never left open.
model::Text statement_of(const model::Observation& observation, const std::string& entity_name,
                         const KnowledgeBase& knowledge);

/// What a sign of a failure mode is called where it was looked for and is missing: the mode's own words, else
/// those of knowledge/texts/signs.yaml or of its signature. Where nobody has words: empty.
model::Text name_of(const Sign& sign, const KnowledgeBase& knowledge);

/// What a change is, in a phrase: the sentence of its `telling`, else the source's own words, which are the
/// same in both languages.
model::Text sentence_of(const telemetry::ChangeEvent& change, const KnowledgeBase& knowledge);

/// The word for a kind of change.
const model::Text& word_of(telemetry::ChangeKind kind, const KnowledgeBase& knowledge);

/// The facts of an observation together with its own fields, for texts and commands: entity, subject, value,
/// baseline, onset, change_factor.
model::Facts facts_of(const model::Observation& observation, const std::string& entity_name);

}  // namespace midwatch::knowledge

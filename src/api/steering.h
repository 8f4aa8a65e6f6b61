#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/model/directive.h"
#include "src/model/investigation.h"
#include "src/store/store.h"

namespace midwatch::api {

/// What an investigation believes: the cause that it names, or the hypothesis that leads.
struct Verdict {
  std::string outcome{};  ///< as in a report; empty where nothing was weighed yet
  std::string entity{};
  std::string mode{};
  model::Text title{};
  double probability = 0;
};

/// The verdict of a report in both languages; an empty one of anything else.
Verdict verdict_of(const base::Json& report);

/// What a message to an investigation means for it.
struct UnderstoodMessage {
  model::SteeringAction action = model::SteeringAction::kNone;
  std::optional<model::Directive> directive{};  ///< nothing: the message changes nothing of the verdict
  model::Text answer{};                         ///< says what was understood, and what comes of it
  Verdict before{};                             ///< what was believed when it was said
};

/// What a person says to an investigation. `about` is the hypothesis that it is about where that was pointed
/// at; only its entity and mode count.
struct Message {
  std::string text;  ///< harmless and bounded, as is the speaker's name
  std::optional<model::Target> about{};
  model::Speaker speaker{};
};

/// Understands a message, and binds it to what stands in the report at that time: the hypothesis that leads,
/// the ones that fit its words, the change that is suspected. What nothing in the report fits changes
/// nothing, and the answer says so. Pure.
UnderstoodMessage understand_message(const Message& message, const model::Investigation& investigation,
                                     const base::Json& report);

/// The line of the journal for a message; read_told reads it back.
model::JournalEntry journal_entry_of(const Message& message, const UnderstoodMessage& understood,
                                     const std::string& investigation);

/// A directive as the journal holds it.
struct Told {
  std::uint64_t sequence = 0;
  model::Directive directive{};
  Verdict before{};
};

/// Nothing for an entry that is no message, or one that changes nothing.
std::optional<Told> read_told(const model::JournalEntry& entry);

}  // namespace midwatch::api

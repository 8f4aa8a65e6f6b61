#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/result.h"
#include "src/base/time.h"
#include "src/intake/decoded.h"
#include "src/model/incoming_alarm.h"

// What senders say, made harmless: every text of an alarm comes through here.

namespace midwatch::intake {

inline constexpr std::size_t kNameBytes = 256;  ///< of a name, an entity, a label: as long as an alarm's name
inline constexpr std::size_t kSentenceBytes = 2048;  ///< of a summary: a paragraph

/// The document that a body is. Errors: kMalformed for what is no JSON object.
base::Result<base::Json> read_message(std::string_view body);

/// A text of a sender: without secrets, printable, bounded.
std::string said(std::string_view text, std::size_t most_bytes = kNameBytes);

/// The text of a member, the same way; the first of several that is not empty.
template <class... Members>
std::string said_at(const base::Json& object, std::string_view member, Members... others) {
  std::string text = said(base::text_at(object, member));
  if constexpr (sizeof...(others) > 0) {
    if (text.empty()) return said_at(object, others...);
  }
  return text;
}

/// A sender's own key of something: as it is where it is short and harmless, otherwise its digest, so that
/// two long keys never become one.
std::string key_said(std::string_view text);

/// The key of a message that has none of its own: the digest of its bytes.
std::string key_of_body(std::string_view body);

/// An http or https address; empty for anything else.
std::string link_said(std::string_view text);

/// How bad it is, by the words that senders use ("P1", "critical", "warning", "SEV-2"); kUnknown for others.
model::Severity severity_said(std::string_view word);

/// A moment: RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their
/// size.
std::optional<base::Timestamp> time_said(const base::Json& value);

/// Adds the scalars of an object as labels, nested ones as "a.b"; says in the note where there were too many.
void add_labels(const base::Json& object, model::IncomingAlarm& alarm, std::string& note);

/// Adds one label; the value is hidden where its name is that of a secret. False where there are too many.
bool add_label(std::string_view name, std::string_view value, model::IncomingAlarm& alarm);

/// Fills what is still empty of entity, account, region, metric and severity from the labels, and account and
/// region from an entity that is an ARN.
void fill_from_labels(model::IncomingAlarm& alarm);

/// Adds a sentence to a note.
void add_note(std::string& note, std::string_view sentence);

}  // namespace midwatch::intake

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/model/incident.h"
#include "src/model/investigation.h"

namespace midwatch::notify {

/// What people are told of.
enum class Event {
  kStarted,   ///< an investigation began
  kCause,     ///< another cause leads
  kEnded,     ///< an investigation ended, with an answer or without
  kResolved,  ///< an incident is over
  kTest       ///< nothing: somebody wants to see whether messages arrive
};

std::string_view to_string(Event event);
std::optional<Event> event_of(std::string_view word);

/// What is told, whoever it is told to.
///
/// Shape: all texts come from records: bounded, printable and redacted when they are written into a message.
struct Notice {
  Event event = Event::kStarted;
  std::string incident;
  std::string investigation;  ///< empty where it tells of none
  std::string space;
  std::string title;  ///< of the incident
  model::Severity severity = model::Severity::kUnknown;
  base::Timestamp time{};   ///< when it happened
  base::Timestamp since{};  ///< since when there is trouble
  std::string outcome;      ///< of what ended: that of the investigation, or "failed"
  std::string mode;         ///< of the cause
  std::string entity;       ///< where: of the cause, otherwise of the incident
  model::Text what;         ///< the cause, or why there is none
  double probability = 0;   ///< of the cause; 0 where there is none
  model::Text now;          ///< what to do now; empty where nothing is known
  std::string link;         ///< to the page of the incident; empty where the server does not know its address
  std::string reference;    ///< what the receiver calls the incident; empty where it has no name for it
};

/// What is known of an incident, for a notice of it.
Notice notice_about(Event event, const model::Incident& incident, base::Timestamp time);
/// The same with the answer of an investigation that ended.
Notice notice_about(const model::Incident& incident, const model::Investigation& investigation,
                    const model::Text& now);

std::string to_json(const Notice& notice);
/// Errors: kMalformed.
base::Result<Notice> notice_of(std::string_view json);

}  // namespace midwatch::notify

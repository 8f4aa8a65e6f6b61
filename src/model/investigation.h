#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"
#include "src/model/text.h"

namespace midwatch::model {

enum class InvestigationStatus { kQueued, kRunning, kDone, kFailed, kCancelled };

std::string_view to_string(InvestigationStatus status);
std::optional<InvestigationStatus> investigation_status_of(std::string_view word);

/// What an investigation starts from; one of the first four.
struct InvestigationStart {
  std::string alarm;     ///< the name of an alarm
  bool latest = false;   ///< the alarm that fired last
  std::string entity;    ///< an ARN or "service/name"
  std::string question;  ///< a sentence
  std::optional<base::TimeRange> window;
  std::string region;
};

/// One investigation of an incident: how far it is, and its answer in a line.
struct Investigation {
  std::string id;  ///< "inv-" and a UUID
  std::string incident;
  std::string space;
  InvestigationStatus status = InvestigationStatus::kQueued;
  InvestigationStart start;
  std::uint32_t attempt = 0;  ///< how often a worker began it
  base::Timestamp requested{};
  std::optional<base::Timestamp> started;
  std::optional<base::Timestamp> ended;
  std::string outcome;  ///< "root_cause", "nothing_wrong", "inconclusive"; empty until known
  Text headline;
  std::string entity;         ///< of the first root cause
  std::string mode;           ///< of the first root cause
  double probability = 0;     ///< of the first root cause
  Text failure;               ///< why it failed
  std::uint64_t version = 1;  ///< grows with each change
  /// The trace in which its alarm was sent, as W3C's traceparent; empty where nobody said it.
  std::string trace_parent{};
};

/// One step of an investigation. The journal only grows.
struct JournalEntry {
  std::string investigation;
  std::uint64_t sequence = 0;  ///< from 1, without holes, within the investigation
  base::Timestamp time{};
  /// "planning", "answer", "observation", "finding", "message", "reply", "status"
  std::string kind;
  Text what;
  std::string data;  ///< a JSON document; what it holds depends on the kind
};

enum class Judgement { kRight, kWrong, kPartly };

std::string_view to_string(Judgement judgement);
std::optional<Judgement> judgement_of(std::string_view word);

/// What a person says of an answer.
struct Feedback {
  std::string id;  ///< "fbk-" and a UUID
  std::string investigation;
  std::string space;
  std::string mode;  ///< that was named
  double probability = 0;
  Judgement judgement = Judgement::kRight;
  std::optional<bool> mitigation_helped;
  std::string actual;  ///< what it was, in the person's words
  std::string by;
  base::Timestamp time{};
};

}  // namespace midwatch::model

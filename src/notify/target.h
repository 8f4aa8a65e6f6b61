#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/text.h"
#include "src/notify/notice.h"

namespace midwatch::notify {

enum class TargetKind {
  kSlack,         ///< chat.postMessage: what follows in an incident goes into the thread of its first message
  kSlackWebhook,  ///< an incoming webhook, whose address is the secret
  kPagerDuty,     ///< notes of the incident that a webhook of PagerDuty told of
  kServiceNow,    ///< work notes of the record that a label of an alarm names
  kWebhook,       ///< JSON, signed
  kEmail          ///< a message of plain text
};

std::string_view to_string(TargetKind kind);
std::optional<TargetKind> target_kind_of(std::string_view word);

/// Somebody who wants to be told.
struct Target {
  std::string name;
  TargetKind kind = TargetKind::kWebhook;
  std::vector<std::string> spaces{};  ///< whose incidents; empty: all
  std::vector<Event> events{Event::kStarted, Event::kEnded, Event::kResolved};
  model::Language language = model::Language::kEnglish;
  std::string url{};      ///< where to; of Slack and PagerDuty their own API where it is empty
  std::string channel{};  ///< of Slack
  std::string user{};     ///< of PagerDuty: the e-mail address that notes are from; of ServiceNow and e-mail:
                          ///< who logs in
  std::string secret{};   ///< token, password, key of the signature, or the whole address
  std::string from{};     ///< an e-mail address
  std::vector<std::string> to{};  ///< e-mail addresses
  /// Of Slack: by which it signs what people press; empty: messages have no buttons.
  std::string signing_secret{};
  std::vector<std::string> users{};  ///< of Slack, by id, whose presses count; "*": of whoever sees a message
  std::string label{};  ///< of an alarm, that names the receiver's record; of PagerDuty and ServiceNow
  /// What may have arrived is sent again: rather twice than not at all. Of a webhook, which can tell by the
  /// Idempotency-Key, that is the rule.
  bool at_least_once = false;
};

/// Says what is missing of a target. Errors: kInvalidArgument.
base::Result<> check(const Target& target);

}  // namespace midwatch::notify

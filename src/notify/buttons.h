#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/json_value.h"
#include "src/base/result.h"
#include "src/model/investigation.h"
#include "src/notify/target.h"

namespace midwatch::notify {

/// What a button under a message does: it says a sentence to the investigation, or judges its answer.
struct Button {
  std::string_view name;
  model::Text label;
  std::string_view says{};  ///< as a person would write it; empty: it judges
  model::Judgement judgement{};
  bool helped = false;  ///< the mitigation did
};

/// The block of buttons that fit what a message tells of; null where none does.
/// Source: Slack, Block Kit, "Actions block" and "Button element"
base::Json slack_buttons(const Notice& notice, model::Language language);

/// Somebody pressed a button.
struct Press {
  std::string by;  ///< who did, for the journal and the audit: "slack/NAME"
  std::string investigation;
  const Button* button = nullptr;
  std::string answer_to;  ///< address at which Slack takes an answer; empty where it gave none
};

/// What Slack sends of a press, whose signature was checked.
///
/// Errors: kMalformed: it is no press of one of these buttons; kPermissionDenied: whoever pressed is not
/// among the target's users. Source: Slack, "Handling user interaction", payload of block_actions
base::Result<Press> read_slack_press(const Target& target, std::string_view payload);

}  // namespace midwatch::notify

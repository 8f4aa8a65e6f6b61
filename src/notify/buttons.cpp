#include "src/notify/buttons.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/http/url.h"

namespace midwatch::notify {
namespace {

using base::Json;

constexpr std::size_t kNameBytes = 80;
constexpr std::size_t kIdBytes = 64;
/// Under which Slack takes answers. Source: Slack, "Handling user interaction", response_url
constexpr std::string_view kAnswerHost = "hooks.slack.com";

const std::array<Button, 7>& buttons() {
  static const std::array<Button, 7> kButtons{{
      {"right", {"Cause is right", "原因は正しい"}, "", model::Judgement::kRight},
      {"wrong", {"Cause is wrong", "原因は違う"}, "", model::Judgement::kWrong},
      {"helped", {"The fix helped", "対処が効いた"}, "", model::Judgement::kRight, true},
      {"rule_out", {"Rule this out", "これを除外"}, "rule this out"},
      {"put_back", {"Put it back", "除外を取り消す"}, "put it back"},
      {"other_causes", {"Other causes?", "他の原因は？"}, "other causes?"},
      {"stop", {"Stop", "調査を止める"}, "stop"},
  }};
  return kButtons;
}

const Button* button_called(std::string_view name) {
  const auto at =
      std::find_if(buttons().begin(), buttons().end(), [&](const Button& one) { return one.name == name; });
  return at == buttons().end() ? nullptr : &*at;
}

/// In this order under a message.
std::vector<std::string_view> fitting(const Notice& notice) {
  const bool answered = !notice.mode.empty();
  switch (notice.event) {
    case Event::kStarted:
      return {"stop"};
    case Event::kCause:
      return {"rule_out", "put_back", "other_causes", "stop"};
    case Event::kEnded:
      if (!answered) return {"other_causes"};
      return {"right", "wrong", "rule_out", "put_back", "other_causes"};
    case Event::kResolved:
      if (!answered) return {};
      return {"right", "wrong", "helped"};
    case Event::kTest:
      break;
  }
  return {};
}

base::Error no_press(std::string_view why) {
  return base::user_error(base::ErrorCode::kMalformed,
                          fmt::format("this is no press of a button of ours: {}", why));
}

}  // namespace

Json slack_buttons(const Notice& notice, model::Language language) {
  Json elements = Json::array();
  if (!notice.investigation.empty())
    for (const std::string_view name : fitting(notice))
      elements.push_back(
          {{"type", "button"},
           {"action_id", name},
           {"value", notice.investigation},
           {"text", {{"type", "plain_text"}, {"text", button_called(name)->label.in(language)}}}});
  if (elements.empty()) return {};
  return {{"type", "actions"}, {"elements", std::move(elements)}};
}

base::Result<Press> read_slack_press(const Target& target, std::string_view payload) {
  const auto json = base::parse_json(payload);
  if (!json) return no_press("the payload is no JSON");
  const Json& actions = base::list_at(*json, "actions");
  if (base::text_at(*json, "type") != "block_actions" || actions.size() != 1)
    return no_press("it does not tell of one action");
  Press press;
  press.button = button_called(base::text_at(actions.front(), "action_id"));
  press.investigation = base::text_at(actions.front(), "value");
  if (press.button == nullptr) return no_press("nobody knows its action_id");
  if (press.investigation.empty() || press.investigation.size() > kIdBytes)
    return no_press("it names no investigation");
  const std::string user = base::text_at(*json, "user", "id");
  const auto counts = [&](const std::string& one) { return one == "*" || one == user; };
  if (user.empty() || std::none_of(target.users.begin(), target.users.end(), counts))
    return base::user_error(base::ErrorCode::kPermissionDenied,
                            fmt::format("the user {} of Slack may press nothing here: an admin names who may "
                                        "under 'users' of the target '{}'",
                                        base::printable(user, kIdBytes), target.name));
  const std::string name = base::text_at(*json, "user", "username");
  press.by = fmt::format("slack/{}", base::printable(name.empty() ? user : name, kNameBytes));
  const std::string answer_to = base::text_at(*json, "response_url");
  const auto url = http::parse_url(answer_to);
  if (url && url->scheme == "https" && url->host == kAnswerHost) press.answer_to = answer_to;
  return press;
}

}  // namespace midwatch::notify

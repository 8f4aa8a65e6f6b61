#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/notify/notice.h"

namespace midwatch::notify {

/// A notice in one language, for any markup: a title and what, where, since when, how sure, what now. Texts
/// of records are without secrets, printable and bounded.
struct Wording {
  std::string title;
  std::vector<std::pair<std::string, std::string>> rows;  ///< label and value
  std::string open;                                       ///< what a link to the incident says
};

Wording wording_of(const Notice& notice, model::Language language);

/// A text in which no program finds a mention, an address or a directive that it would act on; people read
/// the same. Breaks "@name", "://", "www." and "[code]" by a zero-width space.
std::string inert(std::string_view text);

/// As lines of plain text.
std::string plain_text(const Wording& wording, std::string_view link);

/// In Slack's mrkdwn.
std::string slack_text(const Wording& wording, std::string_view link);
/// A text with nothing of mrkdwn in it. Source: docs.slack.dev, "Formatting message text": &, < and > control
std::string slack_escaped(std::string_view text);

}  // namespace midwatch::notify

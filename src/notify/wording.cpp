#include "src/notify/wording.h"

#include <cctype>
#include <chrono>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::notify {
namespace {

constexpr std::size_t kTitleBytes = 240;  // a line on a phone or two
constexpr std::size_t kValueBytes = 700;  // all rows together stay under Slack's 3,000 characters of a block
constexpr std::string_view kBreak = "\u200b";
constexpr std::string_view kCode = "[code]";  // what follows is HTML to ServiceNow

/// A text of a record as it may stand in a message.
std::string shown(std::string_view text, std::size_t most_bytes) {
  return base::clip_utf8(base::printable(base::redact(text), most_bytes), most_bytes);
}

model::Text title_of(const Notice& notice) {
  switch (notice.event) {
    case Event::kStarted:
      return {"Investigating", "調査を開始"};
    case Event::kCause:
      return {"Leading cause so far", "現時点で最有力の原因"};
    case Event::kResolved:
      return {"Resolved", "復旧"};
    case Event::kTest:
      return {"Test", "テスト"};
    case Event::kEnded:
      break;
  }
  if (notice.outcome == "root_cause") return {"Cause found", "原因を特定"};
  if (notice.outcome == "nothing_wrong") return {"Nothing wrong found", "異常は見つからず"};
  if (notice.outcome == "failed") return {"The investigation failed", "調査に失敗"};
  return {"No cause proven", "原因は特定できず"};
}

/// To the second, with how long that is before the notice.
std::string since_text(const Notice& notice, model::Language language) {
  std::string moment = base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(notice.since));
  if (notice.time < notice.since + std::chrono::seconds(1)) return moment;
  const std::string ago =
      base::format_duration(std::chrono::floor<std::chrono::seconds>(notice.time - notice.since));
  return language == model::Language::kJapanese ? fmt::format("{}（{} 経過）", moment, ago)
                                                : fmt::format("{} ({} ago)", moment, ago);
}

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

Wording wording_of(const Notice& notice, model::Language language) {
  Wording wording;
  const auto add = [&](const model::Text& label, const std::string& value) {
    if (!value.empty()) wording.rows.emplace_back(label.in(language), value);
  };
  wording.title = fmt::format("{}: {}", title_of(notice).in(language), shown(notice.title, kTitleBytes));
  add({"What", "内容"}, shown(notice.what.in(language), kValueBytes));
  add({"Where", "場所"}, shown(notice.entity, kTitleBytes));
  if (notice.event != Event::kTest) add({"Since", "発生時刻"}, since_text(notice, language));
  if (notice.probability > 0) add({"How sure", "確度"}, fmt::format("{:.0f} %", notice.probability * 100));
  add({"What now", "今すべきこと"}, shown(notice.now.in(language), kValueBytes));
  wording.open = model::Text{"Open the investigation", "調査を開く"}.in(language);
  return wording;
}

std::string inert(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("://")) {
      out += fmt::format(":{}//", kBreak);
      i += 2;
    } else if (rest.starts_with("www.") || rest.starts_with("WWW.")) {
      out += fmt::format("{}{}", rest.substr(0, 3), kBreak);
      i += 2;
    } else {
      out += text[i];
      if (text[i] == '@' || base::to_lower(rest.substr(0, kCode.size())) == kCode) out += kBreak;
    }
  }
  return out;
}

std::string slack_escaped(std::string_view text) {
  const std::string safe = inert(text);
  std::string out;
  out.reserve(safe.size());
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    // Slack formats what stands between such marks only where they stand at the edge of a word.
    const bool inside =
        i > 0 && i + 1 < safe.size() && is_word_byte(safe[i - 1]) && is_word_byte(safe[i + 1]);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '`') {
      out += '\'';
    } else if ((c == '*' || c == '_' || c == '~') && !inside) {
      out += fmt::format("{}{}{}", kBreak, c, kBreak);
    } else {
      out += c;
    }
  }
  return out;
}

std::string plain_text(const Wording& wording, std::string_view link) {
  std::string out = inert(wording.title);
  for (const auto& [label, value] : wording.rows) out += fmt::format("\n{}: {}", label, inert(value));
  if (!link.empty()) out += fmt::format("\n{}: {}", wording.open, link);
  return out;
}

std::string slack_text(const Wording& wording, std::string_view link) {
  std::string out = fmt::format("*{}*", slack_escaped(wording.title));
  for (const auto& [label, value] : wording.rows)
    out += fmt::format("\n*{}*  {}", label, slack_escaped(value));
  if (!link.empty()) out += fmt::format("\n<{}|{}>", link, wording.open);
  return out;
}

}  // namespace midwatch::notify

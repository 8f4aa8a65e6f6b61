#include "src/notify/requests.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/base64.h"
#include "src/base/digest.h"
#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/http/http_date.h"
#include "src/http/url.h"
#include "src/model/words_of.h"
#include "src/notify/buttons.h"
#include "src/notify/wording.h"
#include "src/store/store.h"

namespace midwatch::notify {
namespace {

using base::Json;

constexpr std::array<std::pair<TargetKind, std::string_view>, 6> kKindWords{{
    {TargetKind::kSlack, "slack"},
    {TargetKind::kSlackWebhook, "slack-webhook"},
    {TargetKind::kPagerDuty, "pagerduty"},
    {TargetKind::kServiceNow, "servicenow"},
    {TargetKind::kWebhook, "webhook"},
    {TargetKind::kEmail, "email"},
}};

constexpr std::string_view kSlackApi = "https://slack.com/api";
constexpr std::string_view kPagerDutyApi = "https://api.pagerduty.com";
constexpr std::size_t kReferenceBytes = 64;  // PagerDuty's ids have 14 characters, ServiceNow's 32
constexpr std::size_t kTextBytes = 700;
constexpr std::size_t kReasonBytes = 200;
constexpr std::size_t kAnswerBytes = std::size_t{256} << 10U;  // an acknowledgement, not a document
constexpr std::chrono::seconds kTimeout{10};                   // receivers acknowledge within three

http::HttpRequest json_request(std::string url, const Json& body) {
  http::HttpRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  request.body = base::dump_json(body);
  request.timeout = kTimeout;
  request.max_body_bytes = kAnswerBytes;
  return request;
}

std::string base_of(const Target& target, std::string_view otherwise) {
  std::string base = target.url.empty() ? std::string(otherwise) : target.url;
  while (base.ends_with('/')) base.pop_back();
  return base;
}

Json slack_message(const Target& target, const Notice& notice) {
  const Wording wording = wording_of(notice, target.language);
  // `text` is what a phone shows; verbatim: Slack adds no link and no mention of its own.
  Json message{
      {"text", slack_escaped(wording.title)},
      {"blocks",
       {{{"type", "section"},
         {"text", {{"type", "mrkdwn"}, {"verbatim", true}, {"text", slack_text(wording, notice.link)}}}}}},
      {"unfurl_links", false},
      {"unfurl_media", false}};
  if (target.signing_secret.empty()) return message;
  if (Json buttons = slack_buttons(notice, target.language); !buttons.is_null())
    message["blocks"].push_back(std::move(buttons));
  return message;
}

http::HttpRequest slack_request(const Target& target, const Notice& notice, const Attempt& attempt) {
  Json body = slack_message(target, notice);
  body["channel"] = target.channel;
  if (!attempt.thread.empty()) body["thread_ts"] = attempt.thread;
  auto request = json_request(base_of(target, kSlackApi) + "/chat.postMessage", body);
  request.headers.emplace_back("Authorization", "Bearer " + target.secret);
  return request;
}

/// The receiver's name of its record, as it may stand in a path.
base::Result<std::string> reference_of(const Notice& notice) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  const std::string& name = notice.reference;
  if (!name.empty() && name.size() <= kReferenceBytes && std::all_of(name.begin(), name.end(), plain))
    return name;
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          fmt::format("the incident has no usable name at the receiver: '{}'",
                                      base::printable(name, kReferenceBytes)));
}

base::Result<http::HttpRequest> pagerduty_request(const Target& target, const Notice& notice) {
  MIDWATCH_TRY(const std::string incident, reference_of(notice));
  const std::string text = plain_text(wording_of(notice, target.language), notice.link);
  auto request = json_request(fmt::format("{}/incidents/{}/notes", base_of(target, kPagerDutyApi), incident),
                              {{"note", {{"content", text}}}});
  request.headers.emplace_back("Accept", "application/vnd.pagerduty+json;version=2");
  request.headers.emplace_back("Authorization", "Token token=" + target.secret);
  request.headers.emplace_back("From", target.user);
  return request;
}

base::Result<http::HttpRequest> servicenow_request(const Target& target, const Notice& notice) {
  MIDWATCH_TRY(const std::string record, reference_of(notice));
  const std::string text = plain_text(wording_of(notice, target.language), notice.link);
  auto request = json_request(
      fmt::format("{}/api/now/table/incident/{}?sysparm_fields=sys_id", base_of(target, ""), record),
      {{"work_notes", text}});
  request.method = "PATCH";
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back(
      "Authorization", target.user.empty()
                           ? "Bearer " + target.secret
                           : "Basic " + base::to_base64(fmt::format("{}:{}", target.user, target.secret)));
  return request;
}

std::string_view priority_of(model::Severity severity) {
  switch (severity) {
    case model::Severity::kCritical:
      return "CRITICAL";
    case model::Severity::kHigh:
      return "HIGH";
    case model::Severity::kLow:
      return "LOW";
    case model::Severity::kMedium:
    case model::Severity::kUnknown:
      break;
  }
  return "MEDIUM";
}

std::string_view action_of(Event event) {
  switch (event) {
    case Event::kStarted:
      return "created";
    case Event::kResolved:
      return "resolved";
    case Event::kTest:  // what reads it as an incident has none that it could open or change
    case Event::kCause:
    case Event::kEnded:
      break;
  }
  return "updated";
}

std::string clean(std::string_view text) {
  return base::clip_utf8(base::printable(base::redact(text), kTextBytes), kTextBytes);
}

/// What the generic webhook of src/intake reads, with what is known beyond that under `data`.
Json webhook_message(const Target& target, const Notice& notice, const Attempt& attempt) {
  const Wording wording = wording_of(notice, target.language);
  Json data{{"format", "midwatch.notice/v1"},
            {"id", attempt.id},
            {"event", to_string(notice.event)},
            {"space", notice.space},
            {"investigation", notice.investigation},
            {"since", base::format_rfc3339(notice.since)},
            {"severity", model::to_string(notice.severity)},
            {"entity", clean(notice.entity)},
            {"what", clean(notice.what.in(target.language))},
            {"now", clean(notice.now.in(target.language))},
            {"outcome", notice.outcome},
            {"mode", notice.mode},
            {"probability", notice.probability},
            {"link", notice.link}};
  return {{"eventType", "incident"},
          {"incidentId", notice.incident},
          {"action", action_of(notice.event)},
          {"priority", priority_of(notice.severity)},
          {"title", wording.title},
          {"description", plain_text(wording, notice.link)},
          {"timestamp", base::format_rfc3339(notice.time)},
          {"data", std::move(data)}};
}

http::HttpRequest webhook_request(const Target& target, const Notice& notice, const Attempt& attempt) {
  auto request = json_request(target.url, webhook_message(target, notice, attempt));
  const std::string time = base::format_rfc3339(std::chrono::floor<std::chrono::milliseconds>(attempt.now));
  request.headers.emplace_back("Idempotency-Key", attempt.id);
  request.headers.emplace_back("x-amzn-event-timestamp", time);
  request.headers.emplace_back(
      "x-amzn-event-signature",
      base::to_base64(base::hmac_sha256(target.secret, fmt::format("{}:{}", time, request.body))));
  return request;
}

/// A text as the words of a header: each at most 75 characters, and no character of the text is in two.
std::string header_words(std::string_view text) {
  constexpr std::size_t kWordBytes = 42;  // 56 in base64
  std::string words;
  while (!text.empty()) {
    std::size_t size = std::min(kWordBytes, text.size());
    const auto continues = [&](std::size_t at) {
      return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    while (size < text.size() && size > 1 && continues(size)) --size;
    words +=
        fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", base::to_base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return words;
}

std::string lines_of_76(std::string_view text) {
  constexpr std::size_t kLine = 76;
  std::string lines;
  for (; !text.empty(); text.remove_prefix(std::min(kLine, text.size())))
    lines += fmt::format("{}\r\n", text.substr(0, kLine));
  return lines;
}

/// As in RFC 5322, 3.3, in UTC.
std::string mail_date(base::Timestamp time) {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

Reply::Verdict verdict_of(int status) {
  constexpr int kRequestTimeout = 408;
  constexpr int kTooEarly = 425;
  constexpr int kTooMany = 429;
  constexpr int kBadGateway = 502;
  constexpr int kGatewayTimeout = 504;
  if (status / 100 == 2) return Reply::Verdict::kTaken;
  // A gateway does not know what became of it behind.
  if (status == kBadGateway || status == kGatewayTimeout) return Reply::Verdict::kUnclear;
  if (status / 100 == 5 || status == kTooMany || status == kTooEarly || status == kRequestTimeout)
    return Reply::Verdict::kAgain;
  return Reply::Verdict::kRefused;
}

/// What Slack calls an error of its own that may pass.
/// Source: docs.slack.dev, chat.postMessage, "Errors"
void read_slack(const http::HttpResponse& response, Reply& reply) {
  const auto json = base::parse_json(response.body);
  if (!json || !json->is_object()) {
    reply.verdict = Reply::Verdict::kUnclear;
    reply.reason = "Slack answered something else";
    return;
  }
  if (base::text_at(*json, "ok") == "true") {
    reply.receipt = base::printable(base::text_at(*json, "ts"), kReferenceBytes);
    return;
  }
  const std::string error = base::text_at(*json, "error");
  reply.reason = fmt::format("Slack says '{}'", base::printable(error, kReasonBytes));
  reply.verdict = Reply::Verdict::kRefused;
  for (const std::string_view passing : {"ratelimited", "rate_limited", "service_unavailable"})
    if (error == passing) reply.verdict = Reply::Verdict::kAgain;
  // "It's possible some aspect of the operation succeeded before the error was raised."
  for (const std::string_view unclear : {"internal_error", "fatal_error", "request_timeout"})
    if (error == unclear) reply.verdict = Reply::Verdict::kUnclear;
}

base::Error missing(const Target& target, std::string_view what) {
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          fmt::format("the target '{}' needs {}", target.name, what));
}

}  // namespace

std::string_view to_string(TargetKind kind) {
  return model::word_of(kKindWords, kind);
}

std::optional<TargetKind> target_kind_of(std::string_view word) {
  return model::of_word(kKindWords, word);
}

base::Result<> check(const Target& target) {
  const bool is_address = http::parse_url(target.url).has_value();
  const bool is_slack = target.kind == TargetKind::kSlack || target.kind == TargetKind::kSlackWebhook;
  if (!is_slack && !target.users.empty()) return missing(target, "no 'users': only Slack has buttons");
  switch (target.kind) {
    case TargetKind::kSlack:
      if (target.channel.empty()) return missing(target, "a 'channel'");
      break;
    case TargetKind::kSlackWebhook:
      if (!target.url.empty()) return missing(target, "no 'url': its address is its secret");
      break;
    case TargetKind::kPagerDuty:
      if (target.user.empty()) return missing(target, "a 'user': the e-mail address that notes are from");
      break;
    case TargetKind::kServiceNow:
      if (target.url.empty()) return missing(target, "a 'url': that of the instance");
      if (target.label.empty()) return missing(target, "a 'label': of the alarm, that holds the sys_id");
      break;
    case TargetKind::kWebhook:
      if (target.url.empty()) return missing(target, "a 'url'");
      break;
    case TargetKind::kEmail:
      if (target.from.empty() || target.to.empty()) return missing(target, "'from' and 'to'");
      if (target.url.starts_with("smtps://") || target.url.starts_with("smtp://")) return {};
      return missing(target, "a 'url': smtps://HOST:PORT, or smtp://HOST:PORT with STARTTLS");
  }
  if (!target.url.empty() && !is_address) return missing(target, "a 'url' that is an http or https address");
  return {};
}

base::Result<http::HttpRequest> request_of(const Target& target, const Notice& notice,
                                           const Attempt& attempt) {
  switch (target.kind) {
    case TargetKind::kSlack:
      return slack_request(target, notice, attempt);
    case TargetKind::kSlackWebhook:
      return json_request(target.secret, slack_message(target, notice));
    case TargetKind::kPagerDuty:
      return pagerduty_request(target, notice);
    case TargetKind::kServiceNow:
      return servicenow_request(target, notice);
    case TargetKind::kEmail:
      return base::internal_error("a mail is no HTTP request");
    case TargetKind::kWebhook:
      break;
  }
  return webhook_request(target, notice, attempt);
}

Reply read_reply(TargetKind kind, const http::HttpResponse& response) {
  Reply reply;
  reply.verdict = verdict_of(response.status);
  if (reply.verdict != Reply::Verdict::kTaken) {
    reply.reason = fmt::format("it answered with status {}", response.status);
  } else if (kind == TargetKind::kSlack) {
    read_slack(response, reply);
  } else if (kind == TargetKind::kPagerDuty) {
    if (const auto json = base::parse_json(response.body))
      reply.receipt = base::printable(base::text_at(*json, "note", "id"), kReferenceBytes);
  }
  const auto wait = http::retry_after(response);
  if (reply.verdict == Reply::Verdict::kAgain && wait)
    reply.wait = std::min<base::Duration>(*wait, store::kLongestOutboxWait);
  return reply;
}

http::Mail mail_of(const Target& target, const Notice& notice, const Attempt& attempt) {
  const Wording wording = wording_of(notice, target.language);
  const std::string domain = target.from.substr(std::min(target.from.find('@'), target.from.size()));
  std::string to;
  for (const std::string& address : target.to) to += fmt::format("{}{}", to.empty() ? "" : ",\r\n ", address);
  http::Mail mail;
  mail.server = target.url;
  mail.user = target.user;
  mail.password = target.secret;
  mail.from = target.from;
  mail.to = target.to;
  mail.message = fmt::format(
      "From: Midwatch <{}>\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}{}>\r\n"
      "References: <{}{}>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
      target.from, to, header_words(inert(wording.title)), mail_date(notice.time), attempt.id, domain,
      notice.incident, domain, lines_of_76(base::to_base64(plain_text(wording, notice.link))));
  return mail;
}

Reply read_mail_reply(int code) {
  constexpr int kFirst = 100;
  Reply reply;
  if (code / kFirst == 2) return reply;
  reply.verdict = code / kFirst == 4 ? Reply::Verdict::kAgain : Reply::Verdict::kRefused;
  reply.reason = fmt::format("the mail server answered with code {}", code);
  return reply;
}

}  // namespace midwatch::notify

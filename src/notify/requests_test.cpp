#include "src/notify/requests.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "src/base/base64.h"
#include "src/base/json.h"
#include "src/base/utf8.h"
#include "src/http/testing/scripted_client.h"
#include "src/intake/certificate_source.h"
#include "src/intake/receive.h"
#include "src/intake/webhook.h"
#include "src/notify/buttons.h"
#include "src/notify/wording.h"

namespace midwatch::notify {
namespace {

using base::Json;
using ::testing::HasSubstr;
using ::testing::Not;

base::Timestamp at(const char* text) {
  return *base::parse_rfc3339(text);
}

/// The end of an investigation, with texts as somebody who wants to do harm would record them.
Notice hostile() {
  Notice notice;
  notice.event = Event::kEnded;
  notice.incident = "inc-1";
  notice.investigation = "inv-1";
  notice.space = "shop";
  notice.title = "Errors <!channel> @here <https://evil.example|click> & *bold* `code`";
  notice.severity = model::Severity::kHigh;
  notice.time = at("2026-01-05T02:22:30.5Z");
  notice.since = at("2026-01-05T02:10:00Z");
  notice.outcome = "root_cause";
  notice.mode = "oom-kill";
  notice.entity = "service/orders_api\nFrom: you";
  notice.what = {"orders was killed, password=hunter2, see http://evil.example and www.evil.example",
                 "orders が強制終了 [code]<b>x</b>[/code]"};
  notice.probability = 0.874;
  notice.now = {"Give it more memory.", "メモリを増やす。"};
  notice.link = "https://watch.example/incidents/inc-1";
  notice.reference = "PT4KHLK";
  return notice;
}

Target target_of(TargetKind kind) {
  Target target;
  target.name = "t";
  target.kind = kind;
  target.secret = "s3cret";
  target.channel = "C1";
  target.user = "watch@example.com";
  return target;
}

http::HttpRequest made(const Target& target, const Notice& notice = hostile(),
                       const std::string& thread = "") {
  const auto request = request_of(target, notice, {"ntf-1", at("2026-01-05T02:22:31.25Z"), thread});
  EXPECT_TRUE(request) << request.error().describe();
  return request ? *request : http::HttpRequest();
}

TEST(Wording, SaysWhatHappenedInBothLanguages) {
  Notice notice = hostile();
  notice.title = "Errors";
  notice.what = {"orders was killed", "orders が強制終了"};
  notice.entity = "service/orders";
  EXPECT_EQ(plain_text(wording_of(notice, model::Language::kEnglish), notice.link),
            "Cause found: Errors\nWhat: orders was killed\nWhere: service/orders\n"
            "Since: 2026-01-05T02:10:00Z (12 min 30 s ago)\nHow sure: 87 %\nWhat now: Give it more memory.\n"
            "Open the investigation: https://watch.example/incidents/inc-1");
  EXPECT_EQ(plain_text(wording_of(notice, model::Language::kJapanese), notice.link),
            "原因を特定: Errors\n内容: orders が強制終了\n場所: service/orders\n"
            "発生時刻: 2026-01-05T02:10:00Z（12 min 30 s 経過）\n確度: 87 %\n今すべきこと: メモリを増やす。\n"
            "調査を開く: https://watch.example/incidents/inc-1");
  const struct {
    Event event;
    const char* outcome;
    const char* en;
    const char* ja;
  } rows[] = {
      {Event::kStarted, "", "Investigating: Errors", "調査を開始: Errors"},
      {Event::kCause, "", "Leading cause so far: Errors", "現時点で最有力の原因: Errors"},
      {Event::kResolved, "", "Resolved: Errors", "復旧: Errors"},
      {Event::kEnded, "nothing_wrong", "Nothing wrong found: Errors", "異常は見つからず: Errors"},
      {Event::kEnded, "inconclusive", "No cause proven: Errors", "原因は特定できず: Errors"},
      {Event::kEnded, "failed", "The investigation failed: Errors", "調査に失敗: Errors"},
  };
  for (const auto& row : rows) {
    notice.event = row.event;
    notice.outcome = row.outcome;
    EXPECT_EQ(wording_of(notice, model::Language::kEnglish).title, row.en);
    EXPECT_EQ(wording_of(notice, model::Language::kJapanese).title, row.ja);
  }
}

TEST(Wording, NothingOfARecordActsOrGrows) {
  const std::string slack = made(target_of(TargetKind::kSlack)).body;
  for (const char* acts : {"<!channel>", "@here", "https://evil", "http://evil", "www.evil", "hunter2"})
    EXPECT_THAT(slack, Not(HasSubstr(acts)));
  const Json pager = *base::parse_json(made(target_of(TargetKind::kPagerDuty)).body);
  for (const char* acts : {"@here", "https://evil", "http://evil", "www.evil", "hunter2", "\nFrom: you"})
    EXPECT_THAT(pager["note"]["content"].get<std::string>(), Not(HasSubstr(acts)));
  Target note = target_of(TargetKind::kServiceNow);
  note.language = model::Language::kJapanese;
  EXPECT_THAT(made(note).body, Not(HasSubstr("[code]"))) << "ServiceNow shows what follows as HTML";
  EXPECT_EQ(slack_escaped("orders_api a*b _x_ <&>"),
            "orders_api a*b \u200b_\u200bx\u200b_\u200b &lt;&amp;&gt;");
  Notice notice = hostile();
  notice.title = notice.entity = notice.what.en = notice.now.en = std::string(100'000, '&');
  const std::string text =
      (*base::parse_json(made(target_of(TargetKind::kSlack), notice).body))["blocks"][0]["text"]["text"];
  constexpr std::size_t kMostOfSlack = 3000;  // characters, an escaped one counts as one
  EXPECT_LT(text.size() / std::string_view("&amp;").size(), kMostOfSlack);
}

TEST(Requests, SlackGetsAMessageAndThenAThread) {
  const auto first = made(target_of(TargetKind::kSlack));
  EXPECT_EQ(first.method, "POST");
  EXPECT_EQ(first.url, "https://slack.com/api/chat.postMessage");
  EXPECT_EQ(http::header_value(first.headers, "Authorization"), "Bearer s3cret");
  const Json body = *base::parse_json(first.body);
  EXPECT_EQ(body["channel"], "C1");
  EXPECT_FALSE(body.contains("thread_ts"));
  EXPECT_EQ(body["blocks"][0]["text"]["verbatim"], true);
  EXPECT_THAT(body["blocks"][0]["text"]["text"].get<std::string>(),
              HasSubstr("\n<https://watch.example/incidents/inc-1|Open the investigation>"));
  EXPECT_EQ((*base::parse_json(made(target_of(TargetKind::kSlack), hostile(), "17.5").body))["thread_ts"],
            "17.5");
  Target webhook = target_of(TargetKind::kSlackWebhook);
  webhook.secret = "https://hooks.slack.com/services/T/B/x";
  EXPECT_EQ(made(webhook).url, webhook.secret);
  EXPECT_EQ(http::header_value(made(webhook).headers, "Authorization"), "");
}

TEST(Buttons, StandUnderWhatCanBeAnswered) {
  Target slack = target_of(TargetKind::kSlack);
  EXPECT_EQ((*base::parse_json(made(slack).body))["blocks"].size(), 1U) << "nobody could be believed";
  slack.signing_secret = "signs";
  const auto names = [&](const Notice& notice) {
    std::string all;
    const Json body = *base::parse_json(made(slack, notice).body);
    if (body["blocks"].size() < 2) return all;
    EXPECT_EQ(body["blocks"][1]["type"], "actions");
    for (const Json& button : body["blocks"][1]["elements"]) {
      EXPECT_EQ(button["value"], "inv-1");
      all += button["action_id"].get<std::string>() + " ";
    }
    return all;
  };
  Notice notice = hostile();
  EXPECT_EQ(names(notice), "right wrong rule_out put_back other_causes ");
  notice.event = Event::kStarted;
  EXPECT_EQ(names(notice), "stop ");
  notice.event = Event::kResolved;
  EXPECT_EQ(names(notice), "right wrong helped ");
  notice.mode.clear();
  EXPECT_EQ(names(notice), "");
  notice.event = Event::kEnded;
  EXPECT_EQ(names(notice), "other_causes ");
  notice.investigation.clear();
  EXPECT_EQ(names(notice), "");
  slack.language = model::Language::kJapanese;
  EXPECT_THAT(made(slack).body, HasSubstr("原因は正しい"));
}

TEST(Buttons, ArePressedByWhoMay) {
  Target slack = target_of(TargetKind::kSlack);
  slack.users = {"U1"};
  const Json good{{"type", "block_actions"},
                  {"user", {{"id", "U1"}, {"username", "ada\n"}}},
                  {"response_url", "https://hooks.slack.com/actions/T/1/x"},
                  {"actions", {{{"action_id", "helped"}, {"value", "inv-1"}}}}};
  const auto press = read_slack_press(slack, good.dump());
  ASSERT_TRUE(press) << press.error().describe();
  EXPECT_EQ(press->by, "slack/ada\\n");
  EXPECT_EQ(press->investigation, "inv-1");
  EXPECT_TRUE(press->button->helped);
  EXPECT_EQ(press->answer_to, "https://hooks.slack.com/actions/T/1/x");

  const struct {
    const char* at;
    Json value;
    base::ErrorCode code;
  } rows[] = {
      {"/type", "view_submission", base::ErrorCode::kMalformed},
      {"/actions", Json::array(), base::ErrorCode::kMalformed},
      {"/actions/0/action_id", "delete_all", base::ErrorCode::kMalformed},
      {"/actions/0/value", "", base::ErrorCode::kMalformed},
      {"/actions/0/value", std::string(1000, 'i'), base::ErrorCode::kMalformed},
      {"/user/id", "U2", base::ErrorCode::kPermissionDenied},
      {"/user", nullptr, base::ErrorCode::kPermissionDenied},
  };
  for (const auto& row : rows) {
    Json other = good;
    other[Json::json_pointer(row.at)] = row.value;
    const auto refused = read_slack_press(slack, other.dump());
    ASSERT_FALSE(refused) << row.at;
    EXPECT_EQ(refused.error().code, row.code) << row.at << refused.error().describe();
  }
  EXPECT_FALSE(read_slack_press(slack, "{"));
  Json elsewhere = good;
  elsewhere["response_url"] = "https://evil.example/actions";
  EXPECT_EQ(read_slack_press(slack, elsewhere.dump())->answer_to, "") << "answers go to Slack alone";
  slack.users = {"*"};
  elsewhere["user"]["id"] = "U2";
  EXPECT_TRUE(read_slack_press(slack, elsewhere.dump()));
}

TEST(Requests, PagerDutyAndServiceNowGetANoteOfTheirOwnRecord) {
  const auto note = made(target_of(TargetKind::kPagerDuty));
  EXPECT_EQ(note.url, "https://api.pagerduty.com/incidents/PT4KHLK/notes");
  EXPECT_EQ(http::header_value(note.headers, "Authorization"), "Token token=s3cret");
  EXPECT_EQ(http::header_value(note.headers, "From"), "watch@example.com");
  EXPECT_EQ(http::header_value(note.headers, "Accept"), "application/vnd.pagerduty+json;version=2");
  EXPECT_THAT((*base::parse_json(note.body))["note"]["content"].get<std::string>(),
              HasSubstr("How sure: 87 %"));
  Target target = target_of(TargetKind::kServiceNow);
  target.url = "https://desk.example/";
  const auto work = made(target);
  EXPECT_EQ(work.method, "PATCH");
  EXPECT_EQ(work.url, "https://desk.example/api/now/table/incident/PT4KHLK?sysparm_fields=sys_id");
  EXPECT_EQ(http::header_value(work.headers, "Authorization"), "Basic d2F0Y2hAZXhhbXBsZS5jb206czNjcmV0");
  EXPECT_THAT((*base::parse_json(work.body))["work_notes"].get<std::string>(), HasSubstr("How sure: 87 %"));
  target.user.clear();
  EXPECT_EQ(http::header_value(made(target).headers, "Authorization"), "Bearer s3cret");
  for (const char* reference : {"", "../users", "a/b", "P?x", "a b"}) {
    Notice notice = hostile();
    notice.reference = reference;
    EXPECT_FALSE(request_of(target, notice, {})) << reference;
  }
}

/// What we send is what we take.
TEST(Requests, AWebhookIsBelievedByTheIntakeAndHeardAsAnAlarm) {
  Target target = target_of(TargetKind::kWebhook);
  target.url = "https://other.example/webhooks/watch";
  const base::ManualClock clock(at("2026-01-05T02:23:00Z"));
  http::testing::ScriptedClient nobody;
  intake::FetchedCertificates certificates(nobody, clock);
  intake::Webhook webhook{"watch", "generic", "other", {"s3cret"}};
  Notice notice = hostile();
  notice.event = Event::kStarted;
  auto request = made(target, notice);
  EXPECT_EQ(http::header_value(request.headers, "Idempotency-Key"), "ntf-1");
  http::ServerRequest received{"POST", "/webhooks/watch", request.headers, request.body};
  const auto heard = intake::receive(webhook, received, certificates, clock);
  ASSERT_TRUE(heard) << heard.error().describe();
  ASSERT_EQ(heard->alarms.size(), 1U);
  EXPECT_EQ(heard->alarms[0].key, "inc-1");
  EXPECT_EQ(heard->alarms[0].severity, model::Severity::kHigh);
  EXPECT_EQ(heard->alarms[0].labels.at("event"), "started");
  received.body += " ";
  EXPECT_FALSE(intake::receive(webhook, received, certificates, clock));
  EXPECT_THAT(request.body, Not(HasSubstr("hunter2")));
}

TEST(Requests, AMailIsOneMessageOfAConversation) {
  Target target = target_of(TargetKind::kEmail);
  target.url = "smtps://mail.example:465";
  target.from = "watch@example.com";
  target.to = {"on-call@example.com", "lead@example.com"};
  target.language = model::Language::kJapanese;
  Notice notice = hostile();
  notice.title = "注文サービスのエラー率が高い\r\nBcc: everybody@example.com";
  const auto mail = mail_of(target, notice, {"ntf-1", {}, ""});
  EXPECT_EQ(mail.to, target.to);
  EXPECT_EQ(mail.password, "s3cret");
  EXPECT_THAT(mail.message, HasSubstr("From: Midwatch <watch@example.com>\r\n"
                                      "To: on-call@example.com,\r\n lead@example.com\r\n"
                                      "Subject: =?UTF-8?B?"));
  EXPECT_THAT(mail.message,
              HasSubstr("?=\r\nDate: Mon, 05 Jan 2026 02:22:30 +0000\r\n"
                        "Message-ID: <ntf-1@example.com>\r\nReferences: <inc-1@example.com>\r\n"));
  EXPECT_THAT(mail.message, Not(HasSubstr("\r\nBcc")));
  std::size_t begin = 0;
  constexpr std::size_t kLongest = 78;  // RFC 5322, 2.1.1
  for (std::size_t end = 0; (end = mail.message.find("\r\n", begin)) != std::string::npos; begin = end + 2) {
    const std::string_view line = std::string_view(mail.message).substr(begin, end - begin);
    EXPECT_LE(line.size(), kLongest) << line;
    if (!line.starts_with(" =?UTF-8?B?") && !line.starts_with("Subject:")) continue;
    const auto word = line.substr(line.find("?B?") + 3);
    const auto text = base::from_base64(word.substr(0, word.size() - 2));
    EXPECT_TRUE(text && base::is_valid_utf8(*text)) << line << ": a character is in two words";
  }
  const auto body = mail.message.substr(mail.message.find("\r\n\r\n") + 4);
  std::string joined;
  for (const char c : body)
    if (c != '\r' && c != '\n') joined += c;
  EXPECT_THAT(base::from_base64(joined).value_or(""), HasSubstr("確度: 87 %"));
  EXPECT_EQ(read_mail_reply(250).verdict, Reply::Verdict::kTaken);
  EXPECT_EQ(read_mail_reply(451).verdict, Reply::Verdict::kAgain);
  EXPECT_EQ(read_mail_reply(550).verdict, Reply::Verdict::kRefused);
}

TEST(Requests, AnAnswerSaysWhatBecameOfTheMessage) {
  using Verdict = Reply::Verdict;
  const struct {
    TargetKind kind;
    int status;
    const char* body;
    Verdict verdict;
    const char* receipt;
  } rows[] = {
      {TargetKind::kSlack, 200, R"({"ok":true,"channel":"C1","ts":"17.5"})", Verdict::kTaken, "17.5"},
      {TargetKind::kSlack, 200, R"({"ok":false,"error":"channel_not_found"})", Verdict::kRefused, ""},
      {TargetKind::kSlack, 200, R"({"ok":false,"error":"ratelimited"})", Verdict::kAgain, ""},
      {TargetKind::kSlack, 200, R"({"ok":false,"error":"fatal_error"})", Verdict::kUnclear, ""},
      {TargetKind::kSlack, 200, "<html>", Verdict::kUnclear, ""},
      {TargetKind::kSlack, 200, "[]", Verdict::kUnclear, ""},
      {TargetKind::kSlack, 429, "", Verdict::kAgain, ""},
      {TargetKind::kSlackWebhook, 200, "ok", Verdict::kTaken, ""},
      {TargetKind::kSlackWebhook, 403, "invalid_token", Verdict::kRefused, ""},
      {TargetKind::kPagerDuty, 201, R"({"note":{"id":"PN1"}})", Verdict::kTaken, "PN1"},
      {TargetKind::kPagerDuty, 404, "", Verdict::kRefused, ""},
      {TargetKind::kServiceNow, 200, R"({"result":{}})", Verdict::kTaken, ""},
      {TargetKind::kServiceNow, 401, "", Verdict::kRefused, ""},
      {TargetKind::kWebhook, 204, "", Verdict::kTaken, ""},
      {TargetKind::kWebhook, 302, "", Verdict::kRefused, ""},
      {TargetKind::kWebhook, 408, "", Verdict::kAgain, ""},
      {TargetKind::kWebhook, 425, "", Verdict::kAgain, ""},
      {TargetKind::kWebhook, 500, "", Verdict::kAgain, ""},
      {TargetKind::kWebhook, 503, "", Verdict::kAgain, ""},
      {TargetKind::kWebhook, 502, "", Verdict::kUnclear, ""},
      {TargetKind::kWebhook, 504, "", Verdict::kUnclear, ""},
  };
  for (const auto& row : rows) {
    const auto reply = read_reply(row.kind, {.status = row.status, .body = row.body});
    EXPECT_EQ(reply.verdict, row.verdict) << to_string(row.kind) << " " << row.status << " " << row.body;
    EXPECT_EQ(reply.receipt, row.receipt) << row.body;
    EXPECT_EQ(reply.reason.empty(), row.verdict == Verdict::kTaken);
  }
  const std::pair<const char*, std::optional<base::Duration>> waits[] = {
      {"30", std::chrono::seconds(30)},
      {" 0 ", std::chrono::seconds(0)},
      {"99999999", std::chrono::hours(1)},
      {"", std::nullopt},
      {"-1", std::nullopt},
      {"soon", std::nullopt},
      {"Mon, 05 Jan 2026 02:11:30 GMT", std::chrono::seconds(25)},
      {"Mon, 05 Jan 2026 02:11:00 GMT", std::chrono::seconds(0)}};
  for (const auto& [text, wait] : waits)
    EXPECT_EQ(read_reply(TargetKind::kSlack,
                         {.status = 429,
                          .headers = {{"Retry-After", text}, {"Date", "Mon, 05 Jan 2026 02:11:05 GMT"}}})
                  .wait,
              wait)
        << text;
}

TEST(Requests, SaysWhatATargetLacks) {
  const std::pair<TargetKind, void (*)(Target&)> rows[] = {
      {TargetKind::kSlack, [](Target& t) { t.channel.clear(); }},
      {TargetKind::kSlack, [](Target& t) { t.url = "slack.example"; }},
      {TargetKind::kSlackWebhook, [](Target& t) { t.url = "https://hooks.example"; }},
      {TargetKind::kPagerDuty, [](Target& t) { t.user.clear(); }},
      {TargetKind::kServiceNow, [](Target& t) { t.label = "sys_id"; }},
      {TargetKind::kServiceNow, [](Target& t) { t.url = "https://desk.example"; }},
      {TargetKind::kWebhook, [](Target&) {}},
      {TargetKind::kEmail, [](Target& t) { t.url = "smtps://mail.example"; }},
      {TargetKind::kEmail,
       [](Target& t) {
         t.url = "https://mail.example";
         t.from = "a@example.com";
         t.to = {"b@example.com"};
       }},
  };
  for (const auto& [kind, spoil] : rows) {
    Target target = target_of(kind);
    spoil(target);
    EXPECT_FALSE(check(target)) << to_string(kind);
  }
  EXPECT_TRUE(check(target_of(TargetKind::kSlack)));
  EXPECT_TRUE(check(target_of(TargetKind::kPagerDuty)));
}

TEST(Notice, ComesBackFromTheStore) {
  const Notice notice = hostile();
  const auto back = notice_of(to_json(notice));
  ASSERT_TRUE(back);
  EXPECT_EQ(to_json(*back), to_json(notice));
  EXPECT_EQ(back->time, notice.time);
  for (const char* text : {"", "[]", "{}", R"({"event":"other"})"}) EXPECT_FALSE(notice_of(text)) << text;
}

}  // namespace
}  // namespace midwatch::notify

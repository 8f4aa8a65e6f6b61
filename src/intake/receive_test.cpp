#include "src/intake/receive.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "src/base/base64.h"
#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/http/testing/scripted_client.h"
#include "src/intake/dialects.h"
#include "src/intake/example.h"
#include "src/sandbox/wire/message_signer.h"

namespace midwatch::intake {
namespace {

using base::ErrorCode;
using base::Json;
using ::testing::HasSubstr;

constexpr const char* kTopic = "arn:aws:sns:eu-west-1:123456789012:oncall";
constexpr const char* kCertificate = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem";
constexpr const char* kConfirm = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t";

const sandbox::wire::MessageSigner& signer_of_sns() {
  static const sandbox::wire::MessageSigner kSigner("sns.amazonaws.com");
  return kSigner;
}

/// A moment at which a certificate that was just made is valid: the clock of this machine is not asked.
base::Timestamp valid_at(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bytes(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr), X509_free);
  std::tm begin{};
  ASN1_TIME_to_tm(X509_get0_notBefore(certificate.get()), &begin);
  const std::chrono::year_month_day day(std::chrono::year(begin.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(begin.tm_mon) + 1U),
                                        std::chrono::day(static_cast<unsigned>(begin.tm_mday)));
  return base::Timestamp(std::chrono::sys_days(day)) + std::chrono::days(30);
}

class Certificates final : public CertificateSource {
 public:
  base::Result<std::string> certificate(const std::string& url) override {
    asked.push_back(url);
    const auto found = pems.find(url);
    if (found == pems.end()) return base::external_error(ErrorCode::kUnavailable, "no answer");
    return found->second;
  }
  std::map<std::string, std::string> pems;
  std::vector<std::string> asked;
};

class Sns : public ::testing::Test {
 protected:
  Sns() : clock_(valid_at(signer_of_sns().certificate())) {
    certificates_.pems[kCertificate] = signer_of_sns().certificate();
    webhook_.topics = {kTopic};
  }

  Json message(const std::string& type) const {
    Json message{{"Type", type},
                 {"MessageId", "m-1"},
                 {"TopicArn", kTopic},
                 {"Message", R"({"AlarmName":"a","NewStateValue":"ALARM"})"},
                 {"Timestamp", base::format_rfc3339(clock_.now())},
                 {"SigningCertURL", kCertificate}};
    if (type == "Notification") {
      message["Subject"] = "ALARM: a";
    } else {
      message["Token"] = "t";
      message["SubscribeURL"] = kConfirm;
    }
    return message;
  }

  static void sign(Json& message, int version, const sandbox::wire::MessageSigner& signer = signer_of_sns()) {
    std::string text;
    for (const char* member :
         {"Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type"}) {
      if (message.contains(member)) text += fmt::format("{}\n{}\n", member, base::text_at(message, member));
    }
    message["SignatureVersion"] = std::to_string(version);
    message["Signature"] = signer.sign(text, version);
  }

  base::Result<Decoded> tell(const Json& message) {
    http::ServerRequest request;
    request.body = base::dump_json(message);
    return receive(webhook_, request, certificates_, clock_);
  }

  void expect_refused(const Json& message, const std::string& why) {
    const auto decoded = tell(message);
    ASSERT_FALSE(decoded) << why;
    EXPECT_EQ(decoded.error().code, ErrorCode::kUnauthenticated) << decoded.error().describe();
    EXPECT_THAT(decoded.error().describe(), HasSubstr(why));
  }

  base::ManualClock clock_;
  Certificates certificates_;
  Webhook webhook_{"cw", "cloudwatch-sns", "shop"};
};

TEST_F(Sns, BelievesWhatIsSigned) {
  for (const int version : {1, 2}) {
    Json told = message("Notification");
    sign(told, version);
    const auto decoded = tell(told);
    ASSERT_TRUE(decoded) << decoded.error().describe();
    ASSERT_EQ(decoded->alarms.size(), 1U);
    const model::IncomingAlarm& alarm = decoded->alarms.front();
    EXPECT_EQ(alarm.space, "shop");
    EXPECT_EQ(alarm.sender, "cw");
    EXPECT_EQ(alarm.dialect, "cloudwatch-sns");
    EXPECT_EQ(alarm.received, clock_.now());
    EXPECT_EQ(alarm.since, clock_.now());
  }
}

TEST_F(Sns, ConfirmsAtSnsAlone) {
  Json asked = message("SubscriptionConfirmation");
  sign(asked, 2);
  const auto decoded = tell(asked);
  ASSERT_TRUE(decoded) << decoded.error().describe();
  EXPECT_EQ(decoded->confirmation, kConfirm);
  for (const char* elsewhere :
       {"https://sns.eu-west-1.amazonaws.com.evil.example/", "http://sns.eu-west-1.amazonaws.com/",
        "file:///etc/passwd", "https://169.254.169.254/", "https://sns.eu-west-1.amazonaws.com:8443/",
        "https://evil@sns.eu-west-1.amazonaws.com/", "https://sns..amazonaws.com/x",
        "https://sns.a.b.amazonaws.com/", "https://sns.amazonaws.com/"}) {
    asked["SubscribeURL"] = elsewhere;
    sign(asked, 2);
    const auto refused = tell(asked);
    ASSERT_FALSE(refused) << elsewhere;
    EXPECT_EQ(refused.error().code, ErrorCode::kMalformed);
  }
}

TEST_F(Sns, RefusesWhatSomebodyChanged) {
  for (const char* member : {"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}) {
    Json told = message("Notification");
    sign(told, 1);
    webhook_.topics = {"*"};
    told[member] = std::string(member) == "Timestamp"
                       ? base::format_rfc3339(clock_.now() - std::chrono::seconds(1))
                       : base::text_at(told, member) + "x";
    expect_refused(told, "does not fit");
  }
}

TEST_F(Sns, RefusesWhatIsNotOfSns) {
  Json told = message("Notification");
  expect_refused(told, "raw message delivery");
  sign(told, 2);
  told["SignatureVersion"] = "3";
  expect_refused(told, "version 1 or 2");
  sign(told, 2);
  told["SignatureVersion"] = "1";
  expect_refused(told, "does not fit");
  told["Signature"] = "%%%";
  expect_refused(told, "base64");
  sign(told, 2);
  const sandbox::wire::MessageSigner other("sns.evil.example");
  certificates_.pems[kCertificate] = other.certificate();
  expect_refused(told, "not one of SNS");
  certificates_.pems[kCertificate] = "-----BEGIN CERTIFICATE-----";
  expect_refused(told, "is none");
  certificates_.pems.clear();
  EXPECT_EQ(tell(told).error().code, ErrorCode::kUnavailable);
}

TEST_F(Sns, FetchesNoCertificateFromElsewhere) {
  for (const char* elsewhere :
       {"https://sns.eu-west-1.amazonaws.com/x.txt", "https://evil.example/SimpleNotificationService.pem",
        "http://sns.eu-west-1.amazonaws.com/x.pem", "https://sns.eu-west-1.amazonaws.com@evil.example/x.pem",
        "https://sns.eu-west-1.amazonaws.com/x?.pem", "https://127.0.0.1/x.pem", ""}) {
    Json told = message("Notification");
    told["SigningCertURL"] = elsewhere;
    sign(told, 2);
    expect_refused(told, "lies where SNS has none");
  }
  EXPECT_TRUE(certificates_.asked.empty());
}

TEST_F(Sns, FetchesOfAHostThatIsAllowedByName) {
  const sandbox::wire::MessageSigner sandbox;
  const std::string url = "http://127.0.0.1:4566/x.pem";
  certificates_.pems[url] = sandbox.certificate();
  Json told = message("Notification");
  told["SigningCertURL"] = url;
  sign(told, 1, sandbox);
  expect_refused(told, "lies where SNS has none");
  webhook_.certificate_hosts = {"127.0.0.1:4566"};
  EXPECT_TRUE(tell(told));
}

TEST_F(Sns, AcceptsTheTopicsThatWereSaid) {
  Json told = message("Notification");
  sign(told, 2);
  const std::vector<std::pair<std::string, bool>> cases = {
      {kTopic, true},
      {"123456789012", true},
      {"*", true},
      {"210987654321", false},
      {"arn:aws:sns:eu-west-1:123456789012:other", false},
      {"eu-west-1", false}};
  for (const auto& [topic, accepted] : cases) {
    webhook_.topics = {topic};
    EXPECT_EQ(tell(told).has_value(), accepted) << topic;
  }
}

TEST_F(Sns, RefusesReplaysAndCertificatesThatAreOver) {
  Json told = message("Notification");
  sign(told, 2);
  clock_.advance(std::chrono::hours(25));
  expect_refused(told, "a replay");
  clock_.advance(std::chrono::days(3 * 365));
  told = message("Notification");
  sign(told, 2);
  expect_refused(told, "not valid at this time");
}

/// A request with one proof, and what it proves.
struct Shown {
  const char* what;
  const char* dialect;
  std::vector<std::pair<std::string, std::string>> headers;
  bool believed;
};

constexpr const char* kNow = "2026-01-05T02:11:00Z";

std::string body_of(std::string_view dialect) {
  if (dialect == "pagerduty") return R"({"event":{"id":"1","event_type":"pagey.ping"}})";
  if (dialect == "generic")
    return R"({"eventType":"incident","incidentId":"1","action":"created","title":"t","priority":"LOW"})";
  if (dialect == "cloudwatch-eventbridge") return R"({"id":"1","detail-type":"other"})";
  if (dialect == "opsgenie") return R"({"action":"Create","alert":{"alertId":"1"}})";
  if (dialect == "datadog") return R"({"id":"1","title":"[Triggered] t"})";
  return R"({"status":"firing","alerts":[]})";
}

/// Source: the example of docs.slack.dev, "Verifying requests from Slack"
TEST(Proof, SlackSignsWhatPeoplePressAndWrite) {
  const std::string body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
      "channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
      "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
      "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  const std::string signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
  const Webhook webhook{"slack", "slack", "shop", {"8f742231b10e8888abcd99yyyzzz85a5", "the next one"}};
  const base::Timestamp then = *base::parse_epoch_seconds("1531420618");
  const struct {
    const char* name;
    std::string signature, time, body;
    base::Duration late;
    bool right;
  } rows[] = {
      {"as it came", signature, "1531420618", body, {}, true},
      {"five minutes on the way", signature, "1531420618", body, std::chrono::minutes(5), true},
      {"a replay", signature, "1531420618", body, std::chrono::seconds(301), false},
      {"a clock that is ahead", signature, "1531420618", body, -std::chrono::seconds(301), false},
      {"another time", signature, "1531420619", body, {}, false},
      {"no time", signature, "", body, {}, false},
      {"another body", signature, "1531420618", body + " ", {}, false},
      {"another version", "v1" + signature.substr(2), "1531420618", body, {}, false},
      {"the digits alone", signature.substr(3), "1531420618", body, {}, false},
      {"cut", signature.substr(0, 40), "1531420618", body, {}, false},
  };
  for (const auto& row : rows) {
    const http::ServerRequest request{
        "POST",
        "/",
        {{"X-Slack-Signature", row.signature}, {"X-Slack-Request-Timestamp", row.time}},
        row.body};
    const auto shown = shows(Proof::kSlackSignature, webhook, request, then + row.late);
    EXPECT_EQ(shown.has_value(), row.right) << row.name;
  }
  const auto unsigned_one = shows(Proof::kSlackSignature, webhook, {"POST", "/", {}, body}, then);
  EXPECT_TRUE(unsigned_one && !*unsigned_one) << "it does not try to show anything";
}

TEST(Receive, BelievesWhoShowsOneOfTheSecrets) {
  const std::string generic = body_of("generic");
  const std::string page = body_of("pagerduty");
  const std::string alert = body_of("grafana");
  const auto event = [&](const char* secret, const std::string& time, const std::string& body) {
    return std::vector<std::pair<std::string, std::string>>{
        {"X-Amzn-Event-Timestamp", time},
        {"X-Amzn-Event-Signature", base::to_base64(base::hmac_sha256(secret, time + ":" + body))}};
  };
  const auto hex = [](const char* secret, const std::string& text) {
    return base::to_hex(base::hmac_sha256(secret, text));
  };
  const std::vector<Shown> cases = {
      {"the new secret", "generic", event("new", "2026-01-05T02:10:00.000Z", generic), true},
      {"the old secret", "generic", event("old", kNow, generic), true},
      {"no secret of ours", "generic", event("other", kNow, generic), false},
      {"another body", "generic", event("new", kNow, generic + " "), false},
      {"a replay", "generic", event("new", "2026-01-05T02:05:59.000Z", generic), false},
      {"a time to come", "generic", event("new", "2026-01-05T02:16:01.000Z", generic), false},
      {"a far time", "generic", event("new", "1677-09-22T00:00:00Z", generic), false},
      {"no time", "generic", event("new", "", generic), false},
      {"a token", "generic", {{"authorization", "Bearer new"}}, true},
      {"the scheme in small letters", "generic", {{"Authorization", "bearer  old "}}, true},
      {"a wrong token", "generic", {{"Authorization", "Bearer ne"}}, false},
      {"a token beside a wrong signature",
       "generic",
       {{"Authorization", "Bearer new"},
        {"x-amzn-event-signature", "AAAA"},
        {"x-amzn-event-timestamp", kNow}},
       false},
      {"nothing", "generic", {}, false},
      {"a password where none is asked for",
       "generic",
       {{"Authorization", "Basic " + base::to_base64("u:new")}},
       false},
      {"a password", "alertmanager", {{"Authorization", "Basic " + base::to_base64("u:new")}}, true},
      {"a wrong password", "alertmanager", {{"Authorization", "Basic " + base::to_base64("u:nwe")}}, false},
      {"no password", "alertmanager", {{"Authorization", "Basic " + base::to_base64("new")}}, false},
      {"no base64", "alertmanager", {{"Authorization", "Basic ???"}}, false},
      {"a header", "datadog", {{"x-midwatch-secret", "old"}}, true},
      {"a wrong header", "opsgenie", {{"x-midwatch-secret", "olds"}}, false},
      {"a header to EventBridge", "cloudwatch-eventbridge", {{"X-Midwatch-Secret", "new"}}, true},
      {"PagerDuty's signature", "pagerduty", {{"X-PagerDuty-Signature", "v1=" + hex("old", page)}}, true},
      {"one right of several",
       "pagerduty",
       {{"X-PagerDuty-Signature", "v1=" + hex("gone", page) + ", v1=" + hex("new", page)}},
       true},
      {"no right one",
       "pagerduty",
       {{"X-PagerDuty-Signature", "v1=" + hex("gone", page) + ",v2=" + hex("new", page)}},
       false},
      {"Grafana's signature", "grafana", {{"X-Grafana-Alerting-Signature", hex("new", alert)}}, true},
      {"with a time",
       "grafana",
       {{"X-Grafana-Alerting-Timestamp", "1767579000"},
        {"X-Grafana-Alerting-Signature", hex("new", "1767579000:" + alert)}},
       true},
      {"with an old time",
       "grafana",
       {{"X-Grafana-Alerting-Timestamp", "1767570000"},
        {"X-Grafana-Alerting-Signature", hex("new", "1767570000:" + alert)}},
       false},
      {"with the time taken away",
       "grafana",
       {{"X-Grafana-Alerting-Signature", hex("new", "1767579000:" + alert)}},
       false},
  };
  const base::ManualClock clock(*base::parse_rfc3339(kNow));
  Certificates certificates;
  for (const Shown& one : cases) {
    Webhook webhook{"w", one.dialect, "shop", {"old", "new"}};
    http::ServerRequest request{"POST", "/webhooks/w", one.headers, body_of(one.dialect)};
    const auto decoded = receive(webhook, request, certificates, clock);
    EXPECT_EQ(decoded.has_value(), one.believed) << one.dialect << ": " << one.what;
    if (!decoded) {
      EXPECT_EQ(decoded.error().code, ErrorCode::kUnauthenticated) << one.what;
    }
    webhook.secrets.clear();
    EXPECT_EQ(receive(webhook, request, certificates, clock).error().code, ErrorCode::kInvalidArgument);
    webhook.unauthenticated = true;
    EXPECT_TRUE(receive(webhook, request, certificates, clock)) << one.what;
  }
}

TEST(Receive, NarrowsTheProofWhereItIsTold) {
  const base::ManualClock clock(*base::parse_rfc3339(kNow));
  Certificates certificates;
  Webhook webhook{"w", "generic", "shop", {"new"}};
  const http::ServerRequest request{"POST", "/", {{"Authorization", "Bearer new"}}, body_of("generic")};
  EXPECT_TRUE(receive(webhook, request, certificates, clock));
  webhook.proof = Proof::kEventHmac;
  EXPECT_FALSE(receive(webhook, request, certificates, clock));
  webhook = {"w", "alertmanager", "shop", {"new"}};
  webhook.user = "alertmanager";
  const http::ServerRequest other{
      "POST", "/", {{"Authorization", "Basic " + base::to_base64("somebody:new")}}, body_of("alertmanager")};
  EXPECT_FALSE(receive(webhook, other, certificates, clock));
}

TEST(Receive, RefusesWebhooksThatAreConfiguredWrongly) {
  std::vector<std::pair<Webhook, std::string>> cases = {
      {{"w", "pigeon", "s", {"x"}}, "no such dialect: 'pigeon'"},
      {{"w", "generic", "s"}, "it has no secret"},
      {{"w", "generic", "s", {"x", ""}}, "a secret is empty"},
      {{"w", "generic", "s", {"x"}, true}, "say one of them"},
      {{"w", "cloudwatch-sns", "s"}, "say the topics"},
      {{"w", "generic", "s", {"x"}, false, Proof::kPagerDutySignature},
       "does not show the proof 'pagerduty-signature'"},
  };
  for (const auto& [webhook, why] : cases) {
    const auto checked = check(webhook);
    ASSERT_FALSE(checked) << why;
    EXPECT_THAT(checked.error().describe(), HasSubstr(why));
  }
  EXPECT_TRUE(check({"w", "cloudwatch-sns", "s", {}, true}));
  for (const Dialect& dialect : dialects()) {
    for (const Proof proof : dialect.proofs) EXPECT_EQ(proof_of(to_string(proof)), proof);
  }
}

TEST(Receive, BoundsWhatComes) {
  const base::ManualClock clock(*base::parse_rfc3339(kNow));
  Certificates certificates;
  const Webhook webhook{"w", "alertmanager", "s", {}, true};
  http::ServerRequest request;
  request.body = std::string(std::size_t{5} * 1024 * 1024, ' ');
  EXPECT_EQ(receive(webhook, request, certificates, clock).error().code, ErrorCode::kResourceExhausted);
  request.body = R"({"status":"firing","alerts":[)";
  for (int i = 0; i < 10'001; ++i) request.body += R"({"labels":{}},)";
  request.body.back() = ']';
  request.body += "}";
  EXPECT_EQ(receive(webhook, request, certificates, clock).error().code, ErrorCode::kResourceExhausted);
}

TEST(FetchedCertificates, KeepsThemForADayAndAsksSeldom) {
  base::ManualClock clock(*base::parse_rfc3339(kNow));
  http::testing::ScriptedClient client;
  client.otherwise([](const http::HttpRequest& request) -> base::Result<http::HttpResponse> {
    if (request.url.ends_with("missing")) return http::HttpResponse{404};
    return http::HttpResponse{200, {}, "pem of " + request.url};
  });
  FetchedCertificates certificates(client, clock);
  EXPECT_EQ(certificates.certificate("https://a").value(), "pem of https://a");
  EXPECT_EQ(certificates.certificate("https://a").value(), "pem of https://a");
  EXPECT_EQ(client.requests().size(), 1U);
  EXPECT_EQ(certificates.certificate("https://missing").error().code, ErrorCode::kUnavailable);
  clock.advance(std::chrono::hours(25));
  EXPECT_TRUE(certificates.certificate("https://a"));
  EXPECT_EQ(client.requests().size(), 3U);
  for (int i = 0; i < 100; ++i) (void)certificates.certificate(fmt::format("https://{}", i));
  EXPECT_EQ(client.requests().size(), 12U);
  EXPECT_EQ(certificates.certificate("https://b").error().code, ErrorCode::kUnavailable);
  clock.advance(std::chrono::minutes(2));
  EXPECT_TRUE(certificates.certificate("https://b"));
}

TEST(Example, IsTakenByEachDialectAsItsSenderWouldSendIt) {
  Certificates certificates;
  const base::ManualClock clock(*base::parse_rfc3339("2026-01-05T02:11:00Z"));
  for (const Dialect& dialect : dialects()) {
    std::vector<std::optional<Proof>> ways{std::nullopt};
    for (const Proof proof : dialect.proofs) ways.emplace_back(proof);
    for (const auto& way : ways) {
      Webhook webhook{"hook", std::string(dialect.name), "shop", {"new secret", "old secret"}};
      webhook.proof = way;
      const auto request = example_request(webhook, clock.now());
      if (dialect.name == "cloudwatch-sns") {
        ASSERT_FALSE(request);
        EXPECT_EQ(request.error().code, base::ErrorCode::kUnsupported);
        continue;
      }
      ASSERT_TRUE(request) << dialect.name;
      const auto decoded = receive(webhook, *request, certificates, clock);
      ASSERT_TRUE(decoded) << dialect.name << ": " << decoded.error().describe();
      ASSERT_EQ(decoded->alarms.size(), 1U) << dialect.name;
      EXPECT_EQ(decoded->alarms[0].name, kExampleAlarm);
      EXPECT_EQ(decoded->alarms[0].state, model::AlarmState::kFiring);
      EXPECT_EQ(decoded->alarms[0].since, clock.now()) << dialect.name;
      webhook.secrets = {"another"};
      EXPECT_FALSE(receive(webhook, *request, certificates, clock)) << dialect.name << " proves nothing";
    }
  }
}

}  // namespace
}  // namespace midwatch::intake

#include "src/sandbox/wire/notifier.h"

#include <future>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "src/base/json_access.h"
#include "src/http/curl_client.h"
#include "src/http/testing/scripted_client.h"
#include "src/sandbox/wire/alarm_notice.h"
#include "src/sandbox/wire/sandbox_server.h"
#include "src/sandbox/wire/testing/fake_account.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;
using base::text_at;
using ::testing::HasSubstr;

constexpr const char* kTopic = "arn:aws:sns:eu-west-1:123456789012:oncall";

Json sample_alarm() {
  return {{"AlarmName", "api errors"},
          {"AlarmArn", "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:api errors"},
          {"AlarmConfigurationUpdatedTimestamp", "2025-11-26T02:00:00Z"},
          {"ActionsEnabled", true},
          {"OKActions", Json::array()},
          {"AlarmActions", {kTopic}},
          {"InsufficientDataActions", Json::array()},
          {"StateValue", "ALARM"},
          {"StateReason", "Threshold Crossed: 1 datapoint [5.0] was greater than the threshold (1.0)."},
          {"StateUpdatedTimestamp", "2026-01-05T02:11:00.25Z"},
          {"StateTransitionedTimestamp", "2026-01-05T02:11:00.25Z"},
          {"MetricName", "Errors"},
          {"Namespace", "AWS/Lambda"},
          {"Statistic", "Sum"},
          {"Dimensions", {{{"Name", "FunctionName"}, {"Value", "api"}}}},
          {"Period", 60},
          {"EvaluationPeriods", 3},
          {"DatapointsToAlarm", 2},
          {"Threshold", 1.0},
          {"ComparisonOperator", "GreaterThanThreshold"},
          {"TreatMissingData", "notBreaching"}};
}

/// An account whose one alarm fires, and which knows nothing of topics.
void fill(testing::FakeAccount& account, const Json& alarm) {
  const Json data{{"oldState", {{"stateValue", "INSUFFICIENT_DATA"}}}};
  account.say("cloudwatch DescribeAlarms", {{"MetricAlarms", {alarm}}});
  account.say("cloudwatch DescribeAlarmHistory",
              {{"AlarmHistoryItems",
                {{{"Timestamp", "2026-01-05T02:11:00.25Z"}, {"HistoryData", base::dump_json(data)}}}}});
}

TEST(AlarmNotice, IsWrittenAsCloudWatchWritesIt) {
  const AlarmNotice notice = alarm_notice(sample_alarm(), "OK");
  EXPECT_EQ(notice.subject, R"(ALARM: "api errors" in EU (Ireland))");
  // Wrapped here for reading; the message itself is one line.
  std::string wanted = R"json({"AlarmName":"api errors","AlarmDescription":null,"AWSAccountId":"123456789012",
"AlarmConfigurationUpdatedTimestamp":"2025-11-26T02:00:00.000+0000","NewStateValue":"ALARM",
"NewStateReason":"Threshold Crossed: 1 datapoint [5.0] was greater than the threshold (1.0).",
"StateChangeTime":"2026-01-05T02:11:00.250+0000","Region":"EU (Ireland)",
"AlarmArn":"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:api errors","OldStateValue":"OK",
"OKActions":[],"AlarmActions":["arn:aws:sns:eu-west-1:123456789012:oncall"],
"InsufficientDataActions":[],"Trigger":{"MetricName":"Errors","Namespace":"AWS/Lambda",
"StatisticType":"Statistic","Statistic":"SUM","Unit":null,
"Dimensions":[{"value":"api","name":"FunctionName"}],"Period":60,"EvaluationPeriods":3,
"DatapointsToAlarm":2,"ComparisonOperator":"GreaterThanThreshold","Threshold":1.0,
"TreatMissingData":"notBreaching","EvaluateLowSampleCountPercentile":""}})json";
  std::erase(wanted, '\n');
  EXPECT_EQ(notice.message, wanted);
}

TEST(AlarmNotice, NamesPercentilesAndUnknownRegions) {
  Json alarm = sample_alarm();
  alarm.erase("Statistic");
  alarm["ExtendedStatistic"] = "p99";
  alarm["AlarmArn"] = "arn:aws:cloudwatch:xx-new-1:1:alarm:a";
  const AlarmNotice notice = alarm_notice(alarm, "OK");
  EXPECT_THAT(notice.message, HasSubstr(R"("StatisticType":"ExtendedStatistic","ExtendedStatistic":"p99")"));
  EXPECT_THAT(notice.subject, HasSubstr("in xx-new-1"));
}

/// True where OpenSSL says that the message was signed with the key of the certificate. The text is made as
/// the developer guide has it, not as the sandbox does.
bool is_signed(const Json& message, const std::string& pem) {
  std::string text =
      "Message\n" + text_at(message, "Message") + "\nMessageId\n" + text_at(message, "MessageId");
  if (text_at(message, "Type") == "Notification") {
    text += "\nSubject\n" + text_at(message, "Subject") + "\nTimestamp\n" + text_at(message, "Timestamp");
  } else {
    text += "\nSubscribeURL\n" + text_at(message, "SubscribeURL") + "\nTimestamp\n" +
            text_at(message, "Timestamp") + "\nToken\n" + text_at(message, "Token");
  }
  text += "\nTopicArn\n" + text_at(message, "TopicArn") + "\nType\n" + text_at(message, "Type") + "\n";
  const std::string encoded = text_at(message, "Signature");
  std::vector<unsigned char> signature(encoded.size());
  const int length = EVP_DecodeBlock(signature.data(), reinterpret_cast<const unsigned char*>(encoded.data()),
                                     static_cast<int>(encoded.size()));
  if (length < 256) return false;
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bytes(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr), &X509_free);
  if (certificate == nullptr) return false;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const EVP_MD* digest = text_at(message, "SignatureVersion") == "2" ? EVP_sha256() : EVP_sha1();
  EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, X509_get0_pubkey(certificate.get()));
  return EVP_DigestVerify(context.get(), signature.data(), 256,
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

/// A subscriber as people write them: verifies what comes, confirms, and keeps what it is told.
class Receiver {
 public:
  explicit Receiver(const base::Clock& clock) : clock_(clock) {
    auto started =
        http::Server::start({}, [this](const http::ServerRequest& request) { return take(request); });
    if (started) server_ = *std::move(started);
  }
  std::string address() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/alarms"; }
  std::future<Json> told() { return told_.get_future(); }
  int refused() const { return refused_; }

 private:
  std::string get(const std::string& url) {
    http::HttpRequest request;
    request.url = url;
    const auto response = client_.send(runtime::RequestContext::unlimited(clock_), request);
    return response ? response->body : std::string();
  }

  http::ServerResponse take(const http::ServerRequest& request) {
    http::ServerResponse response;
    const Json message = Json::parse(request.body, nullptr, false);
    if (!message.is_object() || request.header("x-amz-sns-message-type") != text_at(message, "Type") ||
        !is_signed(message, get(text_at(message, "SigningCertURL")))) {
      ++refused_;
      response.status = 403;
      return response;
    }
    if (text_at(message, "Type") == "Notification")
      told_.set_value(message);
    else
      get(text_at(message, "SubscribeURL"));
    return response;
  }

  const base::Clock& clock_;
  http::CurlClient client_;
  std::promise<Json> told_;
  std::atomic<int> refused_ = 0;
  std::unique_ptr<http::Server> server_;
};

class NotifierVersions : public ::testing::TestWithParam<int> {};

TEST_P(NotifierVersions, ASubscriberVerifiesConfirmsAndHears) {
  const base::SystemClock clock;
  testing::FakeAccount account;
  fill(account, sample_alarm());
  for (const char* operation : {"sns ConfirmSubscription", "sns ListSubscriptions"})
    account.refuse(operation, {"UnknownOperationException", "no topics"});
  Receiver receiver(clock);
  auto told = receiver.told();
  SandboxServer::Options options;
  options.gateway.notifier.endpoints = {receiver.address()};
  options.gateway.notifier.signature_version = GetParam();
  const auto sandbox = SandboxServer::start(account, clock, clock, options);
  ASSERT_TRUE(sandbox) << sandbox.error().describe();
  ASSERT_EQ(told.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  const Json message = told.get();
  EXPECT_EQ(receiver.refused(), 0);
  EXPECT_EQ(text_at(message, "TopicArn"), kTopic);
  EXPECT_EQ(text_at(message, "SignatureVersion"), std::to_string(GetParam()));
  EXPECT_EQ(text_at(message, "Message"), alarm_notice(sample_alarm(), "INSUFFICIENT_DATA").message);
}

INSTANTIATE_TEST_SUITE_P(Both, NotifierVersions, ::testing::Values(1, 2));

class NotifierTest : public ::testing::Test {
 protected:
  tl::expected<Json, AccountError> ask(const std::string& operation, const Json& input) {
    return notifier_.answer({"sns", operation, "eu-west-1", input, clock_.now()});
  }
  std::string subscribe() {
    return text_at(*ask("Subscribe", {{"TopicArn", kTopic},
                                      {"Protocol", "http"},
                                      {"Endpoint", "http://127.0.0.1:9/a"},
                                      {"ReturnSubscriptionArn", true}}),
                   "SubscriptionArn");
  }
  Json sent(std::size_t index) const { return Json::parse(client_.requests().at(index).body); }
  std::string listed() {
    return text_at((*ask("ListSubscriptionsByTopic", {{"TopicArn", kTopic}}))["Subscriptions"][0],
                   "SubscriptionArn");
  }

  base::ManualClock clock_{*base::parse_rfc3339("2026-01-05T02:12:00Z")};
  testing::FakeAccount account_;
  http::testing::ScriptedClient client_;
  std::vector<std::string> undelivered_;
  Notifier notifier_{
      account_, clock_,   clock_,
      client_,  "secret", {.undelivered = [this](const std::string& line) {
        undelivered_.push_back(line); }}};
};

TEST_F(NotifierTest, TellsOnceOfEachChangeAndOnlyWhoConfirmed) {
  fill(account_, sample_alarm());
  client_.otherwise([](const http::HttpRequest&) { return http::HttpResponse{.status = 200}; });
  const std::string arn = subscribe();
  notifier_.deliver({});
  notifier_.deliver({});
  ASSERT_EQ(client_.requests().size(), 1U);
  EXPECT_EQ(listed(), "PendingConfirmation");
  const std::string token = text_at(sent(0), "Token");
  EXPECT_FALSE(ask("ConfirmSubscription", {{"TopicArn", kTopic}, {"Token", token + "0"}}));
  ASSERT_TRUE(ask("ConfirmSubscription", {{"TopicArn", kTopic}, {"Token", token}}));
  EXPECT_EQ(listed(), arn);
  notifier_.deliver({});
  notifier_.deliver({});
  ASSERT_EQ(client_.requests().size(), 2U);
  EXPECT_EQ(text_at(sent(1), "Type"), "Notification");
  EXPECT_EQ(text_at(sent(1), "Timestamp"), "2026-01-05T02:12:00.000Z");
  Json later = sample_alarm();
  later["StateTransitionedTimestamp"] = "2026-01-05T02:30:00Z";
  fill(account_, later);
  notifier_.deliver({});
  EXPECT_EQ(client_.requests().size(), 3U);
  later["StateValue"] = "OK";  // nobody is to be told of it
  fill(account_, later);
  notifier_.deliver({});
  EXPECT_EQ(client_.requests().size(), 3U);
  ASSERT_TRUE(ask("Unsubscribe", {{"SubscriptionArn", arn}}));
  EXPECT_FALSE(ask("Unsubscribe", {{"SubscriptionArn", arn}}));
  EXPECT_TRUE((*ask("ListTopics", Json::object()))["Topics"].empty());
}

TEST_F(NotifierTest, GivesUpOnWhoDoesNotTakeIt) {
  fill(account_, sample_alarm());
  client_.otherwise([](const http::HttpRequest&) { return http::HttpResponse{.status = 500}; });
  subscribe();
  for (int i = 0; i < 5; ++i) notifier_.deliver({});
  EXPECT_EQ(client_.requests().size(), 3U);
  EXPECT_EQ(undelivered_,
            std::vector<std::string>{"http://127.0.0.1:9/a did not take a request to confirm in 3 attempts"});
}

TEST_F(NotifierTest, RefusesWhatItCannotDeliver) {
  const std::vector<Json> inputs = {
      {{"TopicArn", "nothing"}, {"Protocol", "http"}, {"Endpoint", "http://h/"}},
      {{"TopicArn", kTopic}, {"Protocol", "email"}, {"Endpoint", "a@b"}},
      {{"TopicArn", kTopic}, {"Protocol", "https"}, {"Endpoint", "http://h/"}},
      {{"TopicArn", kTopic}, {"Protocol", "http"}, {"Endpoint", "http://h/"}, {"Attributes", {{"a", "b"}}}},
  };
  for (const Json& input : inputs) {
    const auto said = ask("Subscribe", input);
    ASSERT_FALSE(said) << input.dump();
    EXPECT_EQ(said.error().code, "InvalidParameterException");
  }
}

}  // namespace
}  // namespace midwatch::sandbox::wire

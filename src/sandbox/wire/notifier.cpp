#include "src/sandbox/wire/notifier.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/sandbox/wire/alarm_notice.h"
#include "src/sandbox/wire/hmac.h"
#include "src/sandbox/wire/percent.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;
using base::list_at;
using base::text_at;

/// How often a message is sent that nobody takes, and how long a subscriber may think. Source: SNS Developer
/// Guide, "Message delivery retries" (the immediate ones), "Sending messages to HTTP/S endpoints".
constexpr int kMostAttempts = 3;
constexpr auto kAnswerTime = std::chrono::seconds(15);

constexpr std::string_view kCertificatePath = "/SimpleNotificationService-sandbox.pem";
constexpr const char* kPending = "PendingConfirmation";

tl::unexpected<AccountError> refuse(std::string code, std::string message, int status = 400) {
  return tl::unexpected(AccountError{std::move(code), std::move(message), status});
}

/// What is signed: the members that count, in the order of their names, each name and value on its line.
std::string signed_text(const Json& message) {
  std::string text;
  for (const char* member :
       {"Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type"}) {
    if (message.contains(member)) text += fmt::format("{}\n{}\n", member, text_at(message, member));
  }
  return text;
}

/// The topics that an alarm tells of the state it is in.
std::vector<std::string> topics_of(const Json& alarm) {
  const std::string state = text_at(alarm, "StateValue");
  const char* member = state == "ALARM" ? "AlarmActions"
                       : state == "OK"  ? "OKActions"
                                        : "InsufficientDataActions";
  std::vector<std::string> topics;
  for (const Json& action : list_at(alarm, member)) {
    const std::string arn = base::text(action);
    if (arn.find(":sns:") != std::string::npos) topics.push_back(arn);
  }
  return topics;
}

bool tells(const Json& alarm, const std::string& topic) {
  const auto topics = topics_of(alarm);
  return std::find(topics.begin(), topics.end(), topic) != topics.end();
}

/// When an alarm came into the state that it is in.
std::string since(const Json& alarm) {
  const std::string transitioned = text_at(alarm, "StateTransitionedTimestamp");
  return transitioned.empty() ? text_at(alarm, "StateUpdatedTimestamp") : transitioned;
}

/// The account in `arn:aws:sns:REGION:ACCOUNT:NAME`.
std::string owner_of(std::string_view topic) {
  constexpr std::size_t kAccount = 4;
  const auto parts = base::split(topic, ':');
  return parts.size() > kAccount ? std::string(parts[kAccount]) : std::string();
}

std::string protocol_of(std::string_view endpoint) {
  return std::string(endpoint.substr(0, endpoint.find(':')));
}

}  // namespace

Notifier::Notifier(Account& account, const base::Clock& clock, const base::Clock& world_clock,
                   http::HttpClient& http, std::string secret, NotifierOptions options)
    : account_(account),
      clock_(clock),
      world_clock_(world_clock),
      http_(http),
      secret_(std::move(secret)),
      options_(std::move(options)) {}

void Notifier::serve_at(std::string address) {
  const std::lock_guard lock(mutex_);
  address_ = std::move(address);
}

std::string Notifier::address() const {
  const std::lock_guard lock(mutex_);
  return address_;
}

bool Notifier::gives_up(Subscription& subscription, const std::string& what) const {
  if (++subscription.failures < kMostAttempts) return false;
  if (options_.undelivered) {
    options_.undelivered(
        fmt::format("{} did not take {} in {} attempts", subscription.endpoint, what, kMostAttempts));
  }
  return true;
}

tl::expected<Json, AccountError> Notifier::answer(const AccountCall& call) {
  const std::string topic = text_at(call.input, "TopicArn");
  if (call.operation == "Subscribe") return subscribe(call);
  if (call.operation == "ConfirmSubscription") return confirm(call);
  const std::lock_guard lock(mutex_);
  if (call.operation == "Unsubscribe") {
    const std::string arn = text_at(call.input, "SubscriptionArn");
    if (std::erase_if(subscriptions_, [&](const Subscription& one) { return one.arn == arn; }) == 0)
      return refuse("NotFoundException", "Subscription does not exist", 404);
    return Json::object();
  }
  if (call.operation != "ListTopics") return Json{{"Subscriptions", listed(topic)}};
  std::set<std::string> arns;
  for (const Subscription& one : subscriptions_) arns.insert(one.topic);
  Json topics = Json::array();
  for (const std::string& arn : arns) topics.push_back({{"TopicArn", arn}});
  return Json{{"Topics", std::move(topics)}};
}

tl::expected<Json, AccountError> Notifier::subscribe(const AccountCall& call) {
  const std::string topic = text_at(call.input, "TopicArn");
  const std::string protocol = text_at(call.input, "Protocol");
  const std::string endpoint = text_at(call.input, "Endpoint");
  if (topic.find(":sns:") == std::string::npos)
    return refuse("InvalidParameterException", "Invalid parameter: TopicArn");
  if ((protocol != "http" && protocol != "https") || protocol_of(endpoint) != protocol) {
    return refuse("InvalidParameterException",
                  "Invalid parameter: Endpoint; the sandbox delivers to http and https addresses only");
  }
  if (call.input.contains("Attributes"))
    return refuse("InvalidParameterException", "the sandbox knows no attributes of subscriptions");
  const std::lock_guard lock(mutex_);
  const Subscription& made = add(topic, endpoint);
  const bool wanted = base::at(call.input, "ReturnSubscriptionArn") == Json(true);
  return Json{
      {"SubscriptionArn", wanted || made.stage == Stage::kConfirmed ? made.arn : "pending confirmation"}};
}

tl::expected<Json, AccountError> Notifier::confirm(const AccountCall& call) {
  const std::string topic = text_at(call.input, "TopicArn");
  const std::string token = text_at(call.input, "Token");
  const std::lock_guard lock(mutex_);
  for (Subscription& one : subscriptions_) {
    if (one.topic != topic || !same_secret(one.token, token)) continue;
    one.stage = Stage::kConfirmed;
    one.failures = 0;
    return Json{{"SubscriptionArn", one.arn}};
  }
  return refuse("InvalidParameterException", "Invalid token");
}

Json Notifier::listed(const std::string& topic) const {
  Json subscriptions = Json::array();
  for (const Subscription& one : subscriptions_) {
    if (!topic.empty() && one.topic != topic) continue;
    subscriptions.push_back({{"SubscriptionArn", one.stage == Stage::kConfirmed ? one.arn : kPending},
                             {"Owner", owner_of(one.topic)},
                             {"Protocol", one.protocol},
                             {"Endpoint", one.endpoint},
                             {"TopicArn", one.topic}});
  }
  return subscriptions;
}

Notifier::Subscription& Notifier::add(const std::string& topic, const std::string& endpoint) {
  const auto same = std::find_if(subscriptions_.begin(), subscriptions_.end(), [&](const Subscription& one) {
    return one.topic == topic && one.endpoint == endpoint;
  });
  if (same != subscriptions_.end()) return *same;
  Subscription made;
  made.arn =
      fmt::format("{}:{}", topic, uuid_of(secret_, fmt::format("subscription {} {}", topic, endpoint)));
  made.topic = topic;
  made.protocol = protocol_of(endpoint);
  made.endpoint = endpoint;
  made.token = hex_of(hmac_sha256(secret_, "token " + made.arn));
  return subscriptions_.emplace_back(std::move(made));
}

bool Notifier::asks_for_certificate(const http::ServerRequest& request) const {
  return request.method == "GET" && request.path() == kCertificatePath;
}

http::ServerResponse Notifier::answer_certificate() {
  http::ServerResponse response;
  response.set("Content-Type", "application/x-pem-file");
  response.body = signer().certificate();
  return response;
}

const MessageSigner& Notifier::signer() {
  const std::lock_guard lock(mutex_);
  if (!signer_) signer_ = std::make_unique<MessageSigner>();
  return *signer_;
}

std::optional<Json> Notifier::ask(const std::string& operation, Json input) const {
  auto said =
      account_.answer({"cloudwatch", operation, options_.region, std::move(input), world_clock_.now()});
  if (!said) return {};
  return *std::move(said);
}

void Notifier::subscribe_endpoints(const Json& alarms) {
  if (options_.endpoints.empty()) return;
  const std::lock_guard lock(mutex_);
  for (const Json& alarm : alarms) {
    for (const std::string& topic : topics_of(alarm)) {
      for (const std::string& endpoint : options_.endpoints) add(topic, endpoint);
    }
  }
}

void Notifier::deliver(const std::stop_token& stop) {
  const std::lock_guard only(delivering_);
  std::vector<Subscription> subscriptions;
  {
    const std::lock_guard lock(mutex_);
    if (options_.endpoints.empty() && subscriptions_.empty()) return;
  }
  const auto said = ask("DescribeAlarms", Json::object());
  const Json alarms = said ? list_at(*said, "MetricAlarms") : Json::array();
  subscribe_endpoints(alarms);
  {
    const std::lock_guard lock(mutex_);
    subscriptions = subscriptions_;
  }
  for (const Subscription& one : subscriptions) {
    if (one.stage == Stage::kNew) ask_to_confirm(one, stop);
    if (one.stage == Stage::kConfirmed) tell(one, alarms, stop);
  }
}

template <class Change>
void Notifier::update(const std::string& arn, Change change) {
  const std::lock_guard lock(mutex_);
  for (Subscription& one : subscriptions_) {
    if (one.arn == arn) change(one);
  }
}

void Notifier::ask_to_confirm(const Subscription& subscription, const std::stop_token& stop) {
  const std::string url = fmt::format("{}/?Action=ConfirmSubscription&TopicArn={}&Token={}", address(),
                                      percent_encode(subscription.topic, false), subscription.token);
  Json message{{"Type", "SubscriptionConfirmation"},
               {"Token", subscription.token},
               {"TopicArn", subscription.topic},
               {"Message", fmt::format("You have chosen to subscribe to the topic {}.\nTo confirm the "
                                       "subscription, visit the SubscribeURL included in this message.",
                                       subscription.topic)},
               {"SubscribeURL", url}};
  const bool taken = post(subscription, std::move(message), stop);
  update(subscription.arn, [&](Subscription& one) {
    const bool over = taken || gives_up(one, "a request to confirm");
    // Who was asked may have confirmed before its answer came.
    if (over && one.stage == Stage::kNew) one.stage = Stage::kAsked;
  });
}

std::string Notifier::old_state(const Json& alarm) const {
  const auto said = ask("DescribeAlarmHistory",
                        {{"AlarmName", text_at(alarm, "AlarmName")}, {"HistoryItemType", "StateUpdate"}});
  if (said) {
    for (const Json& item : list_at(*said, "AlarmHistoryItems")) {
      const auto data = base::parse_json(text_at(item, "HistoryData"));
      if (text_at(item, "Timestamp") == since(alarm) && data)
        return text_at(base::at(*data, "oldState"), "stateValue");
    }
  }
  return text_at(alarm, "StateValue") == "OK" ? "ALARM" : "OK";
}

void Notifier::tell(const Subscription& subscription, const Json& alarms, const std::stop_token& stop) {
  for (const Json& alarm : alarms) {
    const std::string name = text_at(alarm, "AlarmName");
    const auto told = subscription.told.find(name);
    if (!tells(alarm, subscription.topic)) continue;
    if (told != subscription.told.end() && told->second == since(alarm)) continue;
    const AlarmNotice notice = alarm_notice(alarm, old_state(alarm));
    const std::string leave = fmt::format("{}/?Action=Unsubscribe&SubscriptionArn={}", address(),
                                          percent_encode(subscription.arn, false));
    const bool taken = post(subscription,
                            {{"Type", "Notification"},
                             {"TopicArn", subscription.topic},
                             {"Subject", notice.subject},
                             {"Message", notice.message},
                             {"UnsubscribeURL", leave}},
                            stop);
    update(subscription.arn, [&](Subscription& one) {
      if (!taken && !gives_up(one, notice.subject)) return;
      one.failures = 0;
      one.told[name] = since(alarm);
    });
  }
}

bool Notifier::post(const Subscription& subscription, Json message, const std::stop_token& stop) {
  message["MessageId"] = uuid_of(secret_, fmt::format("message {}", ++made_));
  message["Timestamp"] = message_time(clock_.now(), "Z");
  message["SignatureVersion"] = fmt::format("{}", options_.signature_version);
  message["Signature"] = signer().sign(signed_text(message), options_.signature_version);
  message["SigningCertURL"] = address() + std::string(kCertificatePath);
  http::HttpRequest request;
  request.method = "POST";
  request.url = subscription.endpoint;
  request.timeout = kAnswerTime;
  request.headers = {{"Content-Type", "text/plain; charset=UTF-8"},
                     {"x-amz-sns-message-type", text_at(message, "Type")},
                     {"x-amz-sns-message-id", text_at(message, "MessageId")},
                     {"x-amz-sns-topic-arn", subscription.topic}};
  if (subscription.stage == Stage::kConfirmed)
    request.headers.emplace_back("x-amz-sns-subscription-arn", subscription.arn);
  request.body = base::dump_json(message);
  const auto response = http_.send({clock_, std::nullopt, stop}, request);
  constexpr int kFirst = 200;
  constexpr int kLast = 299;
  return response && response->status >= kFirst && response->status <= kLast;
}

}  // namespace midwatch::sandbox::wire

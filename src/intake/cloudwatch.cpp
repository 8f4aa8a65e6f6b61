#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/clients/aws/metric_identity.h"
#include "src/http/url.h"
#include "src/intake/decoders.h"
#include "src/intake/polled.h"
#include "src/intake/said.h"

namespace midwatch::intake {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using clients::aws::Dimensions;
using model::AlarmState;
using model::IncomingAlarm;

/// A metric that an alarm watches.
struct Watched {
  std::string name_space;
  std::string metric;
  Dimensions dimensions;
};

std::optional<AlarmState> state_of(std::string_view word) {
  if (word == "ALARM") return AlarmState::kFiring;
  if (word == "OK") return AlarmState::kResolved;
  return std::nullopt;
}

/// The region and account of an ARN; empty parts where it is none.
std::pair<std::string, std::string> place_of(const std::string& arn) {
  constexpr std::size_t kRegion = 3;
  constexpr std::size_t kAccount = 4;
  const auto parts = base::split(arn, ':');
  if (parts.size() <= kAccount || parts.front() != "arn") return {};
  return {said(parts[kRegion]), said(parts[kAccount])};
}

bool is_plain_region(std::string_view region) {
  return !region.empty() && region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == region.npos;
}

/// The alarm's page in the console; empty where nobody could say which console.
std::string console_link(const std::string& arn, const std::string& region, const std::string& name) {
  if (!arn.starts_with("arn:aws:") || !is_plain_region(region) || name.empty()) return {};
  return fmt::format("https://{0}.console.aws.amazon.com/cloudwatch/home?region={0}#alarmsV2:alarm/{1}",
                     region, http::percent_encode(name));
}

/// Messages write their members small, answers of the API large.
void add_dimensions(const Json& list, Dimensions& dimensions) {
  for (const Json& one : list) {
    const char* name = one.contains("Name") ? "Name" : "name";
    dimensions.emplace(text_at(one, name), text_at(one, one.contains("Value") ? "Value" : "value"));
  }
}

/// What a metric of a list with a formula may hold: both the message and the event write such lists, with
/// members that differ in their case.
Watched watched_in_list(const Json& metrics, const char* stat_member, const char* metric_member) {
  std::vector<Watched> all;
  for (const Json& one : metrics) {
    const Json& metric = at(one, stat_member, metric_member);
    if (!metric.is_object()) continue;
    Watched watched{text_at(metric, "Namespace"), text_at(metric, "MetricName"), {}};
    if (watched.metric.empty()) watched = {text_at(metric, "namespace"), text_at(metric, "name"), {}};
    add_dimensions(list_at(metric, "Dimensions"), watched.dimensions);
    const Json& by_name = at(metric, "dimensions");
    if (by_name.is_object()) {
      for (const auto& dimension : by_name.items())
        watched.dimensions.emplace(dimension.key(), base::text(dimension.value()));
    }
    all.push_back(std::move(watched));
  }
  if (all.empty()) return {};
  // A formula over several: the metric is the first, the resource the one that all are about.
  Watched first = all.front();
  for (const Watched& other : all) {
    if (other.name_space != first.name_space) first.dimensions.clear();
    std::erase_if(first.dimensions, [&](const auto& dimension) {
      const auto same = other.dimensions.find(dimension.first);
      return same == other.dimensions.end() || same->second != dimension.second;
    });
  }
  return first;
}

Watched watched_by(const Json& trigger) {
  const Json& metrics = list_at(trigger, "Metrics");
  if (!metrics.empty()) return watched_in_list(metrics, "MetricStat", "Metric");
  Watched watched{text_at(trigger, "Namespace"), text_at(trigger, "MetricName"), {}};
  add_dimensions(list_at(trigger, "Dimensions"), watched.dimensions);
  return watched;
}

void describe(const Watched& watched, IncomingAlarm& alarm, std::string& note) {
  alarm.metric = said(watched.metric);
  alarm.entity = said(clients::aws::owner_of_metric(watched.name_space, watched.dimensions).entity);
  bool all = watched.name_space.empty() || add_label("namespace", watched.name_space, alarm);
  for (const auto& [name, value] : watched.dimensions) all = add_label(name, value, alarm) && all;
  if (!all) add_note(note, "more dimensions than an alarm keeps: the rest is left out");
}

void note_state(const std::string& name, const std::string& state, std::string& note) {
  add_note(note, fmt::format("alarm '{}' went to {}: neither fired nor resolved", name,
                             state.empty() ? "no state" : state));
}

bool is_alarm_message(const Json& message) {
  return at(message, "AlarmName").is_string() && at(message, "NewStateValue").is_string();
}

/// The document that CloudWatch publishes to a topic.
void read_alarm_message(const Json& message, Decoded& decoded) {
  IncomingAlarm alarm;
  const std::string arn = text_at(message, "AlarmArn");
  alarm.name = said_at(message, "AlarmName");
  const std::string state = said_at(message, "NewStateValue");
  const auto known = state_of(state);
  if (!known) return note_state(alarm.name, state, decoded.note);
  alarm.state = *known;
  const auto [region, account] = place_of(arn);
  alarm.region = region;
  alarm.account = said_at(message, "AWSAccountId");
  if (alarm.account.empty()) alarm.account = account;
  alarm.key = key_said(arn.empty() ? fmt::format("{}/{}/{}", alarm.account, text_at(message, "Region"),
                                                 text_at(message, "AlarmName"))
                                   : arn);
  alarm.summary = said(text_at(message, "NewStateReason"), kSentenceBytes);
  alarm.since = time_said(at(message, "StateChangeTime")).value_or(base::Timestamp{});
  alarm.link = link_said(console_link(arn, region, text_at(message, "AlarmName")));
  describe(watched_by(at(message, "Trigger")), alarm, decoded.note);
  for (const char* member : {"AlarmDescription", "AlarmRule"}) {
    const std::string text = text_at(message, member);
    if (!text.empty()) add_label(member, text, alarm);
  }
  fill_from_labels(alarm);
  decoded.alarms.push_back(std::move(alarm));
}

bool is_alarm_event(const Json& message) {
  return text_at(message, "detail-type") == "CloudWatch Alarm State Change" &&
         at(message, "detail").is_object();
}

void read_alarm_event(const Json& event, Decoded& decoded) {
  IncomingAlarm alarm;
  const Json& detail = at(event, "detail");
  const Json& resources = list_at(event, "resources");
  const std::string arn = resources.empty() ? std::string() : base::text(resources.front());
  const std::string name = text_at(detail, "alarmName");
  alarm.name = said(name);
  const std::string state = said_at(at(detail, "state"), "value");
  const auto known = state_of(state);
  if (!known) return note_state(alarm.name, state, decoded.note);
  alarm.state = *known;
  alarm.region = said_at(event, "region");
  alarm.account = said_at(event, "account");
  alarm.key = key_said(arn.empty() ? fmt::format("{}/{}/{}", alarm.account, alarm.region, name) : arn);
  alarm.summary = said(text_at(detail, "state", "reason"), kSentenceBytes);
  auto since = time_said(at(detail, "state", "timestamp"));
  if (!since) since = time_said(at(event, "time"));
  alarm.since = since.value_or(base::Timestamp{});
  alarm.link = link_said(console_link(arn, alarm.region, name));
  const Json& configuration = at(detail, "configuration");
  describe(watched_in_list(list_at(configuration, "metrics"), "metricStat", "metric"), alarm, decoded.note);
  for (const char* member : {"description", "alarmRule"}) {
    const std::string text = text_at(configuration, member);
    if (!text.empty()) add_label(member, text, alarm);
  }
  fill_from_labels(alarm);
  decoded.alarms.push_back(std::move(alarm));
}

/// What a topic may carry beside CloudWatch's own messages: what a rule of EventBridge or a managed
/// Alertmanager published to it.
void read_published(std::string_view text, Decoded& decoded) {
  const auto message = read_message(text);
  if (message && is_alarm_message(*message)) return read_alarm_message(*message, decoded);
  if (message && is_alarm_event(*message)) return read_alarm_event(*message, decoded);
  if (message && is_alertmanager_message(*message)) {
    Decoded told = alertmanager_alarms(*message);
    decoded.alarms = std::move(told.alarms);
    decoded.note = std::move(told.note);
    return;
  }
  add_note(decoded.note, "the notification holds no alarm of CloudWatch");
}

/// Two of the account's own records of one change may differ by a little; no alarm changes twice within it.
constexpr std::chrono::seconds kSameMoment{2};

IncomingAlarm alarm_described(const Json& described) {
  IncomingAlarm alarm;
  const std::string arn = text_at(described, "AlarmArn");
  const std::string name = text_at(described, "AlarmName");
  alarm.name = said(name);
  std::tie(alarm.region, alarm.account) = place_of(arn);
  alarm.key = key_said(arn);
  alarm.link = link_said(console_link(arn, alarm.region, name));
  std::string left_out;  // more dimensions than an alarm keeps; the account has them all
  describe(watched_by(described), alarm, left_out);
  for (const char* member : {"AlarmDescription", "AlarmRule"}) {
    const std::string text = text_at(described, member);
    if (!text.empty()) add_label(member, text, alarm);
  }
  fill_from_labels(alarm);
  return alarm;
}

base::Error malformed(std::string message) {
  return base::external_error(base::ErrorCode::kMalformed, std::move(message));
}

}  // namespace

base::Result<Decoded> decode_cloudwatch_sns(std::string_view body) {
  auto message = read_message(body);
  if (!message) return std::move(message).error();
  const std::string type = text_at(*message, "Type");
  Decoded decoded;
  const std::string id = text_at(*message, "MessageId");
  decoded.key = id.empty() ? key_of_body(body) : key_said(id);
  if (type == "SubscriptionConfirmation") {
    const std::string address = text_at(*message, "SubscribeURL");
    if (address.empty()) return malformed("a request to confirm a subscription says no SubscribeURL");
    decoded.confirmation = address;
    decoded.note = fmt::format("asks to confirm a subscription to {}", said_at(*message, "TopicArn"));
  } else if (type == "UnsubscribeConfirmation") {
    // Fetching its SubscribeURL would undo what a person did.
    decoded.note = fmt::format("the subscription to {} has ended", said_at(*message, "TopicArn"));
  } else if (type == "Notification") {
    read_published(text_at(*message, "Message"), decoded);
  } else {
    return malformed(fmt::format("no message of SNS: Type is '{}'", said(type)));
  }
  return decoded;
}

base::Result<Decoded> decode_cloudwatch_eventbridge(std::string_view body) {
  auto event = read_message(body);
  if (!event) return std::move(event).error();
  const std::string kind = text_at(*event, "detail-type");
  if (kind.empty()) return malformed("no event of EventBridge: it has no detail-type");
  Decoded decoded;
  const std::string id = text_at(*event, "id");
  decoded.key = id.empty() ? key_of_body(body) : key_said(id);
  if (is_alarm_event(*event)) {
    read_alarm_event(*event, decoded);
  } else {
    decoded.note = fmt::format("an event of another kind: {}", said(kind));
  }
  return decoded;
}

std::vector<FoundChange> found_changes(const Json& described, const Json& history) {
  std::map<std::string, const Json*, std::less<>> alarms;
  for (const char* list : {"MetricAlarms", "CompositeAlarms"})
    for (const Json& alarm : list_at(described, list)) alarms.emplace(text_at(alarm, "AlarmName"), &alarm);
  std::vector<FoundChange> all;
  const auto add = [&](const Json& alarm, AlarmState state, const Json& time, const std::string& reason,
                       const Json& source) {
    FoundChange change{alarm_described(alarm), base::dump_json(source)};
    change.alarm.state = state;
    change.alarm.summary = said(reason, kSentenceBytes);
    change.alarm.since = time_said(time).value_or(base::Timestamp{});
    const bool known = std::any_of(all.begin(), all.end(), [&](const FoundChange& other) {
      return other.alarm.key == change.alarm.key && other.alarm.state == state &&
             std::chrono::abs(other.alarm.since - change.alarm.since) <= kSameMoment;
    });
    if (!known && !change.alarm.key.empty() && change.alarm.since != base::Timestamp{})
      all.push_back(std::move(change));
  };
  for (const Json& item : list_at(history, "AlarmHistoryItems")) {
    const auto alarm = alarms.find(text_at(item, "AlarmName"));
    const auto data = base::parse_json(text_at(item, "HistoryData"));
    if (alarm == alarms.end() || !data) continue;
    const Json& now = at(*data, "newState");
    if (const auto state = state_of(text_at(now, "stateValue")))
      add(*alarm->second, *state, at(item, "Timestamp"), text_at(now, "stateReason"), item);
  }
  for (const auto& [name, alarm] : alarms) {
    if (text_at(*alarm, "StateValue") != "ALARM") continue;
    const char* since = alarm->contains("StateTransitionedTimestamp") ? "StateTransitionedTimestamp"
                                                                      : "StateUpdatedTimestamp";
    add(*alarm, AlarmState::kFiring, at(*alarm, since), text_at(*alarm, "StateReason"), *alarm);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.alarm.since < b.alarm.since; });
  return all;
}

}  // namespace midwatch::intake

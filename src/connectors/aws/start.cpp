#include "src/connectors/aws/start.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/aws/resource.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;

/// The fault begins before its alarm: by what the alarm looks back, and by as much again that is ordinary.
constexpr base::Duration kBefore = std::chrono::minutes(30);
/// What happens after the alarm still belongs to it.
constexpr base::Duration kAfter = std::chrono::minutes(15);
/// The ordinary time before the window.
constexpr base::Duration kBaseline = std::chrono::hours(3);
/// An alarm that fired within this time is the latest one, also where it is over.
constexpr base::Duration kLatest = std::chrono::hours(24);
/// Alarm history is kept this long. Source: CloudWatch user guide, "Alarm history".
constexpr base::Duration kHistory = std::chrono::days(30);
/// A window that nobody gave.
constexpr base::Duration kLastHour = std::chrono::hours(1);
constexpr std::size_t kShownNames = 8;
constexpr std::size_t kNameBytes = 200;
/// A shorter name is a word like any other.
constexpr std::size_t kShortestName = 3;
/// The same of a part of a name.
constexpr std::size_t kShortestWord = 4;
constexpr std::array<std::string_view, 20> kWordsOfAnyAlarm{
    "alarm", "alert", "error", "errors", "high", "latency", "count",  "rate",   "fault",    "faults",
    "slow",  "down",  "prod",  "failed", "time", "service", "server", "lambda", "function", "failure"};

AskedTimes times_around(base::TimeRange window) {
  AskedTimes times;
  times.window = window;
  times.baseline = {window.start - kBaseline, window.start};
  return times;
}

base::TimeRange window_of(base::Timestamp fired, base::Duration evaluated, base::Timestamp now) {
  const base::Timestamp end = std::max(std::min(now, fired + kAfter), fired + std::chrono::minutes(1));
  return {fired - evaluated - kBefore, end};
}

Question question(const char* service, const char* operation, const std::string& region, Json input) {
  Question q;
  q.request = {service, operation, region, std::move(input)};
  return q;
}

class Finder {
 public:
  Finder(const Wanted& wanted, base::Timestamp now, const AskOne& ask)
      : wanted_(wanted), now_(now), ask_(ask) {}

  base::Result<Start> find() {
    if (!wanted_.alarm.empty()) return by_name(wanted_.alarm);
    if (wanted_.latest) return latest();
    if (!wanted_.entity.empty()) return at_entity(wanted_.entity);
    return by_sentence();
  }

 private:
  base::Result<Json> ask(const char* service, const char* operation, Json input) {
    return ask_(question(service, operation, wanted_.region, std::move(input)));
  }

  base::Result<Start> by_name(const std::string& name) {
    MIDWATCH_TRY(const Json body,
                 ask("cloudwatch", "DescribeAlarms",
                     {{"AlarmNames", {name}}, {"AlarmTypes", {"MetricAlarm", "CompositeAlarm"}}}));
    auto alarms = alarms_in(body);
    if (alarms.empty()) {
      return base::user_error(
          base::ErrorCode::kNotFound,
          fmt::format(
              "there is no alarm named '{}' here: 'aws cloudwatch describe-alarms' lists those of the "
              "account and region",
              base::printable(name, kNameBytes)));
    }
    return start_at(std::move(alarms.front()));
  }

  base::Result<Start> start_at(AlarmFound found) {
    Start start;
    // A composite alarm says nothing of its own; the part that fired does.
    if (!found.children.empty()) {
      MIDWATCH_TRY(const Json body, ask("cloudwatch", "DescribeAlarms", {{"AlarmNames", found.children}}));
      auto children = alarms_in(body);
      const auto firing =
          std::find_if(children.begin(), children.end(), [](const AlarmFound& a) { return a.firing; });
      if (firing != children.end()) {
        firing->alarm.name = found.alarm.name;
        if (found.alarm.time) firing->alarm.time = found.alarm.time;
        found = std::move(*firing);
      }
    }
    if (!found.firing) {
      MIDWATCH_TRY(const Json history, ask("cloudwatch", "DescribeAlarmHistory",
                                           {{"AlarmName", found.alarm.name},
                                            {"HistoryItemType", "StateUpdate"},
                                            {"StartDate", base::format_rfc3339(now_ - kHistory)},
                                            {"EndDate", base::format_rfc3339(now_)}}));
      const auto fired = last_fired(history);
      if (fired) {
        found.alarm.time = fired->time;
        start.notes = "the alarm is over by now";
      } else {
        start.notes = "the alarm did not fire in the last 30 days, as far as its history says";
      }
    }
    start.region = std::move(found.region);
    start.alarm = std::move(found.alarm);
    start.series = std::move(found.series);
    const base::Timestamp fired = start.alarm.time.value_or(now_);
    start.times = times_around(wanted_.window ? *wanted_.window : window_of(fired, found.evaluated, now_));
    return start;
  }

  base::Result<Start> latest() {
    MIDWATCH_TRY(const Json body, ask("cloudwatch", "DescribeAlarms", {{"StateValue", "ALARM"}}));
    auto alarms = alarms_in(body);
    const auto newest = std::max_element(
        alarms.begin(), alarms.end(),
        [](const AlarmFound& a, const AlarmFound& b) { return a.alarm.time < b.alarm.time; });
    if (newest != alarms.end()) return start_at(std::move(*newest));
    MIDWATCH_TRY(const Json history, ask("cloudwatch", "DescribeAlarmHistory",
                                         {{"HistoryItemType", "StateUpdate"},
                                          {"StartDate", base::format_rfc3339(now_ - kLatest)},
                                          {"EndDate", base::format_rfc3339(now_)}}));
    if (const auto fired = last_fired(history)) return by_name(fired->name);
    return base::user_error(
        base::ErrorCode::kNotFound,
        "no alarm is in ALARM, and none was in the last 24 hours; name one with --alarm, or "
        "a resource with --entity");
  }

  base::Result<Start> at_entity(const std::string& entity) {
    if (parse_resource(entity).service.empty()) {
      return base::user_error(
          base::ErrorCode::kInvalidArgument,
          fmt::format("'{}' is neither an ARN nor of the form service/name (lambda/orders)",
                      base::printable(entity, kNameBytes)));
    }
    Start start;
    start.alarm.entity = entity;
    start.alarm.question = wanted_.question;
    start.times = times_around(wanted_.window.value_or(base::TimeRange{now_ - kLastHour, now_}));
    return start;
  }

  /// True where the sentence holds the name as a whole word; Japanese has no spaces, so only what could go on
  /// a name ends it.
  bool names(std::string_view name) const {
    if (name.size() < kShortestName) return false;
    const std::string text = base::to_lower(wanted_.question);
    const std::string wanted = base::to_lower(name);
    const auto goes_on = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    for (std::size_t at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) {
      const std::size_t end = at + wanted.size();
      if ((at == 0 || !goes_on(text[at - 1])) && (end == text.size() || !goes_on(text[end]))) return true;
    }
    return false;
  }

  /// How much of a name the sentence holds: the letters of its words, where they are whole words there and
  /// not those that any alarm may have. "why is checkout slow" means checkout-api-latency.
  std::size_t words_shared(std::string_view name) const {
    std::size_t letters = 0;
    std::string word;
    for (std::size_t i = 0; i <= name.size(); ++i) {
      const char c = i < name.size() ? name[i] : '-';
      const bool ends = c == '-' || c == '_' || c == '/' || c == ' ' || c == '.';
      if (!ends) {
        word += c;
        continue;
      }
      const bool telling =
          word.size() >= kShortestWord && std::find(kWordsOfAnyAlarm.begin(), kWordsOfAnyAlarm.end(),
                                                    base::to_lower(word)) == kWordsOfAnyAlarm.end();
      if (telling && names(word)) letters += word.size();
      word.clear();
    }
    return letters;
  }

  /// The one alarm whose name, or whose resource's name, shares the most words with the sentence: of several,
  /// the one that fires. Null where none does, or several do alike.
  AlarmFound* alarm_by_words(std::vector<AlarmFound>& alarms) const {
    AlarmFound* best = nullptr;
    std::pair<std::size_t, bool> most{0, false};
    bool alone = false;
    for (AlarmFound& found : alarms) {
      const std::pair<std::size_t, bool> shared{
          std::max(words_shared(found.alarm.name), words_shared(parse_resource(found.alarm.entity).name)),
          found.firing};
      if (shared.first == 0 || shared < most) continue;
      alone = shared > most;
      most = shared;
      best = &found;
    }
    return alone ? best : nullptr;
  }

  base::Result<Start> by_sentence() {
    MIDWATCH_TRY(const Json body, ask("cloudwatch", "DescribeAlarms", Json::object()));
    auto alarms = alarms_in(body);
    const auto match = [this](const AlarmFound& a) {
      const std::size_t whole = names(a.alarm.name) ? a.alarm.name.size() + kNameBytes : 0;
      const std::string resource = parse_resource(a.alarm.entity).name;
      return std::max(whole, names(resource) ? resource.size() : std::size_t{0});
    };
    const auto best =
        std::max_element(alarms.begin(), alarms.end(), [&](const AlarmFound& a, const AlarmFound& b) {
          return std::tuple(match(a), a.firing, a.alarm.time) < std::tuple(match(b), b.firing, b.alarm.time);
        });
    const std::string resource = named_resource();
    // An alarm that the sentence names, or that fires at what it names; else the resource itself.
    if (best != alarms.end() && match(*best) > 0 &&
        (best->firing || match(*best) > kNameBytes || resource.empty())) {
      auto start = start_at(std::move(*best));
      if (start) start->alarm.question = wanted_.question;
      return start;
    }
    if (!resource.empty()) return at_entity(resource);
    if (AlarmFound* found = alarm_by_words(alarms)) {
      auto start = start_at(std::move(*found));
      if (start) start->alarm.question = wanted_.question;
      return start;
    }
    const auto firing =
        std::count_if(alarms.begin(), alarms.end(), [](const AlarmFound& a) { return a.firing; });
    if (firing == 1) {
      const auto only =
          std::find_if(alarms.begin(), alarms.end(), [](const AlarmFound& a) { return a.firing; });
      auto start = start_at(std::move(*only));
      if (start) start->alarm.question = wanted_.question;
      return start;
    }
    std::string known;
    for (std::size_t i = 0; i < std::min(alarms.size(), kShownNames); ++i)
      known += (i > 0 ? ", " : "") + base::printable(alarms[i].alarm.name, kNameBytes);
    return base::user_error(
        base::ErrorCode::kNotFound,
        fmt::format("the sentence names no alarm and no resource of this account; alarms here are: {}",
                    known.empty() ? "none" : known));
  }

  /// The resource with the longest name that the sentence holds; empty where it names none.
  std::string named_resource() {
    struct List {
      const char* service;
      const char* operation;
      const char* list;
      const char* name;  ///< member of an item; empty: the item is its name, ARN or address
      const char* arn;   ///< empty: it is known as service/name
    };
    static constexpr std::array<List, 8> kLists{
        {{"lambda", "ListFunctions", "Functions", "FunctionName", "FunctionArn"},
         {"ecs", "ListClusters", "clusterArns", "", ""},
         {"rds", "DescribeDBInstances", "DBInstances", "DBInstanceIdentifier", "DBInstanceArn"},
         {"elbv2", "DescribeLoadBalancers", "LoadBalancers", "LoadBalancerName", "LoadBalancerArn"},
         {"dynamodb", "ListTables", "TableNames", "", ""},
         {"sqs", "ListQueues", "QueueUrls", "", ""},
         {"stepfunctions", "ListStateMachines", "stateMachines", "name", "stateMachineArn"},
         {"apigateway", "GetRestApis", "items", "name", ""}}};
    std::string best;
    std::size_t longest = 0;
    const auto consider = [&](const std::string& name, const std::string& id) {
      if (name.size() > longest && names(name)) {
        longest = name.size();
        best = id;
      }
    };
    for (const List& list : kLists) {
      const auto body = ask(list.service, list.operation, Json::object());
      if (!body) continue;
      for (const Json& item : base::list_at(*body, list.list)) {
        if (std::string_view(list.operation) == "ListClusters") {
          const auto services = ask("ecs", "ListServices", {{"cluster", base::text(item)}});
          if (!services) continue;
          for (const Json& arn : base::list_at(*services, "serviceArns"))
            consider(parse_resource(base::text(arn)).name, base::text(arn));
        } else {
          const std::string own = item.is_string() ? base::text(item) : base::text_at(item, list.name);
          const std::string name = own.substr(own.rfind('/') + 1);
          consider(name, *list.arn == '\0' ? fmt::format("{}/{}", list.service, name)
                                           : base::text_at(item, list.arn));
        }
      }
    }
    return best;
  }

  const Wanted& wanted_;
  base::Timestamp now_;
  const AskOne& ask_;
};

}  // namespace

base::Result<Start> find_start(const Wanted& wanted, base::Timestamp now, const AskOne& ask) {
  return Finder(wanted, now, ask).find();
}

}  // namespace midwatch::connectors::aws

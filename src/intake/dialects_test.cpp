#include "src/intake/dialects.h"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/json.h"

namespace midwatch::intake {
namespace {

using base::Json;
using model::IncomingAlarm;
using ::testing::HasSubstr;

Decoded decoded_of(std::string_view dialect, std::string_view body) {
  const Dialect* found = dialect_of(dialect);
  if (found == nullptr) throw std::invalid_argument("no such dialect");
  auto decoded = found->decode(body);
  if (!decoded) throw std::invalid_argument(decoded.error().describe());
  return *std::move(decoded);
}

/// What an alarm says, one line a fact, so that a row of a table shows all of it.
std::string shown(const IncomingAlarm& alarm) {
  std::string text;
  const auto add = [&](const char* name, std::string_view value) {
    if (!value.empty()) text += std::string(name) + "=" + std::string(value) + "\n";
  };
  add("state", to_string(alarm.state));
  add("key", alarm.key);
  add("name", alarm.name);
  add("entity", alarm.entity);
  add("account", alarm.account);
  add("region", alarm.region);
  add("metric", alarm.metric);
  add("severity", to_string(alarm.severity));
  add("summary", alarm.summary);
  add("link", alarm.link);
  if (alarm.since != base::Timestamp{}) add("since", base::format_rfc3339(alarm.since));
  return text;
}

std::string in_topic(const Json& message) {
  return base::dump_json({{"Type", "Notification"},
                          {"MessageId", "m-1"},
                          {"TopicArn", "arn:aws:sns:eu-west-1:123456789012:oncall"},
                          {"Message", base::dump_json(message)}});
}

Json cloudwatch_message() {
  return {{"AlarmName", "orders errors"},
          {"AlarmDescription", "see the runbook"},
          {"AWSAccountId", "123456789012"},
          {"NewStateValue", "ALARM"},
          {"OldStateValue", "OK"},
          {"NewStateReason", "Threshold Crossed: 1 datapoint was greater than the threshold (1.0)."},
          {"StateChangeTime", "2026-01-05T02:11:00.250+0000"},
          {"Region", "EU (Ireland)"},
          {"AlarmArn", "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:orders errors"},
          {"Trigger",
           {{"MetricName", "Errors"},
            {"Namespace", "AWS/Lambda"},
            {"Dimensions", {{{"value", "orders"}, {"name", "FunctionName"}}}}}}};
}

struct Row {
  const char* what;
  const char* dialect;
  std::string body;
  const char* alarm;
};

std::vector<Row> rows() {
  return {
      {"a metric alarm in a topic", "cloudwatch-sns", in_topic(cloudwatch_message()),
       R"(state=firing
key=arn:aws:cloudwatch:eu-west-1:123456789012:alarm:orders errors
name=orders errors
entity=lambda/orders
account=123456789012
region=eu-west-1
metric=Errors
severity=unknown
summary=Threshold Crossed: 1 datapoint was greater than the threshold (1.0).
link=https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/orders%20errors
since=2026-01-05T02:11:00.250Z
)"},
      {"an alarm over a formula: the resource that all its metrics are about", "cloudwatch-sns",
       in_topic({{"AlarmName", "ratio"},
                 {"NewStateValue", "OK"},
                 {"Region", "EU (Ireland)"},
                 {"AWSAccountId", "123456789012"},
                 {"Trigger",
                  {{"Metrics",
                    {{{"Id", "e"}, {"Expression", "a/b"}},
                     {{"Id", "a"},
                      {"MetricStat",
                       {{"Metric",
                         {{"MetricName", "HTTPCode_Target_5XX_Count"},
                          {"Namespace", "AWS/ApplicationELB"},
                          {"Dimensions",
                           {{{"name", "LoadBalancer"}, {"value", "app/web/1"}},
                            {{"name", "AvailabilityZone"}, {"value", "eu-west-1a"}}}}}}}}},
                     {{"Id", "b"},
                      {"MetricStat",
                       {{"Metric",
                         {{"MetricName", "RequestCount"},
                          {"Namespace", "AWS/ApplicationELB"},
                          {"Dimensions", {{{"name", "LoadBalancer"}, {"value", "app/web/1"}}}}}}}}}}}}}}),
       R"(state=resolved
key=123456789012/EU (Ireland)/ratio
name=ratio
entity=elasticloadbalancing/app/web/1
account=123456789012
metric=HTTPCode_Target_5XX_Count
severity=unknown
)"},
      {"an alarm by EventBridge", "cloudwatch-eventbridge",
       R"({"version":"0","id":"e-1","detail-type":"CloudWatch Alarm State Change","source":"aws.cloudwatch","account":"123456789012",
"time":"2026-01-05T02:11:01Z","region":"us-east-1","resources":["arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu"],
"detail":{"alarmName":"cpu","configuration":{"description":"d","metrics":[{"id":"m","metricStat":{"metric":{"dimensions":{"DBInstanceIdentifier":"ledger"},
"name":"CPUUtilization","namespace":"AWS/RDS"},"period":60,"stat":"Average"},"returnData":true}]},"previousState":{"value":"OK"},
"state":{"reason":"too much","timestamp":"2026-01-05T02:11:00.985+0000","value":"ALARM"}}})",
       R"(state=firing
key=arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu
name=cpu
entity=rds/ledger
account=123456789012
region=us-east-1
metric=CPUUtilization
severity=unknown
summary=too much
link=https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/cpu
since=2026-01-05T02:11:00.985Z
)"},
      {"an alert of Prometheus", "alertmanager",
       R"({"version":"4","groupKey":"{}:{}","truncatedAlerts":0,"status":"firing","receiver":"midwatch","groupLabels":{},"commonLabels":{},
"commonAnnotations":{},"externalURL":"http://alerts:9093","alerts":[{"status":"firing","labels":{"alertname":"HighErrorRate",
"deployment":"web","namespace":"shop","severity":"critical"},"annotations":{"summary":"5xx above 5 %"},"startsAt":"2026-01-05T02:11:00.25Z",
"endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus:9090/graph?g0.expr=rate%28http_errors_total%7Bjob%3D%22web%22%7D%5B5m%5D%29+%3E+1&g0.tab=1",
"fingerprint":"c0ffee"}]})",
       R"(state=firing
key=c0ffee
name=HighErrorRate
entity=deployment/shop/web
metric=http_errors_total
severity=critical
summary=5xx above 5 %
link=http://prometheus:9090/graph?g0.expr=rate%28http_errors_total%7Bjob%3D%22web%22%7D%5B5m%5D%29+%3E+1&g0.tab=1
since=2026-01-05T02:11:00.250Z
)"},
      {"a resolved alert of Grafana", "grafana",
       R"({"receiver":"midwatch","status":"resolved","orgId":1,"version":"1","title":"t","state":"ok","message":"m","alerts":[{"status":"resolved",
"labels":{"alertname":"Latency","service":"checkout","grafana_folder":"prod","resource":"arn:aws:ecs:eu-west-1:1:service/c/checkout"},
"annotations":{"description":"p99 is high"},"startsAt":"2026-01-05T02:00:00Z","endsAt":"2026-01-05T02:30:00+09:00","generatorURL":"https://grafana/g",
"panelURL":"https://grafana/d/1?viewPanel=2","fingerprint":"f1","values":{"A":1.5},"valueString":"[ var='A' value=1.5 ]"}]})",
       R"(state=resolved
key=f1
name=Latency
entity=arn:aws:ecs:eu-west-1:1:service/c/checkout
account=1
region=eu-west-1
severity=unknown
summary=p99 is high
link=https://grafana/d/1?viewPanel=2
since=2026-01-04T17:30:00Z
)"},
      {"an incident of PagerDuty", "pagerduty",
       R"({"event":{"id":"01D","event_type":"incident.triggered","resource_type":"incident","occurred_at":"2026-01-05T02:11:05Z","data":{
"id":"PGR0VU2","type":"incident","html_url":"https://acme.pagerduty.com/incidents/PGR0VU2","number":2,"status":"triggered",
"incident_key":"d3640fbd","created_at":"2026-01-05T02:11:00Z","title":"A little bump","service":{"summary":"API Service","type":"service_reference"},
"priority":{"summary":"P1"},"urgency":"high"}}})",
       R"(state=firing
key=PGR0VU2
name=A little bump
entity=service/API Service
severity=critical
summary=A little bump
link=https://acme.pagerduty.com/incidents/PGR0VU2
since=2026-01-05T02:11:00Z
)"},
      {"a resolved incident of PagerDuty", "pagerduty",
       R"({"event":{"id":"01E","event_type":"incident.resolved","occurred_at":"2026-01-05T03:00:00Z","data":{"id":"PGR0VU2","type":"incident",
"status":"resolved","title":"A little bump","created_at":"2026-01-05T02:11:00Z","urgency":"low"}}})",
       R"(state=resolved
key=PGR0VU2
name=A little bump
severity=low
summary=A little bump
since=2026-01-05T03:00:00Z
)"},
      {"Datadog's own payload", "datadog",
       R"({"body":"%%%\nhigh load\n%%%","last_updated":"1767579060000","event_type":"query_alert_monitor","title":"[P2] [Triggered] high load","date":"1767579060000",
"org":{"id":"1","name":"o"},"id":"5485379890863845239"})",
       R"(state=firing
key=high load/
name=high load
severity=high
summary=high load
since=2026-01-05T02:11:00Z
)"},
      {"a payload of Datadog with the variables that count", "datadog",
       R"({"id":"7","alert_id":"1234","alert_title":"[Recovered] disk","alert_transition":"Recovered","alert_metric":"system.disk.in_use",
"alert_scope":"host:db-1,service:ledger","alert_status":"below 0.9","alert_priority":"P3","tags":"env:prod,region:eu-west-1","hostname":"db-1",
"link":"https://app.datadoghq.com/event/event?id=7","alert_query":"$ALERT_QUERY","date":1767579060000})",
       R"(state=resolved
key=1234/host:db-1,service:ledger
name=disk
entity=service/ledger
region=eu-west-1
metric=system.disk.in_use
severity=medium
summary=below 0.9
link=https://app.datadoghq.com/event/event?id=7
since=2026-01-05T02:11:00Z
)"},
      {"an alert of Opsgenie", "opsgenie",
       R"({"action":"Create","integrationName":"midwatch","source":{"name":"","type":"api"},"alert":{"alertId":"a-1","alias":"db-full","message":"disk is full",
"tags":["env:prod","paging"],"tinyId":"23","entity":"ledger","description":"97 % used","priority":"P1","createdAt":1767579060000,
"updatedAt":1767579060000000000,"details":{"region":"eu-west-1"}}})",
       R"(state=firing
key=db-full
name=disk is full
entity=service/ledger
region=eu-west-1
severity=critical
summary=97 % used
since=2026-01-05T02:11:00Z
)"},
      {"a closed alert of Opsgenie", "opsgenie",
       R"({"action":"Close","alert":{"alertId":"a-1","message":"disk is full","updatedAt":1767579060000000000}})",
       R"(state=resolved
key=a-1
name=disk is full
severity=unknown
summary=disk is full
since=2026-01-05T02:11:00Z
)"},
      {"an incident by the generic webhook", "generic",
       R"({"eventType":"incident","incidentId":"inc-7","action":"created","priority":"HIGH","title":"Targets are unhealthy","description":"2 of 4",
"timestamp":"2026-01-05T02:11:00.000Z","service":"alb","data":{"metadata":{"region":"eu-west-1","metric":"UnHealthyHostCount"}}})",
       R"(state=firing
key=inc-7
name=Targets are unhealthy
entity=service/alb
region=eu-west-1
metric=UnHealthyHostCount
severity=high
summary=2 of 4
since=2026-01-05T02:11:00Z
)"},
      {"an incident that names a resource", "generic",
       R"({"eventType":"incident","incidentId":"inc-8","action":"resolved","priority":"MINIMAL","title":"t","data":{"alarm":
"arn:aws:cloudwatch:us-east-1:2:alarm:x","function":"arn:aws:lambda:us-east-1:2:function:pay"}})",
       R"(state=resolved
key=inc-8
name=t
entity=arn:aws:lambda:us-east-1:2:function:pay
account=2
region=us-east-1
severity=low
summary=t
)"},
  };
}

TEST(Dialects, ReadWhatSendersSay) {
  for (const Row& row : rows()) {
    const Decoded decoded = decoded_of(row.dialect, row.body);
    ASSERT_EQ(decoded.alarms.size(), 1U) << row.what << ": " << decoded.note;
    EXPECT_EQ(shown(decoded.alarms.front()), row.alarm) << row.what;
    EXPECT_FALSE(decoded.key.empty()) << row.what;
    EXPECT_EQ(decoded.key, decoded_of(row.dialect, row.body).key) << row.what;
    EXPECT_FALSE(decoded.confirmation) << row.what;
  }
}

TEST(Dialects, ReadEveryDialectInTheirTable) {
  std::map<std::string_view, int> tested;
  for (const Row& row : rows()) ++tested[row.dialect];
  std::string_view last;
  for (const Dialect& dialect : dialects()) {
    EXPECT_GT(tested[dialect.name], 0) << dialect.name;
    EXPECT_LT(last, dialect.name);
    EXPECT_FALSE(dialect.title.empty() || dialect.proofs.empty());
    last = dialect.name;
  }
  EXPECT_EQ(dialect_of("carrier-pigeon"), nullptr);
}

TEST(Dialects, SayWhyAMessageMakesNoAlarm) {
  Json insufficient = cloudwatch_message();
  insufficient["NewStateValue"] = "INSUFFICIENT_DATA";
  const std::vector<std::array<std::string, 3>> cases = {
      {"cloudwatch-sns", in_topic(insufficient), "went to INSUFFICIENT_DATA"},
      {"cloudwatch-sns", R"({"Type":"Notification","MessageId":"m","Message":"disk full?"})",
       "no alarm of CloudWatch"},
      {"cloudwatch-sns",
       R"({"Type":"UnsubscribeConfirmation","MessageId":"m","TopicArn":"t","SubscribeURL":"https://x"})",
       "the subscription to t has ended"},
      {"cloudwatch-eventbridge", R"({"id":"1","detail-type":"EC2 Instance State-change Notification"})",
       "another kind"},
      {"alertmanager", R"({"status":"firing","alerts":[]})", "holds no alert"},
      {"alertmanager", R"({"status":"firing","alerts":[{"status":"firing"},7]})", "2 alerts have no labels"},
      {"pagerduty",
       R"({"event":{"id":"1","event_type":"incident.acknowledged","data":{"id":"P","type":"incident"}}})",
       "'incident.acknowledged' says nothing new"},
      {"pagerduty", R"({"event":{"id":"1","event_type":"pagey.ping","data":{"message":"hi"}}})",
       "'pagey.ping'"},
      {"datadog", R"({"id":"1","title":"somebody logged in"})", "no transition"},
      {"opsgenie", R"({"action":"AddNote","alert":{"alertId":"a"}})", "'AddNote' says nothing new"},
      {"generic", R"({"eventType":"audit","incidentId":"1","action":"created","title":"t"})",
       "another type: 'audit'"},
  };
  for (const auto& [dialect, body, note] : cases) {
    const Decoded decoded = decoded_of(dialect, body);
    EXPECT_TRUE(decoded.alarms.empty()) << body;
    EXPECT_THAT(decoded.note, HasSubstr(note)) << body;
  }
}

TEST(Dialects, RefuseWhatIsNoMessageOfTheirs) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"cloudwatch-sns", R"({"Type":"Order"})"},
      {"cloudwatch-sns", R"({"Type":"SubscriptionConfirmation"})"},
      {"cloudwatch-eventbridge", R"({"alerts":[]})"},
      {"alertmanager", R"({"status":"firing"})"},
      {"alertmanager", R"({"version":"5","status":"firing","alerts":[]})"},
      {"pagerduty", R"({"messages":[{"event":"incident.trigger"}]})"},
      {"datadog", R"({"x":1})"},
      {"opsgenie", R"({"action":"Create"})"},
      {"generic", R"({"eventType":"incident","incidentId":"1","action":"created"})"},
      {"generic", R"({"eventType":"incident","incidentId":"1","action":"exploded","title":"t"})"},
  };
  for (const auto& [dialect, body] : cases) {
    const auto decoded = dialect_of(dialect)->decode(body);
    ASSERT_FALSE(decoded) << body;
    EXPECT_EQ(decoded.error().code, base::ErrorCode::kMalformed) << body;
  }
  for (const Dialect& dialect : dialects()) {
    for (const char* body :
         {"", "[]", "null", "{", "{}", "\xff", R"({"Type":{"Type":[]},"event":[1],"alert":3})"})
      EXPECT_FALSE(dialect.decode(body)) << dialect.name << " " << body;
  }
}

TEST(Dialects, AskToConfirmASubscription) {
  const Decoded decoded = decoded_of(
      "cloudwatch-sns",
      R"({"Type":"SubscriptionConfirmation","MessageId":"m","TopicArn":"t","Token":"k","SubscribeURL":"https://sns.eu-west-1.amazonaws.com/?a"})");
  EXPECT_EQ(decoded.confirmation, "https://sns.eu-west-1.amazonaws.com/?a");
  EXPECT_TRUE(decoded.alarms.empty());
}

TEST(Dialects, ReadWhatElseATopicCarries) {
  const Json event{{"detail-type", "CloudWatch Alarm State Change"},
                   {"resources", {"arn:aws:cloudwatch:us-east-1:1:alarm:x"}},
                   {"detail", {{"alarmName", "x"}, {"state", {{"value", "ALARM"}}}}}};
  EXPECT_EQ(decoded_of("cloudwatch-sns", in_topic(event)).alarms.at(0).name, "x");
  const Json alerts{{"status", "firing"}, {"alerts", {{{"labels", {{"alertname", "y"}}}}}}};
  const Decoded decoded = decoded_of("cloudwatch-sns", in_topic(alerts));
  EXPECT_EQ(decoded.alarms.at(0).name, "y");
  EXPECT_EQ(decoded.key, "m-1");
}

TEST(Dialects, KeepHostileTextsHarmless) {
  Json labels{
      {"alertname", "evil\x1b[2J\nname"}, {"db_password", "hunter22"}, {"url", "postgres://u:hunter22@h/d"}};
  for (int i = 0; i < 200; ++i) labels["label" + std::to_string(i)] = std::string(5000, 'x');
  const Json message{{"status", "firing"},
                     {"alerts",
                      {{{"labels", labels},
                        {"fingerprint", std::string(5000, 'k')},
                        {"annotations", {{"summary", "token: " + std::string(9000, 'y')}}},
                        {"generatorURL", "javascript:alert(1)"},
                        {"startsAt", "99999999999999999999999"}}}}};
  const Decoded decoded = decoded_of("alertmanager", base::dump_json(message));
  const IncomingAlarm& alarm = decoded.alarms.at(0);
  EXPECT_THAT(decoded.note, HasSubstr("more labels"));
  EXPECT_LE(alarm.labels.size(), 64U);
  EXPECT_EQ(alarm.labels.at("db_password"), "[redacted]");
  EXPECT_THAT(alarm.labels.at("url"), Not(HasSubstr("hunter22")));
  EXPECT_EQ(alarm.name.find_first_of("\x1b\n"), std::string::npos);
  EXPECT_EQ(alarm.key, "sha256:" + base::sha256_hex(std::string(5000, 'k')));
  EXPECT_EQ(alarm.link, "");
  EXPECT_LE(alarm.summary.size(), 2048U);
  EXPECT_EQ(alarm.since, base::Timestamp{});
}

TEST(Dialects, TellTheSameAlarmByItsLabelsWhereNoFingerprintIs) {
  const auto key = [](const char* labels) {
    return decoded_of("alertmanager",
                      std::string(R"({"status":"firing","alerts":[{"labels":)") + labels + "}]}")
        .alarms.at(0)
        .key;
  };
  EXPECT_EQ(key(R"({"a":"1","b":"2"})"), key(R"({"b":"2","a":"1"})"));
  EXPECT_NE(key(R"({"a":"1","b":"2"})"), key(R"({"a":"1","b":"3"})"));
}

}  // namespace
}  // namespace midwatch::intake

#include "src/intake/example.h"

#include <chrono>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/base64.h"
#include "src/base/digest.h"
#include "src/base/json.h"
#include "src/intake/dialects.h"

namespace midwatch::intake {
namespace {

using base::Json;

constexpr std::string_view kSays = "a rehearsal of Midwatch: nothing is wrong";
constexpr std::string_view kEntity = "midwatch-rehearsal";

Json of_alertmanager(const std::string& now) {
  return {{"version", "4"},
          {"status", "firing"},
          {"receiver", "midwatch"},
          {"alerts",
           {{{"status", "firing"},
             {"labels", {{"alertname", kExampleAlarm}, {"service", kEntity}, {"severity", "low"}}},
             {"annotations", {{"summary", kSays}}},
             {"startsAt", now},
             {"fingerprint", kExampleAlarm}}}}};
}

Json of_eventbridge(const std::string& now) {
  const std::string arn = fmt::format("arn:aws:cloudwatch:us-east-1:111122223333:alarm:{}", kExampleAlarm);
  return {{"version", "0"},
          {"id", now},
          {"detail-type", "CloudWatch Alarm State Change"},
          {"source", "aws.cloudwatch"},
          {"account", "111122223333"},
          {"time", now},
          {"region", "us-east-1"},
          {"resources", {arn}},
          {"detail",
           {{"alarmName", kExampleAlarm},
            {"previousState", {{"value", "OK"}}},
            {"state", {{"reason", kSays}, {"timestamp", now}, {"value", "ALARM"}}}}}};
}

Json of_datadog(const std::string& now) {
  return {{"id", now},
          {"alert_id", kExampleAlarm},
          {"alert_title", kExampleAlarm},
          {"alert_transition", "Triggered"},
          {"alert_status", kSays},
          {"alert_priority", "P5"},
          {"tags", fmt::format("service:{}", kEntity)}};
}

Json of_generic(const std::string& now) {
  return {{"eventType", "incident"}, {"incidentId", kExampleAlarm}, {"action", "created"},
          {"priority", "LOW"},       {"title", kExampleAlarm},      {"description", kSays},
          {"timestamp", now},        {"service", kEntity}};
}

Json of_opsgenie(const std::string& now) {
  return {{"action", "Create"},
          {"alert",
           {{"alertId", now},
            {"alias", kExampleAlarm},
            {"message", kExampleAlarm},
            {"description", kSays},
            {"entity", kEntity},
            {"priority", "P5"}}}};
}

Json of_pagerduty(const std::string& now) {
  return {{"event",
           {{"id", now},
            {"event_type", "incident.triggered"},
            {"resource_type", "incident"},
            {"occurred_at", now},
            {"data",
             {{"id", kExampleAlarm},
              {"type", "incident"},
              {"status", "triggered"},
              {"title", kExampleAlarm},
              {"created_at", now},
              {"service", {{"summary", kEntity}}},
              {"urgency", "low"}}}}}};
}

/// Nothing for a dialect whose messages only its sender can sign.
Json (*body_of(std::string_view dialect))(const std::string&) {
  if (dialect == "alertmanager" || dialect == "grafana") return of_alertmanager;
  if (dialect == "cloudwatch-eventbridge") return of_eventbridge;
  if (dialect == "datadog") return of_datadog;
  if (dialect == "generic") return of_generic;
  if (dialect == "opsgenie") return of_opsgenie;
  if (dialect == "pagerduty") return of_pagerduty;
  return nullptr;
}

void prove(Proof proof, const Webhook& webhook, base::Timestamp now, http::ServerRequest& request) {
  const std::string& secret = webhook.secrets.front();
  const auto add = [&](std::string name, std::string value) {
    request.headers.emplace_back(std::move(name), std::move(value));
  };
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const std::string timed = fmt::format("{}:{}", seconds, request.body);
  switch (proof) {
    case Proof::kBasic:
      return add("Authorization", "Basic " + base::to_base64(webhook.user + ":" + secret));
    case Proof::kBearer:
      return add("Authorization", "Bearer " + secret);
    case Proof::kHeader:
      return add(webhook.secret_header, secret);
    case Proof::kEventHmac:
      add("x-amzn-event-timestamp", fmt::format("{}", seconds));
      return add("x-amzn-event-signature", base::to_base64(base::hmac_sha256(secret, timed)));
    case Proof::kGrafanaHmac:
      add("X-Grafana-Alerting-Timestamp", fmt::format("{}", seconds));
      return add("X-Grafana-Alerting-Signature", base::to_hex(base::hmac_sha256(secret, timed)));
    case Proof::kPagerDutySignature:
      return add("X-PagerDuty-Signature", "v1=" + base::to_hex(base::hmac_sha256(secret, request.body)));
    case Proof::kSlackSignature:
    case Proof::kSnsSignature:
      break;
  }
}

}  // namespace

base::Result<http::ServerRequest> example_request(const Webhook& webhook, base::Timestamp now) {
  const Dialect* dialect = dialect_of(webhook.dialect);
  const auto make = body_of(webhook.dialect);
  if (dialect == nullptr || make == nullptr)
    return base::user_error(base::ErrorCode::kUnsupported,
                            "only the sender can sign such a message. Let an alarm of its own fire: aws "
                            "cloudwatch set-alarm-state "
                            "--alarm-name NAME --state-value ALARM --state-reason rehearsal");
  http::ServerRequest request{"POST",
                              "/webhooks/" + webhook.name,
                              {{"Content-Type", "application/json"}},
                              base::dump_json(make(base::format_rfc3339(now)))};
  if (!webhook.unauthenticated) prove(webhook.proof.value_or(dialect->proofs.front()), webhook, now, request);
  return request;
}

}  // namespace midwatch::intake

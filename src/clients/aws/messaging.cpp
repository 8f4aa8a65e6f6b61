#include "src/clients/aws/messaging.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"

namespace midwatch::clients::aws {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

void decode_sqs_queues(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& item : list_at(document.body, "QueueUrls")) {
    const std::string url = base::text(item);
    const std::string name = url.substr(url.rfind('/') + 1);
    if (name.empty()) continue;
    out.entities.push_back(
        make_entity(named_id("sqs", name), "AWS::SQS::Queue", name, "queue", Json::object(), document.ref));
  }
}

void decode_sqs_queue(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& given = at(document.body, "Attributes");
  const std::string id = text_at(given, "QueueArn");
  const auto arn = parse_arn(id);
  if (!arn) {
    out.notices.push_back({"queue attributes without QueueArn do not say which queue they are of",
                           document.ref, "QueueArn がないため、どのキューの属性か分かりません"});
    return;
  }
  const std::string name(arn->name());
  auto entity = make_entity(id, "AWS::SQS::Queue", name, "queue", given, document.ref);
  copy_members(given,
               {{"queue.visible", "ApproximateNumberOfMessages"},
                {"queue.in_flight", "ApproximateNumberOfMessagesNotVisible"},
                {"queue.delayed", "ApproximateNumberOfMessagesDelayed"},
                {"limit.visibility", "VisibilityTimeout"},
                {"limit.retention", "MessageRetentionPeriod"}},
               entity.attributes);
  const Json redrive = base::parse_json(text_at(given, "RedrivePolicy")).value_or(Json());
  copy_members(redrive, {{"limit.receives", "maxReceiveCount"}, {"queue.dead_letter", "deadLetterTargetArn"}},
               entity.attributes);
  out.entities.push_back(std::move(entity));
  add_alias(out, named_id("sqs", name), id);
  // What lies in a dead-letter queue comes from the queue that it is for, so its growth is explained there.
  const std::string dead_letters = text_at(redrive, "deadLetterTargetArn");
  if (!dead_letters.empty()) relate(out, dead_letters, id, RelationKind::kReadsFrom, document.ref);
}

void decode_kinesis_stream(const Document& document, telemetry::TelemetryBatch& out) {
  for (const char* member : {"StreamDescriptionSummary", "StreamDescription"}) {
    const Json& stream = at(document.body, member);
    const std::string id = text_at(stream, "StreamARN");
    const std::string name = text_at(stream, "StreamName");
    if (id.empty()) continue;
    auto entity = make_entity(id, "AWS::Kinesis::Stream", name, "queue", stream, document.ref);
    copy_members(stream, {{"platform.phase", "StreamStatus"}, {"limit.shards", "OpenShardCount"}},
                 entity.attributes);
    out.entities.push_back(std::move(entity));
    add_alias(out, named_id("kinesis", name), id);
  }
}

void decode_event_rules(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& rule : list_at(document.body, "Rules")) {
    const std::string name = text_at(rule, "Name");
    std::string id = text_at(rule, "Arn");
    if (name.empty()) continue;
    if (id.empty()) id = named_id("events", name);
    auto entity = make_entity(id, "AWS::Events::Rule", "rule " + name, "event_rule", rule, document.ref);
    const std::string state = text_at(rule, "State");
    entity.attributes.set("platform.phase", state);
    out.entities.push_back(std::move(entity));
    add_alias(out, named_id("events", name), id);
    if (state != "DISABLED") continue;
    auto event = make_event(document, id, "events", Json());
    event.type = "rule";
    event.reason = state;
    event.message = fmt::format("rule {} is disabled: its targets are not called", name);
    out.events.push_back(std::move(event));
  }
}

void decode_rules_of_target(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string target = unqualified_function(document.command.option("target-arn"));
  // The target has its work from the rule: without the rule it does nothing.
  for (const Json& name : list_at(document.body, "RuleNames"))
    relate(out, target, named_id("events", base::text(name)), RelationKind::kReadsFrom, document.ref);
}

void decode_event_targets(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string_view rule = document.command.option("rule");
  if (rule.empty()) {
    out.notices.push_back({"targets without their command do not say which rule they are of", document.ref,
                           "コマンドの記録がないため、どのルールのターゲットか分かりません"});
    return;
  }
  for (const Json& target : list_at(document.body, "Targets")) {
    const std::string id = named_id("events", rule);
    relate(out, id, unqualified_function(text_at(target, "Arn")), RelationKind::kCalls, document.ref);
    relate(out, id, text_at(target, "DeadLetterConfig", "Arn"), RelationKind::kWritesTo, document.ref);
    relate(out, id, text_at(target, "RoleArn"), RelationKind::kAssumesRole, document.ref);
  }
}

}  // namespace midwatch::clients::aws

#include "src/clients/aws/lambda.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"
#include "src/clients/aws/policy_statements.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

/// The one container of a function, in the paths of src/observe/state/README.md.
constexpr std::string_view kContainer = "container.function.";

void add_environment(const Json& configuration, telemetry::Attributes& attributes) {
  const std::string prefix = "Environment.Variables.";
  // Copied from the flattened members, where the values of secrets are gone already.
  std::vector<std::pair<std::string, std::string>> copies;
  for (const auto* entry : attributes.with_prefix(prefix))
    copies.emplace_back(fmt::format("{}env.{}", kContainer, entry->first.substr(prefix.size())),
                        entry->second);
  for (auto& [path, value] : copies) attributes.set(std::move(path), std::move(value));
  const std::string error = text_at(configuration, "Environment", "Error", "Message");
  if (!error.empty()) attributes.set("platform.message", error);
}

void add_relations(const Document& document, const Json& configuration, const std::string& id,
                   telemetry::TelemetryBatch& out) {
  relate(out, id, text_at(configuration, "Role"), RelationKind::kAssumesRole, document.ref);
  relate(out, id, text_at(configuration, "DeadLetterConfig", "TargetArn"), RelationKind::kWritesTo,
         document.ref);
  relate(out, id, text_at(configuration, "KMSKeyArn"), RelationKind::kReadsSecret, document.ref);
  for (const char* list : {"SubnetIds", "SecurityGroupIds"}) {
    for (const Json& item : list_at(at(configuration, "VpcConfig"), list))
      relate(out, id, named_id("ec2", base::text(item)), RelationKind::kRelated, document.ref);
  }
  for (const Json& system : list_at(configuration, "FileSystemConfigs"))
    relate(out, id, text_at(system, "Arn"), RelationKind::kReadsFrom, document.ref);
}

void add_modification(const Document& document, const Json& configuration, const std::string& id,
                      telemetry::TelemetryBatch& out) {
  const auto modified = time_of(at(configuration, "LastModified"));
  if (!modified) return;
  telemetry::ChangeEvent change;
  change.time = *modified;
  const std::string version = text_at(configuration, "Version");
  change.version = version;
  change.kind = telemetry::ChangeKind::kDeployment;
  change.entity = id;
  change.id =
      fmt::format("{}:{}", text_at(configuration, "FunctionName"),
                  version.empty() || version == "$LATEST" ? base::format_rfc3339(*modified) : version);
  change.telling.name = "function_modified";
  auto& told = change.telling.facts;
  told.set("function", text_at(configuration, "FunctionName"));
  told.set("bytes", text_at(configuration, "CodeSize"));
  change.summary = fmt::format("{} CodeSize={}", told.get("function"), told.get("bytes"));
  copy_members(configuration, {{"code_sha256", "CodeSha256"}, {"description", "Description"}},
               change.attributes);
  change.ref = document.ref;
  out.changes.push_back(std::move(change));
}

void decode_configuration(const Document& document, const Json& configuration,
                          telemetry::TelemetryBatch& out) {
  const std::string id = unqualified_function(text_at(configuration, "FunctionArn"));
  const std::string name = text_at(configuration, "FunctionName");
  if (id.empty() || name.empty()) return;
  auto entity = make_entity(id, "AWS::Lambda::Function", name, "function", configuration, document.ref);
  auto& attributes = entity.attributes;
  set_number(attributes, "limit.memory", at(configuration, "MemorySize"), kMebibyte);
  set_number(attributes, "limit.timeout", at(configuration, "Timeout"));
  copy_members(configuration,
               {{"platform.phase", "State"},
                {"platform.reason", "StateReasonCode"},
                {"platform.message", "StateReason"}},
               attributes);
  copy_times(configuration, {{"platform.created", "LastModified"}}, attributes);
  copy_members(configuration, {{"container.function.image_digest", "CodeSha256"}}, attributes);
  add_environment(configuration, attributes);
  const std::string update = text_at(configuration, "LastUpdateStatus");
  if (!update.empty()) {
    attributes.set("condition.Update.status", update == "Failed" ? "False" : "True");
    attributes.set("condition.Update.reason", text_at(configuration, "LastUpdateStatusReasonCode"));
    attributes.set("condition.Update.message", text_at(configuration, "LastUpdateStatusReason"));
  }
  out.entities.push_back(std::move(entity));
  std::string group = text_at(configuration, "LoggingConfig", "LogGroup");
  if (group.empty()) group = "/aws/lambda/" + name;
  add_alias(out, named_id("lambda", name), id);
  add_alias(out, named_id("logs", group), id);
  add_relations(document, configuration, id, out);
  add_modification(document, configuration, id, out);
}

void add_limit(const Document& document, const std::string& id, const Json& reserved,
               telemetry::TelemetryBatch& out) {
  if (id.empty() || !base::number(reserved)) return;
  telemetry::Entity entity;
  entity.id = id;
  entity.ref = document.ref;
  set_number(entity.attributes, "limit.concurrency", reserved);
  out.entities.push_back(std::move(entity));
}

}  // namespace

void decode_lambda_function(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& inner = at(document.body, "Configuration");
  const Json& configuration = inner.is_object() ? inner : document.body;
  decode_configuration(document, configuration, out);
  const std::string id = unqualified_function(text_at(configuration, "FunctionArn"));
  add_limit(document, id, at(document.body, "Concurrency", "ReservedConcurrentExecutions"), out);
  const std::string image = text_at(document.body, "Code", "ImageUri");
  if (!image.empty() && !id.empty()) {
    telemetry::Entity entity;
    entity.id = id;
    entity.ref = document.ref;
    entity.attributes.set("container.function.image", image);
    out.entities.push_back(std::move(entity));
  }
}

void decode_lambda_functions(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& function : list_at(document.body, "Functions"))
    decode_configuration(document, function, out);
}

void decode_lambda_event_sources(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& mapping : list_at(document.body, "EventSourceMappings")) {
    const std::string function = unqualified_function(text_at(mapping, "FunctionArn"));
    if (function.empty()) continue;
    const std::string source = text_at(mapping, "EventSourceArn");
    // The platform hands a queue's messages to the function: what fails there, piles up here.
    if (const auto arn = parse_arn(source); arn && arn->service == "sqs") {
      relate(out, source, function, RelationKind::kRoutesTo, document.ref);
    } else {
      relate(out, function, source, RelationKind::kReadsFrom, document.ref);
    }
    telemetry::Entity entity;
    entity.id = function;
    entity.ref = document.ref;
    const std::string prefix = "event_source." + text_at(mapping, "UUID") + ".";
    for (const char* member : {"State", "StateTransitionReason", "LastProcessingResult", "BatchSize",
                               "MaximumRetryAttempts", "EventSourceArn"}) {
      std::string value = text_at(mapping, member);
      if (!value.empty()) entity.attributes.set(prefix + member, std::move(value));
    }
    out.entities.push_back(std::move(entity));
    const std::string state = text_at(mapping, "State");
    const std::string result = text_at(mapping, "LastProcessingResult");
    const bool failing = result.starts_with("PROBLEM") || result.find("rror") != std::string::npos;
    if (state != "Disabled" && state != "Disabling" && !failing) continue;
    auto event = make_event(document, function, "lambda", at(mapping, "LastModified"));
    event.type = "event_source_mapping";
    event.reason = state;
    event.message = fmt::format("event source mapping of {} is {} ({}); last result: {}; mapping {}",
                                text_at(mapping, "EventSourceArn"), state,
                                text_at(mapping, "StateTransitionReason"), result, text_at(mapping, "UUID"));
    out.events.push_back(std::move(event));
  }
}

void decode_lambda_concurrency(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string_view name = document.command.option("function-name");
  if (name.empty()) return;
  const std::string id = parse_arn(name) ? unqualified_function(name) : named_id("lambda", name);
  add_limit(document, id, at(document.body, "ReservedConcurrentExecutions"), out);
}

void decode_lambda_policy(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string_view name = document.command.option("function-name");
  if (name.empty()) return;
  telemetry::Entity function;
  function.id = parse_arn(name) ? unqualified_function(name) : named_id("lambda", name);
  function.ref = document.ref;
  const Json policy = policy_document(at(document.body, "Policy"));
  std::size_t number = 0;
  for (const Json& statement : list_at(policy, "Statement")) {
    const Json& condition = at(statement, "Condition");
    std::string source = text_at(condition, "ArnLike", "AWS:SourceArn");
    if (source.empty()) source = text_at(condition, "ArnEquals", "AWS:SourceArn");
    const auto arn = parse_arn(source);
    const bool may = text_at(statement, "Effect") == "Allow";
    if (!may || !arn || arn->service != "s3" || source.find('*') != std::string::npos) continue;
    function.attributes.set(fmt::format("permission.{}.source", number++), source);
    relate(out, function.id, source, RelationKind::kReadsFrom, document.ref);
  }
  if (number > 0) out.entities.push_back(std::move(function));
}

void decode_lambda_account_settings(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& limit = at(document.body, "AccountLimit");
  if (!base::number(at(limit, "ConcurrentExecutions"))) return;
  auto quota = make_entity(kLambdaConcurrency, "AWS::ServiceQuotas::Quota", "concurrent runs of the account",
                           "quota", limit, document.ref);
  set_number(quota.attributes, "quota.limit", at(limit, "ConcurrentExecutions"));
  set_number(quota.attributes, "quota.unreserved", at(limit, "UnreservedConcurrentExecutions"));
  out.entities.push_back(std::move(quota));
}

void decode_lambda_versions(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& version : list_at(document.body, "Versions"))
    add_modification(document, version, unqualified_function(text_at(version, "FunctionArn")), out);
}

}  // namespace midwatch::clients::aws

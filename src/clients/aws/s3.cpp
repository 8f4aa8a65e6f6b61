#include "src/clients/aws/s3.h"

#include <array>
#include <optional>

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

std::string_view partition_of(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  return region.starts_with("us-gov-") ? "aws-us-gov" : "aws";
}

/// The bucket that the command names; nothing where there is no command.
std::optional<telemetry::Entity> bucket_of(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string name(document.command.option("bucket"));
  if (name.empty()) {
    out.notices.push_back({"a bucket's configuration without its command does not say whose it is",
                           document.ref, "コマンドの記録がないため、どのバケットの設定か分かりません"});
    return std::nullopt;
  }
  const std::string id = fmt::format("arn:{}:s3:::{}", partition_of(document.command.option("region")), name);
  add_alias(out, named_id("s3", name), id);
  return make_entity(id, "AWS::S3::Bucket", name, "bucket", Json::object(), document.ref);
}

/// Who is meant by a statement that denies, as far as it says so by ARNs.
struct Denied {
  std::string principal;
  std::string except;
  std::string condition;  ///< further ones, under which alone it denies
};

void add_part(std::string& list, const std::string& part) {
  if (!part.empty()) list += (list.empty() ? "" : ", ") + part;
}

/// Source: IAM User Guide, "AWS JSON policy elements: Condition operators", "NotPrincipal"
Denied denied_by(const Json& statement) {
  Denied denied;
  const auto names = [&statement](const char* member) {
    const Json& principal = at(statement, member);
    return joined_texts(principal.is_object() ? at(principal, "AWS") : principal);
  };
  denied.principal = names("Principal");
  denied.except = names("NotPrincipal");
  if (!denied.except.empty()) denied.principal = "*";
  for (const auto& [operation, keys] : at(statement, "Condition").items()) {
    for (const auto& [key, values] : keys.items()) {
      const std::string named = joined_texts(values);
      if (key != "aws:PrincipalArn") {
        add_part(denied.condition, fmt::format("{} {} {}", key, operation, named));
      } else if (operation.find("Not") != std::string::npos) {
        add_part(denied.except, named);
      } else {
        denied.principal = named;
      }
    }
  }
  return denied;
}

void add_denials(const Json& policy, telemetry::Attributes& attributes) {
  std::size_t number = 0;
  for (const Json& statement : list_at(policy, "Statement")) {
    if (text_at(statement, "Effect") != "Deny") continue;
    const std::string prefix = fmt::format("deny.{}.", number++);
    const Denied denied = denied_by(statement);
    attributes.set(prefix + "statement", policy_statement_text(statement));
    attributes.set(prefix + "principal", denied.principal);
    attributes.set(prefix + "action", joined_texts(at(statement, "Action")));
    const std::string id = text_at(statement, "Sid");
    for (const auto& [path, value] : {std::pair{"except", denied.except},
                                      std::pair{"condition", denied.condition}, std::pair{"id", id}}) {
      if (!value.empty()) attributes.set(prefix + path, value);
    }
  }
}

/// "s3:ObjectCreated:* (prefix in/) to arn:…"
std::string in_words(const Json& notification, const std::string& target) {
  std::string text = joined_texts(at(notification, "Events"));
  for (const Json& rule : list_at(at(at(notification, "Filter"), "Key"), "FilterRules"))
    text += fmt::format(" ({} {})", text_at(rule, "Name"), text_at(rule, "Value"));
  return fmt::format("{} to {}", text, target);
}

}  // namespace

void decode_bucket_policy(const Document& document, telemetry::TelemetryBatch& out) {
  auto bucket = bucket_of(document, out);
  if (!bucket) return;
  const Json policy = policy_document(at(document.body, "Policy"));
  if (policy.is_null()) bucket->attributes.set("policy.bucket", "none");
  add_policy_statements(policy, "bucket", bucket->attributes);
  add_denials(policy, bucket->attributes);
  out.entities.push_back(*std::move(bucket));
}

void decode_public_access_block(const Document& document, telemetry::TelemetryBatch& out) {
  auto bucket = bucket_of(document, out);
  if (!bucket) return;
  const Json& block = at(document.body, "PublicAccessBlockConfiguration");
  for (const auto& [path, member] : {std::pair{"public_access.policies", "RestrictPublicBuckets"},
                                     std::pair{"public_access.lists", "IgnorePublicAcls"}})
    bucket->attributes.set(path, at(block, member) == true ? "blocked" : "allowed");
  out.entities.push_back(*std::move(bucket));
}

void decode_bucket_notifications(const Document& document, telemetry::TelemetryBatch& out) {
  static constexpr std::array<std::pair<const char*, const char*>, 3> kTargets{
      {{"LambdaFunctionConfigurations", "LambdaFunctionArn"},
       {"QueueConfigurations", "QueueArn"},
       {"TopicConfigurations", "TopicArn"}}};
  auto bucket = bucket_of(document, out);
  if (!bucket) return;
  std::size_t number = 0;
  for (const auto& [list, member] : kTargets) {
    for (const Json& notification : list_at(document.body, list)) {
      const std::string target = unqualified_function(text_at(notification, member));
      bucket->attributes.set(fmt::format("notification.{}", number), in_words(notification, target));
      bucket->attributes.set(fmt::format("notification.{}.target", number++), target);
      // What starts a function is what it depends on; queues and topics are written to.
      const auto arn = parse_arn(target);
      if (arn && arn->service == "lambda") {
        relate(out, target, bucket->id, RelationKind::kReadsFrom, document.ref);
      } else {
        relate(out, bucket->id, target, RelationKind::kWritesTo, document.ref);
      }
    }
  }
  if (document.body.contains("EventBridgeConfiguration"))
    bucket->attributes.set("notification.event_bus", "true");
  bucket->attributes.set("notification.count", std::to_string(number));
  out.entities.push_back(*std::move(bucket));
}

void decode_bucket_encryption(const Document& document, telemetry::TelemetryBatch& out) {
  auto bucket = bucket_of(document, out);
  if (!bucket) return;
  for (const Json& rule : list_at(at(document.body, "ServerSideEncryptionConfiguration"), "Rules")) {
    const Json& by_default = at(rule, "ApplyServerSideEncryptionByDefault");
    copy_members(by_default, {{"encryption.algorithm", "SSEAlgorithm"}, {"encryption.key", "KMSMasterKeyID"}},
                 bucket->attributes);
    const std::string key = text_at(by_default, "KMSMasterKeyID");
    if (parse_arn(key)) relate(out, bucket->id, key, RelationKind::kReadsSecret, document.ref);
  }
  out.entities.push_back(*std::move(bucket));
}

void decode_bucket_location(const Document& document, telemetry::TelemetryBatch& out) {
  auto bucket = bucket_of(document, out);
  if (!bucket) return;
  // The oldest region has no name here. Source: S3 API reference, "GetBucketLocation"
  const std::string region = text_at(document.body, "LocationConstraint");
  bucket->attributes.set("region", region.empty() ? "us-east-1" : region == "EU" ? "eu-west-1" : region);
  out.entities.push_back(*std::move(bucket));
}

}  // namespace midwatch::clients::aws

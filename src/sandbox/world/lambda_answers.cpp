#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/base64.h"
#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/code_package.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

/// "2025-12-15T01:02:03.000+0000", as Lambda prints times.
std::string lambda_time(base::Timestamp time) {
  return base::format_rfc3339(time).substr(0, 19) + ".000+0000";
}

std::string function_arn(const View& view, const std::string& name) {
  return arn(view.world, "lambda", "function:" + name);
}

/// The name of the input's FunctionName, which may be an ARN or carry a qualifier.
std::string name_of(const Json& input) {
  std::string name = text_at(input, "FunctionName");
  constexpr std::string_view kMark = ":function:";
  if (const std::size_t mark = name.find(kMark); mark != std::string::npos)
    name = name.substr(mark + kMark.size());
  return name.substr(0, name.find(':'));
}

const Timeline<FunctionSpec>* find(const View& view, const std::string& name) {
  for (const auto& [known, spec] : view.world.functions) {
    if (known == name) return &spec;
  }
  return nullptr;
}

Answer unknown(const View& view, const std::string& name) {
  return refuse("ResourceNotFoundException", "Function not found: " + function_arn(view, name), 404);
}

/// When the function was changed last; far back where no change of the world did.
base::Timestamp modified(const View& view, const std::string& name, bool code_only) {
  base::Timestamp latest = view.world.zero - std::chrono::hours(24 * 37);
  for (const FunctionUpdate& update : view.history.function_updates) {
    if (update.function == name && view.past(update.time) && (update.code || !code_only))
      latest = update.time;
  }
  return latest;
}

Json configuration(const View& view, const std::string& name, const FunctionSpec& spec) {
  const std::string package = zip_of(spec.code);
  Json json{
      {"FunctionName", name},
      {"FunctionArn", function_arn(view, name)},
      {"Runtime", spec.runtime},
      {"Role", global_arn(view.world, "iam", "role/" + (spec.role.empty() ? name + "-role" : spec.role))},
      {"Handler", spec.handler},
      {"CodeSize", package.size()},
      {"Description", ""},
      {"Timeout", static_cast<long>(spec.timeout)},
      {"MemorySize", static_cast<long>(spec.memory)},
      {"LastModified", lambda_time(modified(view, name, false))},
      {"CodeSha256", base::to_base64(base::sha256(package))},
      {"Version", "$LATEST"}};
  if (!spec.subnets.empty())
    json["VpcConfig"] = {
        {"SubnetIds", spec.subnets}, {"SecurityGroupIds", spec.security_groups}, {"VpcId", "vpc-0a1b2c3d"}};
  if (!spec.environment.empty()) json["Environment"] = {{"Variables", spec.environment}};
  json["TracingConfig"] = {{"Mode", spec.tracing ? "Active" : "PassThrough"}};
  json["RevisionId"] = base::sha256_hex(name + lambda_time(modified(view, name, false))).substr(0, 32);
  json["State"] = "Active";
  json["LastUpdateStatus"] = "Successful";
  json["PackageType"] = "Zip";
  json["Architectures"] = Json::array({"x86_64"});
  json["EphemeralStorage"] = {{"Size", 512}};
  json["SnapStart"] = {{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}};
  json["LoggingConfig"] = {{"LogFormat", spec.log_format}, {"LogGroup", "/aws/lambda/" + name}};
  return json;
}

Answer get_function_configuration(const View& view, const Json& input) {
  const std::string name = name_of(input);
  const auto* spec = find(view, name);
  if (spec == nullptr) return unknown(view, name);
  return configuration(view, name, spec->at(view.time));
}

Answer get_function(const View& view, const Json& input) {
  const std::string name = name_of(input);
  const auto* spec = find(view, name);
  if (spec == nullptr) return unknown(view, name);
  const FunctionSpec& now = spec->at(view.time);
  Json json{{"Configuration", configuration(view, name, now)},
            {"Code", {{"RepositoryType", "S3"}, {"Location", "sandbox://code/" + name}}},
            {"Tags", Json::object()}};
  if (now.concurrency >= 0)
    json["Concurrency"] = {{"ReservedConcurrentExecutions", static_cast<long>(now.concurrency)}};
  return json;
}

Answer list_functions(const View& view, const Json& /*input*/) {
  Json list = Json::array();
  for (const auto& [name, spec] : view.world.functions)
    list.push_back(configuration(view, name, spec.at(view.time)));
  return Json{{"Functions", std::move(list)}};
}

Answer list_versions(const View& view, const Json& input) {
  const std::string name = name_of(input);
  const auto* spec = find(view, name);
  if (spec == nullptr) return unknown(view, name);
  return Json{{"Versions", Json::array({configuration(view, name, spec->at(view.time))})}};
}

Answer list_aliases(const View& view, const Json& input) {
  if (find(view, name_of(input)) == nullptr) return unknown(view, name_of(input));
  return Json{{"Aliases", Json::array()}};
}

/// Who may call a function: the service, and of a bucket which.
Json caller(const View& view, const std::string& function, const char* service, const std::string& source) {
  Json statement{{"Sid", fmt::format("{}-calls", std::string_view(service).substr(0, 2))},
                 {"Effect", "Allow"},
                 {"Principal", {{"Service", service}}},
                 {"Action", "lambda:InvokeFunction"},
                 {"Resource", function_arn(view, function)}};
  if (!source.empty())
    statement["Condition"] = {{"StringEquals", {{"AWS:SourceAccount", view.world.account}}},
                              {"ArnLike", {{"AWS:SourceArn", source}}}};
  return statement;
}

Answer get_policy(const View& view, const Json& input) {
  const std::string name = name_of(input);
  const auto* spec = find(view, name);
  Json statements = Json::array();
  if (spec != nullptr && !spec->at(view.time).gateway.empty())
    statements.push_back(caller(view, name, "apigateway.amazonaws.com", ""));
  if (spec != nullptr && !spec->at(view.time).bucket.empty())
    statements.push_back(
        caller(view, name, "s3.amazonaws.com", "arn:aws:s3:::" + spec->at(view.time).bucket));
  if (statements.empty())
    return refuse("ResourceNotFoundException", "The resource you requested does not exist.", 404);
  const Json policy{{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", std::move(statements)}};
  return Json{{"Policy", base::dump_json(policy)}, {"RevisionId", base::sha256_hex(name).substr(0, 32)}};
}

Answer list_event_sources(const View& view, const Json& input) {
  const std::string asked = name_of(input);
  Json mappings = Json::array();
  for (const auto& [name, spec] : view.world.functions) {
    const FunctionSpec& now = spec.at(view.time);
    if (now.queue.empty() || (!asked.empty() && asked != name)) continue;
    mappings.push_back({{"UUID", base::sha256_hex(name + now.queue).substr(0, 32)},
                        {"BatchSize", 10},
                        {"EventSourceArn", arn(view.world, "sqs", now.queue)},
                        {"FunctionArn", function_arn(view, name)},
                        {"LastModified", time_text(modified(view, name, false))},
                        {"State", now.queue_enabled ? "Enabled" : "Disabled"},
                        {"StateTransitionReason", "USER_INITIATED"}});
  }
  // Mappings of streams are stated: no process of a world reads one.
  const std::string source = text_at(input, "EventSourceArn");
  for (const Json& stated : documents(view.world, "lambda.ListEventSourceMappings")) {
    const auto from = base::number_at(stated, "$from");
    const auto until = base::number_at(stated, "$until");
    const bool there = (!from || *from <= view.time) && (!until || view.time < *until);
    const bool meant = (asked.empty() || text_at(stated, "FunctionArn").ends_with(":" + asked)) &&
                       (source.empty() || source == text_at(stated, "EventSourceArn"));
    if (!there || !meant) continue;
    Json mapping = stated;
    mapping.erase("$from");
    mapping.erase("$until");
    mappings.push_back(std::move(mapping));
  }
  return Json{{"EventSourceMappings", std::move(mappings)}};
}

Answer get_concurrency(const View& view, const Json& input) {
  const auto* spec = find(view, name_of(input));
  if (spec == nullptr) return unknown(view, name_of(input));
  Json json = Json::object();
  if (spec->at(view.time).concurrency >= 0)
    json["ReservedConcurrentExecutions"] = static_cast<long>(spec->at(view.time).concurrency);
  return json;
}

Answer get_account_settings(const View& view, const Json& /*input*/) {
  double unreserved = view.world.concurrency;
  std::size_t code = 0;
  for (const auto& [name, spec] : view.world.functions) {
    unreserved -= std::max(0.0, spec.at(view.time).concurrency);
    code += zip_of(spec.at(view.time).code).size();
  }
  return Json{{"AccountLimit",
               {{"TotalCodeSize", 80530636800L},
                {"CodeSizeUnzipped", 262144000L},
                {"CodeSizeZipped", 52428800L},
                {"ConcurrentExecutions", static_cast<long>(view.world.concurrency)},
                {"UnreservedConcurrentExecutions", static_cast<long>(unreserved)}}},
              {"AccountUsage", {{"TotalCodeSize", code}, {"FunctionCount", view.world.functions.size()}}}};
}

}  // namespace

std::vector<Operation> lambda_operations() {
  return {{"lambda", "GetFunction", get_function},
          {"lambda", "GetFunctionConfiguration", get_function_configuration},
          {"lambda", "ListFunctions", list_functions},
          {"lambda", "ListVersionsByFunction", list_versions},
          {"lambda", "ListAliases", list_aliases},
          {"lambda", "GetPolicy", get_policy},
          {"lambda", "ListEventSourceMappings", list_event_sources},
          {"lambda", "GetFunctionConcurrency", get_concurrency},
          {"lambda", "GetAccountSettings", get_account_settings}};
}

}  // namespace midwatch::sandbox::world

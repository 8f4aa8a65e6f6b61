#include "src/connectors/aws/surveyor.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/clients/aws/alias_map.h"
#include "src/connectors/aws/account_lists.h"
#include "src/connectors/aws/resource.h"
#include "src/connectors/aws/resource_questions.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;
using base::list_at;
using telemetry::Entity;

/// The call graph of traces is that of this time: long enough to see what is called rarely, and less than the
/// six hours that one call may span.
constexpr base::Duration kTraced = std::chrono::hours(1);
/// How far from the wanted entity it is worth asking.
constexpr int kFarthest = 3;
/// Questions of one round; so many names of what was left unasked are told.
constexpr std::size_t kRound = 40;
constexpr std::size_t kNamedUnasked = 10;
constexpr std::size_t kNameBytes = 200;

/// Of the questions about a resource, those that tell what it is and whom it refers to.
bool tells_structure(const Question& question, const Resource& about) {
  static constexpr std::array<std::string_view, 17> kStructure{"GetFunctionConfiguration",
                                                               "ListEventSourceMappings",
                                                               "DescribeServices",
                                                               "DescribeTaskDefinition",
                                                               "DescribeTargetGroups",
                                                               "DescribeLoadBalancers",
                                                               "DescribeListeners",
                                                               "DescribeDBInstances",
                                                               "DescribeDBClusters",
                                                               "DescribeCacheClusters",
                                                               "DescribeTable",
                                                               "DescribeStateMachine",
                                                               "DescribeSecurityGroups",
                                                               "DescribeSubnets",
                                                               "DescribeStackResources",
                                                               "GetRestApis",
                                                               "GetApis"};
  const auto& [service, operation, region, input, account] = question.request;
  if (std::find(kStructure.begin(), kStructure.end(), operation) == kStructure.end()) return false;
  // The revision before the present one runs nowhere.
  return operation != "DescribeTaskDefinition" || base::text_at(input, "taskDefinition") == about.name;
}

/// What the items of a list are asked with, one call each.
struct Items {
  std::string_view asked;  ///< the operation that gave the list
  std::string_view list;
  std::string_view member;  ///< of an item; empty: the item is the name
  const char* service;
  const char* operation;
  const char* input;
};

constexpr std::array<Items, 6> kItems{
    {{"ListTables", "TableNames", "", "dynamodb", "DescribeTable", "TableName"},
     {"ListQueues", "QueueUrls", "", "sqs", "GetQueueAttributes", "QueueUrl"},
     {"ListStateMachines", "stateMachines", "stateMachineArn", "stepfunctions", "DescribeStateMachine",
      "stateMachineArn"},
     {"ListRules", "Rules", "Name", "events", "ListTargetsByRule", "Rule"},
     {"DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn", "elbv2", "DescribeListeners",
      "LoadBalancerArn"},
     {"DescribeStacks", "Stacks", "StackName", "cloudformation", "ListStackResources", "StackName"}}};

class Surveyor {
 public:
  Surveyor(const runtime::RequestContext& context, clients::aws::api::Api& api, const SurveyOptions& options)
      : context_(context.within(options.limits.time)),
        inquiry_(api, context_, options.limits, options.on_answer),
        options_(options),
        boundary_(options.space) {
    const base::Timestamp now = context_.clock().now();
    times_.window = {now - kTraced, now};
    times_.baseline = times_.window;
  }

  base::Result<Survey> run() {
    if (!options_.entity.empty()) MIDWATCH_TRY_VOID(check_entity());
    std::vector<Question> left;
    for (const Place& place : places_of(options_.space, options_.region)) {
      inquiry_.turn_to(place.account);
      region_ = place.region;
      list_space(inquiry_, region_, boundary_);
      left = ask_all(first_questions());
    }
    if (const auto wanted = context_.check(); !wanted && wanted.error().code == base::ErrorCode::kCancelled)
      return wanted.error();
    tell_unasked(left);
    return std::move(*this).result();
  }

 private:
  base::Result<> check_entity() const {
    if (parse_resource(options_.entity).service.empty()) {
      return base::user_error(
          base::ErrorCode::kInvalidArgument,
          fmt::format("'{}' is neither an ARN nor of the form service/name (lambda/orders)",
                      base::printable(options_.entity, kNameBytes)));
    }
    if (boundary_.is_listed()) return {};
    if (const auto why = boundary_.refusal(options_.entity)) {
      return base::user_error(base::ErrorCode::kPermissionDenied,
                              fmt::format("it lies outside the agent space: {}", *why));
    }
    return {};
  }

  /// Asks in rounds until everything is known, and gives what is left when calls or time are over.
  std::vector<Question> ask_all(std::vector<Question> round) {
    while (!round.empty() && !inquiry_.is_over()) {
      const std::size_t size = std::min(round.size(), kRound);
      std::vector<Question> now(round.begin(), round.begin() + static_cast<std::ptrdiff_t>(size));
      std::vector<Question> later(round.begin() + static_cast<std::ptrdiff_t>(size), round.end());
      for (const Answer& answer : inquiry_.ask(std::move(now))) follow_up(answer, later);
      round = without_asked(std::move(later));
      if (round.empty()) round = without_asked(about_references());
    }
    return round;
  }

  Question asking(const char* service, const char* operation, Json input) const {
    Question question;
    question.request = {service, operation, region_, std::move(input)};
    return question;
  }

  /// Everything there is; where only some of it may be read, or is wanted, one begins at that.
  std::vector<Question> first_questions() {
    std::vector<Question> first{questions_about_traces(times_, region_).front()};
    if (options_.entity.empty() && !boundary_.is_listed()) {
      for (const auto& [service, operation] : kAccountLists)
        first.push_back(asking(service, operation, Json::object()));
      return first;
    }
    for (Question& question : without_asked(about_references())) first.push_back(std::move(question));
    // Who runs behind a load balancer is told by services only.
    first.push_back(question_for_clusters(region_));
    if (boundary_.is_listed() && options_.entity.empty()) return first;
    first.push_back(asking("elbv2", "DescribeTargetGroups", Json::object()));
    return first;
  }

  bool refuses(const std::string& id) const { return boundary_.refusal(id).has_value(); }

  void follow_up(const Answer& answer, std::vector<Question>& out) const {
    const auto body = body_of(answer);
    if (!answer.answered || !body) return;
    for (Question& question : questions_after(answer.question, *body, times_)) {
      if (question.request.service != "logs") out.push_back(std::move(question));
    }
    for (const Items& items : kItems) {
      if (items.asked != answer.question.request.operation) continue;
      for (const Json& item : list_at(*body, items.list)) {
        const std::string name = items.member.empty() ? base::text(item) : base::text_at(item, items.member);
        auto question = asking(items.service, items.operation, {{items.input, name}});
        if (question.request.operation == "GetQueueAttributes")
          question.request.input["AttributeNames"] = Json::array({"All"});
        question.subject = base::text_at(item, "StackId");
        if (question.subject.empty() || !refuses(question.subject)) out.push_back(std::move(question));
      }
    }
  }

  /// What is referred to, and nobody has described yet.
  std::vector<Question> about_references() {
    const auto batch = inquiry_.known();
    const auto near = nearby(batch);
    std::set<std::string> wanted;
    std::set<std::string> described;
    for (const Entity& entity : batch.entities) {
      const bool only_listed =
          std::all_of(entity.attributes.begin(), entity.attributes.end(),
                      [](const auto& entry) { return entry.first.starts_with("stack."); });
      (only_listed ? wanted : described).insert(entity.id);
    }
    for (const auto& relation : batch.relations) {
      wanted.insert(relation.from);
      wanted.insert(relation.to);
    }
    if (!options_.entity.empty()) wanted.insert(options_.entity);
    if (boundary_.is_listed()) wanted.insert(boundary_.admitted().begin(), boundary_.admitted().end());
    std::vector<Question> out;
    for (const std::string& id : wanted) {
      if (described.contains(id) || refuses(id) || (near && !near->contains(id))) continue;
      Entity entity;
      entity.id = id;
      const Resource resource = parse_resource(id);
      for (Question& question : questions_about(entity, times_, region_)) {
        if (tells_structure(question, resource)) out.push_back(std::move(question));
      }
    }
    return out;
  }

  /// What is around the wanted entity; nothing where everything is wanted.
  std::optional<std::map<std::string, int>> nearby(const telemetry::TelemetryBatch& batch) const {
    if (options_.entity.empty()) return std::nullopt;
    return distances_from(clients::aws::AliasMap(batch).meant(options_.entity), batch, kFarthest);
  }

  std::vector<Question> without_asked(std::vector<Question> questions) const {
    std::set<std::string> seen;
    std::erase_if(questions, [&](const Question& question) {
      return inquiry_.was_asked(question) || !seen.insert(command_text(question.request)).second;
    });
    return questions;
  }

  void tell_unasked(const std::vector<Question>& left) {
    const bool late = inquiry_.calls_left() > 0;
    for (std::size_t i = 0; i < std::min(left.size(), kNamedUnasked); ++i) {
      inquiry_.leave_out(left[i], late ? "DeadlineExceeded" : "NotAsked",
                         fmt::format("{}; {} questions were left",
                                     late ? "the time was over"
                                          : fmt::format("the {} calls were used up", options_.limits.calls),
                                     left.size()));
    }
  }

  Survey result() && {
    Survey out;
    out.batch = inquiry_.known();
    out.calls = inquiry_.calls();
    if (!options_.entity.empty()) out.entity = clients::aws::AliasMap(out.batch).meant(options_.entity);
    out.answers = std::move(inquiry_).take_answers();
    std::set<std::string> outside;
    const auto hide = [&](const std::string& id) {
      const bool hidden = refuses(id);
      if (hidden) outside.insert(id);
      return hidden;
    };
    std::erase_if(out.batch.entities, [&](const Entity& entity) { return hide(entity.id); });
    std::erase_if(out.batch.relations, [&](const telemetry::Relation& relation) {
      const bool from = hide(relation.from);
      const bool to = hide(relation.to);
      return from || to;
    });
    out.outside = outside.size();
    return out;
  }

  runtime::RequestContext context_;
  Inquiry inquiry_;
  const SurveyOptions& options_;
  Boundary boundary_;
  AskedTimes times_;
  std::string region_;  ///< that is asked now
};

}  // namespace

base::Result<Survey> survey(const runtime::RequestContext& context, clients::aws::api::Api& api,
                            const SurveyOptions& options) {
  return Surveyor(context, api, options).run();
}

}  // namespace midwatch::connectors::aws

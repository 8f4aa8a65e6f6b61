#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/scene.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

std::vector<std::string> queues_of(const View& view) {
  std::vector<std::string> names;
  for (const auto& [name, spec] : view.world.queues) {
    names.push_back(name);
    if (!spec.last().dead_letters.empty()) names.push_back(spec.last().dead_letters);
  }
  return names;
}

double latest(const View& view, const std::string& metric, const std::string& queue) {
  const MetricCourse* course = view.history.metrics.find({"AWS/SQS", metric, {{"QueueName", queue}}});
  if (course == nullptr) return 0;
  const auto next = course->upper_bound(view.now);
  return next == course->begin() ? 0 : std::prev(next)->second.max;
}

Answer list_queues(const View& view, const Json& input) {
  Json urls = Json::array();
  for (const std::string& name : queues_of(view)) {
    if (name.starts_with(text_at(input, "QueueNamePrefix"))) urls.push_back(queue_url(view.world, name));
  }
  return Json{{"QueueUrls", std::move(urls)}};
}

Answer unknown_queue() {
  return refuse("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
}

Answer get_queue_url(const View& view, const Json& input) {
  const std::string name = text_at(input, "QueueName");
  if (!holds(queues_of(view), name)) return unknown_queue();
  return Json{{"QueueUrl", queue_url(view.world, name)}};
}

Answer list_dead_letter_source_queues(const View& view, const Json& input) {
  const std::string name = last_name(text_at(input, "QueueUrl"));
  if (!holds(queues_of(view), name)) return unknown_queue();
  Json urls = Json::array();
  for (const auto& [queue, spec] : view.world.queues) {
    if (spec.at(view.time).dead_letters == name) urls.push_back(queue_url(view.world, queue));
  }
  return Json{{"queueUrls", std::move(urls)}};
}

Answer get_queue_attributes(const View& view, const Json& input) {
  const std::string name = last_name(text_at(input, "QueueUrl"));
  if (!holds(queues_of(view), name)) return unknown_queue();
  Json attributes{{"QueueArn", arn(view.world, "sqs", name)},
                  {"ApproximateNumberOfMessages",
                   fmt::format("{:.0f}", latest(view, "ApproximateNumberOfMessagesVisible", name))},
                  {"ApproximateNumberOfMessagesNotVisible", "0"},
                  {"VisibilityTimeout", "60"},
                  {"MessageRetentionPeriod", "345600"}};
  for (const auto& [queue, spec] : view.world.queues) {
    const std::string& dead = spec.at(view.time).dead_letters;
    if (queue != name || dead.empty()) continue;
    attributes["RedrivePolicy"] =
        base::dump_json({{"deadLetterTargetArn", arn(view.world, "sqs", dead)}, {"maxReceiveCount", 3}});
  }
  return Json{{"Attributes", std::move(attributes)}};
}

Answer list_tables(const View& view, const Json& /*input*/) {
  Json names = Json::array();
  for (const auto& [name, spec] : view.world.tables) names.push_back(name);
  return Json{{"TableNames", std::move(names)}};
}

Answer describe_table(const View& view, const Json& input) {
  const std::string asked = last_name(text_at(input, "TableName"));
  for (const auto& [name, spec] : view.world.tables) {
    if (name != asked) continue;
    const TableSpec& now = spec.at(view.time);
    Json table{{"TableName", name},
               {"TableArn", arn(view.world, "dynamodb", "table/" + name)},
               {"TableStatus", "ACTIVE"},
               {"KeySchema", Json::array({{{"AttributeName", "id"}, {"KeyType", "HASH"}}})},
               {"CreationDateTime", time_text(view.world.zero - std::chrono::hours(24 * 300))},
               {"ProvisionedThroughput",
                {{"ReadCapacityUnits", static_cast<long>(now.reads)},
                 {"WriteCapacityUnits", static_cast<long>(now.writes)}}},
               {"BillingModeSummary",
                {{"BillingMode", now.reads + now.writes > 0 ? "PROVISIONED" : "PAY_PER_REQUEST"}}}};
    return Json{{"Table", std::move(table)}};
  }
  return refuse("ResourceNotFoundException",
                fmt::format("Requested resource not found: Table: {} not found", asked));
}

}  // namespace

std::vector<Operation> store_operations() {
  return {{"sqs", "ListQueues", list_queues},
          {"sqs", "GetQueueUrl", get_queue_url},
          {"sqs", "ListDeadLetterSourceQueues", list_dead_letter_source_queues},
          {"sqs", "GetQueueAttributes", get_queue_attributes},
          {"dynamodb", "ListTables", list_tables},
          {"dynamodb", "DescribeTable", describe_table}};
}

}  // namespace midwatch::sandbox::world

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "src/base/json_access.h"
#include "src/clients/aws/cloudwatch.h"
#include "src/clients/aws/metric_identity.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

/// What one query of get-metric-data asks for.
struct Query {
  std::string id;
  telemetry::MetricKey key;
  base::Duration period{};
  bool sparse = false;  ///< a minute without a point is a minute of zero
  std::string
      grouped_by;  ///< the dimension by which an expression gives a series each; its value is the label
  std::string name_space;
};

/// SELECT MAX(ConcurrentExecutions) FROM SCHEMA("AWS/Lambda", FunctionName) GROUP BY FunctionName …
/// Source: CloudWatch user guide, "Query components and syntax in CloudWatch Metrics Insights".
void read_expression(const std::string& expression, Query& query) {
  static const re2::RE2 kForm(
      R"re((?i)^\s*SELECT\s+(\w+)\("?([\w.]+)"?\)\s+FROM\s+SCHEMA\("?([\w/]+)"?,\s*"?(\w+)"?\).*\bGROUP BY\s+"?(\w+)"?)re");
  std::string function;
  std::string metric;
  std::string schema;
  std::string group;
  if (!re2::RE2::PartialMatch(expression, kForm, &function, &metric, &query.name_space, &schema, &group) ||
      schema != group)
    return;
  static constexpr std::array<std::pair<std::string_view, const char*>, 5> kStatistics{
      {{"MAX", "Maximum"}, {"MIN", "Minimum"}, {"AVG", "Average"}, {"SUM", "Sum"}, {"COUNT", "SampleCount"}}};
  for (const auto& [name, statistic] : kStatistics) {
    if (function == name) query.key.stat = statistic;
  }
  query.key.metric = metric;
  query.grouped_by = group;
}

/// True for sums that are published only where there is something to count.
/// Source: "Reporting criteria: there is a nonzero value", CloudWatch metrics of Elastic Load Balancing; the
/// metrics pages of DynamoDB, API Gateway, Lambda and Step Functions.
bool is_sparse(std::string_view name_space, std::string_view metric, std::string_view stat) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kSparse{
      {{"AWS/ApplicationELB", "HTTPCode_"},
       {"AWS/ApplicationELB", "TargetConnectionErrorCount"},
       {"AWS/ApplicationELB", "RejectedConnectionCount"},
       {"AWS/ApplicationELB", "TargetTLSNegotiationErrorCount"},
       {"AWS/DynamoDB", "ReadThrottleEvents"},
       {"AWS/DynamoDB", "WriteThrottleEvents"},
       {"AWS/DynamoDB", "SystemErrors"},
       {"AWS/ApiGateway", "5XXError"},
       {"AWS/ApiGateway", "4XXError"},
       {"AWS/Lambda", "Throttles"},
       {"AWS/Lambda", "Invocations"},
       {"AWS/Lambda", "Errors"},
       {"AWS/States", "ExecutionsFailed"},
       {"AWS/States", "ExecutionsTimedOut"},
       {"AWS/Events", "Invocations"},
       {"AWS/Events", "FailedInvocations"}}};
  return stat == "Sum" && std::any_of(kSparse.begin(), kSparse.end(), [&](const auto& sparse) {
           return name_space == sparse.first && metric.starts_with(sparse.second);
         });
}

/// What a metric is measured in, where its name does not say it: GetMetricData does not either.
/// Source: "Metrics and dimensions" of each service.
std::string_view unit_of(std::string_view name_space, std::string_view metric) {
  struct Unit {
    std::string_view name_space;
    std::string_view metric;
    std::string_view unit;
  };
  static constexpr std::array<Unit, 14> kUnits{
      {{"AWS/Lambda", "Duration", "Milliseconds"},
       {"AWS/Lambda", "IteratorAge", "Milliseconds"},
       {"AWS/ApiGateway", "Latency", "Milliseconds"},
       {"AWS/ApiGateway", "IntegrationLatency", "Milliseconds"},
       {"AWS/ApplicationELB", "TargetResponseTime", "Seconds"},
       {"AWS/States", "ExecutionTime", "Milliseconds"},
       {"AWS/DynamoDB", "SuccessfulRequestLatency", "Milliseconds"},
       {"AWS/SQS", "ApproximateAgeOfOldestMessage", "Seconds"},
       {"AWS/RDS", "ReadLatency", "Seconds"},
       {"AWS/RDS", "WriteLatency", "Seconds"},
       {"AWS/RDS", "ReplicaLag", "Seconds"},
       {"AWS/RDS", "FreeableMemory", "Bytes"},
       {"AWS/RDS", "FreeStorageSpace", "Bytes"},
       {"AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "Milliseconds"}}};
  const auto* at = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& known) {
    return known.name_space == name_space && known.metric == metric;
  });
  return at == kUnits.end() ? std::string_view() : at->unit;
}

telemetry::MetricKey key_of(std::string_view name_space, std::string_view metric, std::string stat,
                            Dimensions dimensions) {
  telemetry::MetricKey key;
  MetricOwner owner = owner_of_metric(name_space, std::move(dimensions));
  key.entity = std::move(owner.entity);
  key.metric = metric;
  key.stat = std::move(stat);
  for (auto& [name, value] : owner.remaining) key.dimensions.emplace_back(name, std::move(value));
  return key;
}

Dimensions dimensions_of(const Json& list) {
  Dimensions dimensions;
  for (const Json& dimension : list)
    dimensions.emplace(text_at(dimension, "Name"), text_at(dimension, "Value"));
  return dimensions;
}

/// The queries of the command, where they stand in it as JSON.
std::vector<Query> queries_of(const CommandLine& command) {
  std::vector<Query> queries;
  const auto given = command.options.find("metric-data-queries");
  if (given == command.options.end()) return queries;
  for (const std::string& text : given->second) {
    const Json parsed = base::parse_json(text).value_or(Json());
    for (const Json& query : parsed.is_array() ? parsed : Json::array()) {
      const Json& stat = at(query, "MetricStat");
      const Json& metric = at(stat, "Metric");
      queries.push_back({text_at(query, "Id"),
                         key_of(text_at(metric, "Namespace"), text_at(metric, "MetricName"),
                                text_at(stat, "Stat"), dimensions_of(list_at(metric, "Dimensions"))),
                         {},
                         false,
                         {},
                         {}});
      Query& added = queries.back();
      if (const std::string expression = text_at(query, "Expression"); !expression.empty()) {
        read_expression(expression, added);
        added.period = base::duration_from_seconds(base::number_at(query, "Period").value_or(0));
        continue;
      }
      added.key.unit = text_at(stat, "Unit");
      if (added.key.unit.empty())
        added.key.unit = unit_of(text_at(metric, "Namespace"), text_at(metric, "MetricName"));
      added.period = base::duration_from_seconds(base::number_at(stat, "Period").value_or(0));
      added.sparse = is_sparse(text_at(metric, "Namespace"), text_at(metric, "MetricName"), added.key.stat);
    }
  }
  return queries;
}

/// "CPUUtilization orders-db": what CloudWatch labels a series with where nobody chose a label. The metric
/// comes first, the resource last.
telemetry::MetricKey key_of_label(const std::string& label) {
  telemetry::MetricKey key;
  const std::size_t space = label.find(' ');
  key.metric = label.substr(0, space);
  if (space != std::string::npos) key.entity = label.substr(label.rfind(' ') + 1);
  return key;
}

void sort_points(telemetry::MetricSeries& series) {
  std::sort(series.points.begin(), series.points.end(), [](const auto& a, const auto& b) {
    return std::pair(a.time, a.value) < std::pair(b.time, b.value);
  });
}

/// Points are published this late at most; what is missing before is missing for good.
/// Source: CloudWatch user guide: most services send their points within three minutes.
constexpr base::Duration kPublished = std::chrono::minutes(5);

/// Puts zeros where nothing was counted in the time that the command asked for: somebody who is not called
/// any more has no points at all. The last minutes may only not be published yet, so they stay as they are.
void fill_with_zeros(const Query& query, const CommandLine& command, telemetry::MetricSeries& series) {
  constexpr std::size_t kMostPoints = 20000;
  const auto start = base::parse_timestamp(command.option("start-time"));
  if (!query.sparse || !start || query.period < std::chrono::minutes(1) || series.points.empty()) return;
  std::vector<telemetry::MetricPoint> filled;
  auto next = series.points.begin();
  base::Timestamp at(start->time_since_epoch() / query.period * query.period);
  for (; next != series.points.end() && filled.size() < kMostPoints; at += query.period) {
    if (at < next->time) {
      filled.push_back({at, 0});
      continue;
    }
    for (; next != series.points.end() && next->time <= at; ++next) filled.push_back(*next);
  }
  filled.insert(filled.end(), next, series.points.end());
  const auto end = base::parse_timestamp(command.option("end-time"));
  for (; end && at + query.period <= *end - kPublished && filled.size() < kMostPoints; at += query.period)
    filled.push_back({at, 0});
  series.points = std::move(filled);
}

/// Where functions were asked for by their concurrency, those that hold much of what all of them hold are
/// resources to look at, whoever named them.
void tell_who_runs(const std::vector<Query>& queries, const Document& document,
                   telemetry::TelemetryBatch& out) {
  constexpr double kMuch = 0.25;
  const bool asked = std::any_of(queries.begin(), queries.end(), [](const Query& q) {
    return q.name_space == "AWS/Lambda" && q.grouped_by == "FunctionName" &&
           q.key.metric == "ConcurrentExecutions";
  });
  if (!asked) return;
  std::map<std::string, double> most;
  double all = 0;
  for (const auto& series : out.metrics) {
    if (series.key.metric != "ConcurrentExecutions" || !series.key.entity.starts_with("lambda/")) continue;
    for (const auto& point : series.points)
      most[series.key.entity] = std::max(most[series.key.entity], point.value);
  }
  for (const auto& [function, value] : most) all += value;
  for (const auto& [function, value] : most) {
    if (value < kMuch * all) continue;
    out.entities.push_back(make_entity(function, "AWS::Lambda::Function",
                                       function.substr(function.find('/') + 1), "function", Json(),
                                       document.ref));
  }
}

}  // namespace

void decode_cloudwatch_metric_data(const Document& document, telemetry::TelemetryBatch& out) {
  const std::vector<Query> queries = queries_of(document.command);
  for (const Json& result : list_at(document.body, "MetricDataResults")) {
    telemetry::MetricSeries series;
    const std::string id = text_at(result, "Id");
    const std::string label = text_at(result, "Label");
    const auto query =
        std::find_if(queries.begin(), queries.end(), [&](const Query& q) { return q.id == id; });
    series.key = query != queries.end() && !query->key.metric.empty() ? query->key : key_of_label(label);
    if (query != queries.end() && !query->grouped_by.empty())
      series.key =
          key_of(query->name_space, query->key.metric, query->key.stat, {{query->grouped_by, label}});
    if (series.key.entity.empty()) {
      out.notices.push_back({fmt::format("the metric “{}” does not say which resource it is of", label),
                             document.ref,
                             fmt::format("メトリクス「{}」がどのリソースのものか分かりません", label)});
      continue;
    }
    const Json& times = list_at(result, "Timestamps");
    const Json& values = list_at(result, "Values");
    for (std::size_t i = 0; i < std::min(times.size(), values.size()); ++i) {
      const auto time = time_of(times[i]);
      const auto value = base::number(values[i]);
      if (time && value) series.points.push_back({*time, *value});
    }
    sort_points(series);
    const std::string status = text_at(result, "StatusCode");
    if (query != queries.end() && status == "Complete") fill_with_zeros(*query, document.command, series);
    if (status != "Complete" && !status.empty())
      out.notices.push_back({fmt::format("metric “{}” is incomplete: {}", label, status), document.ref,
                             fmt::format("メトリクス「{}」は不完全です（{}）", label, status)});
    if (!series.points.empty()) out.metrics.push_back(std::move(series));
  }
  tell_who_runs(queries, document, out);
}

void decode_cloudwatch_metric_statistics(const Document& document, telemetry::TelemetryBatch& out) {
  const CommandLine& command = document.command;
  Dimensions dimensions;
  if (const auto given = command.options.find("dimensions"); given != command.options.end()) {
    for (const std::string& text : given->second) {
      const auto pair = parse_shorthand(text);
      const auto name = pair.find("Name");
      const auto value = pair.find("Value");
      if (name != pair.end() && value != pair.end()) dimensions.emplace(name->second, value->second);
    }
  }
  static constexpr std::array<const char*, 5> kStatistics{"Average", "Sum", "Maximum", "Minimum",
                                                          "SampleCount"};
  for (const char* statistic : kStatistics) {
    telemetry::MetricSeries series;
    series.key = key_of(command.option("namespace"), text_at(document.body, "Label"), statistic, dimensions);
    for (const Json& point : list_at(document.body, "Datapoints")) {
      const auto time = time_of(at(point, "Timestamp"));
      const auto value = base::number_at(point, statistic);
      if (time && value) series.points.push_back({*time, *value});
      if (series.key.unit.empty() && text_at(point, "Unit") != "None")
        series.key.unit = text_at(point, "Unit");
    }
    if (series.points.empty()) continue;
    if (series.key.entity.empty()) {
      out.notices.push_back(
          {fmt::format("statistics of “{}” without their command do not say which resource they are of",
                       series.key.metric),
           document.ref,
           fmt::format("コマンドの記録がないため、「{}」の統計がどのリソースのものか分かりません",
                       series.key.metric)});
      return;
    }
    sort_points(series);
    out.metrics.push_back(std::move(series));
  }
}

}  // namespace midwatch::clients::aws

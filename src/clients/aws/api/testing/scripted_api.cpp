#include "src/clients/aws/api/testing/scripted_api.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::clients::aws::api::testing {

ScriptedApi& ScriptedApi::answers(const std::string& operation, const std::string& json,
                                  const std::string& input_part) {
  rules_.push_back({operation, input_part, json});
  return *this;
}

ScriptedApi& ScriptedApi::refuses(const std::string& operation, base::Error error) {
  rules_.push_back({operation, {}, std::move(error)});
  return *this;
}

ScriptedApi& ScriptedApi::measures(const std::string& metric, const std::string& stat, base::Timestamp start,
                                   std::vector<double> values) {
  series_[metric + " " + stat] = {start, std::move(values)};
  return *this;
}

ScriptedApi& ScriptedApi::before_each(std::function<void(const ApiRequest&)> action) {
  action_ = std::move(action);
  return *this;
}

ScriptedApi& ScriptedApi::packs(std::string archive) {
  archive_ = std::move(archive);
  return *this;
}

base::Result<CodePackage> ScriptedApi::fetch_code(const runtime::RequestContext& context,
                                                  const ApiRequest& request) {
  MIDWATCH_TRY(base::Json function, call(context, request));
  return CodePackage{std::move(function), archive_};
}

base::Result<base::Json> ScriptedApi::call(const runtime::RequestContext& context,
                                           const ApiRequest& request) {
  const std::string input = base::dump_json(request.input);
  {
    const std::lock_guard lock(mutex_);
    calls_.push_back(fmt::format("{} {} {}", request.service, request.operation, input));
    if (action_) action_(request);
  }
  MIDWATCH_TRY_VOID(context.check());
  const auto rule = std::find_if(rules_.rbegin(), rules_.rend(), [&](const Rule& r) {
    return r.operation == request.operation && input.find(r.input_part) != std::string::npos;
  });
  if (rule != rules_.rend()) {
    if (!rule->answer) return base::Error(rule->answer.error());
    return base::parse_json(*rule->answer);
  }
  if (request.operation == "GetMetricData") return metric_data(request);
  return base::Json::object();
}

base::Json ScriptedApi::metric_data(const ApiRequest& request) const {
  base::Json results = base::Json::array();
  for (const base::Json& query : base::list_at(request.input, "MetricDataQueries")) {
    const base::Json& stat = base::at(query, "MetricStat");
    base::Json result = {{"Id", base::text_at(query, "Id")},
                         {"Label", base::text_at(stat, "Metric", "MetricName")},
                         {"Timestamps", base::Json::array()},
                         {"Values", base::Json::array()},
                         {"StatusCode", "Complete"}};
    const auto known =
        series_.find(base::text_at(stat, "Metric", "MetricName") + " " + base::text_at(stat, "Stat"));
    if (known != series_.end()) {
      base::Timestamp time = known->second.start;
      for (const double value : known->second.values) {
        result["Timestamps"].push_back(base::format_rfc3339(time));
        result["Values"].push_back(value);
        time += std::chrono::minutes(1);
      }
    }
    results.push_back(std::move(result));
  }
  return {{"MetricDataResults", std::move(results)}};
}

std::vector<std::string> ScriptedApi::calls() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> sorted = calls_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::size_t ScriptedApi::count(const std::string& operation) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(calls_.begin(), calls_.end(), [&](const std::string& call) {
    return call.find(" " + operation + " ") != std::string::npos;
  }));
}

}  // namespace midwatch::clients::aws::api::testing

#include "src/connectors/aws/trace_questions.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/span_lines.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;
using base::list_at;
using base::text_at;

// Bits, as in resource_questions.cpp: who owns the time of a slow request decides much; a list decides
// little.
constexpr double kList = 0.9;
constexpr double kRequests = 1.6;

/// Ordinary requests are those of this time before the window.
constexpr base::Duration kCalm = std::chrono::minutes(30);
/// Of so many requests some are looked at.
constexpr std::size_t kSummaries = 100;
constexpr std::size_t kCompared = 10;
constexpr std::size_t kOfOneCall = 5;  // of BatchGetTraces
/// Lines of spans that are read by name: some hundred requests.
constexpr std::size_t kSpanLines = 2000;
/// By name, lines are read from this long before the alarm on.
constexpr base::Duration kBeforeAlarm = std::chrono::minutes(10);
/// Who measures a request nearer to its work sees it a little shorter than the alarm's metric does.
constexpr double kNearer = 0.9;

/// Metrics that are the time of requests, and what one of their units is in seconds. Source: "Metrics and
/// dimensions" of each service, CloudWatch documentation.
struct TimeMetric {
  std::string_view name_space;
  std::string_view metric;
  double seconds;
};
constexpr std::array<TimeMetric, 9> kTimes{{{"AWS/Lambda", "Duration", 0.001},
                                            {"AWS/ApiGateway", "Latency", 0.001},
                                            {"AWS/ApiGateway", "IntegrationLatency", 0.001},
                                            {"AWS/ApplicationELB", "TargetResponseTime", 1},
                                            {"AWS/ELB", "Latency", 1},
                                            {"AWS/AppSync", "Latency", 0.001},
                                            {"AWS/States", "ExecutionTime", 0.001},
                                            {"AWS/CloudFront", "OriginLatency", 0.001},
                                            {"ApplicationSignals", "Latency", 0.001}}};

std::int64_t milliseconds(base::Timestamp time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Json most(std::size_t items) {
  return {{"MaxItems", items}};
}

/// An expression of X-Ray: requests that any of the names served, under a condition at that name.
/// Source: X-Ray developer guide, "Using filter expressions", complex keywords.
std::string expression(const std::vector<std::string>& names, const std::string& condition) {
  if (names.empty()) return condition;
  std::string text;
  for (const std::string& name : names) {
    text += fmt::format(R"({}service("{}"))", text.empty() ? "" : " OR ", name);
    if (!condition.empty()) text += fmt::format(" {{ {} }}", condition);
  }
  return text;
}

Question summaries(const base::TimeRange& when, const std::string& region, const std::string& filter) {
  Question question;
  question.request = {"xray",
                      "GetTraceSummaries",
                      region,
                      {{"StartTime", base::format_rfc3339(when.start)},
                       {"EndTime", base::format_rfc3339(when.end)},
                       {"PaginationConfig", most(kSummaries)}}};
  if (!filter.empty()) question.request.input["FilterExpression"] = filter;
  question.value = kRequests;
  return question;
}

base::TimeRange calm_before(const AskedTimes& times) {
  return {times.window.start - kCalm, times.window.start};
}

Question question_about_groups(const std::string& region) {
  Question question;
  question.request = {
      "logs", "DescribeLogGroups", region, {{"logGroupNamePrefix", clients::aws::kSpansGroup}}};
  question.value = kList;
  return question;
}

Question span_lines(const base::TimeRange& when, const std::string& region, std::string pattern) {
  Question question;
  question.request = {"logs",
                      "FilterLogEvents",
                      region,
                      {{"logGroupName", clients::aws::kSpansGroup},
                       {"startTime", milliseconds(when.start)},
                       {"endTime", milliseconds(when.end)},
                       {"filterPattern", std::move(pattern)},
                       {"PaginationConfig", most(kSpanLines)}}};
  question.value = kRequests;
  return question;
}

/// "1-5f84c7a1-e2f90123456789abcdef0123" as OpenTelemetry writes it.
std::string open_telemetry_id(std::string id) {
  if (id.starts_with("1-")) id.erase(0, 2);
  std::erase(id, '-');
  return id;
}

}  // namespace

bool is_function_name(std::string_view name) {
  constexpr std::size_t kLongest = 140;
  return !name.empty() && name.size() <= kLongest &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

std::optional<double> slow_requests_of(const telemetry::Alarm& alarm,
                                       const std::optional<WantedSeries>& series) {
  if (!series) return 0;
  const auto* time = std::find_if(kTimes.begin(), kTimes.end(), [&](const TimeMetric& known) {
    return known.name_space == series->name_space && known.metric == series->metric;
  });
  if (time == kTimes.end()) return std::nullopt;
  return std::max(0.0, alarm.threshold.value_or(0)) * time->seconds;
}

std::vector<Question> questions_about_slow_requests(const TraceInterest& interest, const AskedTimes& times,
                                                    const std::string& region) {
  if (!interest.slow_from) return {};
  const std::string slow =
      *interest.slow_from > 0 ? fmt::format("responsetime >= {:.3g}", kNearer * *interest.slow_from) : "";
  return {summaries(times.window, region, expression(interest.names, slow)),
          summaries(calm_before(times), region, expression(interest.names, "")),
          question_about_groups(region)};
}

std::vector<Question> questions_about_requests(const Question& asked, const Json& body) {
  const Json& requests = list_at(body, "TraceSummaries");
  if (requests.empty()) return {};
  const std::string filter = text_at(asked.request.input, "FilterExpression");
  const bool failed = filter.find("fault") != std::string::npos;
  const std::size_t wanted = std::min(requests.size(), failed ? kOfOneCall : kCompared);
  // The failed ones are alike; of the others, some from the whole answer stand for all.
  const std::size_t step = failed ? 1 : requests.size() / wanted;
  std::vector<Question> out;
  for (std::size_t from = 0; from < wanted; from += kOfOneCall) {
    Json ids = Json::array();
    for (std::size_t i = from; i < std::min(wanted, from + kOfOneCall); ++i)
      ids.push_back(text_at(requests[i * step], "Id"));
    Question question;
    question.request = {"xray",
                        "BatchGetTraces",
                        asked.request.region,
                        {{"TraceIds", std::move(ids)}},
                        asked.request.account};
    question.subject = asked.subject;
    question.value = kRequests;
    out.push_back(std::move(question));
  }
  out.push_back(question_about_groups(asked.request.region));
  out.back().request.account = asked.request.account;
  return out;
}

bool asks_for_traces(const Question& question) {
  return question.request.service == "xray" && question.request.operation == "BatchGetTraces";
}

bool tells_of_span_lines(const Question& asked, const Json& body) {
  const Json& groups = list_at(body, "logGroups");
  return asked.request.operation == "DescribeLogGroups" &&
         std::any_of(groups.begin(), groups.end(), [](const Json& group) {
           return text_at(group, "logGroupName") == clients::aws::kSpansGroup;
         });
}

Question question_about_span_lines(const Question& about_traces, const AskedTimes& times) {
  std::string pattern;
  for (const Json& id : list_at(about_traces.request.input, "TraceIds"))
    pattern += fmt::format(R"({}?"{}")", pattern.empty() ? "" : " ", open_telemetry_id(base::text(id)));
  Question question = span_lines({calm_before(times).start, times.window.end}, about_traces.request.region,
                                 std::move(pattern));
  question.request.account = about_traces.request.account;
  question.subject = about_traces.subject;
  return question;
}

std::vector<Question> questions_about_span_lines(const TraceInterest& interest, const telemetry::Alarm& alarm,
                                                 const AskedTimes& times, const std::string& region) {
  if (interest.names.empty()) return {};
  std::string pattern;
  for (const std::string& name : interest.names)
    pattern += fmt::format(R"({}?"{}")", pattern.empty() ? "" : " ", name);
  const base::Timestamp fired = alarm.time.value_or(times.window.end);
  const base::Timestamp from = std::clamp(fired - kBeforeAlarm, times.window.start, times.window.end);
  return {span_lines({from, times.window.end}, region, pattern),
          span_lines(calm_before(times), region, pattern)};
}

}  // namespace midwatch::connectors::aws

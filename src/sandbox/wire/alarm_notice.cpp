#include "src/sandbox/wire/alarm_notice.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"

namespace midwatch::sandbox::wire {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

/// Regions by the names that people are shown. Source: AWS General Reference, regional endpoints.
constexpr auto kRegions = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"af-south-1", "Africa (Cape Town)"},
    {"ap-east-1", "Asia Pacific (Hong Kong)"},
    {"ap-northeast-1", "Asia Pacific (Tokyo)"},
    {"ap-northeast-2", "Asia Pacific (Seoul)"},
    {"ap-northeast-3", "Asia Pacific (Osaka)"},
    {"ap-south-1", "Asia Pacific (Mumbai)"},
    {"ap-southeast-1", "Asia Pacific (Singapore)"},
    {"ap-southeast-2", "Asia Pacific (Sydney)"},
    {"ca-central-1", "Canada (Central)"},
    {"eu-central-1", "EU (Frankfurt)"},
    {"eu-north-1", "EU (Stockholm)"},
    {"eu-south-1", "EU (Milan)"},
    {"eu-west-1", "EU (Ireland)"},
    {"eu-west-2", "EU (London)"},
    {"eu-west-3", "EU (Paris)"},
    {"me-south-1", "Middle East (Bahrain)"},
    {"sa-east-1", "South America (Sao Paulo)"},
    {"us-east-1", "US East (N. Virginia)"},
    {"us-east-2", "US East (Ohio)"},
    {"us-west-1", "US West (N. California)"},
    {"us-west-2", "US West (Oregon)"},
});

std::string shown_region(std::string_view region) {
  const auto* found =
      std::find_if(kRegions.begin(), kRegions.end(), [&](const auto& row) { return row.first == region; });
  return std::string(found == kRegions.end() ? region : found->second);
}

/// `2022-08-26T03:46:29.897+0000`
Json time_at(const Json& alarm, std::string_view member) {
  const auto time = base::parse_rfc3339(text_at(alarm, member));
  return time ? Json(message_time(*time, "+0000")) : Json();
}

Json or_null(const Json& alarm, std::string_view member) {
  const std::string text = text_at(alarm, member);
  return text.empty() ? Json() : Json(text);
}

Json trigger_of(const Json& alarm) {
  Json trigger{{"MetricName", at(alarm, "MetricName")}, {"Namespace", at(alarm, "Namespace")}};
  std::string statistic = text_at(alarm, "Statistic");
  if (statistic.empty()) {
    trigger["StatisticType"] = "ExtendedStatistic";
    trigger["ExtendedStatistic"] = at(alarm, "ExtendedStatistic");
  } else {
    trigger["StatisticType"] = "Statistic";
    for (char& c : statistic) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const bool is_count = statistic == "SAMPLECOUNT";
    trigger["Statistic"] = is_count ? "SAMPLE_COUNT" : statistic;
  }
  trigger["Unit"] = or_null(alarm, "Unit");
  trigger["Dimensions"] = Json::array();
  for (const Json& dimension : list_at(alarm, "Dimensions"))
    trigger["Dimensions"].push_back({{"value", at(dimension, "Value")}, {"name", at(dimension, "Name")}});
  for (const char* member :
       {"Period", "EvaluationPeriods", "DatapointsToAlarm", "ComparisonOperator", "Threshold"})
    trigger[member] = at(alarm, member);
  trigger["TreatMissingData"] = text_at(alarm, "TreatMissingData");
  trigger["EvaluateLowSampleCountPercentile"] = text_at(alarm, "EvaluateLowSampleCountPercentile");
  return trigger;
}

}  // namespace

std::string message_time(base::Timestamp time, const std::string& zone) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  std::string text = base::format_rfc3339(second);
  text.pop_back();  // the Z
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time - second).count();
  return fmt::format("{}.{:03}{}", text, milliseconds, zone);
}

AlarmNotice alarm_notice(const Json& alarm, const std::string& old_state) {
  constexpr std::size_t kRegion = 3;
  constexpr std::size_t kAccount = 4;
  const std::string arn = text_at(alarm, "AlarmArn");
  const auto parts = base::split(arn, ':');
  const std::string region = parts.size() > kAccount ? shown_region(parts[kRegion]) : std::string();
  const std::string state = text_at(alarm, "StateValue");
  const std::string name = text_at(alarm, "AlarmName");
  const Json message{
      {"AlarmName", name},
      {"AlarmDescription", or_null(alarm, "AlarmDescription")},
      {"AWSAccountId", parts.size() > kAccount ? Json(std::string(parts[kAccount])) : Json()},
      {"AlarmConfigurationUpdatedTimestamp", time_at(alarm, "AlarmConfigurationUpdatedTimestamp")},
      {"NewStateValue", state},
      {"NewStateReason", at(alarm, "StateReason")},
      {"StateChangeTime", time_at(alarm, "StateUpdatedTimestamp")},
      {"Region", region},
      {"AlarmArn", arn},
      {"OldStateValue", old_state},
      {"OKActions", at(alarm, "OKActions")},
      {"AlarmActions", at(alarm, "AlarmActions")},
      {"InsufficientDataActions", at(alarm, "InsufficientDataActions")},
      {"Trigger", trigger_of(alarm)},
  };
  return {fmt::format("{}: \"{}\" in {}", state, name, region), base::dump_json(message)};
}

}  // namespace midwatch::sandbox::wire

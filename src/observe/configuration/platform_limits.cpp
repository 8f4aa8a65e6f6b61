#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/knowledge/metric_meaning.h"
#include "src/observe/configuration/detectors.h"
#include "src/observe/configuration/refusals.h"
#include "src/observe/series/robust.h"

namespace midwatch::observe::configuration {
using telemetry::MetricSeries;

namespace {

/// Who had no invocation for so long was not in use: what fails in the first runs was never shown to work.
constexpr base::Duration kLongSilence = std::chrono::hours(2);
/// A function that was refused this share as often before lives with its limit; that is not the incident.
constexpr double kOrdinaryShare = 0.5;
/// A run that ends this early, as share of its time limit, was not cut off.
constexpr double kFastShare = 0.5;

bool is_function(const ConfigurationInput& input, topology::EntityIndex i) {
  return input.topology.entity(i).attributes.get("platform.kind") == "function";
}

void detect_switched_off(const ConfigurationInput& input, topology::EntityIndex i,
                         std::vector<model::Observation>& out) {
  if (!is_function(input, i) || input.topology.entity(i).attributes.number("limit.concurrency") != 0.0)
    return;
  auto o = about(input, i, "state.function.switched_off", kSure, {"limit.concurrency"});
  o.subject = "concurrency";
  o.facts["concurrency_now"] = "0";
  out.push_back(std::move(o));
}

/// A NAT gateway that could not give a connection a source port.
/// Source: VPC user guide, "NAT gateway metrics and dimensions": ErrorPortAllocation
void detect_ports_gone(const ConfigurationInput& input, const MetricSeries& series,
                       std::vector<model::Observation>& out) {
  const auto index = input.topology.find(series.key.entity);
  if (!index || series.key.metric != "ErrorPortAllocation") return;
  const auto refused = refused_of(input, series);
  if (!refused) return;
  auto o = about(input, *index, "sign.nat_ports_exhausted", kSure, {"platform.phase"});
  o.subject = series.key.metric;
  o.onset = refused->since;
  o.value = refused->most;
  o.facts["refused"] = base::format_number(refused->all);
  o.evidence = {model::series_evidence(
      series, {series.points.front().time, series.points.back().time + base::Duration(1)})};
  out.push_back(std::move(o));
}

void detect_throttled(const ConfigurationInput& input, const MetricSeries& series,
                      std::vector<model::Observation>& out) {
  const auto index = input.topology.find(series.key.entity);
  if (!index || !is_function(input, *index)) return;
  if (knowledge::metric_meaning(series.key, input.knowledge.metric_rules).quantity != "throttles") return;
  const auto refused = refused_of(input, series);
  if (!refused) return;
  auto o = about(input, *index, "sign.lambda_throttled", kSure, {"limit.concurrency"});
  o.subject = series.key.metric;
  o.onset = refused->since;
  o.value = refused->most;
  o.facts["refused"] = base::format_number(refused->all);
  const auto limit = input.topology.entity(*index).attributes.number("limit.concurrency");
  if (limit) o.facts["limit"] = base::format_number(*limit);
  if (limit) o.facts["concurrency_now"] = o.facts["limit"];
  o.evidence.push_back(model::series_evidence(
      series, {series.points.front().time, series.points.back().time + base::Duration(1)}));
  if (!limit) o.evidence.erase(o.evidence.begin());
  out.push_back(std::move(o));
}

/// The median of what runs of a function took in the window; nothing where it was not measured.
std::optional<double> typical_duration(const ConfigurationInput& input, const std::string& function) {
  for (const MetricSeries& series : input.incident) {
    const auto meaning = knowledge::metric_meaning(series.key, input.knowledge.metric_rules);
    if (series.key.entity != function || meaning.quantity != "latency" || series.key.stat != "Average")
      continue;
    std::vector<double> values;
    for (const auto& point : series.points) {
      if (input.scope.window.contains(point.time)) values.push_back(point.value);
    }
    if (!values.empty()) return series::median_of(values);
  }
  return std::nullopt;
}

void detect_first_runs(const ConfigurationInput& input, const MetricSeries& series,
                       std::vector<model::Observation>& out) {
  const auto index = input.topology.find(series.key.entity);
  if (!index || !is_function(input, *index) || series.points.empty()) return;
  if (knowledge::metric_meaning(series.key, input.knowledge.metric_rules).quantity != "requests") return;
  const auto first = std::find_if(series.points.begin(), series.points.end(),
                                  [](const auto& point) { return point.value > 0; });
  if (first == series.points.end() || !input.scope.window.contains(first->time)) return;
  const base::Duration silent = first->time - series.points.front().time;
  if (silent < kLongSilence || ordinary_of(input, series) > 0) return;
  auto o = about(input, *index, "state.function.first_runs", kRemark, {"limit.timeout"});
  o.subject = series.key.metric;
  o.onset = first->time;
  o.facts["silent_for"] = fmt::format("{:.1f} h", base::to_seconds(silent) / 3600);
  o.facts["first_run"] = base::format_rfc3339(first->time);
  const auto timeout = input.topology.entity(*index).attributes.number("limit.timeout");
  const auto typical = typical_duration(input, series.key.entity);
  if (timeout && typical && *typical < kFastShare * *timeout * 1000) {
    o.facts["typical"] = fmt::format("{:.0f} ms", *typical);
    o.facts["timeout"] = fmt::format("{} s", base::format_number(*timeout));
  }
  o.evidence.push_back(model::series_evidence(
      series, {series.points.front().time, series.points.back().time + base::Duration(1)}));
  out.push_back(std::move(o));
}

}  // namespace

double ordinary_of(const ConfigurationInput& input, const MetricSeries& series) {
  const auto same = std::find_if(
      input.baseline.begin(), input.baseline.end(),
      [&](const MetricSeries& other) { return other.key == series.key && !other.points.empty(); });
  if (same == input.baseline.end()) return 0;
  std::vector<double> values;
  for (const auto& point : same->points) values.push_back(point.value);
  return series::median_of(values);
}

std::optional<Refused> refused_of(const ConfigurationInput& input, const MetricSeries& series) {
  const double ordinary = ordinary_of(input, series);
  Refused refused;
  for (const auto& point : series.points) {
    if (!input.scope.window.contains(point.time) || point.value <= ordinary) continue;
    if (refused.all == 0) refused.since = point.time;
    refused.most = std::max(refused.most, point.value);
    refused.all += point.value;
  }
  if (refused.most <= 0 || ordinary >= kOrdinaryShare * refused.most) return std::nullopt;
  return refused;
}

std::optional<Refused> refusals_of(const ConfigurationInput& input, topology::EntityIndex function) {
  for (const MetricSeries& series : input.incident) {
    const auto meaning = knowledge::metric_meaning(series.key, input.knowledge.metric_rules);
    if (series.key.entity != input.topology.id(function) || meaning.quantity != "throttles") continue;
    if (auto refused = refused_of(input, series)) return refused;
  }
  return std::nullopt;
}

void detect_platform_limits(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (topology::EntityIndex i = 0; i < input.topology.size(); ++i) detect_switched_off(input, i, out);
  for (const MetricSeries& series : input.incident) {
    detect_throttled(input, series, out);
    detect_ports_gone(input, series, out);
    detect_first_runs(input, series, out);
  }
}

}  // namespace midwatch::observe::configuration

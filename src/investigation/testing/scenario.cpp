#include "src/investigation/testing/scenario.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/knowledge/yaml_files.h"

namespace midwatch::investigation::testing {
namespace {

using base::Json;
using connectors::Episode;
using connectors::ReadSummary;

/// How long an incident is watched before and after its alarm, in minutes.
constexpr int kWindowBefore = 30;
constexpr int kWindowAfter = 5;
/// Measurements are never quite the same: this share of their level, in a fixed pattern.
constexpr double kWobble = 0.04;

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  fmt::print(stderr, "{}: {}\n", path, what);
  std::abort();
}

base::Timestamp minute(double at) {
  return base::Timestamp(std::chrono::seconds(1'767'225'600)) + base::duration_from_seconds(at * 60);
}

std::string text(const Json& map, const char* key, const std::string& otherwise = {}) {
  const auto at = map.find(key);
  return at != map.end() && at->is_string() ? at->get<std::string>() : otherwise;
}

double number(const Json& map, const char* key, double otherwise = 0) {
  const std::string value = text(map, key);
  return value.empty() ? otherwise : std::strtod(value.c_str(), nullptr);
}

const Json& list(const Json& map, const char* key) {
  static const Json kEmpty = Json::array();
  const auto at = map.find(key);
  return at != map.end() && at->is_array() ? *at : kEmpty;
}

class ScenarioConnector final : public connectors::Connector,
                                public connectors::MetricSource,
                                public connectors::LogSource,
                                public connectors::InventorySource {
 public:
  std::string_view name() const override { return "scenario"; }
  std::string source_name(std::uint32_t) const override { return "scenario.yaml"; }
  MetricSource* metrics() override { return this; }
  LogSource* logs() override { return this; }
  InventorySource* inventory() override { return this; }

  base::Result<ReadSummary> read_metrics(const runtime::RequestContext&, Episode episode,
                                         std::vector<telemetry::MetricSeries>& out) override {
    if (episode == Episode::kBaseline) return ReadSummary{};
    out = series;
    return summary_of(series.size());
  }

  base::Result<ReadSummary> read_logs(const runtime::RequestContext&, Episode episode,
                                      const connectors::LogVisitor& visit) override {
    if (episode == Episode::kBaseline) return ReadSummary{};
    for (const auto& line : lines) {
      telemetry::LogRecord record;
      record.time = line.time;
      record.entity = line.entity;
      record.body = line.body;
      record.severity = line.severity;
      visit(record);
    }
    return summary_of(lines.size());
  }

  base::Result<ReadSummary> read_inventory(const runtime::RequestContext&,
                                           telemetry::TelemetryBatch& out) override {
    out = inventory_batch;
    return summary_of(inventory_batch.changes.size());
  }

  std::vector<telemetry::MetricSeries> series;
  std::vector<telemetry::LogLine> lines;
  telemetry::TelemetryBatch inventory_batch;

 private:
  static ReadSummary summary_of(std::size_t records) {
    ReadSummary summary;
    summary.looked = true;
    summary.records = records;
    return summary;
  }
};

telemetry::MetricSeries read_series(const Json& item, int end) {
  std::istringstream words(item.is_string() ? item.get<std::string>() : text(item, "series"));
  const double ramp = item.is_string() ? 0 : number(item, "ramp");
  telemetry::MetricSeries series;
  double before = 0;
  double after = 0;
  double from = 0;
  words >> series.key.entity >> series.key.metric >> before >> after >> from;
  for (int i = 0; i < end; ++i) {
    const double share = i < from ? 0 : ramp > 0 ? std::min(1.0, (i - from) / ramp) : 1;
    const double wobble = 1 + kWobble * std::sin(i * 2.4 + static_cast<double>(series.key.metric.size()));
    series.points.push_back({minute(i), (before + (after - before) * share) * wobble});
  }
  return series;
}

void add_lines(const Json& file, const std::set<std::string>& entities, int end,
               ScenarioConnector& connector) {
  for (const auto& entity : entities) {
    for (int i = 0; i < end; i += 2) {
      const double second = static_cast<double>((i * 7 + static_cast<int>(entity.size())) % 60);
      connector.lines.push_back({minute(i + second / 60), entity, "", "INFO", "handled request", {}});
    }
  }
  for (const Json& item : list(file, "logs")) {
    const double from = number(item, "from");
    const int times = static_cast<int>(number(item, "times", 1));
    for (int i = 0; i < times; ++i)
      connector.lines.push_back({minute(from + (end - from) * i / times + 0.1),
                                 text(item, "entity"),
                                 "",
                                 text(item, "severity"),
                                 text(item, "text"),
                                 {}});
  }
  std::stable_sort(connector.lines.begin(), connector.lines.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
}

void add_events(const Json& file, double alarm_at, ScenarioConnector& connector) {
  for (const Json& item : list(file, "clusters")) {
    telemetry::PlatformEvent event;
    event.time = minute(alarm_at);
    event.entity = text(item, "entity");
    event.source = "log_patterns";
    event.message = text(item, "message");
    event.count = static_cast<std::int64_t>(number(item, "count"));
    event.attributes.set("delta_vs_baseline", text(item, "delta"));
    event.attributes.set("sentiment", text(item, "sentiment"));
    connector.inventory_batch.events.push_back(std::move(event));
  }
  for (const Json& item : list(file, "status")) {
    telemetry::PlatformEvent event;
    event.time = minute(number(item, "at"));
    event.entity = text(item, "entity");
    event.source = "status-page";
    event.type = text(item, "type");
    event.message = text(item, "message");
    connector.inventory_batch.events.push_back(std::move(event));
  }
}

void add_changes(const Json& file, ScenarioConnector& connector) {
  for (const Json& item : list(file, "changes")) {
    telemetry::ChangeEvent change;
    change.id = text(item, "id");
    change.kind = telemetry::change_kind_from(text(item, "kind", "commit"));
    change.time = minute(number(item, "at"));
    change.entity = text(item, "entity");
    change.summary = text(item, "summary");
    for (const Json& path : list(item, "files")) change.files.push_back(path.get<std::string>());
    change.diff = text(item, "diff");
    change.has_diff = !change.diff.empty();
    connector.inventory_batch.changes.push_back(std::move(change));
  }
}

}  // namespace

Scenario read_scenario(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto yaml = knowledge::read_yaml(content, path);
  if (!yaml) fail(path, yaml.error().describe());
  const Json& file = *yaml->content;
  if (!file.contains("alarm") || !file.contains("expect"))
    fail(path, "a scenario needs 'alarm' and 'expect'");
  const Json& alarm = file.at("alarm");
  const double at = number(alarm, "at");
  const int end = static_cast<int>(at) + kWindowAfter;

  Scenario scenario;
  scenario.name = text(file, "name");
  scenario.expect = text(file, "expect");
  scenario.scope.id = path;
  scenario.scope.alarm.entity = text(alarm, "entity");
  scenario.scope.alarm.metric = text(alarm, "metric");
  scenario.scope.alarm.name = scenario.scope.alarm.entity + "-" + scenario.scope.alarm.metric;
  scenario.scope.alarm.summary = text(alarm, "summary");
  scenario.scope.alarm.time = minute(at);
  scenario.scope.window = {minute(at - kWindowBefore), minute(end)};
  auto connector = std::make_shared<ScenarioConnector>();
  std::set<std::string> entities;
  for (const Json& edge : list(file, "calls")) {
    const auto from = edge.at(0).get<std::string>();
    const auto to = edge.at(1).get<std::string>();
    entities.insert({from, to});
    connector->inventory_batch.relations.push_back({from, to, telemetry::RelationKind::kCalls, {}});
  }
  scenario.scope.candidates.assign(entities.begin(), entities.end());
  for (const Json& item : list(file, "metrics")) connector->series.push_back(read_series(item, end));
  add_lines(file, entities, end, *connector);
  add_events(file, at, *connector);
  add_changes(file, *connector);
  scenario.connector = std::move(connector);
  return scenario;
}

}  // namespace midwatch::investigation::testing

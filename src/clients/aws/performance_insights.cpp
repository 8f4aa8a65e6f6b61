#include "src/clients/aws/performance_insights.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

/// A dimension, and the table whose lines it names.
struct Table {
  std::string_view dimension;
  std::string_view type;
};
constexpr std::array<Table, 7> kTables{{{"db.sql_tokenized.statement", "top_sql"},
                                        {"db.sql.statement", "top_sql"},
                                        {"db.query_tokenized.statement", "top_sql"},
                                        {"db.query.statement", "top_sql"},
                                        {"db.wait_event.name", "top_wait_events"},
                                        {"db.user.name", "top_users"},
                                        {"db.host.name", "top_hosts"}}};

/// The partitions of a statement by wait event: names stand once in PartitionKeys, loads in each key.
void add_partitions(const Json& body, const Json& key, telemetry::Attributes& attributes) {
  const Json& names = list_at(body, "PartitionKeys");
  const Json& loads = list_at(key, "Partitions");
  for (std::size_t i = 0; i < std::min(names.size(), loads.size()); ++i) {
    const std::string wait = text_at(at(names[i], "Dimensions"), "db.wait_event.name");
    if (wait.empty()) return;
    attributes.set(fmt::format("wait_events.{}.name", i), wait);
    set_number(attributes, fmt::format("wait_events.{}.db_load_avg", i), loads[i]);
  }
}

}  // namespace

void decode_dimension_keys(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string database(document.command.option("identifier"));
  if (database.empty()) {
    out.notices.push_back(
        {"Performance Insights without its command does not say which database it is of", document.ref,
         "コマンドの記録がないため、どのデータベースの Performance Insights か分かりません"});
    return;
  }
  for (const Json& key : list_at(document.body, "Keys")) {
    const Json& dimensions = at(key, "Dimensions");
    for (const Table& table : kTables) {
      std::string name = text_at(dimensions, table.dimension);
      if (name.empty()) continue;
      auto event =
          make_event(document, database, "performance_insights", at(document.body, "AlignedStartTime"));
      event.type = table.type;
      event.message = std::move(name);
      set_number(event.attributes, "db_load_avg", at(key, "Total"));
      set_number(event.attributes, "calls_per_sec",
                 at(at(key, "AdditionalMetrics"), "db.sql_tokenized.stats.calls_per_sec.avg"));
      add_partitions(document.body, key, event.attributes);
      out.events.push_back(std::move(event));
      break;
    }
  }
}

void decode_resource_metrics(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string asked(document.command.option("identifier"));
  const std::string given = text_at(document.body, "Identifier");
  for (const Json& item : list_at(document.body, "MetricList")) {
    telemetry::MetricSeries series;
    series.key.entity = given.empty() ? asked : given;
    series.key.metric = text_at(item, "Key", "Metric");
    const Json& dimensions = at(item, "Key", "Dimensions");
    for (const auto& [name, value] : dimensions.items())
      series.key.dimensions.emplace_back(name, base::text(value));
    std::sort(series.key.dimensions.begin(), series.key.dimensions.end());
    for (const Json& point : list_at(item, "DataPoints")) {
      const auto time = time_of(at(point, "Timestamp"));
      const auto value = base::number_at(point, "Value");
      if (time && value) series.points.push_back({*time, *value});
    }
    if (!series.points.empty() && !series.key.entity.empty()) out.metrics.push_back(std::move(series));
  }
}

}  // namespace midwatch::clients::aws

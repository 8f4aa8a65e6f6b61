#include "src/sandbox/world/metrics_insights.h"

#include <array>
#include <charconv>
#include <utility>

#include <re2/re2.h>

#include "src/base/ascii.h"

namespace midwatch::sandbox::world {
namespace {

std::string statistic_named(const std::string& function) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 5> kFunctions{
      {{"max", "Maximum"}, {"min", "Minimum"}, {"avg", "Average"}, {"sum", "Sum"}, {"count", "SampleCount"}}};
  for (const auto& [name, statistic] : kFunctions) {
    if (base::to_lower(function) == name) return statistic;
  }
  return {};
}

}  // namespace

std::optional<InsightsQuery> read_insights(const std::string& expression) {
  static const re2::RE2 kForm(
      R"re((?i)\s*SELECT\s+(\w+)\("?([\w.]+)"?\)\s+FROM\s+SCHEMA\("?([\w/]+)"?,\s*"?(\w+)"?\)\s+GROUP\s+BY\s+"?(\w+)"?)re"
      R"re((?:\s+ORDER\s+BY\s+(\w+)\(\)(?:\s+(ASC|DESC))?)?(?:\s+LIMIT\s+(\d+))?\s*)re");
  InsightsQuery query;
  std::string function;
  std::string group;
  std::string order;
  std::string direction;
  std::string limit;
  if (!re2::RE2::FullMatch(expression, kForm, &function, &query.metric, &query.name_space, &query.dimension,
                           &group, &order, &direction, &limit))
    return std::nullopt;
  query.statistic = statistic_named(function);
  query.order = statistic_named(order);
  query.descending = base::to_lower(direction) == "desc";
  if (!limit.empty()) std::from_chars(limit.data(), limit.data() + limit.size(), query.limit);
  if (query.statistic.empty() || group != query.dimension || (query.order.empty() && !order.empty()))
    return std::nullopt;
  return query;
}

}  // namespace midwatch::sandbox::world

#pragma once

#include <optional>
#include <string>

namespace midwatch::sandbox::world {

/// A query of CloudWatch Metrics Insights that gives a series for each value of one dimension.
/// Source: CloudWatch user guide, "Query components and syntax in CloudWatch Metrics Insights".
struct InsightsQuery {
  std::string statistic;  ///< as GetMetricData calls it: "Maximum"
  std::string metric, name_space, dimension;
  std::string order;        ///< the statistic by which series are ordered; empty: by their label
  bool descending = false;  ///< largest first
  std::size_t limit = 500;  ///< series
};

/// Reads SELECT F(metric) FROM SCHEMA("namespace", dimension) GROUP BY dimension [ORDER BY F() [ASC|DESC]]
/// [LIMIT n]. Nothing for every other form: an account of a world refuses those.
std::optional<InsightsQuery> read_insights(const std::string& expression);

}  // namespace midwatch::sandbox::world

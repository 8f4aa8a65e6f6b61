#include "src/observe/metrics/edge_delay.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/observe/metrics/excursion.h"
#include "src/observe/metrics/metric_fact.h"
#include "src/observe/metrics/strength.h"

namespace midwatch::observe::metrics {
namespace {

/// The called side explains a caller's waiting when it works longer by this share of it.
constexpr double kExplainedShare = 0.5;

bool is_edge(const PreparedSeries& p) {
  return !p.series->key.dimension("source").empty() && !p.series->key.dimension("destination").empty();
}

double most_in_focus(const PreparedSeries& p) {
  double most = p.focus.front().value;
  for (const auto& point : p.focus) most = std::max(most, point.value);
  return most;
}

}  // namespace

std::vector<model::Observation> find_edge_delays(const std::vector<PreparedSeries>& prepared) {
  std::map<std::string, double> works_longer;  // entity → the most that any of its own latencies grew
  for (const PreparedSeries& p : prepared) {
    if (p.meaning.quantity != "latency" || is_edge(p)) continue;
    const double grown = std::max(0.0, most_in_focus(p) - p.ordinary.middle);
    const auto [at, is_new] = works_longer.emplace(p.entity, grown);
    if (!is_new) at->second = std::max(at->second, grown);
  }
  std::vector<model::Observation> out;
  for (const PreparedSeries& p : prepared) {
    if (p.meaning.quantity != "latency" || !is_edge(p)) continue;
    const auto own = works_longer.find(p.entity);
    if (own == works_longer.end()) continue;
    const Excursion e = strongest_excursion(p, 1);
    const double waited = e.value - p.ordinary.middle;
    double strength = strength_of(e.deviation);
    if (waited <= 0 || own->second > kExplainedShare * waited) continue;
    strength *= 1 - own->second / waited;
    if (strength < kLeastStrength) continue;
    model::Observation o = metric_fact(p, "up", strength);
    o.type = "metric.edge_delay.up";
    set_value(p, o, e.value);
    set_onset(p, o, e.first);
    o.facts["caller"] = base::printable(p.series->key.dimension("source"), kMetricNameBytes);
    o.facts["callee"] = base::printable(p.series->key.dimension("destination"), kMetricNameBytes);
    o.facts["own_growth"] = base::format_quantity(own->second, p.meaning.unit);
    out.push_back(std::move(o));
  }
  return out;
}

}  // namespace midwatch::observe::metrics

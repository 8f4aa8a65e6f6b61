#include "src/observe/metrics/series_evidence.h"

#include <fmt/format.h>

#include "src/base/digest.h"
#include "src/base/quantity.h"
#include "src/base/utf8.h"

namespace midwatch::observe::metrics {
namespace {

/// An excerpt shows at most so many points; the digest covers all.
constexpr std::size_t kShownPoints = 12;
constexpr std::size_t kNameBytes = 160;

std::string name_of(const telemetry::MetricKey& key) {
  std::string name = key.metric;
  if (!key.stat.empty()) name += " " + key.stat;
  for (const auto& [dimension, value] : key.dimensions) name += fmt::format(" {}={}", dimension, value);
  return base::printable(name, kNameBytes);
}

}  // namespace

std::string series_digest(const telemetry::MetricSeries& series, base::TimeRange window) {
  base::Sha256 digest;
  for (const auto& p : series.points) {
    if (window.contains(p.time))
      digest.update(fmt::format("{} {}\n", p.time.time_since_epoch().count(), p.value));
  }
  return digest.finish_hex();
}

model::Evidence series_evidence(const telemetry::MetricSeries& series, base::TimeRange window) {
  model::Evidence e;
  e.kind = model::EvidenceKind::kSeries;
  e.source = "metrics";
  e.entity = series.key.entity;
  e.query =
      fmt::format("series {} of {}", name_of(series.key), base::printable(series.key.entity, kNameBytes));
  e.window = window;
  e.series = series.key;
  std::vector<const telemetry::MetricPoint*> inside;
  for (const auto& p : series.points) {
    if (window.contains(p.time)) inside.push_back(&p);
  }
  e.count = static_cast<double>(inside.size());
  const std::size_t step = (inside.size() + kShownPoints - 1) / kShownPoints;
  for (std::size_t i = 0; i < inside.size(); i += step) {
    e.excerpt += fmt::format("{}{}={}", e.excerpt.empty() ? "" : ", ", base::format_rfc3339(inside[i]->time),
                             base::format_number(inside[i]->value));
  }
  e.digest = series_digest(series, window);
  e.id = model::evidence_id(e);
  return e;
}

}  // namespace midwatch::observe::metrics

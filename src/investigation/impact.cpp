#include "src/investigation/impact.h"

#include <algorithm>

#include "src/investigation/charts.h"

namespace midwatch::investigation {
namespace {

/// So many ordinary points at the end mean that it is over.
constexpr std::ptrdiff_t kQuietPoints = 3;
/// A value this share of the ordinary range beyond its ends is still ordinary.
constexpr double kSlack = 0.5;

/// What the alarm is about at the alarmed entity: its own metric where that was observed, else the surest of
/// what was measured there, else the surest of anything.
const model::StatedObservation* alarmed(const StatedCase& facts) {
  const auto& alarm = facts.gathered().file.scope.alarm;
  const model::StatedObservation* best = nullptr;
  for (const auto* s : facts.told_of(alarm.entity)) {
    const bool metric = s->observation.type.starts_with("metric.");
    const auto name = s->observation.facts.find("metric");
    if (metric && name != s->observation.facts.end() && name->second == alarm.metric) return s;
    const bool better = best == nullptr || (metric && !best->observation.type.starts_with("metric."));
    if (better) best = s;
  }
  return best;
}

/// When the series was ordinary again for good; nothing where it is not at its end.
std::optional<base::Timestamp> end_of(const StatedCase& facts, const model::Observation& o) {
  const auto* series = facts.series_of(o);
  if (series == nullptr) return std::nullopt;
  const auto band = ordinary_band(facts, *series);
  if (!band) return std::nullopt;
  const double slack = kSlack * (band->high - band->low);
  const auto last = std::find_if(series->points.rbegin(), series->points.rend(), [&](const auto& p) {
    return p.value < band->low - slack || p.value > band->high + slack;
  });
  if (last - series->points.rbegin() < kQuietPoints) return std::nullopt;
  return std::prev(last)->time;
}

void add_unique(std::vector<std::string>& to, const std::string& entity) {
  if (std::find(to.begin(), to.end(), entity) == to.end()) to.push_back(entity);
}

}  // namespace

model::Impact impact(const StatedCase& facts, const std::vector<model::RootCause>& causes) {
  model::Impact out;
  const auto& diagnosis = facts.diagnosis();
  if (diagnosis.outcome == model::Outcome::kNothingWrong) return out;
  for (const auto& cause : causes) {
    add_unique(out.entities, cause.entity);
    for (const auto& link : cause.chain) add_unique(out.entities, link.entity);
  }
  for (const auto& entity : diagnosis.affected) {
    if (!facts.told_of(entity).empty()) add_unique(out.entities, entity);
  }
  for (const auto& cause : diagnosis.root_causes) {
    if (cause.path.size() > 1) out.paths.push_back(cause.path);
  }
  if (!causes.empty()) out.from = causes.front().onset;
  if (!out.from) out.from = facts.gathered().file.alarm.onset;
  const auto* seen = alarmed(facts);
  if (seen == nullptr) return out;
  out.how_much = seen->statement;
  out.observation = seen->observation.id;
  if (!out.from) out.from = seen->observation.onset;
  out.until = end_of(facts, seen->observation);
  if (out.from && out.until && *out.until < *out.from) out.until.reset();
  return out;
}

}  // namespace midwatch::investigation

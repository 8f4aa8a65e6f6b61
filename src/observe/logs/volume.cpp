#include "src/observe/logs/volume.h"

#include <algorithm>
#include <cmath>

#include "src/observe/series/robust.h"

namespace midwatch::observe::logs {
namespace {

constexpr double kLeastStrength = 0.3;
/// Fewer lines than this may be missing by chance.
constexpr double kLeastExpected = 8;
/// Another mix of work gives some entities several times their lines.
constexpr double kLeastRise = 4;
/// Who logs less than this share of the ordinary, and others do not, has less to do or cannot.
constexpr double kMostFall = 0.4;
/// The median of fewer entities is one of them.
constexpr std::size_t kLeastEntities = 4;

}  // namespace

void Volume::add(const telemetry::LogRecord& record, std::uint32_t entity, bool baseline) {
  Lines& lines = by_entity_[entity];
  if (baseline) {
    ++lines.baseline;
    return;
  }
  if (lines.incident++ == 0) lines.first = model::record_evidence(record, source_name_);
}

double Volume::load(double scale) const {
  std::vector<double> factors;
  for (const auto& [entity, lines] : by_entity_) {
    if (std::max(lines.baseline * scale, lines.incident) >= kLeastExpected)
      factors.push_back((lines.incident + 1) / (lines.baseline * scale + 1));
  }
  return factors.size() < kLeastEntities ? 1 : series::median_of(factors);
}

std::vector<model::Observation> Volume::finish(const std::vector<std::string>& entities,
                                               const Episode& baseline, const Episode& incident,
                                               std::optional<base::TimeRange> window) const {
  std::vector<model::Observation> out;
  const double before = baseline.seconds();
  const double now = incident.seconds();
  if (!(before > 1) || !(now > 1)) return out;
  const double everybody = load(now / before);
  for (const auto& [entity, lines] : by_entity_) {
    const double expected = lines.baseline * now / before * everybody;
    const double factor = (lines.incident + 1) / (expected + 1);
    if (std::max(expected, lines.incident) < kLeastExpected) continue;
    if (factor < kLeastRise && factor > kMostFall) continue;
    model::Observation o;
    o.entity = entities[entity];
    o.strength = sureness_of_change(lines.incident, expected);
    o.magnitude = std::abs(std::log(factor));
    o.value = lines.incident / now * 60;
    o.baseline = lines.baseline / before * 60;
    if (lines.incident == 0) {
      o.type = "log.volume.gone";
      o.evidence.push_back(model::absence_evidence({"logs", o.entity, {}, window}));
    } else {
      o.type = factor > 1 ? "log.volume.up" : "log.volume.down";
      model::Evidence e = lines.first;
      e.kind = model::EvidenceKind::kLines;
      e.count = lines.incident;
      e.id = model::evidence_id(e);
      o.evidence.push_back(std::move(e));
    }
    if (o.strength >= kLeastStrength) out.push_back(std::move(o));
  }
  return out;
}

}  // namespace midwatch::observe::logs

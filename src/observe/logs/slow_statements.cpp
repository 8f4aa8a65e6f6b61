#include "src/observe/logs/slow_statements.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::observe::logs {
namespace {

constexpr std::size_t kStatementBytes = 300;
/// Where databases log statements by their duration, the usual limit is a second.
constexpr double kSlowSeconds = 1;
/// A sum of durations that grew by less may be more work.
constexpr double kLeastFactor = 2;

}  // namespace

void SlowStatements::add(const telemetry::LogRecord& record, const lines::StatementLine& line,
                         std::uint32_t entity, bool baseline) {
  Statements& s = by_entity_[entity];
  if (baseline) {
    s.baseline_seconds += line.seconds;
    s.baseline_slowest = std::max(s.baseline_slowest, line.seconds);
    return;
  }
  ++s.count;
  s.seconds += line.seconds;
  if (record.time && (!s.first || *record.time < *s.first)) s.first = record.time;
  if (line.seconds <= s.slowest) return;
  s.slowest = line.seconds;
  s.statement = std::string(line.statement.substr(0, kStatementBytes));
  s.evidence = model::record_evidence(record, source_name_);
}

std::vector<model::Observation> SlowStatements::finish(const std::vector<std::string>& entities) const {
  std::vector<model::Observation> out;
  for (const auto& [entity, s] : by_entity_) {
    if (s.slowest < kSlowSeconds) continue;
    const double ordinary = std::max(s.baseline_seconds, kSlowSeconds);
    const double factor = s.seconds / ordinary;
    if (factor < kLeastFactor && s.slowest < kLeastFactor * s.baseline_slowest) continue;
    model::Observation o;
    o.entity = entities[entity];
    o.type = "log.statement.slow";
    o.subject = "statements";
    o.strength = factor / (factor + 1);
    o.magnitude = std::log(std::max(1.0, factor));
    o.onset = s.first;
    o.value = s.slowest;
    if (s.baseline_slowest > 0) o.baseline = s.baseline_slowest;
    o.unit = "s";
    o.facts["count"] = fmt::format("{}", s.count);
    o.facts["seconds"] = fmt::format("{:.3g}", s.seconds);
    if (!s.statement.empty())
      o.facts["statement"] = base::printable(base::redact(s.statement), kStatementBytes);
    o.evidence.push_back(s.evidence);
    out.push_back(std::move(o));
  }
  return out;
}

}  // namespace midwatch::observe::logs

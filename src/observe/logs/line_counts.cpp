#include "src/observe/logs/line_counts.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::observe::logs {
namespace {

constexpr std::size_t kExcerptBytes = 300;
constexpr std::size_t kNameBytes = 160;
/// So many runs say whose lines they are.
constexpr std::size_t kMostRuns = 32;

}  // namespace

void LineCounts::note_run(std::uint64_t run) {
  if (runs.size() < kMostRuns) runs.push_back(run);
}

void LineCounts::merge(LineCounts&& other) {
  baseline += other.baseline;
  incident += other.incident;
  for (const std::uint64_t run : other.runs) note_run(run);
  if (other.first && (!first || *other.first < *first)) first = other.first;
  const bool worse = other.severity > severity;
  severity = std::max(severity, other.severity);
  if (!other.quiet.sample.empty() && (quiet.sample.empty() || worse)) {
    const auto earliest = quiet.first && (!other.quiet.first || *quiet.first < *other.quiet.first)
                              ? quiet.first
                              : other.quiet.first;
    quiet = std::move(other.quiet);
    quiet.first = earliest;
  } else if (other.quiet.first && (!quiet.first || *other.quiet.first < *quiet.first)) {
    quiet.first = other.quiet.first;
  }
  if (other.sample.empty() || !(sample.empty() || worse)) return;
  sample = std::move(other.sample);
  ref = other.ref;
  digest = std::move(other.digest);
}

void LineCounts::count_quiet_as_incident() {
  incident += baseline;
  baseline = 0;
  first = quiet.first;
  if (quiet.sample.empty()) return;
  sample = std::move(quiet.sample);
  ref = quiet.ref;
  digest = std::move(quiet.digest);
}

model::Evidence line_evidence(const LineCounts& counts, const std::string& entity, const std::string& pattern,
                              const model::SourceName& source_name) {
  model::Evidence e;
  e.kind = model::EvidenceKind::kRecord;
  e.query = fmt::format("log line of {}", base::printable(entity, kNameBytes));
  e.ref = counts.ref;
  e.source = source_name ? source_name(counts.ref.source) : std::string();
  e.entity = entity;
  e.pattern = pattern;
  e.count = counts.incident;
  e.excerpt = base::printable(base::redact(counts.sample), kExcerptBytes);
  e.digest = counts.digest;
  e.id = model::evidence_id(e);
  return e;
}

}  // namespace midwatch::observe::logs

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/record_evidence.h"
#include "src/observe/lines/severity.h"
#include "src/observe/templates/template_miner.h"

namespace midwatch::observe::logs {

/// The first line of one kind before a split that is a guess.
struct QuietLine {
  std::optional<base::Timestamp> first;
  telemetry::RecordRef ref;
  std::string sample;
  std::string digest;
};

/// How often an entity wrote lines of one kind, and the first such line of the incident.
struct LineCounts {
  double baseline = 0;
  double incident = 0;
  std::optional<base::Timestamp> first;  ///< of the incident
  telemetry::RecordRef ref;
  lines::Severity severity = lines::Severity::kUnknown;
  bool passed_on = false;  ///< an error that lays itself on somebody else
  std::string sample;      ///< the first line of the incident as recorded; empty where there is none
  std::string digest;      ///< of that record
  /// Runs of a function that wrote such a line in the incident, as hashes of their ids; the first of them.
  std::vector<std::uint64_t> runs;
  bool apart_from_memory = false;  ///< none of these is one that ended because the memory was full
  QuietLine quiet;                 ///< kept where the baseline is what came before a guessed split

  void note_run(std::uint64_t run);
  /// Counts what came before the split as the incident's too: the fault began before the split.
  void count_quiet_as_incident();
  /// Adds another kind of line that belongs to the same template.
  void merge(LineCounts&& other);
};

/// Entity → template → counts.
using CountsByEntity = std::map<std::uint32_t, std::map<templates::ClusterId, LineCounts>>;

/// The evidence of such lines: the first of them, and how many there are. Requires: a sample.
model::Evidence line_evidence(const LineCounts& counts, const std::string& entity, const std::string& pattern,
                              const model::SourceName& source_name);

}  // namespace midwatch::observe::logs

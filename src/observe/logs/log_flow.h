#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/flow/flow_recorder.h"
#include "src/observe/lines/request_id.h"
#include "src/observe/logs/line_counts.h"
#include "src/telemetry/log_record.h"

namespace midwatch::observe::logs {

/// Follows requests through the lines that name them by a trace, and says where they no longer take their
/// usual way: `log.flow.broken` (what used to follow a line does not), `log.flow.new` (something is put in
/// between). Memory:  bounded by FlowRecorder::kMaxSteps and kMaxPlaces. Threads: one thread.
class LogFlow {
 public:
  static constexpr std::size_t kMaxPlaces = 50'000;

  /// `request` is what the record or its text says of the request it belongs to.
  void add(const telemetry::LogRecord& record, const lines::RequestId& request, std::uint32_t entity,
           templates::SkeletonId skeleton, bool baseline);

  struct Sources {
    const std::vector<std::string>& entities;
    const templates::Templates& templates;
    const CountsByEntity& counts;
    const model::SourceName& source_name;
  };
  /// Ends the recording.
  std::vector<model::Observation> finish(const Sources& sources);

 private:
  std::uint32_t place_of(std::string_view line);

  flow::FlowRecorder baseline_;
  flow::FlowRecorder incident_;
  std::int64_t last_time_[2] = {0, 0};
  std::unordered_map<std::uint64_t, std::uint32_t> place_ids_;
  std::vector<std::string> places_{""};
};

}  // namespace midwatch::observe::logs

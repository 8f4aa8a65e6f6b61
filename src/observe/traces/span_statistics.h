#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "src/model/record_text.h"
#include "src/observe/traces/log_histogram.h"
#include "src/telemetry/record_ref.h"

namespace midwatch::observe::traces {

/// Everything comes in two sides: [0] the baseline, [1] the incident.
template <class T>
using Sides = std::array<T, 2>;

/// How often one operation calls another.
struct CallStatistics {
  Sides<double> total{};    ///< calls in all
  Sides<double> parents{};  ///< parent spans with at least one such call
};

struct OperationStatistics {
  Sides<LogHistogram> duration;
  Sides<LogHistogram> self_time;  ///< exclusive time (exclusive_time.h)
  Sides<double> count{};
  model::SpanTotals totals;  ///< of the incident
  Sides<double> errors_own{};
  Sides<double> errors_passed_on{};
  Sides<double> longest{};
  Sides<telemetry::RecordRef> longest_ref{};
  Sides<telemetry::RecordRef> example{};
  telemetry::RecordRef error_ref;
  double first_error = -1;  ///< seconds since the first span seen
  std::map<std::pair<std::uint32_t, std::uint32_t>, CallStatistics> calls;  ///< by (entity, operation) called
};

struct EdgeStatistics {
  Sides<LogHistogram> delay;  ///< what the client's span owns: neither the server nor anybody else ran
  double longest = -1;        ///< of the incident, and the operations at its two ends
  std::uint32_t client_operation = 0;
  std::uint32_t server_operation = 0;
};

struct SpanStatistics {
  std::map<std::pair<std::uint32_t, std::uint32_t>, OperationStatistics>
      operations;                                                           ///< by (entity, operation)
  std::map<std::pair<std::uint32_t, std::uint32_t>, EdgeStatistics> edges;  ///< by (caller, callee)
  std::set<std::pair<std::uint32_t, std::uint32_t>> calls;                  ///< (caller, callee)
  std::uint64_t orphans = 0;
};

}  // namespace midwatch::observe::traces

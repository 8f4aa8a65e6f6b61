#include "src/diagnose/trouble.h"

#include <algorithm>
#include <array>

namespace midwatch::diagnose {

bool is_trouble(std::string_view type) {
  static constexpr std::array kTrouble = std::to_array<std::string_view>({"log.error.",
                                                                          "log.exception.",
                                                                          "log.flow.",
                                                                          "sign.",
                                                                          "trace.error.",
                                                                          "trace.self_time.",
                                                                          "trace.edge_delay.",
                                                                          "trace.latency.",
                                                                          "trace.operation.",
                                                                          "trace.slow_requests.",
                                                                          "metric.latency.up",
                                                                          "metric.edge_delay.up",
                                                                          "metric.errors.up",
                                                                          "metric.availability.d",
                                                                          "metric.availability.z",
                                                                          "metric.replication_lag.up",
                                                                          "metric.throttles.up",
                                                                          "metric.restarts.up",
                                                                          "metric.queue_age.up",
                                                                          "event.failover"});
  if (type.ends_with(".saturated")) return true;
  if (type.starts_with("state."))
    return type != "state.healthy" && type != "state.workload.rolling_out" && type != "state.secret.unread";
  return std::any_of(kTrouble.begin(), kTrouble.end(),
                     [&](std::string_view prefix) { return type.starts_with(prefix); });
}

bool is_followed(std::string_view type) {
  return type.starts_with("trace.slow_requests.") || type.starts_with("trace.self_time.") ||
         type.starts_with("trace.edge_delay.");
}

bool is_said(std::string_view type) {
  return type.starts_with("state.") || type.starts_with("sign.") || type.starts_with("log.e") ||
         type.starts_with("event.");
}

}  // namespace midwatch::diagnose

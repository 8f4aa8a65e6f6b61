#pragma once

#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"
#include "src/topology/topology.h"

namespace midwatch::observe::configuration {

/// What the detectors of configuration look at.
struct ConfigurationInput {
  const telemetry::IncidentScope& scope;
  const topology::Topology& topology;
  const std::vector<telemetry::MetricSeries>& incident;
  const std::vector<telemetry::MetricSeries>& baseline;
  const knowledge::KnowledgeBase& knowledge;
  model::SourceName source_name;
};

/// Reads what configuration says by itself, or together with what was measured:
///  - `state.credential.missing`: a database host in the environment and no credential beside it (`key`,
///  `host`,
///    `secret`);
///  - `state.secret.unread`: a secret that the provider says was never read (`secret`, `created`);
///  - `state.image.moved`: a container runs another digest than its tag names now (`image`, `pushed`);
///  - `state.health_check.shallow`: a health check that an application without its dependencies passes
///  (`codes`,
///    `path`);
///  - `state.certificate.expired`: a certificate whose time was over at the alarm (`domain`, `not_after`);
///  - `state.bucket_policy.denies`: a statement of a bucket's policy denies what applications do to the role
///  of
///    somebody who uses it (`role`, `denied`, `bucket`, `statement`, `except`);
///  - `state.bucket_notification.missing`: a function may be called by a bucket that does not tell it of any
///    event (`bucket`, `function`, `count`: whom it tells otherwise);
///  - `state.dns_record.missing`, `.present`: the zone of the account that answers a name has no record of
///  it, or
///    has one (`host`, `zone`, `leads_to`);
///  - `state.table.hot_partition`: a table refuses requests and uses less than half of its capacity (`used`,
///    `capacity`, `refused`);
///  - `state.function.switched_off`: a function that may have no run at all;
///  - `sign.lambda_throttled`: invocations of a function are refused, as they were not before (`refused`,
///  `limit`);
///  - `state.function.starved`, `state.function.takes_concurrency`: a function is refused runs while another
///    holds most of what the account has for both (`taken`, `limit`, `ordinary`, `holder`, `victim`);
///  - `state.function.first_runs`: a function that nobody invoked for long (`silent_for`, `first_run`,
///    `typical`, `timeout`);
///  - `state.memory.growing`: memory that grows steadily towards its limit (`rate`, `time_to_limit`,
///    `limit_memory`, `time_bought`: what twice as much would last);
///  - `state.release.failing`: instances of a new image end by themselves, those of the former did not
///  (`failed`,
///    `tasks`, `new_image`, `pushed`, `previous`, `previous_image`, `previous_pushed`);
///  - `state.start.cut_short`: instances are ended for failing health checks soon after they start, one like
///  the
///    other, and none that was in service before (`count`, `age`, `least`, `most`, `grace`, `older`);
///  - `absent.cpu_shortage`, `absent.memory_shortage`, `absent.connections`: looked for and not there
///  (`most`,
///    `limit`);
///  - `state.limit.cpu_reached.by_requests`, `.at_start`, `.alone`: the processor is at the limit of the
///  task, and what
///    came with it (`limit`, `factor`).
/// Shape: ordered by entity, type, subject. Threads: safe; pure.
std::vector<model::Observation> observe_configuration(const ConfigurationInput& input);

}  // namespace midwatch::observe::configuration

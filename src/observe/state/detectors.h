#pragma once

#include <optional>

#include "src/observe/state/entity_view.h"
#include "src/observe/state/findings.h"

namespace midwatch::observe::state {

// Each detector reads the attributes of one entity and adds what it finds; it does nothing for entities that
// have not the attributes it reads.

/// `container.*`: waiting, ended, restarting, not ready; what reasons, messages and exit codes mean.
void detect_containers(const EntityView& view, Findings& findings);
/// Usage against limits, where both are known.
void detect_usage(const EntityView& view, Findings& findings);
/// Probes that ask a port that no container opens.
void detect_probe_ports(const EntityView& view, Findings& findings);
/// A pod or task as a whole: pending, failed, evicted, not ending; and its line in a listing, where nothing
/// else is known of it.
void detect_pod(const EntityView& view, Findings& findings);
/// Replicas that are missing, rollouts that do not move, workloads scaled to nothing.
void detect_workload(const EntityView& view, Findings& findings);
void detect_autoscaler(const EntityView& view, Findings& findings);
/// A job that failed; not where a later run of it ended well.
void detect_job(const EntityView& view, Findings& findings);
void detect_node(const EntityView& view, Findings& findings);
void detect_volume(const EntityView& view, Findings& findings);
/// References that lead nowhere, ports that do not meet, services without endpoints, policies that let
/// nothing in.
void detect_references(const EntityView& view, Findings& findings);
void detect_quota(const EntityView& view, Findings& findings);
/// Applications of a delivery tool, certificates and other objects that say of themselves that they are not
/// ready.
void detect_object(const EntityView& view, Findings& findings);

/// True where a later run of the same job ended well: what this one did not do is done.
bool was_repeated_well(const EntityView& view);

/// True where the platform says of the entity that it works; nothing where it does not say.
std::optional<bool> says_it_is_well(const EntityView& view);

}  // namespace midwatch::observe::state

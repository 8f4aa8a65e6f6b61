#include "src/observe/state/state_observer.h"

#include <algorithm>

#include "src/observe/state/detectors.h"

namespace midwatch::observe::state {
namespace {

/// From this strength on, an observation speaks against being well.
constexpr double kTrouble = 0.5;
/// Without an alarm's entity, so many that are well are told by name; more would only be a list.
constexpr std::size_t kShownWell = 20;

bool all_containers_ready(const EntityView& view) {
  bool any = false;
  for (const std::string& name : view.containers()) {
    const std::string path = "container." + name + ".";
    if (view.get(path + "init") == "true" || view.get(path + "state").empty()) continue;
    any = true;
    if (view.get(path + "ready") == "false" || view.get(path + "state") == "waiting") return false;
  }
  return any;
}

/// A pod that ended in an error, as itself or its line in a listing says.
bool has_failed(const EntityView& pod) {
  return pod.get("platform.phase") == "Failed" || pod.get("summary.status") == "Error";
}

class Observer {
 public:
  explicit Observer(const StateInput& input) : input_(input), findings_(input) {
    if (!input.alarm_entity.empty()) {
      if (const auto index = input.topology.find(input.alarm_entity)) alarmed_ = input.topology.owner(*index);
    }
  }

  StateFindings run() {
    note_repeated_jobs();
    for (topology::EntityIndex i = 0; i < input_.topology.size(); ++i) {
      const EntityView view(input_.topology, i, input_.now, alarmed_ == input_.topology.owner(i));
      if (is_left_over(view)) continue;
      detect_containers(view, findings_);
      detect_usage(view, findings_);
      detect_probe_ports(view, findings_);
      detect_pod(view, findings_);
      detect_workload(view, findings_);
      detect_autoscaler(view, findings_);
      detect_job(view, findings_);
      detect_node(view, findings_);
      detect_volume(view, findings_);
      detect_references(view, findings_);
      detect_quota(view, findings_);
      detect_object(view, findings_);
    }
    tell_the_well();
    StateFindings out;
    for (const topology::EntityIndex i : findings_.looked()) out.entities.push_back(input_.topology.id(i));
    std::sort(out.entities.begin(), out.entities.end());
    out.observations = findings_.finish();
    return out;
  }

 private:
  void note_repeated_jobs() {
    for (topology::EntityIndex i = 0; i < input_.topology.size(); ++i) {
      const EntityView view(input_.topology, i, input_.now, false);
      if (view.kind() == "job" && was_repeated_well(view)) repeated_jobs_.push_back(i);
    }
  }

  /// A pod of a job that failed and was made up for: it only was not removed yet.
  bool is_left_over(const EntityView& view) const {
    if (view.kind() != "pod") return false;
    return std::any_of(repeated_jobs_.begin(), repeated_jobs_.end(), [&](topology::EntityIndex i) {
      const EntityView job(input_.topology, i, input_.now, false);
      return job.get("metadata.namespace") == view.get("metadata.namespace") &&
             view.entity().name.starts_with(job.entity().name + "-") && has_failed(view);
    });
  }

  /// What the platform says of an owner and of all that belongs to it.
  std::optional<bool> well(topology::EntityIndex owner, std::optional<topology::EntityIndex>& witness) const {
    std::optional<bool> result;
    const auto consider = [&](topology::EntityIndex i) {
      const auto said = says_it_is_well(EntityView(input_.topology, i, input_.now, false));
      if (!said) return;
      if (*said && !witness) witness = i;
      result = result.value_or(true) && *said;
    };
    consider(owner);
    for (const topology::EntityIndex part : input_.topology.parts(owner)) {
      if (input_.topology.owner(part) == owner) consider(part);
    }
    return result;
  }

  void tell_the_well() {
    std::size_t told = 0;
    const auto looked = findings_.looked();
    for (const topology::EntityIndex owner : looked) {
      if (alarmed_ ? owner != *alarmed_ : told >= kShownWell) continue;
      if (findings_.trouble_of(owner) >= kTrouble) continue;
      std::optional<topology::EntityIndex> witness;
      if (!well(owner, witness).value_or(false) || !witness) continue;
      Finding f;
      f.at = *witness;
      f.type = "state.healthy";
      f.strength = 1;
      for (const char* path : {"condition.Ready.status", "replicas.desired", "replicas.ready",
                               "platform.phase", "summary.status", "summary.ready", "job.succeeded"}) {
        if (input_.topology.entity(*witness).attributes.find(path) != nullptr) f.paths.emplace_back(path);
      }
      findings_.add(f);
      ++told;
    }
  }

  const StateInput& input_;
  Findings findings_;
  std::optional<topology::EntityIndex> alarmed_;
  std::vector<topology::EntityIndex> repeated_jobs_;
};

}  // namespace

std::optional<bool> says_it_is_well(const EntityView& view) {
  const std::string_view kind = view.kind();
  if (kind == "workload") {
    const auto desired = view.number("replicas.desired");
    const auto ready = view.number("replicas.ready");
    if (!desired || !ready) return std::nullopt;
    // While it starts, its pods say how it is.
    if (*ready < *desired && view.is_starting()) return std::nullopt;
    return *ready >= *desired;
  }
  if (kind == "job") {
    if (view.get("condition.Complete.status") == "True" || view.get("job.status") == "Complete") return true;
    if (was_repeated_well(view)) return std::nullopt;
    const auto done = view.number("job.succeeded");
    return done ? std::optional(*done >= view.number("job.completions").value_or(1)) : std::nullopt;
  }
  if (kind == "node") {
    const std::string_view ready = view.get("condition.Ready.status");
    return ready.empty() ? std::nullopt : std::optional(ready == "True");
  }
  if (kind == "volume_claim") {
    const std::string_view phase = view.get("platform.phase");
    return phase.empty() ? std::nullopt : std::optional(phase == "Bound");
  }
  if (kind != "pod" && kind != "task") return std::nullopt;
  if (view.get("platform.phase") == "Succeeded") return true;
  if (const std::string_view ready = view.get("condition.Ready.status"); !ready.empty())
    return ready == "True" || (view.is_starting() && all_containers_ready(view));
  if (!view.get("summary.ready").empty()) {
    const std::string_view ready = view.get("summary.ready");
    const std::size_t slash = ready.find('/');
    if (view.get("summary.status") == "ContainerCreating" && view.is_starting()) return std::nullopt;
    return view.get("summary.status") == "Running" && ready.substr(0, slash) == ready.substr(slash + 1);
  }
  if (view.containers().empty()) return std::nullopt;
  return all_containers_ready(view);
}

StateFindings observe_state(const StateInput& input) {
  return Observer(input).run();
}

std::optional<bool> is_well(const topology::Topology& topology, topology::EntityIndex index,
                            std::optional<base::Timestamp> now) {
  return says_it_is_well(EntityView(topology, index, now, false));
}

}  // namespace midwatch::observe::state

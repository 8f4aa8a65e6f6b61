#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "src/observe/state/detectors.h"

namespace midwatch::observe::state {
namespace {

constexpr double kSure = 0.95;
/// Below what counts as trouble: told, but no alarm.
constexpr double kPerhaps = 0.45;

Finding finding(const EntityView& view, const char* type, double strength, std::vector<std::string> paths) {
  Finding f;
  f.at = view.index();
  f.type = type;
  f.strength = strength;
  for (const auto& [fact, path] :
       {std::pair{"desired", "replicas.desired"}, std::pair{"ready", "replicas.ready"}}) {
    if (view.has(path)) f.facts[fact] = std::string(view.get(path));
  }
  for (auto& path : paths) {
    if (view.has(path)) f.paths.push_back(std::move(path));
  }
  return f;
}

void with_condition(const EntityView& view, const std::string& name, Finding& f) {
  const std::string path = "condition." + name + ".";
  f.facts["condition"] = name;
  f.facts["reason"] = std::string(view.get(path + "reason"));
  f.facts["message"] = std::string(view.get(path + "message"));
  for (const char* field : {"status", "reason", "message"}) {
    if (view.has(path + field)) f.paths.push_back(path + field);
  }
}

void conditions(const EntityView& view, Findings& findings) {
  if (view.get("condition.Progressing.status") == "False") {
    Finding f = finding(view, "state.workload.rolling_out", 0.9, {"replicas.updated"});
    with_condition(view, "Progressing", f);
    findings.add(f);
    findings.add_signs(f, f.facts["reason"], f.facts["message"], "");
  }
  if (view.get("condition.ReplicaFailure.status") == "True") {
    Finding f = finding(view, "state.workload.unavailable", 0.9, {"replicas.desired", "replicas.ready"});
    with_condition(view, "ReplicaFailure", f);
    f.subject = "ReplicaFailure";
    findings.add(f);
    findings.add_signs(f, f.facts["reason"], f.facts["message"], "");
  }
}

}  // namespace

void detect_workload(const EntityView& view, Findings& findings) {
  if (view.kind() != "workload") return;
  conditions(view, findings);
  const auto desired = view.number("replicas.desired");
  if (!desired) return;
  findings.looked_at(view.index());
  if (*desired == 0) {
    // Many workloads rest at zero on purpose; it matters where somebody waits for this one.
    findings.add(finding(view, "state.workload.scaled_to_zero", view.is_alarmed() ? 0.9 : kPerhaps,
                         {"replicas.desired"}));
    return;
  }
  auto ready = view.number("replicas.available");
  if (!ready) ready = view.number("replicas.ready");
  if (ready && *ready < *desired) {
    // A rollout that only just began has had no time to become ready.
    const double strength =
        view.is_starting() ? kPerhaps : 0.55 + (kSure - 0.55) * (*desired - *ready) / *desired;
    findings.add(finding(view, "state.workload.unavailable", strength,
                         {"replicas.desired", "replicas.ready", "replicas.available", "platform.created"}));
  }
  const auto updated = view.number("replicas.updated");
  if (updated && *updated < *desired)
    findings.add(
        finding(view, "state.workload.rolling_out", kPerhaps, {"replicas.desired", "replicas.updated"}));
  if (view.get("platform.paused") == "true")
    findings.add(finding(view, "state.workload.paused", kPerhaps, {"platform.paused"}));
}

void detect_autoscaler(const EntityView& view, Findings& findings) {
  if (view.kind() != "autoscaler") return;
  findings.looked_at(view.index());
  const auto facts = [&](Finding& f) {
    for (const auto& [fact, path] :
         {std::pair{"target", "autoscaler.target"}, std::pair{"max", "autoscaler.max"},
          std::pair{"current", "autoscaler.current"}, std::pair{"targets", "autoscaler.targets"}}) {
      if (view.has(path)) f.facts[fact] = std::string(view.get(path));
    }
  };
  const auto max = view.number("autoscaler.max");
  const auto current = view.number("autoscaler.current");
  if (max && current && *current >= *max && *max > view.number("autoscaler.min").value_or(0)) {
    const bool limited = view.get("condition.ScalingLimited.reason") == "TooManyReplicas";
    Finding f = finding(view, "state.autoscaler.at_maximum", limited ? 0.85 : 0.6,
                        {"autoscaler.current", "autoscaler.max", "condition.ScalingLimited.reason"});
    facts(f);
    findings.add(f);
  }
  for (const char* name : {"ScalingActive", "AbleToScale"}) {
    if (view.get(fmt::format("condition.{}.status", name)) != "False") continue;
    Finding f = finding(view, "state.autoscaler.blind", 0.85, {});
    facts(f);
    with_condition(view, name, f);
    if (f.facts["reason"] == "ScalingDisabled") continue;  // its target is scaled to zero
    findings.add(f);
    findings.add_signs(f, f.facts["reason"], f.facts["message"], "");
  }
  if (view.get("autoscaler.targets").find("<unknown>") != std::string_view::npos) {
    Finding f =
        finding(view, "state.autoscaler.blind", view.is_starting() ? kPerhaps : 0.75, {"autoscaler.targets"});
    facts(f);
    f.facts["reason"] = "<unknown>";
    findings.add(f);
  }
}

namespace {

bool has_completed(const EntityView& view) {
  if (view.get("condition.Complete.status") == "True" || view.get("job.status") == "Complete") return true;
  return view.number("job.succeeded").value_or(0) >= view.number("job.completions").value_or(1);
}

std::optional<base::Timestamp> made_at(const EntityView& view) {
  const auto created = view.time("platform.created");
  return created ? created : view.time("platform.started");
}

/// The same job again: another run of its schedule, or one that somebody made from it and named after it.
bool is_run_of_same(const EntityView& view, const EntityView& other) {
  if (view.topology().owner(view.index()) == other.topology().owner(other.index())) return true;
  const std::string named_after = view.entity().name + "-";
  return view.get("metadata.namespace") == other.get("metadata.namespace") &&
         other.entity().name.starts_with(named_after);
}

bool has_failed(const EntityView& view) {
  return view.get("condition.Failed.status") == "True" || view.get("job.status") == "Failed";
}

}  // namespace

bool was_repeated_well(const EntityView& view) {
  const auto made = made_at(view);
  if (!made || !has_failed(view)) return false;
  for (topology::EntityIndex i = 0; i < view.topology().size(); ++i) {
    const EntityView other(view.topology(), i, view.now(), false);
    if (i == view.index() || other.kind() != "job" || has_failed(other) || !has_completed(other)) continue;
    if (made_at(other).value_or(*made) > *made && is_run_of_same(view, other)) return true;
  }
  return false;
}

void detect_job(const EntityView& view, Findings& findings) {
  if (view.kind() != "job") return;
  const auto failed = view.number("job.failed").value_or(0);
  const auto succeeded = view.number("job.succeeded").value_or(0);
  const bool known = view.has("job.failed") || view.has("job.succeeded") || view.has("job.active") ||
                     view.has("job.status") || view.has("condition.Failed.status") ||
                     view.has("condition.Complete.status") || view.has("job.schedule");
  if (!known) return;
  findings.looked_at(view.index());
  if (view.get("job.suspended") == "true" || view.get("job.suspended") == "True") {
    Finding f = finding(view, "state.job.suspended", view.is_alarmed() ? 0.85 : kPerhaps, {"job.suspended"});
    findings.add(f);
  }
  if (view.get("job.concurrency") == "Forbid" && view.has("job.running")) {
    Finding f = finding(view, "state.job.occupied", kPerhaps, {"job.running", "job.last_scheduled"});
    f.facts["active"] = std::string(view.get("job.running"));
    f.facts["since"] = std::string(view.get("job.last_scheduled"));
    findings.add(f);
  }
  const bool said = has_failed(view);
  const double wanted = view.number("job.completions").value_or(1);
  const bool gave_up = failed > view.number("job.backoff_limit").value_or(6);
  if (!said && (failed == 0 || succeeded >= wanted)) return;
  if (was_repeated_well(view)) return;
  const auto since = view.ago("condition.Failed.since");
  // A job that failed long ago stays in the lists until somebody removes it.
  const bool old = since && *since > std::chrono::hours(1) && !view.is_alarmed();
  Finding f = finding(view, "state.job.failed",
                      old               ? kPerhaps
                      : said || gave_up ? kSure
                                        : 0.75,
                      {"job.failed", "job.status", "job.backoff_limit", "condition.Failed.reason",
                       "condition.Failed.message"});
  f.facts["failed"] = fmt::format("{:.0f}", failed);
  f.facts["reason"] = std::string(view.get("condition.Failed.reason"));
  f.facts["message"] = std::string(view.get("condition.Failed.message"));
  if (view.has("job.backoff_limit")) f.facts["backoff_limit"] = std::string(view.get("job.backoff_limit"));
  f.onset = view.time("condition.Failed.since");
  findings.add(f);
  const bool unsaid = f.facts["reason"].empty() && gave_up;
  findings.add_signs(f, unsaid ? "BackoffLimitExceeded" : f.facts["reason"], f.facts["message"], "");
}

}  // namespace midwatch::observe::state

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/observe/state/detectors.h"

namespace midwatch::observe::state {
namespace {

constexpr double kSure = 0.95;
constexpr double kOldNews = 0.25;
constexpr double kPerhaps = 0.45;
/// Images are pulled and volumes attached within this; the kubelet itself reports a mount as failed after two
/// minutes.
constexpr base::Duration kSlowStart = std::chrono::minutes(3);
/// The usual time to stop is 30 s; a pod that takes this long does not stop by itself.
constexpr base::Duration kSlowStop = std::chrono::minutes(5);
/// What a listing says of restarts longer ago than this belongs to another incident.
constexpr base::Duration kSettled = std::chrono::minutes(10);
constexpr double kManyRestarts = 5;

Finding finding(const EntityView& view, const char* type, double strength, std::vector<std::string> paths) {
  Finding f;
  f.at = view.index();
  f.type = type;
  f.strength = strength;
  f.facts["reason"] = std::string(view.get("platform.reason"));
  f.facts["message"] = std::string(view.get("platform.message"));
  for (auto& path : paths) {
    if (view.has(path)) f.paths.push_back(std::move(path));
  }
  return f;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_container_states(const EntityView& view) {
  const auto names = view.containers();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return !view.get("container." + name + ".state").empty();
  });
}

/// What the pod asks of its node, as "key=value,key=value".
void add_node_selector(const EntityView& view, Finding& f) {
  constexpr std::string_view kPrefix = "placement.selector.";
  std::string asked;
  for (const auto* entry : view.entity().attributes.with_prefix(kPrefix)) {
    asked +=
        fmt::format("{}{}={}", asked.empty() ? "" : ",", entry->first.substr(kPrefix.size()), entry->second);
    f.paths.push_back(entry->first);
  }
  if (!asked.empty()) f.facts["node_selector"] = asked;
}

/// Pending: for want of a node, or because a container does not get as far as to start.
void pending(const EntityView& view, Findings& findings) {
  if (view.get("condition.PodScheduled.status") == "False" ||
      (view.get("platform.node").empty() && !has_container_states(view))) {
    const bool said = view.get("condition.PodScheduled.status") == "False";
    const double strength = said || !view.is_starting() ? 0.9 : kPerhaps;
    Finding f = finding(view, "state.pod.pending", strength,
                        {"platform.phase", "condition.PodScheduled.status", "condition.PodScheduled.reason",
                         "condition.PodScheduled.message"});
    f.facts["reason"] = std::string(view.get("condition.PodScheduled.reason"));
    f.facts["message"] = std::string(view.get("condition.PodScheduled.message"));
    add_node_selector(view, f);
    findings.add(f);
    findings.add_signs(f, f.facts["reason"], f.facts["message"], "");
    return;
  }
  std::optional<base::Duration> age = view.ago("platform.started");
  if (!age) age = view.ago("platform.created");
  for (const std::string& name : view.containers()) {
    const std::string path = "container." + name + ".";
    if (view.get(path + "state") != "waiting" || view.get(path + "reason") != "ContainerCreating") continue;
    Finding f = finding(view, "state.pod.pending", age && *age > kSlowStart ? 0.7 : kOldNews,
                        {"platform.phase", path + "reason", "platform.started"});
    f.facts["reason"] = "ContainerCreating";
    f.facts["container"] = name;
    return findings.add(f);
  }
}

void failed(const EntityView& view, Findings& findings) {
  const std::string_view reason = view.get("platform.reason");
  const bool evicted = reason == "Evicted";
  if (!evicted && has_container_states(view) && reason.empty()) return;  // its containers say more
  Finding f = finding(view, evicted ? "state.pod.evicted" : "state.pod.failed", kSure,
                      {"platform.phase", "platform.reason", "platform.message"});
  findings.add(f);
  findings.add_signs(f, reason, view.get("platform.message"), "");
}

/// One line of `kubectl get pods`, where nothing more is known of the pod.
void summary(const EntityView& view, Findings& findings) {
  std::string_view status = view.get("summary.status");
  if (status.empty()) return;
  findings.looked_at(view.index());
  if (has_container_states(view) || view.has("condition.Ready.status")) return;
  const bool init = status.starts_with("Init:");
  if (init) status.remove_prefix(5);
  Finding f = finding(view, "", 0, {"summary.status", "summary.restarts", "summary.ready"});
  f.facts["container"] = init ? "Init" : "";
  f.facts["reason"] = std::string(status);
  f.facts["restarts"] = std::string(view.get("summary.restarts"));
  f.subject = std::string(status);
  if (one_of(status, {"Running", "Completed", "Succeeded"}) || (init && status.find('/') != status.npos)) {
    const auto restarted = view.ago("summary.last_restart");
    const double restarts = view.number("summary.restarts").value_or(0);
    const std::string_view ready = view.get("summary.ready");
    const std::size_t slash = ready.find('/');
    const bool all = slash == std::string_view::npos || ready.substr(0, slash) == ready.substr(slash + 1);
    if (status == "Running" && !all) {
      f.type = "state.container.not_ready";
      f.strength = view.is_starting() ? kOldNews : 0.7;
      findings.add(f);
    }
    if (restarts > 0) {
      f.type = "state.container.restarting";
      f.facts["reason"].clear();
      f.strength = restarted && *restarted <= kSettled ? (restarts >= 2 ? 0.85 : 0.55) : kOldNews;
      if (!restarted && restarts >= kManyRestarts) f.strength = 0.6;
      findings.add(f);
    }
    return;
  }
  if (one_of(status, {"Pending", "ContainerCreating", "PodInitializing", "SchedulingGated"})) {
    f.type = "state.pod.pending";
    if (status == "Pending") f.facts["reason"].clear();  // the type says it already
    f.strength = view.is_starting() ? kOldNews : status == "Pending" ? 0.85 : 0.6;
  } else if (status == "Terminating") {
    f.type = "state.pod.stuck";
    f.strength = kPerhaps;
  } else if (status == "Evicted") {
    f.type = "state.pod.evicted";
    f.strength = 0.9;
  } else if (one_of(status, {"Error", "OOMKilled", "StartError", "DeadlineExceeded", "ContainerCannotRun"})) {
    f.type = "state.container.terminated";
    f.strength = 0.9;
  } else if (one_of(status, {"Failed", "Unknown", "NodeLost", "NodeAffinity", "UnexpectedAdmissionError"}) ||
             status.starts_with("OutOf")) {
    f.type = "state.pod.failed";
    f.strength = 0.9;
  } else if (status == "NotReady") {
    f.type = "state.container.not_ready";
    f.strength = kPerhaps;  // a pod whose main container has ended well shows so
  } else {
    f.type = "state.container.waiting";
    f.strength = 0.9;
  }
  findings.add(f);
  findings.add_signs(f, status, "", "");
}

/// A task of another platform: its last status, and why it stopped.
void stopped(const EntityView& view, Findings& findings) {
  const std::string_view message = view.get("platform.message");
  const std::string_view reason = view.get("platform.reason");
  if (message.empty() && reason.empty()) return;
  // What somebody asked for, or a scheduler moved, is no fault.
  if (one_of(reason, {"UserInitiated", "ServiceSchedulerInitiated", "TerminationNotice"})) return;
  Finding f = finding(view, "state.pod.failed", 0.9,
                      {"platform.phase", "platform.reason", "platform.message", "platform.stopped"});
  f.onset = view.time("platform.stopped");
  findings.add(f);
  findings.add_signs(f, reason, message, "");
}

void does_not_end(const EntityView& view, Findings& findings) {
  std::optional<base::Duration> since = view.ago("platform.deleted");
  if (!since && view.get("platform.terminating").empty()) return;
  const double strength = since && *since > kSlowStop ? 0.85 : kOldNews;
  findings.add(finding(view, "state.pod.stuck", strength, {"platform.deleted", "platform.terminating"}));
}

}  // namespace

void detect_pod(const EntityView& view, Findings& findings) {
  if (view.kind() != "pod" && view.kind() != "task") return;
  summary(view, findings);
  const std::string_view phase = view.get("platform.phase");
  if (!phase.empty() && view.get("summary.status").empty()) findings.looked_at(view.index());
  const bool detailed = has_container_states(view) || view.has("condition.PodScheduled.status");
  if (phase == "Pending" && (detailed || view.get("summary.status").empty())) pending(view, findings);
  if (phase == "Failed") failed(view, findings);
  if (phase == "STOPPED") stopped(view, findings);
  does_not_end(view, findings);
}

}  // namespace midwatch::observe::state

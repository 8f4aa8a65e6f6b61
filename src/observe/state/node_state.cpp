#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/observe/state/detectors.h"

namespace midwatch::observe::state {
namespace {

constexpr double kSure = 0.95;
constexpr double kPerhaps = 0.45;
/// Requests that take this share of what a node can give leave no room for a usual pod.
constexpr double kFull = 0.95;

Finding finding(const EntityView& view, const char* type, double strength, std::vector<std::string> paths) {
  Finding f;
  f.at = view.index();
  f.type = type;
  f.strength = strength;
  f.paths = std::move(paths);
  f.facts["node"] = view.entity().name.empty() ? view.entity().id : view.entity().name;
  return f;
}

void condition(const EntityView& view, const std::string& name, const char* type, Findings& findings) {
  const std::string path = "condition." + name + ".";
  Finding f = finding(view, type, kSure, {path + "status", path + "reason", path + "message"});
  f.subject = name;
  f.facts["condition"] = name;
  f.facts["status"] = std::string(view.get(path + "status"));
  f.facts["reason"] = std::string(view.get(path + "reason"));
  f.facts["message"] = std::string(view.get(path + "message"));
  f.onset = view.time(path + "since");
  findings.add(f);
  findings.add_signs(f, f.facts["reason"], f.facts["message"], "");
}

void capacity(const EntityView& view, Findings& findings) {
  for (const char* what : {"pods", "cpu", "memory"}) {
    const auto used = view.number(fmt::format("allocated.{}", what));
    std::string limit_path = fmt::format("allocatable.{}", what);
    if (!view.number(limit_path)) limit_path = fmt::format("capacity.{}", what);
    const auto limit = view.number(limit_path);
    const bool pods = std::string_view(what) == "pods";
    if (!used || !limit || *limit <= 0 || *used < (pods ? 1.0 : kFull) * *limit) continue;
    // Requests may fill a node by design; that no further pod fits is a fact of its own.
    Finding f = finding(view, "state.node.full", pods ? kSure : kPerhaps,
                        {fmt::format("allocated.{}", what), limit_path});
    f.subject = what;
    f.facts["resource"] = what;
    f.facts["used"] = pods                                 ? fmt::format("{:.0f}", *used)
                      : std::string_view(what) == "memory" ? memory_words(*used)
                                                           : cpu_words(*used);
    f.facts["capacity"] = pods                                 ? fmt::format("{:.0f}", *limit)
                          : std::string_view(what) == "memory" ? memory_words(*limit)
                                                               : cpu_words(*limit);
    findings.add(f);
  }
  for (const char* what : {"cpu", "memory"}) {
    const std::string path = fmt::format("usage.{}_percent", what);
    const auto percent = view.number(path);
    if (!percent || *percent < 90) continue;
    Finding f =
        finding(view, std::string_view(what) == "cpu" ? "metric.cpu.saturated" : "metric.memory.saturated",
                0.85, {path});
    f.subject = path;
    f.facts["percent"] = std::string(view.get(path));
    findings.add(f);
  }
}

}  // namespace

void detect_node(const EntityView& view, Findings& findings) {
  if (view.kind() != "node") return;
  const std::string_view ready = view.get("condition.Ready.status");
  if (!ready.empty()) findings.looked_at(view.index());
  if (!ready.empty() && ready != "True") condition(view, "Ready", "state.node.not_ready", findings);
  for (const std::string& name : view.conditions()) {
    // Besides Ready, a condition that is true is a fault (MemoryPressure, DiskPressure, KernelDeadlock, …).
    if (name != "Ready" && view.get("condition." + name + ".status") == "True")
      condition(view, name, "state.node.pressure", findings);
  }
  if (view.get("unschedulable") == "true")
    findings.add(finding(view, "state.node.cordoned", view.is_alarmed() ? 0.8 : kPerhaps, {"unschedulable"}));
  for (const auto* taint : view.entity().attributes.with_prefix("taint.")) {
    if (!taint->second.ends_with("NoSchedule") && !taint->second.ends_with("NoExecute")) continue;
    Finding f = finding(view, "state.node.tainted", kPerhaps, {taint->first});
    f.subject = taint->first.substr(6);
    f.facts["taint"] = f.subject + "=" + taint->second;
    findings.add(f);
  }
  capacity(view, findings);
}

void detect_volume(const EntityView& view, Findings& findings) {
  if (view.kind() != "volume_claim" && view.kind() != "volume") return;
  const std::string_view phase = view.get("platform.phase");
  if (phase.empty()) return;
  findings.looked_at(view.index());
  const bool claim = view.kind() == "volume_claim";
  const bool trouble = claim ? phase == "Pending" || phase == "Lost" : phase == "Failed";
  if (!trouble) return;
  Finding f = finding(view, claim ? "state.volume.unbound" : "state.volume.failed",
                      view.is_starting() && phase == "Pending" ? 0.6 : 0.9,
                      {"platform.phase", "claim.storage_class", "platform.message"});
  std::erase_if(f.paths, [&](const std::string& path) { return !view.has(path); });
  f.facts.erase("node");
  f.facts["claim"] = view.entity().name;
  f.facts["phase"] = std::string(phase);
  f.facts["storage_class"] = std::string(view.get("claim.storage_class"));
  f.facts["message"] = std::string(view.get("platform.message"));
  findings.add(f);
  findings.add_signs(f, "", view.get("platform.message"), "");
}

}  // namespace midwatch::observe::state

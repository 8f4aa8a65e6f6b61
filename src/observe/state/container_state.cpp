#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "src/observe/state/detectors.h"

namespace midwatch::observe::state {
namespace {

constexpr double kSure = 0.95;
/// After so long a run a container counts as settled: the kubelet resets its back-off then.
constexpr base::Duration kSettled = std::chrono::minutes(10);
/// Longer ago than this, a restart belongs to another incident.
constexpr base::Duration kLongAgo = std::chrono::hours(1);
/// An init container that has not ended after so long waits for something that does not come.
constexpr base::Duration kInitMayTake = std::chrono::minutes(5);
/// So many restarts are no single mishap.
constexpr double kManyRestarts = 5;
/// Below what counts as trouble (0.5): told, but no alarm.
constexpr double kOldNews = 0.25;
constexpr double kPerhaps = 0.45;

/// Reasons of a container that only has not started yet.
bool is_start(std::string_view reason) {
  static constexpr std::array<std::string_view, 4> kStarts{"", "ContainerCreating", "PodInitializing",
                                                           "PENDING"};
  return std::find(kStarts.begin(), kStarts.end(), reason) != kStarts.end();
}

class Container {
 public:
  Container(const EntityView& view, const std::string& name) : view_(view), path_("container." + name + ".") {
    facts_["container"] = name;
    facts_["instance"] = view.entity().name.empty() ? view.entity().id : view.entity().name;
    for (const char* fact : {"image", "restarts", "command", "args"}) copy(fact, fact);
    if (facts_.contains("args"))
      facts_["command_line"] =
          facts_.contains("command") ? facts_["command"] + " " + facts_["args"] : facts_["args"];
    else if (facts_.contains("command"))
      facts_["command_line"] = facts_["command"];
    if (is_init()) facts_["init"] = "true";
    if (const auto limit = view.number(path_ + "limit.memory")) {
      facts_["limit_memory"] = memory_words(*limit);
      facts_["limit_memory_doubled"] = memory_words(*limit * 2);
    }
    if (const auto limit = view.number(path_ + "limit.cpu")) facts_["limit_cpu"] = cpu_words(*limit);
  }

  std::string_view get(std::string_view field) const { return view_.get(path_ + std::string(field)); }
  bool is_init() const { return get("init") == "true" && get("sidecar") != "true"; }

  void detect(Findings& findings) {
    const std::string_view state = get("state");
    if (state.empty()) return;
    findings.looked_at(view_.index());
    if (state == "waiting" && !is_start(get("reason"))) {
      waiting(findings);
    } else if (state == "terminated" && ended_badly("")) {
      ended(findings);
    } else if (!get("last.exit_code").empty() || !get("last.reason").empty() || restarts() > 0) {
      restarted(findings);
    }
    if (state == "running") {
      not_ready(findings);
      unfinished(findings);
    }
  }

 private:
  void copy(const char* fact, std::string_view field) {
    const std::string_view value = get(field);
    if (!value.empty()) facts_[fact] = std::string(value);
  }

  double restarts() const { return view_.number(path_ + "restarts").value_or(0); }

  /// True where the present ("") or the last ("last.") state is an end that was not meant.
  bool ended_badly(const std::string& which) const {
    const std::string_view code = get(which + "exit_code");
    const std::string_view reason = get(which + "reason");
    if (!code.empty()) return code != "0";
    return !reason.empty() && reason != "Completed";
  }

  Finding finding(const char* type, double strength, const std::vector<std::string>& fields) const {
    Finding f;
    f.at = view_.index();
    f.type = type;
    f.subject = facts_.at("container");
    f.strength = strength;
    f.facts = facts_;
    for (const std::string& field : fields) {
      if (view_.has(path_ + field)) f.paths.push_back(path_ + field);
    }
    return f;
  }

  /// True where a deployment or a scaling took the instance away and it went when it was asked to.
  bool was_replaced() const {
    return view_.get("platform.reason") == "ServiceSchedulerInitiated" &&
           view_.get("platform.message").starts_with("Scaling activity initiated by") &&
           get("exit_code") == "143";
  }

  void waiting(Findings& findings) {
    Finding f = finding("state.container.waiting", kSure,
                        {"reason", "message", "last.reason", "last.exit_code", "last.message", "restarts"});
    f.facts["reason"] = std::string(get("reason"));
    f.facts["message"] = std::string(get(get("last.message").empty() ? "message" : "last.message"));
    f.facts["exit_code"] = std::string(get("last.exit_code"));
    f.facts["last_reason"] = std::string(get("last.reason"));
    f.onset = view_.time(path_ + "last.finished");
    findings.add(f);
    findings.add_signs(f, get("reason"), get("message"), "");
    findings.add_signs(f, get("last.reason"), get("last.message"), get("last.exit_code"));
  }

  void ended(Findings& findings) {
    const auto since = view_.ago(path_ + "finished");
    // A pod that ended long ago was left lying about, unless somebody asks for it.
    const bool old = was_replaced() || (since && *since > kLongAgo && !view_.is_alarmed());
    Finding f = finding("state.container.terminated", old ? kOldNews : kSure,
                        {"reason", "exit_code", "message", "finished", "restarts"});
    f.facts["reason"] = std::string(get("reason"));
    f.facts["message"] = std::string(get("message"));
    f.facts["exit_code"] = std::string(get("exit_code"));
    f.onset = view_.time(path_ + "finished");
    findings.add(f);
    findings.add_signs(f, get("reason"), get("message"), get("exit_code"));
  }

  void restarted(Findings& findings) {
    const bool bad = ended_badly("last.");
    Finding f =
        finding("state.container.restarting", restart_strength(),
                {"restarts", "last.reason", "last.exit_code", "last.message", "last.finished", "started"});
    f.facts["reason"] = std::string(get("last.reason"));
    f.facts["exit_code"] = std::string(get("last.exit_code"));
    f.facts["message"] = std::string(get("last.message"));
    f.onset = view_.time(path_ + "last.finished");
    if (restarts() > 0) findings.add(f);
    if (bad) findings.add_signs(f, get("last.reason"), get("last.message"), get("last.exit_code"));
  }

  /// How surely a restart has to do with what happens now.
  double restart_strength() const {
    std::optional<base::Duration> since = view_.ago(path_ + "last.finished");
    if (!since) since = view_.ago(path_ + "started");
    const bool many = restarts() >= kManyRestarts;
    const bool works = get("ready") == "true";
    if (!since) return many ? 0.6 : works ? kOldNews : kPerhaps;
    if (*since <= kSettled) return restarts() >= 2 || !works ? 0.9 : 0.6;
    if (*since <= kLongAgo) return many ? 0.7 : works ? kOldNews : 0.6;
    return many && *since <= 24 * kLongAgo ? kPerhaps : kOldNews;
  }

  void not_ready(Findings& findings) const {
    if (is_init() || get("ready") != "false") return;
    const auto running = view_.ago(path_ + "started");
    const bool fresh = running ? *running < kStarting : view_.is_starting();
    findings.add(finding("state.container.not_ready", fresh ? kOldNews : 0.8, {"ready", "state", "started"}));
  }

  /// An init container that runs on and on keeps the pod's containers from starting.
  void unfinished(Findings& findings) const {
    const auto running = view_.ago(path_ + "started");
    if (!is_init() || !running) return;
    findings.add(
        finding("state.init.unfinished", *running < kInitMayTake ? kPerhaps : 0.85, {"state", "started"}));
  }

  const EntityView& view_;
  std::string path_;
  model::Facts facts_;
};

}  // namespace

void detect_containers(const EntityView& view, Findings& findings) {
  if (view.get("platform.phase") == "Succeeded") return;
  for (const std::string& name : view.containers()) Container(view, name).detect(findings);
}

void detect_usage(const EntityView& view, Findings& findings) {
  /// A container this near to its limit is killed by the next larger request.
  constexpr double kNearLimit = 0.9;
  for (const std::string& name : view.containers()) {
    const std::string path = "container." + name + ".";
    const auto limit = view.number(path + "limit.memory");
    auto used = view.number(path + "usage.memory");
    std::string used_path = path + "usage.memory";
    if (!used && view.containers().size() == 1) {
      used = view.number("usage.memory");
      used_path = "usage.memory";
    }
    if (!limit || !used || *limit <= 0 || *used < kNearLimit * *limit) continue;
    Finding f;
    f.at = view.index();
    f.type = "metric.memory.saturated";
    f.subject = name;
    f.strength = 0.85;
    f.facts = {{"container", name},
               {"used", memory_words(*used)},
               {"limit_memory", memory_words(*limit)},
               {"limit_memory_doubled", memory_words(*limit * 2)},
               {"percent", fmt::format("{:.0f}", *used / *limit * 100)}};
    f.paths = {used_path, path + "limit.memory"};
    findings.add(f);
  }
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

void detect_probe_ports(const EntityView& view, Findings& findings) {
  for (const std::string& name : view.containers()) {
    const std::string path = "container." + name + ".";
    const auto open = view.entity().attributes.with_prefix(path + "port.");
    if (open.empty()) continue;
    for (const char* probe : {"liveness", "readiness", "startup"}) {
      const std::string probe_path = fmt::format("{}probe.{}.port", path, probe);
      const std::string_view port = view.get(probe_path);
      if (port.empty()) continue;
      std::string ports;
      // Where no port is shown with its name, a name says nothing.
      bool matches = !is_number(port) && std::all_of(open.begin(), open.end(),
                                                     [](const auto* entry) { return entry->second.empty(); });
      for (const auto* entry : open) {
        const std::string number = entry->first.substr(path.size() + 5);
        matches = matches || number == port || entry->second == port;
        ports += (ports.empty() ? "" : ", ") + number;
      }
      if (matches) continue;
      Finding f;
      f.at = view.index();
      f.type = "state.probe.port_mismatch";
      f.subject = fmt::format("{} {}", name, probe);
      // Ports need not be declared, so a probe of another one may well work: it counts with a probe that
      // fails.
      f.strength = 0.45;
      f.facts = {{"container", name}, {"probe", probe}, {"port", std::string(port)}, {"open", ports}};
      f.paths = {probe_path, open.front()->first};
      findings.add(f);
    }
  }
}

}  // namespace midwatch::observe::state

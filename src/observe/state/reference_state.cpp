#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/observe/state/detectors.h"
#include "src/telemetry/number.h"

namespace midwatch::observe::state {
namespace {

constexpr double kSure = 0.95;
constexpr double kPerhaps = 0.45;
/// A policy without DNS breaks whoever looks names up, and hardly any pod does not; another policy may still
/// allow it.
constexpr double kNearlyTrouble = 0.49;
/// A policy that lets some traffic through is what policies are for: worth knowing where connections fail.
constexpr double kRestricts = 0.35;

Finding finding(const EntityView& view, const char* type, double strength, std::vector<std::string> paths) {
  Finding f;
  f.at = view.index();
  f.type = type;
  f.strength = strength;
  f.paths = std::move(paths);
  return f;
}

/// `GROUP.N.FIELD`: the numbered groups of an entity.
template <class Each>
void for_each_group(const EntityView& view, std::string_view group, Each each) {
  for (std::size_t n = 0;; ++n) {
    const std::string path = fmt::format("{}.{}.", group, n);
    if (view.entity().attributes.with_prefix(path).empty()) {
      // Groups of both kinds are counted together, so a gap is no end.
      if (view.entity().attributes.with_prefix(std::string(group) + ".").empty() || n > 200) return;
      continue;
    }
    each(path);
  }
}

void endpoints(const EntityView& view, Findings& findings) {
  const bool described = view.has("service.endpoints");
  if (described && view.get("service.endpoints").empty() &&
      !view.entity().attributes.with_prefix("selector.").empty()) {
    Finding f = finding(view, "state.service.no_endpoints", 0.9, {"service.endpoints"});
    std::string selector;
    for (const auto* entry : view.entity().attributes.with_prefix("selector.")) {
      selector += fmt::format("{}{}={}", selector.empty() ? "" : ",", entry->first.substr(9), entry->second);
      f.paths.push_back(entry->first);
    }
    f.facts["selector"] = selector;
    findings.add(f);
  }
  if (view.kind() == "endpoints" && view.get("endpoints.ready") == "0")
    findings.add(finding(view, "state.service.no_endpoints", 0.8, {"endpoints.ready"}));
  for (const auto* entry : view.entity().attributes.with_prefix("backend.")) {
    if (!entry->first.ends_with(".error")) continue;
    Finding f = finding(view, "state.reference.dangling", 0.9, {entry->first});
    f.subject = entry->first;
    f.facts = {{"reference", "backend of the ingress"},
               {"target", entry->second},
               {"kind", "service"},
               {"why", entry->second}};
    findings.add(f);
    findings.add_signs(f, "", entry->second, "");
  }
}

void policy(const EntityView& view, Findings& findings) {
  for (const char* way : {"ingress", "egress"}) {
    const std::string path = fmt::format("policy.{}", way);
    if (view.get(path) == "some") {
      Finding f = finding(view, "state.policy.restricts", kRestricts, {path});
      f.subject = way;
      f.facts = {{"policy", view.entity().name}, {"direction", way}};
      findings.add(f);
    }
    if (view.get(path) != "none") continue;
    // Denying by default is good practice: it is a fault only together with connections that do not come
    // about.
    Finding f = finding(view, "state.policy.denies", kPerhaps, {path});
    f.subject = way;
    f.facts = {{"policy", view.entity().name}, {"direction", way}};
    findings.add(f);
  }
  if (view.get("policy.dns") == "blocked") {
    Finding f = finding(view, "state.policy.blocks_dns", kNearlyTrouble, {"policy.dns"});
    f.facts["policy"] = view.entity().name;
    findings.add(f);
  }
}

void disruption_budget(const EntityView& view, Findings& findings) {
  if (view.get("disruption.allowed") != "0") return;
  // As many pods as the budget asks for is how most budgets stand: it harms nobody who evicts no pod.
  Finding f = finding(view, "state.disruption_budget.exhausted", kPerhaps, {"disruption.allowed"});
  f.facts["budget"] = view.entity().name;
  for (const char* name : {"min_available", "max_unavailable"}) {
    const std::string path = fmt::format("disruption.{}", name);
    if (!view.has(path) || view.get(path) == "N/A") continue;
    f.facts[name] = std::string(view.get(path));
    f.paths.push_back(path);
  }
  findings.add(f);
}

}  // namespace

void detect_references(const EntityView& view, Findings& findings) {
  for_each_group(view, "dangling", [&](const std::string& path) {
    Finding f = finding(view, "state.reference.dangling", kSure,
                        {path + "reference", path + "kind", path + "target", path + "why"});
    f.subject = fmt::format("{} {}", view.get(path + "kind"), view.get(path + "target"));
    for (const char* fact : {"reference", "kind", "target", "why"})
      f.facts[fact] = std::string(view.get(path + fact));
    findings.add(f);
  });
  for_each_group(view, "mismatch", [&](const std::string& path) {
    Finding f = finding(view, "state.port.mismatch", 0.8, {path + "port", path + "target", path + "open"});
    f.subject = std::string(view.get(path + "port"));
    for (const char* fact : {"port", "target", "open"}) f.facts[fact] = std::string(view.get(path + fact));
    findings.add(f);
  });
  if (view.kind() == "service" || view.kind() == "endpoints" || view.kind() == "ingress") {
    findings.looked_at(view.index());
    endpoints(view, findings);
  }
  for_each_group(view, "barred", [&](const std::string& path) {
    Finding f =
        finding(view, "state.policy.bars", kSure, {path + "caller", path + "target", path + "allowed"});
    f.subject = fmt::format("{} {}", view.get(path + "caller"), view.get(path + "target"));
    for (const char* fact : {"caller", "target", "allowed"})
      f.facts[fact] = std::string(view.get(path + fact));
    f.facts["policy"] = view.entity().name;
    f.facts["direction"] = "ingress";
    findings.add(f);
  });
  if (view.kind() == "network_policy") policy(view, findings);
  if (view.kind() == "disruption_budget") disruption_budget(view, findings);
}

void detect_quota(const EntityView& view, Findings& findings) {
  if (view.kind() != "quota") return;
  findings.looked_at(view.index());
  constexpr std::string_view kHard = "quota.hard.";
  for (const auto* entry : view.entity().attributes.with_prefix(kHard)) {
    const std::string resource = entry->first.substr(kHard.size());
    const std::string used_path = "quota.used." + resource;
    const auto hard = telemetry::parse_kubernetes_quantity(entry->second);
    const auto used = telemetry::parse_kubernetes_quantity(view.get(used_path));
    if (!hard || !used || *used < *hard || *hard < 0) continue;
    // A quota that is used up to the last bit refuses the next pod; until somebody asks for one it harms
    // nobody.
    Finding f = finding(view, "state.quota.exceeded", *hard == 0 && *used == 0 ? kPerhaps : 0.6,
                        {used_path, entry->first});
    f.subject = resource;
    f.facts = {{"resource", resource},
               {"used", std::string(view.get(used_path))},
               {"limit", entry->second},
               {"quota", view.entity().name}};
    findings.add(f);
  }
}

void detect_object(const EntityView& view, Findings& findings) {
  const std::string_view sync = view.get("application.sync");
  const std::string_view health = view.get("application.health");
  if (!sync.empty() || !health.empty()) {
    findings.looked_at(view.index());
    if (sync == "OutOfSync") {
      Finding f = finding(view, "state.application.out_of_sync", 0.8, {"application.sync"});
      f.facts["message"] = std::string(view.get("platform.message"));
      findings.add(f);
    }
    if (sync == "Unknown") {
      Finding f = finding(view, "state.application.not_compared", 0.8, {"application.sync"});
      f.facts["message"] = std::string(view.get("platform.message"));
      findings.add(f);
      findings.add_signs(f, "", view.get("platform.message"), "");
    }
    if (health == "Degraded" || health == "Missing" || health == "Unknown") {
      Finding f = finding(view, "state.application.unhealthy", 0.8, {"application.health"});
      f.facts["reason"] = std::string(health);
      f.facts["message"] = std::string(view.get("platform.message"));
      findings.add(f);
      findings.add_signs(f, "", view.get("platform.message"), "");
    }
  }
  static constexpr std::array<std::string_view, 10> kToldElsewhere{
      "pod",          "task",       "workload", "job",        "node",
      "volume_claim", "autoscaler", "service",  "replicaset", "endpoints"};
  if (std::find(kToldElsewhere.begin(), kToldElsewhere.end(), view.kind()) != kToldElsewhere.end()) return;
  for (const char* name : {"Ready", "Available", "Synced"}) {
    const std::string path = fmt::format("condition.{}.", name);
    const std::string_view status = view.get(path + "status");
    if (status.empty()) continue;
    findings.looked_at(view.index());
    if (status != "False") continue;
    Finding f = finding(view, "state.object.not_ready", view.is_starting() ? kPerhaps : 0.85,
                        {path + "status", path + "reason", path + "message"});
    std::erase_if(f.paths, [&](const std::string& p) { return !view.has(p); });
    f.subject = name;
    f.facts = {{"condition", name},
               {"reason", std::string(view.get(path + "reason"))},
               {"message", std::string(view.get(path + "message"))}};
    if (f.facts["message"].empty()) f.facts["message"] = std::string(view.get("platform.message"));
    f.onset = view.time(path + "since");
    findings.add(f);
    findings.add_signs(f, f.facts["reason"], f.facts["message"], "");
  }
}

}  // namespace midwatch::observe::state

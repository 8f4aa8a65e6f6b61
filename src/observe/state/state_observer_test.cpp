#include "src/observe/state/state_observer.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/knowledge/embedded_knowledge.h"

namespace midwatch::observe::state {
namespace {

using telemetry::RelationKind;
using Pairs = std::vector<std::pair<const char*, const char*>>;

constexpr const char* kNow = "2030-05-01T12:00:00Z";
/// From this strength on, an observation is trouble.
constexpr double kTrouble = 0.5;

telemetry::Entity object(const char* id, const char* kind, const Pairs& attributes) {
  telemetry::Entity e;
  e.id = id;
  const std::string_view view(id);
  e.name = std::string(view.substr(view.rfind('/') == std::string_view::npos ? 0 : view.rfind('/') + 1));
  e.attributes.set("platform.kind", kind);
  for (const auto& [path, value] : attributes) e.attributes.set(path, value);
  return e;
}

class StateTest : public testing::Test {
 protected:
  static const knowledge::KnowledgeBase& knowledge() {
    static const knowledge::KnowledgeBase kKnowledge = *knowledge::embedded_knowledge();
    return kKnowledge;
  }

  StateFindings observe(std::vector<telemetry::Entity> entities,
                        std::vector<telemetry::Relation> relations = {}, const char* alarm = "") {
    topology::TopologyBuilder b;
    for (auto& e : entities) b.add(std::move(e));
    for (auto& r : relations) b.relate(std::move(r));
    topology_ = std::move(b).build();
    const signs::SignatureMatcher matcher(knowledge());
    return observe_state({topology_, matcher, alarm, base::parse_rfc3339(kNow),
                          [](std::uint32_t) { return std::string("file"); }});
  }

  static const model::Observation* find(const StateFindings& findings, std::string_view type) {
    const auto at = std::find_if(findings.observations.begin(), findings.observations.end(),
                                 [&](const auto& o) { return o.type == type; });
    return at == findings.observations.end() ? nullptr : &*at;
  }

  topology::Topology topology_;
};

/// What one entity's attributes have to say.
struct Case {
  const char* name;
  const char* kind;
  Pairs attributes;
  const char* type;  ///< the observation that has to be made
  bool trouble;      ///< and whether it is strong enough to be trouble
  Pairs facts;
  bool alarmed = false;
};

class OneEntity : public StateTest, public testing::WithParamInterface<Case> {};

TEST_P(OneEntity, SaysWhatItIs) {
  const Case& c = GetParam();
  const auto findings = observe({object("shop/x", c.kind, c.attributes)}, {}, c.alarmed ? "shop/x" : "");
  const model::Observation* o = find(findings, c.type);
  ASSERT_NE(o, nullptr) << c.name;
  EXPECT_EQ(o->strength >= kTrouble, c.trouble) << c.name << " " << o->strength;
  for (const auto& [fact, value] : c.facts) {
    ASSERT_TRUE(o->facts.contains(fact)) << c.name << " " << fact;
    EXPECT_EQ(o->facts.at(fact), value) << c.name;
  }
  ASSERT_FALSE(o->evidence.empty());
  EXPECT_FALSE(o->evidence.front().digest.empty());
}

std::vector<Case> cases() {
  const Pairs looping{{"platform.phase", "Running"},
                      {"container.app.state", "waiting"},
                      {"container.app.reason", "CrashLoopBackOff"},
                      {"container.app.restarts", "7"},
                      {"container.app.image", "shop/app:1"},
                      {"container.app.limit.memory", "134217728"},
                      {"container.app.last.reason", "OOMKilled"},
                      {"container.app.last.exit_code", "137"}};
  const auto with = [](Pairs base, const Pairs& more) {
    base.insert(base.end(), more.begin(), more.end());
    return base;
  };
  const auto running = [](const char* last_finished, const char* restarts, const char* ready) {
    return Pairs{{"platform.phase", "Running"},        {"container.app.state", "running"},
                 {"container.app.ready", ready},       {"container.app.started", last_finished},
                 {"container.app.restarts", restarts}, {"container.app.last.finished", last_finished},
                 {"container.app.last.exit_code", "1"}};
  };
  return {
      {"a budget without slack",
       "disruption_budget",
       {{"disruption.allowed", "0"},
        {"disruption.min_available", "3"},
        {"disruption.max_unavailable", "N/A"}},
       "state.disruption_budget.exhausted",
       false,
       {{"min_available", "3"}}},
      {"a policy that asks for labels which a caller has not",
       "network_policy",
       {{"policy.ingress", "some"},
        {"barred.0.caller", "api"},
        {"barred.0.target", "db"},
        {"barred.0.allowed", "tier=back"}},
       "state.policy.bars",
       true,
       {{"policy", "x"}, {"caller", "api"}, {"target", "db"}, {"allowed", "tier=back"}}},
      {"a policy without DNS",
       "network_policy",
       {{"policy.egress", "some"}, {"policy.dns", "blocked"}},
       "state.policy.blocks_dns",
       false,
       {{"policy", "x"}}},
      {"an init container that waits",
       "pod",
       {{"platform.phase", "Pending"},
        {"container.wait.init", "true"},
        {"container.wait.state", "running"},
        {"container.wait.started", "2030-05-01T11:40:00Z"}},
       "state.init.unfinished",
       true,
       {{"container", "wait"}}},
      {"loops",
       "pod",
       looping,
       "state.container.waiting",
       true,
       {{"reason", "CrashLoopBackOff"},
        {"exit_code", "137"},
        {"limit_memory", "128Mi"},
        {"limit_memory_doubled", "256Mi"}}},
      {"loops for memory", "pod", looping, "sign.oom_kill", true, {{"container", "app"}, {"instance", "x"}}},
      {"loops by exit code", "pod", looping, "sign.exit_sigkill", true, {}},
      {"ended",
       "pod",
       {{"platform.phase", "Failed"},
        {"container.app.state", "terminated"},
        {"container.app.reason", "Error"},
        {"container.app.exit_code", "2"}},
       "state.container.terminated",
       true,
       {{"exit_code", "2"}}},
      {"ended for long",
       "pod",
       {{"platform.phase", "Failed"},
        {"container.app.state", "terminated"},
        {"container.app.exit_code", "2"},
        {"container.app.finished", "2030-04-20T12:00:00Z"}},
       "state.container.terminated",
       false,
       {}},
      {"ended for long but asked for",
       "pod",
       {{"platform.phase", "Failed"},
        {"container.app.state", "terminated"},
        {"container.app.exit_code", "2"},
        {"container.app.finished", "2030-04-20T12:00:00Z"}},
       "state.container.terminated",
       true,
       {},
       true},
      {"restarted twice just now",
       "pod",
       running("2030-05-01T11:58:00Z", "2", "true"),
       "state.container.restarting",
       true,
       {}},
      {"restarted once an hour ago",
       "pod",
       running("2030-05-01T11:05:00Z", "1", "true"),
       "state.container.restarting",
       false,
       {}},
      {"restarted often, days ago",
       "pod",
       running("2030-04-20T11:58:00Z", "56", "true"),
       "state.container.restarting",
       false,
       {}},
      {"restarts every so often",
       "pod",
       running("2030-05-01T11:30:00Z", "9", "true"),
       "state.container.restarting",
       true,
       {}},
      {"not ready",
       "pod",
       {{"container.app.state", "running"},
        {"container.app.ready", "false"},
        {"container.app.started", "2030-05-01T11:50:00Z"}},
       "state.container.not_ready",
       true,
       {}},
      {"not ready yet",
       "pod",
       {{"container.app.state", "running"},
        {"container.app.ready", "false"},
        {"container.app.started", "2030-05-01T11:59:40Z"}},
       "state.container.not_ready",
       false,
       {}},
      {"not scheduled",
       "pod",
       {{"platform.phase", "Pending"},
        {"condition.PodScheduled.status", "False"},
        {"condition.PodScheduled.reason", "Unschedulable"},
        {"condition.PodScheduled.message", "0/2 nodes are available: 2 Insufficient cpu."}},
       "sign.insufficient_resource",
       true,
       {{"resource", "cpu"}}},
      {"creating for long",
       "pod",
       {{"platform.phase", "Pending"},
        {"platform.node", "n1"},
        {"platform.started", "2030-05-01T11:40:00Z"},
        {"container.app.state", "waiting"},
        {"container.app.reason", "ContainerCreating"}},
       "state.pod.pending",
       true,
       {{"reason", "ContainerCreating"}}},
      {"creating",
       "pod",
       {{"platform.phase", "Pending"},
        {"platform.node", "n1"},
        {"platform.started", "2030-05-01T11:59:00Z"},
        {"container.app.state", "waiting"},
        {"container.app.reason", "ContainerCreating"}},
       "state.pod.pending",
       false,
       {}},
      {"evicted",
       "pod",
       {{"platform.phase", "Failed"},
        {"platform.reason", "Evicted"},
        {"platform.message", "The node was low on resource: memory."}},
       "state.pod.evicted",
       true,
       {}},
      {"does not end",
       "pod",
       {{"platform.phase", "Running"}, {"platform.deleted", "2030-05-01T11:00:00Z"}},
       "state.pod.stuck",
       true,
       {}},
      {"listed as looping",
       "pod",
       {{"summary.status", "CrashLoopBackOff"}, {"summary.restarts", "9"}},
       "sign.crash_loop",
       true,
       {}},
      {"listed in init",
       "pod",
       {{"summary.status", "Init:CrashLoopBackOff"}},
       "state.container.waiting",
       true,
       {{"container", "Init"}}},
      {"listed with old restarts",
       "pod",
       {{"summary.status", "Running"},
        {"summary.ready", "1/1"},
        {"summary.restarts", "12"},
        {"summary.last_restart", "2030-05-01T06:00:00Z"}},
       "state.container.restarting",
       false,
       {}},
      {"listed as pending",
       "pod",
       {{"summary.status", "Pending"}, {"platform.created", "2030-05-01T10:00:00Z"}},
       "state.pod.pending",
       true,
       {}},
      {"a stopped task",
       "task",
       {{"platform.phase", "STOPPED"},
        {"platform.reason", "TaskFailedToStart"},
        {"platform.message", "CannotPullContainerError: pull image manifest has been retried"}},
       "sign.image_pull_failed",
       true,
       {}},
      {"a task that a deployment replaced",
       "task",
       {{"platform.phase", "STOPPED"},
        {"platform.reason", "ServiceSchedulerInitiated"},
        {"platform.message", "Scaling activity initiated by (deployment ecs-svc/1)"},
        {"container.app.state", "terminated"},
        {"container.app.exit_code", "143"}},
       "state.container.terminated",
       false,
       {}},
      {"a task that did not pass its check",
       "task",
       {{"platform.phase", "STOPPED"},
        {"platform.reason", "ServiceSchedulerInitiated"},
        {"platform.message", "Task failed ELB health checks in (target-group web)"},
        {"container.app.state", "terminated"},
        {"container.app.exit_code", "143"}},
       "state.container.terminated",
       true,
       {}},
      {"replicas missing",
       "workload",
       {{"replicas.desired", "3"}, {"replicas.ready", "0"}, {"platform.created", "2030-05-01T10:00:00Z"}},
       "state.workload.unavailable",
       true,
       {{"desired", "3"}, {"ready", "0"}}},
      {"replicas starting",
       "workload",
       {{"replicas.desired", "3"}, {"replicas.ready", "0"}, {"platform.created", "2030-05-01T11:59:45Z"}},
       "state.workload.unavailable",
       false,
       {}},
      {"scaled to zero", "workload", {{"replicas.desired", "0"}}, "state.workload.scaled_to_zero", false, {}},
      {"scaled to zero, alarmed",
       "workload",
       {{"replicas.desired", "0"}},
       "state.workload.scaled_to_zero",
       true,
       {},
       true},
      {"rollout stuck",
       "workload",
       {{"replicas.desired", "2"},
        {"replicas.ready", "1"},
        {"condition.Progressing.status", "False"},
        {"condition.Progressing.reason", "ProgressDeadlineExceeded"}},
       "sign.rollout_deadline_exceeded",
       true,
       {}},
      {"refused by quota",
       "workload",
       {{"replicas.desired", "2"},
        {"replicas.ready", "0"},
        {"condition.ReplicaFailure.status", "True"},
        {"condition.ReplicaFailure.reason", "FailedCreate"},
        {"condition.ReplicaFailure.message",
         "pods is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2"}},
       "sign.quota_exceeded",
       true,
       {{"quota", "q"}, {"limit", "pods=2"}}},
      {"autoscaler at its end",
       "autoscaler",
       {{"autoscaler.max", "5"}, {"autoscaler.current", "5"}, {"autoscaler.min", "1"}},
       "state.autoscaler.at_maximum",
       true,
       {{"max", "5"}}},
      {"autoscaler without metrics",
       "autoscaler",
       {{"condition.ScalingActive.status", "False"},
        {"condition.ScalingActive.reason", "FailedGetResourceMetric"},
        {"condition.ScalingActive.message", "missing request for cpu"}},
       "sign.autoscaler_no_metrics",
       true,
       {{"resource", "cpu"}}},
      {"job failed",
       "job",
       {{"job.failed", "5"}, {"job.backoff_limit", "4"}},
       "state.job.failed",
       true,
       {{"failed", "5"}}},
      {"job failed long ago",
       "job",
       {{"condition.Failed.status", "True"}, {"condition.Failed.since", "2030-04-01T00:00:00Z"}},
       "state.job.failed",
       false,
       {}},
      {"job suspended",
       "job",
       {{"job.suspended", "true"}, {"job.schedule", "* * * * *"}},
       "state.job.suspended",
       false,
       {}},
      {"node lost",
       "node",
       {{"condition.Ready.status", "Unknown"},
        {"condition.Ready.message", "Kubelet stopped posting node status."}},
       "sign.node_not_ready",
       true,
       {{"node", "x"}}},
      {"node under pressure",
       "node",
       {{"condition.Ready.status", "True"}, {"condition.DiskPressure.status", "True"}},
       "state.node.pressure",
       true,
       {{"condition", "DiskPressure"}}},
      {"node full",
       "node",
       {{"allocated.pods", "17"}, {"allocatable.pods", "17"}},
       "state.node.full",
       true,
       {{"used", "17"}, {"capacity", "17"}, {"resource", "pods"}}},
      {"claim pending",
       "volume_claim",
       {{"platform.phase", "Pending"}, {"claim.storage_class", "fast"}},
       "state.volume.unbound",
       true,
       {{"storage_class", "fast"}}},
      {"reference that leads nowhere",
       "workload",
       {{"dangling.0.kind", "config"},
        {"dangling.0.target", "settings"},
        {"dangling.0.reference", "environment of container app"},
        {"dangling.0.why", "not found"}},
       "state.reference.dangling",
       true,
       {{"target", "settings"}}},
      {"ports that do not meet",
       "service",
       {{"mismatch.1.port", "80"}, {"mismatch.1.target", "9090"}, {"mismatch.1.open", "8080"}},
       "state.port.mismatch",
       true,
       {{"open", "8080"}}},
      {"service without endpoints",
       "service",
       {{"service.endpoints", ""}, {"selector.app", "wbe"}},
       "state.service.no_endpoints",
       true,
       {{"selector", "app=wbe"}}},
      {"quota used up",
       "quota",
       {{"quota.hard.pods", "4"},
        {"quota.used.pods", "4"},
        {"quota.hard.cpu", "4"},
        {"quota.used.cpu", "3500m"}},
       "state.quota.exceeded",
       true,
       {{"resource", "pods"}}},
      {"probe of another port",
       "pod",
       {{"container.app.state", "running"},
        {"container.app.port.8080", "http"},
        {"container.app.probe.liveness.port", "9090"}},
       "state.probe.port_mismatch",
       false,
       {{"port", "9090"}, {"open", "8080"}}},
      {"memory at its limit",
       "pod",
       {{"container.app.limit.memory", "134217728"}, {"usage.memory", "130023424"}},
       "metric.memory.saturated",
       true,
       {{"limit_memory", "128Mi"}, {"percent", "97"}}},
      {"application out of sync",
       "application",
       {{"application.sync", "OutOfSync"}, {"application.health", "Healthy"}},
       "state.application.out_of_sync",
       true,
       {}},
      {"certificate not ready",
       "certificate",
       {{"condition.Ready.status", "False"}, {"condition.Ready.message", "no secret"}},
       "state.object.not_ready",
       true,
       {{"message", "no secret"}}},
      {"well",
       "pod",
       with({}, {{"platform.phase", "Running"},
                 {"condition.Ready.status", "True"},
                 {"container.app.state", "running"},
                 {"container.app.ready", "true"}}),
       "state.healthy",
       true,
       {}},
  };
}

INSTANTIATE_TEST_SUITE_P(Entities, OneEntity, testing::ValuesIn(cases()), [](const auto& test) {
  std::string name = test.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
});

TEST_F(StateTest, InstancesThatShowTheSameAreToldOnceUnderTheirOwner) {
  const Pairs looping{{"platform.phase", "Running"},
                      {"container.app.state", "waiting"},
                      {"container.app.reason", "CrashLoopBackOff"}};
  const auto findings = observe({object("shop/web", "workload", {}), object("shop/web-1", "pod", looping),
                                 object("shop/web-2", "pod", looping)},
                                {{"shop/web", "shop/web-1", RelationKind::kContains, {}},
                                 {"shop/web", "shop/web-2", RelationKind::kContains, {}}},
                                "web-2");
  const auto* o = find(findings, "state.container.waiting");
  ASSERT_NE(o, nullptr);
  EXPECT_EQ(o->entity, "shop/web");
  EXPECT_EQ(o->facts.at("instances"), "2");
  EXPECT_EQ(o->facts.at("instance"), "web-2") << "the one that the alarm names";
  EXPECT_EQ(std::count_if(findings.observations.begin(), findings.observations.end(),
                          [](const auto& other) { return other.type == "state.container.waiting"; }),
            1);
}

TEST_F(StateTest, AnOwnerIsWellOnlyWithAllItsParts) {
  const Pairs well{{"platform.phase", "Running"}, {"condition.Ready.status", "True"}};
  const Pairs ill{{"platform.phase", "Running"},
                  {"condition.Ready.status", "False"},
                  {"container.app.state", "waiting"},
                  {"container.app.reason", "CrashLoopBackOff"}};
  const std::vector<telemetry::Relation> owns{{"shop/web", "shop/web-1", RelationKind::kContains, {}},
                                              {"shop/web", "shop/web-2", RelationKind::kContains, {}}};
  const auto web = object("shop/web", "workload", {{"replicas.desired", "2"}, {"replicas.ready", "2"}});
  EXPECT_NE(
      find(observe({web, object("shop/web-1", "pod", well), object("shop/web-2", "pod", well)}, owns, "web"),
           "state.healthy"),
      nullptr);
  EXPECT_EQ(
      find(observe({web, object("shop/web-1", "pod", well), object("shop/web-2", "pod", ill)}, owns, "web"),
           "state.healthy"),
      nullptr);
}

TEST_F(StateTest, WhatIsUnknownIsNeitherWellNorIll) {
  const auto findings = observe({object("shop/x", "pod", {}), object("plain", "service", {})});
  for (const auto& o : findings.observations) EXPECT_NE(o.type, "state.healthy");
}

TEST_F(StateTest, InitContainersThatCompletedAreNoTrouble) {
  const auto findings = observe({object("shop/x", "pod",
                                        {{"platform.phase", "Running"},
                                         {"condition.Ready.status", "True"},
                                         {"container.setup.init", "true"},
                                         {"container.setup.state", "terminated"},
                                         {"container.setup.reason", "Completed"},
                                         {"container.setup.exit_code", "0"},
                                         {"container.app.state", "running"},
                                         {"container.app.ready", "true"}})});
  for (const auto& o : findings.observations)
    EXPECT_TRUE(o.type == "state.healthy" || o.strength < kTrouble) << o.type;
}

TEST_F(StateTest, AJobThatWasMadeUpForIsNoTrouble) {
  const auto failed = object("shop/job/report-1", "job",
                             {{"job.status", "Failed"}, {"platform.created", "2030-05-01T05:00:00Z"}});
  const auto pod = object("shop/pod/report-1-abcde", "pod", {{"summary.status", "Error"}});
  const auto again = [](const char* id, const char* made) {
    return object(id, "job",
                  {{"job.status", "Complete"}, {"job.succeeded", "1"}, {"platform.created", made}});
  };
  const auto trouble = [](const StateFindings& findings) {
    return std::any_of(findings.observations.begin(), findings.observations.end(),
                       [](const auto& o) { return o.strength >= kTrouble && o.type != "state.healthy"; });
  };
  EXPECT_FALSE(trouble(observe({failed, pod, again("shop/job/report-1-retry", "2030-05-01T11:00:00Z")})));
  EXPECT_TRUE(trouble(observe({failed, pod}))) << "nobody repeated it";
  EXPECT_TRUE(trouble(observe({failed, pod, again("shop/job/report-1-first", "2030-05-01T04:00:00Z")})))
      << "that run was before";
  EXPECT_TRUE(trouble(observe({failed, pod, again("shop/job/import-7", "2030-05-01T11:00:00Z")})))
      << "that is another job";
}

TEST_F(StateTest, DoesNotDependOnTheOrderOfEntities) {
  const auto a = object("a", "pod", {{"summary.status", "Error"}});
  const auto b = object("b", "node", {{"condition.Ready.status", "False"}});
  const auto one = observe({a, b});
  const auto two = observe({b, a});
  ASSERT_EQ(one.observations.size(), two.observations.size());
  for (std::size_t i = 0; i < one.observations.size(); ++i)
    EXPECT_EQ(one.observations[i].type, two.observations[i].type);
}

}  // namespace
}  // namespace midwatch::observe::state

#include "src/clients/kubernetes/table_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/clients/kubernetes/testing/decoded.h"

namespace midwatch::clients::kubernetes {
namespace {

using telemetry::RelationKind;
using testing::Decoded;

struct Case {
  const char* text;
  const char* id;
  std::vector<std::pair<const char*, const char*>> attributes;
};

class Tables : public ::testing::TestWithParam<Case> {};

TEST_P(Tables, AreRead) {
  const Decoded d({GetParam().text});
  for (const auto& [path, value] : GetParam().attributes)
    EXPECT_EQ(d.get(GetParam().id, path), value) << GetParam().id << " " << path;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Tables,
    ::testing::Values(
        Case{"# kubectl get pods -n shop -o wide\n"
             "NAME    READY   STATUS             RESTARTS        AGE   IP          NODE   NOMINATED NODE   "
             "READINESS GATES\n"
             "web-0   1/2     CrashLoopBackOff   14 (3m5s ago)   2h    10.1.0.12   n1     <none>           "
             "<none>\n",
             "shop/pod/web-0",
             {{"summary.status", "CrashLoopBackOff"},
              {"summary.ready", "1/2"},
              {"summary.restarts", "14"},
              {"summary.last_restart", "2030-05-01T11:56:55Z"},
              {"platform.created", "2030-05-01T10:00:00Z"},
              {"platform.node", "n1"}}},
        Case{"# kubectl get -A --show-labels -o wide pod | grep web\n"
             "shop     web-0     0/1     Pending     0       6m44s   <none>     <none>     <none>     <none> "
             "    app=web\n",
             "shop/pod/web-0",
             {{"summary.status", "Pending"}, {"metadata.labels.app", "web"}, {"platform.node", "(absent)"}}},
        Case{"# kubectl get deploy -A\nNAMESPACE   NAME   READY   UP-TO-DATE   AVAILABLE   AGE\n"
             "shop        web    0/3     3            0           14s\n",
             "shop/deployment/web",
             {{"replicas.ready", "0"}, {"replicas.desired", "3"}, {"replicas.available", "0"}}},
        Case{"# kubectl get deployment -A | grep web\n"
             "shop   web   1/3   3   1   14s\n",
             "shop/deployment/web",
             {{"replicas.ready", "1"}, {"replicas.desired", "3"}}},
        Case{"# kubectl get ds agent -n shop\nNAME    DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   "
             "NODE "
             "SELECTOR   AGE\nagent   3         3         2       3            2           <none>          "
             "5d\n",
             "shop/daemonset/agent",
             {{"replicas.desired", "3"}, {"replicas.ready", "2"}}},
        Case{"# kubectl get job import\nNAME     STATUS   COMPLETIONS   DURATION   AGE\n"
             "import   Failed   0/5           23h        23h\n",
             "default/job/import",
             {{"job.status", "Failed"}, {"job.succeeded", "0"}, {"job.completions", "5"}}},
        Case{"# kubectl get nodes\nNAME   STATUS                        ROLES    AGE   VERSION\n"
             "n1     NotReady,SchedulingDisabled   <none>   35d   v1.30.4\n",
             "node/n1",
             {{"condition.Ready.status", "False"}, {"unschedulable", "true"}}},
        Case{"# kubectl get pvc -n shop\nNAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   "
             "VOLUMEATTRIBUTESCLASS   AGE\ndata   Pending                                      fast          "
             " <unset>   "
             "              12m\n",
             "shop/persistentvolumeclaim/data",
             {{"platform.phase", "Pending"}, {"claim.storage_class", "fast"}, {"claim.volume", "(absent)"}}},
        Case{"# kubectl get hpa -n shop\nNAME   REFERENCE        TARGETS         MINPODS   MAXPODS   "
             "REPLICAS   AGE\n"
             "web    Deployment/web   <unknown>/80%   2         5         5          3d\n",
             "shop/horizontalpodautoscaler/web",
             {{"autoscaler.max", "5"}, {"autoscaler.current", "5"}, {"autoscaler.targets", "<unknown>/80%"}}},
        Case{"# kubectl get svc web -n shop -o wide\nNAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   "
             "       AGE   "
             "SELECTOR\nweb    NodePort    10.96.0.1    <none>        80:30080/TCP     5d    "
             "app=web,tier=front\n",
             "shop/service/web",
             {{"selector.tier", "front"}, {"listed_port.80", ""}, {"service.type", "NodePort"}}},
        Case{"# kubectl get quota -n shop\nNAME      AGE   REQUEST                              LIMIT\n"
             "compute   5d    requests.cpu: 1/2, pods: 10/10       limits.cpu: 2/2\n",
             "shop/resourcequota/compute",
             {{"quota.used.pods", "10"}, {"quota.hard.requests.cpu", "2"}, {"quota.used.limits.cpu", "2"}}},
        Case{"# kubectl get all -n shop\nNAME        READY   STATUS    RESTARTS   AGE\npod/web-0   1/1     "
             "Running   0       "
             "   5d\n\nNAME              TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\nservice/web   "
             "    ClusterIP   "
             "10.96.0.1    <none>        80/TCP    5d\n",
             "shop/service/web",
             {{"service.type", "ClusterIP"}}},
        Case{"# kubectl top pods -n shop\nNAME    CPU(cores)   MEMORY(bytes)\nweb-0   250m         120Mi\n",
             "shop/pod/web-0",
             {{"usage.cpu", "0.25"}, {"usage.memory", "125829120"}}},
        Case{"# kubectl top pod --containers -n shop\nPOD     NAME   CPU(cores)   MEMORY(bytes)\nweb-0   app "
             "   1m           "
             "120Mi\n",
             "shop/pod/web-0",
             {{"container.app.usage.memory", "125829120"}}},
        Case{"# kubectl top nodes\nNAME   CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\nn1     3900m        "
             "97%    7000Mi      "
             "    91%\n",
             "node/n1",
             {{"usage.cpu_percent", "97"}, {"usage.memory_percent", "91"}}},
        Case{"# kubectl get applications -n argocd\nNAME   SYNC STATUS   HEALTH STATUS\nshop   OutOfSync     "
             "Degraded\n",
             "argocd/application/shop",
             {{"application.sync", "OutOfSync"}, {"application.health", "Degraded"}}}));

TEST(TableDecoder, ReadsEvents) {
  const Decoded d(
      {"# kubectl get events -n shop\n"
       "LAST SEEN              TYPE      REASON    OBJECT                          MESSAGE\n"
       "2m12s (x42 over 12m)   Warning   BackOff   pod/web-6d4cf56db6-x7x2z        Back-off restarting\n"
       "5m                     Normal    Scaled    replicaset/web-6d4cf56db6       up\n"});
  ASSERT_EQ(d.batch().events.size(), 2U);
  EXPECT_EQ(d.batch().events[0].entity, "shop/pod/web-6d4cf56db6-x7x2z");
  EXPECT_EQ(d.batch().events[0].count, 42);
  EXPECT_EQ(base::format_rfc3339(d.batch().events[0].time), "2030-05-01T11:57:48Z");
  EXPECT_EQ(d.batch().events[0].ref.line, 3U);
  EXPECT_EQ(d.batch().events[1].entity, "shop/deployment/web");
}

TEST(TableDecoder, FindsTheOwnersOfPods) {
  const Decoded d(
      {"# kubectl get pods -n shop --show-labels\n"
       "NAME                       READY   STATUS    RESTARTS   AGE   LABELS\n"
       "web-6d4cf56db6-x7x2z       1/1     Running   0          5d    app=web,pod-template-hash=6d4cf56db6\n"
       "import-x7x2z               0/1     Error     0          5d    job-name=import\n"
       "db-0                       1/1     Running   0          5d    "
       "statefulset.kubernetes.io/pod-name=db-0\n"
       "plain-name                 1/1     Running   0          5d    <none>\n"});
  EXPECT_TRUE(d.related("shop/deployment/web", "shop/pod/web-6d4cf56db6-x7x2z", RelationKind::kContains));
  EXPECT_TRUE(d.related("shop/job/import", "shop/pod/import-x7x2z", RelationKind::kContains));
  EXPECT_TRUE(d.related("shop/statefulset/db", "shop/pod/db-0", RelationKind::kContains));
  for (const auto& r : d.batch().relations) EXPECT_NE(r.to, "shop/pod/plain-name");
}

TEST(TableDecoder, FindsTheOwnersOfPodsByTheirNames) {
  const Decoded d(
      {"# kubectl get pods -n shop\nNAME                         READY   STATUS    RESTARTS   AGE\n"
       "web-6d4cf56db6-x7x2z         1/1     Running   0          5d\n"
       "backup-28912345-x7x2z        0/1     Error     0          5d\n"
       "cache-1                      1/1     Running   0          5d\n",
       "# kubectl get jobs -n shop\nNAME              STATUS   COMPLETIONS   DURATION   AGE\n"
       "backup-28912345   Failed   0/1           1h         1h\n",
       "# kubectl get cronjobs -n shop\nNAME     SCHEDULE    SUSPEND   ACTIVE   LAST SCHEDULE   AGE\n"
       "backup   0 3 * * *   False     0        1h              9d\n",
       "# kubectl get sts -n shop\nNAME    READY   AGE\ncache   2/2     9d\n"});
  EXPECT_TRUE(d.related("shop/deployment/web", "shop/pod/web-6d4cf56db6-x7x2z", RelationKind::kContains));
  EXPECT_TRUE(
      d.related("shop/job/backup-28912345", "shop/pod/backup-28912345-x7x2z", RelationKind::kContains));
  EXPECT_TRUE(d.related("shop/cronjob/backup", "shop/job/backup-28912345", RelationKind::kContains));
  EXPECT_TRUE(d.related("shop/statefulset/cache", "shop/pod/cache-1", RelationKind::kContains));
}

TEST(TableDecoder, RefusesWhatIsNoTable) {
  telemetry::TelemetryBatch batch;
  for (const char* text : {"", "hello world", "Name: x\n", "a  b\nc  d\n"})
    EXPECT_FALSE(decode_table(text, parse_command_line("# kubectl get pods"), 1, {}, batch)) << text;
}

}  // namespace
}  // namespace midwatch::clients::kubernetes

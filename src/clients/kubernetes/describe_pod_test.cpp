#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/clients/kubernetes/testing/decoded.h"

namespace midwatch::clients::kubernetes {
namespace {

using telemetry::RelationKind;
using testing::Decoded;

constexpr const char* kPod = R"(# kubectl describe pod worker-6d4cf56db6-x7x2z -n shop
Name:             worker-6d4cf56db6-x7x2z
Namespace:        shop
Priority:         0
Service Account:  worker-account
Node:             node-a/10.0.0.7
Start Time:       Wed, 01 May 2030 13:30:00 +0200
Labels:           app=worker
                  pod-template-hash=6d4cf56db6
Annotations:      <none>
Status:           Running
IP:               10.1.0.12
Controlled By:    ReplicaSet/worker-6d4cf56db6
Init Containers:
  migrate:
    Image:          shop/migrate:3
    State:          Terminated
      Reason:       Completed
      Exit Code:    0
    Ready:          True
    Restart Count:  0
Containers:
  worker:
    Container ID:  containerd://1
    Image:         shop/worker:7
    Image ID:      docker.io/shop/worker@sha256:abc
    Port:          8080/TCP
    Host Port:     0/TCP
    Command:
      /bin/sh
    Args:
      -c
      echo "State: of the art"
      while true; do
        sleep 10
      done
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Message:      Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
ValueError: bad port

      Exit Code:    1
      Started:      Wed, 01 May 2030 13:58:00 +0200
      Finished:     Wed, 01 May 2030 13:58:02 +0200
    Ready:          False
    Restart Count:  7
    Limits:
      cpu:     500m
      memory:  256Mi
    Requests:
      cpu:      250m
      memory:   128Mi
    Liveness:   http-get http://:9090/healthz delay=5s timeout=1s period=10s #success=1 #failure=3
    Readiness:  exec [cat /tmp/ready] delay=0s timeout=1s period=10s #success=1 #failure=3
    Environment Variables from:
      worker-config  ConfigMap  Optional: false
      extras         Secret     Optional: true
    Environment:
      QUEUE:        orders
      DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false
      POD_IP:        (v1:status.podIP)
    Mounts:
      /data from data (rw)
      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-abcde (ro)
Conditions:
  Type              Status
  Initialized       True
  Ready             False
  PodScheduled      True
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  worker-data
    ReadOnly:   false
  settings:
    Type:      ConfigMap (a volume populated by a ConfigMap)
    Name:      worker-settings
    Optional:  false
  kube-api-access-abcde:
    Type:                    Projected (a volume that contains injected data from multiple sources)
    ConfigMapName:           kube-root-ca.crt
QoS Class:                   Burstable
Node-Selectors:              disk=ssd
Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
Events:
  Type     Reason   Age                   From     Message
  ----     ------   ----                  ----     -------
  Normal   Pulled   20m                   kubelet  Successfully pulled image "shop/worker:7"
  Warning  BackOff  2m30s (x206 over 48m)  kubelet  Back-off restarting failed container worker in pod worker-6d4cf56db6-x7x2z_shop(1b2c)
  Warning  Unhealthy  1m  kubelet  Liveness probe failed: two
lines of it
)";

constexpr const char* kId = "shop/pod/worker-6d4cf56db6-x7x2z";

TEST(DescribePod, TellsTheStateOfItsContainers) {
  const Decoded d({kPod});
  EXPECT_EQ(d.get(kId, "platform.phase"), "Running");
  EXPECT_EQ(d.get(kId, "platform.started"), "2030-05-01T13:30:00+0200");
  EXPECT_EQ(d.get(kId, "container.worker.state"), "waiting");
  EXPECT_EQ(d.get(kId, "container.worker.reason"), "CrashLoopBackOff");
  EXPECT_EQ(d.get(kId, "container.worker.last.reason"), "Error");
  EXPECT_EQ(d.get(kId, "container.worker.last.exit_code"), "1");
  EXPECT_EQ(d.get(kId, "container.worker.last.finished"), "2030-05-01T13:58:02+0200");
  EXPECT_EQ(d.get(kId, "container.worker.restarts"), "7");
  EXPECT_EQ(d.get(kId, "container.worker.ready"), "false");
  EXPECT_EQ(d.get(kId, "container.migrate.init"), "true");
  EXPECT_EQ(d.get(kId, "container.migrate.exit_code"), "0");
  EXPECT_EQ(d.get(kId, "condition.Ready.status"), "False");
}

TEST(DescribePod, KeepsAMessageThatBeginsAtTheStartOfTheLine) {
  const Decoded d({kPod});
  EXPECT_EQ(
      d.get(kId, "container.worker.last.message"),
      "Traceback (most recent call last):\nFile \"/app/main.py\", line 3, in <module>\nValueError: bad port");
}

TEST(DescribePod, TellsTheSpecOfItsContainers) {
  const Decoded d({kPod});
  EXPECT_EQ(d.get(kId, "container.worker.image"), "shop/worker:7");
  EXPECT_EQ(d.get(kId, "container.worker.command"), "/bin/sh");
  EXPECT_EQ(d.get(kId, "container.worker.args"),
            "-c echo \"State: of the art\" while true; do sleep 10 done");
  EXPECT_EQ(d.get(kId, "container.worker.limit.memory"), "268435456");
  EXPECT_EQ(d.get(kId, "container.worker.request.cpu"), "0.25");
  EXPECT_EQ(d.get(kId, "container.worker.port.8080"), "");
  EXPECT_EQ(d.get(kId, "container.worker.probe.liveness.port"), "9090");
  EXPECT_EQ(d.get(kId, "container.worker.probe.liveness.path"), "/healthz");
  EXPECT_EQ(d.get(kId, "container.worker.probe.readiness.command"), "cat /tmp/ready");
  EXPECT_EQ(d.get(kId, "container.worker.env.QUEUE"), "orders");
  EXPECT_EQ(d.get(kId, "container.worker.env.DB_PASSWORD"), "secret:db/password");
  EXPECT_EQ(d.get(kId, "container.worker.env.POD_IP"), "field:v1:status.podIP");
  EXPECT_EQ(d.get(kId, "placement.selector.disk"), "ssd");
}

TEST(DescribePod, NamesWhatItNeeds) {
  const Decoded d({kPod});
  EXPECT_TRUE(d.related(kId, "node/node-a", RelationKind::kRunsOn));
  EXPECT_TRUE(d.related(kId, "shop/persistentvolumeclaim/worker-data", RelationKind::kReadsFrom));
  EXPECT_TRUE(d.related(kId, "shop/configmap/worker-config", RelationKind::kReadsConfig));
  EXPECT_TRUE(d.related(kId, "shop/configmap/worker-settings", RelationKind::kReadsConfig));
  EXPECT_TRUE(d.related(kId, "shop/secret/db", RelationKind::kReadsSecret));
  EXPECT_FALSE(d.related(kId, "shop/secret/extras", RelationKind::kReadsSecret)) << "optional";
  EXPECT_FALSE(d.related(kId, "shop/configmap/kube-root-ca.crt", RelationKind::kReadsConfig));
  EXPECT_EQ(d.get(kId, "reference.service_account.worker-account"), "service account of the pod");
  EXPECT_TRUE(d.related("shop/deployment/worker", kId, RelationKind::kContains));
}

TEST(DescribePod, TellsItsEventsWithTimesAndCounts) {
  const Decoded d({kPod});
  ASSERT_EQ(d.batch().events.size(), 3U);
  const auto& back_off = d.batch().events[1];
  EXPECT_EQ(back_off.entity, kId);
  EXPECT_EQ(back_off.reason, "BackOff");
  EXPECT_EQ(back_off.count, 206);
  EXPECT_EQ(base::format_rfc3339(back_off.time), "2030-05-01T11:57:30Z");
  EXPECT_EQ(back_off.attributes.get("first"), "2030-05-01T11:12:00Z");
  EXPECT_EQ(back_off.ref.line, 92U);
  EXPECT_EQ(d.batch().events[2].message, "Liveness probe failed: two\nlines of it");
}

TEST(DescribePod, OfSeveralPodsTellsEach) {
  const Decoded d(
      {"# kubectl describe pods -n shop\nName:  a\nNamespace:  shop\nStatus:  Pending\nQoS Class:  "
       "BestEffort\nEvents:  <none>\n\n\nName:  b\nNamespace:  shop\nStatus:  Running\nEvents:  <none>\n"});
  EXPECT_EQ(d.get("shop/pod/a", "platform.phase"), "Pending");
  EXPECT_EQ(d.get("shop/pod/b", "platform.phase"), "Running");
}

TEST(DescribePod, WithoutACommandLineIsKnownByItsShape) {
  const Decoded d(
      {"Name:         lonely\nNamespace:    shop\nStatus:       Failed\nReason:       Evicted\n"
       "Message:      The node was low on resource: memory.\nContainers:\n  app:\n    Image: x\n"
       "    State:  Terminated\n      Exit Code:  137\nQoS Class:    BestEffort\n"});
  EXPECT_EQ(d.get("shop/pod/lonely", "platform.reason"), "Evicted");
  EXPECT_EQ(d.get("shop/pod/lonely", "container.app.exit_code"), "137");
}

}  // namespace
}  // namespace midwatch::clients::kubernetes

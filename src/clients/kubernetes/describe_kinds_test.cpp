#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/clients/kubernetes/testing/decoded.h"

namespace midwatch::clients::kubernetes {
namespace {

using telemetry::RelationKind;
using testing::Decoded;

/// One described object and what has to be read from it.
struct Case {
  const char* name;
  const char* text;
  const char* id;
  std::vector<std::pair<const char*, const char*>> attributes;
};

class DescribedKinds : public ::testing::TestWithParam<Case> {};

TEST_P(DescribedKinds, AreRead) {
  const Decoded d({GetParam().text});
  for (const auto& [path, value] : GetParam().attributes)
    EXPECT_EQ(d.get(GetParam().id, path), value) << GetParam().name << " " << path;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, DescribedKinds,
    ::testing::Values(
        Case{"deployment",
             R"(# kubectl describe deployment web -n shop
Name:                   web
Namespace:              shop
CreationTimestamp:      Wed, 01 May 2030 13:00:00 +0200
Labels:                 app=web
Selector:               app=web
Replicas:               3 desired | 2 updated | 4 total | 1 available | 2 unavailable
StrategyType:           RollingUpdate
Pod Template:
  Labels:  app=web
           tier=front
  Containers:
   web:
    Image:      shop/web:2
    Port:       80/TCP
    Limits:
      memory:  64Mi
    Environment:  <none>
    Mounts:       <none>
  Volumes:        <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      False   MinimumReplicasUnavailable
  Progressing    False   ProgressDeadlineExceeded
NewReplicaSet:   web-6d4 (2/2 replicas created)
Events:          <none>
)",
             "shop/deployment/web",
             {{"platform.kind", "workload"},
              {"platform.created", "2030-05-01T13:00:00+0200"},
              {"replicas.desired", "3"},
              {"replicas.updated", "2"},
              {"replicas.available", "1"},
              {"replicas.unavailable", "2"},
              {"replicas.ready", "1"},
              {"template.label.tier", "front"},
              {"container.web.image", "shop/web:2"},
              {"container.web.limit.memory", "67108864"},
              {"condition.Progressing.reason", "ProgressDeadlineExceeded"}}},
        Case{"daemon set",
             "# kubectl describe ds agent -n shop\nName:  agent\nNamespace:  shop\nSelector:  app=agent\n"
             "Desired Number of Nodes Scheduled: 4\nCurrent Number of Nodes Scheduled: 4\n"
             "Number of Nodes Scheduled with Up-to-date Pods: 4\nNumber of Nodes Scheduled with Available "
             "Pods: 3\n"
             "Pods Status:  3 Running / 1 Waiting / 0 Succeeded / 0 Failed\n",
             "shop/daemonset/agent",
             {{"replicas.desired", "4"}, {"replicas.available", "3"}, {"platform.kind", "workload"}}},
        Case{"job",
             "# kubectl describe job import -n shop\nName:  import\nNamespace:  shop\nParallelism:  "
             "1\nCompletions:  5\n"
             "Suspend:  false\nBackoff Limit:  4\nStart Time:  Wed, 01 May 2030 13:00:00 +0200\n"
             "Pods Statuses:  0 Active (0 Ready) / 2 Succeeded / 5 Failed\n",
             "shop/job/import",
             {{"job.failed", "5"},
              {"job.succeeded", "2"},
              {"job.backoff_limit", "4"},
              {"job.completions", "5"}}},
        Case{"cron job",
             "# kubectl describe cronjob backup -n shop\nName:  backup\nNamespace:  shop\nSchedule:  0 3 * * "
             "*\n"
             "Suspend:  True\nLast Schedule Time:  Wed, 01 May 2030 03:00:00 +0000\nActive Jobs:  <none>\n",
             "shop/cronjob/backup",
             {{"job.suspended", "true"}, {"job.schedule", "0 3 * * *"}, {"platform.kind", "job"}}},
        Case{"node",
             R"(# kubectl describe node n1
Name:               n1
Taints:             team=ml:NoSchedule
                    node.kubernetes.io/unreachable:NoExecute
Unschedulable:      true
Conditions:
  Type             Status    LastHeartbeatTime                 LastTransitionTime                Reason              Message
  ----             ------    -----------------                 ------------------                ------              -------
  MemoryPressure   Unknown   Wed, 01 May 2030 13:27:57 +0200   Wed, 01 May 2030 13:28:40 +0200   NodeStatusUnknown   Kubelet stopped posting node status.
  Ready            Unknown   Wed, 01 May 2030 13:27:57 +0200   Wed, 01 May 2030 13:28:40 +0200   NodeStatusUnknown   Kubelet stopped posting node status.
Capacity:
  cpu:     4
  memory:  8Gi
  pods:    110
Allocatable:
  cpu:     3920m
  memory:  7Gi
  pods:    110
System Info:
  Architecture:  arm64
Non-terminated Pods:          (2 in total)
  Namespace                   Name        CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----        ------------  ----------  ---------------  -------------  ---
  shop                        web-0       0 (0%)        0 (0%)      0 (0%)           0 (0%)         63m
  kube-system                 proxy-1     0 (0%)        0 (0%)      0 (0%)           0 (0%)         6d
Allocated resources:
  Resource           Requests      Limits
  --------           --------      ------
  cpu                1139m (59%)   800m (41%)
  memory             2174Mi (65%)  5418Mi (163%)
Events:              <none>
)",
             "node/n1",
             {{"condition.Ready.status", "Unknown"},
              {"condition.Ready.reason", "NodeStatusUnknown"},
              {"condition.Ready.message", "Kubelet stopped posting node status."},
              {"condition.Ready.since", "2030-05-01T13:28:40+0200"},
              {"taint.team", "ml:NoSchedule"},
              {"taint.node.kubernetes.io/unreachable", ":NoExecute"},
              {"unschedulable", "true"},
              {"allocatable.cpu", "3.92"},
              {"allocated.pods", "2"},
              {"allocated.cpu", "1.139"},
              {"platform.architecture", "arm64"}}},
        Case{"claim",
             "# kubectl describe pvc data -n shop\nName:          data\nNamespace:     shop\nStorageClass:  "
             "fast\n"
             "Status:        Pending\nVolume:\nVolumeMode:    Filesystem\nUsed By:       db-0\n              "
             " db-1\n"
             "Events:\n  Type     Reason              Age  From                         Message\n"
             "  ----     ------              ---- ----                         -------\n"
             "  Warning  ProvisioningFailed  3s   persistentvolume-controller  storageclass \"fast\" not "
             "found\n",
             "shop/persistentvolumeclaim/data",
             {{"platform.phase", "Pending"}, {"claim.storage_class", "fast"}, {"claim.volume", "(absent)"}}},
        Case{"service",
             "# kubectl describe svc web -n shop\nName:  web\nNamespace:  shop\nSelector:  app=wbe\nType:  "
             "ClusterIP\n"
             "Port:  http  80/TCP\nTargetPort:  8080/TCP\nEndpoints:  <none>\nPort:  admin  "
             "81/TCP\nTargetPort:  "
             "admin/TCP\nEndpoints:  <none>\nSession Affinity:  None\n",
             "shop/service/web",
             {{"selector.app", "wbe"}, {"port.80", "8080"}, {"port.81", "admin"}, {"service.endpoints", ""}}},
        Case{"ingress",
             R"(# kubectl describe ingress web -n shop
Name:             web
Namespace:        shop
Address:          10.0.0.1
Ingress Class:    nginx
Default backend:  <default>
TLS:
  web-tls terminates shop.example
Rules:
  Host          Path  Backends
  ----          ----  --------
  shop.example
                /     web:80 (<error: endpoints "web" not found>)
                /api  api:8080 (10.1.0.1:8080)
Events:         <none>
)",
             "shop/ingress/web",
             {{"reference.service.web", "backend of shop.example"},
              {"reference.service.api", "backend of shop.example"},
              {"backend.0.error", "endpoints \"web\" not found"},
              {"reference.secret.web-tls", "certificate of the ingress"}}},
        Case{"autoscaler",
             R"(# kubectl describe hpa web -n shop
Name:                                                  web
Namespace:                                             shop
Reference:                                             Deployment/web
Metrics:                                               ( current / target )
  resource cpu on pods  (as a percentage of request):  <unknown> / 50%
Min replicas:                                          1
Max replicas:                                          3
Deployment pods:                                       3 current / 3 desired
Conditions:
  Type            Status  Reason                   Message
  ----            ------  ------                   -------
  ScalingActive   False   FailedGetResourceMetric  missing request for cpu
)",
             "shop/horizontalpodautoscaler/web",
             {{"autoscaler.max", "3"},
              {"autoscaler.current", "3"},
              {"autoscaler.target", "web"},
              {"condition.ScalingActive.message", "missing request for cpu"}}},
        Case{"quota",
             "# kubectl describe quota -n shop\nName:            compute\nNamespace:       shop\nResource    "
             "     Used   "
             "Hard\n--------         ----   ----\nlimits.cpu       2      2\npods             4      10\n",
             "shop/resourcequota/compute",
             {{"quota.used.limits.cpu", "2"}, {"quota.hard.limits.cpu", "2"}, {"quota.hard.pods", "10"}}},
        Case{"network policy",
             R"(# kubectl describe netpol lock -n shop
Name:         lock
Namespace:    shop
Created on:   2030-05-01 10:00:00 +0000 UTC
Spec:
  PodSelector:     app=db
  Allowing ingress traffic:
    <none> (Selected pods are isolated for ingress connectivity)
  Allowing egress traffic:
    To Port: 53/UDP
  Policy Types: Ingress, Egress
)",
             "shop/networkpolicy/lock",
             {{"selector.app", "db"}, {"policy.ingress", "none"}, {"policy.egress", "some"}}},
        Case{"config map",
             "# kubectl describe cm settings -n shop\nName:         settings\nNamespace:    "
             "shop\n\nData\n====\n"
             "app.yaml:\n----\nport: 80\nname: x\n\nmode:\n----\nfast\n\nEvents:  <none>\n",
             "shop/configmap/settings",
             {{"keys.app.yaml", ""}, {"keys.mode", ""}, {"data.app.yaml", "port: 80\nname: x"}}},
        Case{"secret",
             "# kubectl describe secret db -n shop\nName:         db\nNamespace:    shop\n\nType:  "
             "Opaque\n\nData\n====\n"
             "password:  8 bytes\n",
             "shop/secret/db",
             {{"keys.password", ""}, {"platform.kind", "secret"}}},
        Case{"custom object",
             R"(# kubectl describe certificate web -n shop
Name:         web
Namespace:    shop
API Version:  cert-manager.io/v1
Kind:         Certificate
Metadata:
  Creation Timestamp:  2030-05-01T10:00:00Z
Spec:
  Secret Name:  web-tls
Status:
  Conditions:
    Last Transition Time:  2030-05-01T10:05:00Z
    Message:               Issuing certificate as Secret does not exist
    Reason:                DoesNotExist
    Status:                False
    Type:                  Ready
Events:  <none>
)",
             "shop/certificate/web",
             {{"condition.Ready.status", "False"}, {"condition.Ready.reason", "DoesNotExist"}}}),
    [](const auto& test) {
      std::string name = test.param.name;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

TEST(DescribedKinds, RelateWhatTheyName) {
  const Decoded d(
      {"# kubectl describe pvc data -n shop\nName:  data\nNamespace:  shop\nStatus:  Bound\nVolume:  pv-1\n"
       "VolumeMode:  Filesystem\nUsed By:  db-0\n",
       "# kubectl describe node n1\nName:  n1\nCapacity:\n  pods: 3\nNon-terminated Pods:  (1 in total)\n"
       "  Namespace  Name   CPU Requests\n  ---------  ----   ------------\n  shop       web-0  0 (0%)\n"});
  EXPECT_TRUE(d.related("shop/pod/db-0", "shop/persistentvolumeclaim/data", RelationKind::kReadsFrom));
  EXPECT_TRUE(
      d.related("shop/persistentvolumeclaim/data", "persistentvolume/pv-1", RelationKind::kReadsFrom));
  EXPECT_TRUE(d.related("shop/pod/web-0", "node/n1", RelationKind::kRunsOn));
}

}  // namespace
}  // namespace midwatch::clients::kubernetes

#include "src/clients/kubernetes/kubernetes_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/clients/kubernetes/testing/decoded.h"
#include "src/clients/kubernetes/tool_output.h"

namespace midwatch::clients::kubernetes {
namespace {

using telemetry::RelationKind;
using testing::Decoded;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kPodJson = R"(# kubectl get pods -n shop -o json
{"apiVersion":"v1","kind":"List","items":[{"kind":"Pod","metadata":{"name":"web-6d4cf56db6-x7x2z","namespace":"shop",
"managedFields":[{"manager":"x"}],"ownerReferences":[{"kind":"ReplicaSet","name":"web-6d4cf56db6"}]},
"spec":{"nodeName":"n1","containers":[{"name":"web","image":"shop/web:1","env":[{"name":"API_TOKEN","value":"hunter2hunter2"}],
"resources":{"limits":{"memory":"64Mi"}},"livenessProbe":{"httpGet":{"port":8080,"path":"/live"},"failureThreshold":3}}]},
"status":{"phase":"Running","containerStatuses":[{"name":"web","ready":false,"restartCount":3,
"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}}]}
)";

TEST(KubernetesDecoder, ReadsJson) {
  const Decoded d({kPodJson});
  const char* id = "shop/pod/web-6d4cf56db6-x7x2z";
  EXPECT_EQ(d.get(id, "container.web.last.reason"), "OOMKilled");
  EXPECT_EQ(d.get(id, "container.web.last.exit_code"), "137");
  EXPECT_EQ(d.get(id, "container.web.limit.memory"), "67108864");
  EXPECT_EQ(d.get(id, "container.web.probe.liveness"), "http-get :8080/live #failure=3");
  EXPECT_EQ(d.get(id, "metadata.managedFields.0.manager"), "(absent)");
  EXPECT_TRUE(d.related("shop/deployment/web", id, RelationKind::kContains));
  for (const auto& [path, value] : d.attributes(id))
    EXPECT_EQ(value.find("hunter2"), std::string::npos) << path;
}

TEST(KubernetesDecoder, ReadsYaml) {
  const Decoded d(
      {"# kubectl get deployment web -n shop -o yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  "
       "name: "
       "web\n  namespace: shop\nspec:\n  replicas: 2\n  template:\n    metadata:\n      labels: {app: web}\n "
       "   "
       "spec:\n      containers:\n      - name: web\n        image: shop/web:1\n        envFrom:\n        - "
       "configMapRef: {name: settings}\nstatus:\n  observedGeneration: 3\n  conditions:\n  - type: "
       "ReplicaFailure\n    status: \"True\"\n    reason: FailedCreate\n    message: 'exceeded quota: q'\n"});
  EXPECT_EQ(d.get("shop/deployment/web", "replicas.desired"), "2");
  EXPECT_EQ(d.get("shop/deployment/web", "replicas.ready"), "0");
  EXPECT_EQ(d.get("shop/deployment/web", "condition.ReplicaFailure.message"), "exceeded quota: q");
  EXPECT_TRUE(d.related("shop/deployment/web", "shop/configmap/settings", RelationKind::kReadsConfig));
}

TEST(KubernetesDecoder, ReadsEventsOfEveryApiVersion) {
  const Decoded d({R"(# kubectl get events -A -o json
{"kind":"EventList","items":[
{"reason":"BackOff","message":"m","type":"Warning","count":8,"involvedObject":{"kind":"Pod","name":"a","namespace":"shop","fieldPath":"spec.containers{app}"},"firstTimestamp":"2030-05-01T10:00:00Z","lastTimestamp":"2030-05-01T11:00:00Z"},
{"reason":"FailedCreate","note":"n","type":"Warning","regarding":{"kind":"ReplicaSet","name":"web-6d4cf56db6","namespace":"shop"},"eventTime":"2030-05-01T11:30:00.5Z","series":{"count":3,"lastObservedTime":"2030-05-01T11:40:00Z"}},
{"reason":"NodeNotReady","message":"x","type":"Normal","involvedObject":{"kind":"Node","name":"n1","namespace":"default"},"lastTimestamp":null}]}
)"});
  ASSERT_EQ(d.batch().events.size(), 3U);
  EXPECT_EQ(d.batch().events[0].attributes.get("container"), "app");
  EXPECT_EQ(d.batch().events[0].attributes.get("first"), "2030-05-01T10:00:00Z");
  EXPECT_EQ(d.batch().events[1].entity, "shop/deployment/web");
  EXPECT_EQ(d.batch().events[1].message, "n");
  EXPECT_EQ(d.batch().events[1].count, 3);
  EXPECT_EQ(base::format_rfc3339(d.batch().events[1].time), "2030-05-01T11:40:00Z");
  EXPECT_EQ(d.batch().events[2].entity, "node/n1");
}

TEST(KubernetesDecoder, KeepsNothingOfASecretButItsKeys) {
  const Decoded d(
      {R"({"kind":"Secret","metadata":{"name":"db","namespace":"shop","annotations":{"x":"c2VjcmV0"}},"data":{"password":"c2VjcmV0"}})"});
  EXPECT_EQ(d.get("shop/secret/db", "keys.password"), "");
  for (const auto& [path, value] : d.attributes("shop/secret/db"))
    EXPECT_EQ(value.find("c2VjcmV0"), std::string::npos) << path;
}

TEST(KubernetesDecoder, ReadsLogs) {
  const Decoded d(
      {"# kubectl logs web-0 -n shop --timestamps\n2030-05-01T11:00:00.123456789Z started\n\nplain: 2\n",
       "# kubectl logs -l app=web --prefix -n shop\n[pod/web-1/app] hello\n",
       "# kubectl logs deployment/web -n shop\nhi\n"});
  const auto& logs = d.batch().logs;
  ASSERT_EQ(logs.size(), 4U);
  EXPECT_EQ(logs[0].entity, "web-0");
  EXPECT_EQ(logs[0].body, "started");
  ASSERT_TRUE(logs[0].time.has_value());
  EXPECT_EQ(logs[1].body, "plain: 2");
  EXPECT_EQ(logs[1].ref.line, 4U);
  EXPECT_EQ(logs[2].instance, "web-1");
  EXPECT_EQ(logs[2].body, "hello");
  EXPECT_EQ(logs[3].entity, "shop/deployment/web");
}

TEST(KubernetesDecoder, AnswersThatSomethingIsNotThereAreKept) {
  const Decoded d(
      {"# kubectl get configmap settings -n shop\nError from server (NotFound): configmaps \"settings\" not "
       "found\n",
       "# kubectl get secrets -n shop\nNo resources found in shop namespace.\n",
       "# kubectl get pods -n other\nError from server (Forbidden): pods is forbidden: User \"x\" cannot "
       "list\n",
       "# kubectl logs web-0\nError from server (BadRequest): previous terminated container \"a\" not "
       "found\n"});
  ASSERT_EQ(d.batch().absences.size(), 1U);
  EXPECT_EQ(d.batch().absences[0].entity, "shop/configmap/settings");
  ASSERT_EQ(d.batch().listings.size(), 1U);
  EXPECT_EQ(d.batch().listings[0].kind, "secret");
  EXPECT_EQ(d.batch().listings[0].name_space, "shop");
  EXPECT_EQ(d.batch().notices.size(), 3U);
  EXPECT_THAT(d.batch().logs, IsEmpty());
}

TEST(KubernetesDecoder, ReferencesThatLeadNowhereAreNoted) {
  const Decoded d({kPodJson,
                   R"(# kubectl get deploy web -n shop -o yaml
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: robot
      containers:
      - name: web
        ports: [{containerPort: 8080}]
        env:
        - name: MODE
          valueFrom: {configMapKeyRef: {name: settings, key: mode}}
        - name: TOKEN
          valueFrom: {secretKeyRef: {name: gone, key: t}}
)",
                   R"(# kubectl get cm settings -n shop -o yaml
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {other: x}
)",
                   "# kubectl get secrets -n shop\nNAME   TYPE     DATA   AGE\nhere   Opaque   1      5d\n",
                   R"(# kubectl get serviceaccount robot -n shop
Error from server (NotFound): serviceaccounts "robot" not found
)"});
  EXPECT_THAT(
      d.dangling("shop/deployment/web"),
      ::testing::UnorderedElementsAre("config_key settings/mode", "secret gone", "service_account robot"));
}

TEST(KubernetesDecoder, WhatNobodyLookedForIsNotMissing) {
  const Decoded d(
      {"# kubectl describe pod a -n shop\nName:  a\nNamespace:  shop\nContainers:\n  app:\n    Image: x\n    "
       "Environment Variables from:\n      settings  ConfigMap  Optional: false\nQoS Class: x\n"});
  EXPECT_THAT(d.dangling("shop/pod/a"), IsEmpty());
}

TEST(KubernetesDecoder, AClassThatNobodyListsLeadsNowhere) {
  const char* ingress =
      "# kubectl get ingress -n shop\nNAME   CLASS   HOSTS       ADDRESS   PORTS   AGE\n"
      "web    inner   a.example             80      3h\nold    <none>  b.example             80      3h\n"
      "shop   outer   c.example             80      3h\n";
  const char* classes =
      "# kubectl get ingressclass\nNAME    CONTROLLER   PARAMETERS   AGE\nouter   x.io/y       <none>       "
      "9d\n";
  const Decoded d({ingress, classes});
  EXPECT_THAT(d.dangling("shop/ingress/web"), ElementsAre("ingress_class inner"));
  EXPECT_THAT(d.dangling("shop/ingress/old"), IsEmpty());
  EXPECT_THAT(d.dangling("shop/ingress/shop"), IsEmpty());
  EXPECT_THAT(Decoded({ingress}).dangling("shop/ingress/web"), IsEmpty()) << "nobody listed the classes";
  EXPECT_THAT(Decoded({ingress,
                       "# kubectl get ingressclass inner\nNAME    CONTROLLER   PARAMETERS   AGE\n"
                       "inner   x.io/y       <none>       9d\n"})
                  .dangling("shop/ingress/web"),
              IsEmpty());
}

TEST(KubernetesDecoder, ALineThatNamesANodeOfABrokerCallsIt) {
  const char* pods =
      "# kubectl get pods -n shop\nNAME    READY   STATUS    RESTARTS   AGE\n"
      "mq-1    1/1     Running   0          3d\nwork-7d9f8c6b5-xk2lp   1/1     Running   0          3d\n";
  const Decoded d({pods,
                   "# kubectl logs work-7d9f8c6b5-xk2lp -n shop\nqueue jobs lives on rabbit@mq-1\n"
                   "mail to ann@mq.example.org\n"});
  EXPECT_TRUE(d.related("shop/pod/work-7d9f8c6b5-xk2lp", "shop/pod/mq-1", RelationKind::kCalls));
}

TEST(KubernetesDecoder, WhatAToolSaysOfANodeIsAboutThePodOfThatName) {
  const auto told_of = [](const char* pods) {
    telemetry::TelemetryBatch batch;
    decode_kubectl_output({pods, {0, 0}, {}}, batch);
    decode_tool_output("rabbitmq", {"Node rabbit@mq-0 cannot communicate with rabbit@mq-2\n", {1, 0}, {}},
                       batch);
    link_references(batch);
    return batch.events.back().entity;
  };
  EXPECT_EQ(told_of("# kubectl get pods -n shop\nNAME    READY   STATUS    RESTARTS   AGE\n"
                    "mq-0    1/1     Running   0          3d\nmq-2    1/1     Running   0          3d\n"),
            "shop/pod/mq-2");
  EXPECT_EQ(told_of("# kubectl get pods -A\nNAMESPACE   NAME    READY   STATUS    RESTARTS   AGE\n"
                    "a           mq-2    1/1     Running   0          3d\n"
                    "b           mq-2    1/1     Running   0          3d\n"),
            "rabbitmq");
}

TEST(KubernetesDecoder, APolicyBarsWhoCallsWithoutTheLabelsThatItAsksFor) {
  const auto barred_by = [](const std::string& rules, const char* labels,
                            const char* more = "# kubectl get ns\n\n") {
    const std::string pods =
        std::string(
            "# kubectl get pods -n shop --show-labels\n"
            "NAME   READY   STATUS    RESTARTS   AGE   LABELS\n"
            "db-0   1/1     Running   0          3d    app=db\napi    1/1     Running   0          3d    ") +
        labels + "\n";
    const std::string policy =
        "# kubectl get netpol guard -n shop -o yaml\nkind: NetworkPolicy\nmetadata: {name: "
        "guard, namespace: shop}\nspec:\n  podSelector: {matchLabels: {app: db}}\n"
        "  policyTypes: [Ingress]\n  ingress: " +
        rules + "\n";
    const std::string service =
        "# kubectl get svc db -n shop\nNAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)    AGE\n"
        "db     ClusterIP   10.0.0.1     <none>        5432/TCP   3d\n";
    const Decoded d({pods, policy, more, service,
                     "# kubectl logs api -n shop\nno answer of db.shop.svc.cluster.local\n"});
    return d.get("shop/networkpolicy/guard", "barred.0.caller");
  };
  const char* labelled = "[{from: [{podSelector: {matchLabels: {tier: back}}}]}]";
  EXPECT_EQ(barred_by(labelled, "app=api,tier=front"), "api");
  EXPECT_EQ(barred_by(labelled, "app=api,tier=back"), "(absent)");
  EXPECT_EQ(barred_by("[{ports: [{port: 5432}]}]", "app=api"), "(absent)") << "from anywhere";
  EXPECT_EQ(barred_by("[{from: [{namespaceSelector: {}}]}]", "app=api"), "(absent)") << "by namespace";
  EXPECT_EQ(
      barred_by(labelled, "app=api",
                "# kubectl describe netpol open -n shop\nName:         open\nNamespace:    shop\nSpec:\n"
                "  PodSelector:     app=db\n  Allowing ingress traffic:\n    To Port: 5432/TCP\n    From:\n"
                "      PodSelector: app=api\n  Not affecting egress traffic\n  Policy Types: Ingress\n"),
      "(absent)")
      << "another policy lets it in";
}

TEST(KubernetesDecoder, ServicesFindWhatTheySelect) {
  const char* deployment =
      "# kubectl get deploy web -n shop -o yaml\nkind: Deployment\nmetadata: {name: web, namespace: "
      "shop}\nspec:\n  "
      "template:\n    metadata: {labels: {app: web, tier: front}}\n    spec:\n      containers:\n      - "
      "name: web\n    "
      "    ports: [{containerPort: 8080, name: http}]\n";
  const auto service = [](const char* selector, const char* target) {
    return std::string(
               "# kubectl get svc web -n shop -o yaml\nkind: Service\nmetadata: {name: web, namespace: "
               "shop}\nspec:\n  selector: ") +
           selector + "\n  ports: [{port: 80, targetPort: " + target + "}]\n";
  };
  const char* listing = "# kubectl get pods -n shop\nNAME  READY  STATUS  RESTARTS  AGE\n";
  const std::string good = service("{app: web}", "http");
  const Decoded found({deployment, good});
  EXPECT_TRUE(found.related("shop/service/web", "shop/deployment/web", RelationKind::kRoutesTo));
  EXPECT_EQ(found.get("shop/service/web", "mismatch.0.target"), "(absent)");
  const std::string wrong_port = service("{app: web}", "9090");
  const Decoded port({deployment, wrong_port});
  EXPECT_EQ(port.get("shop/service/web", "mismatch.0.target"), "9090");
  EXPECT_EQ(port.get("shop/service/web", "mismatch.0.open"), "8080");
  const std::string typo = service("{app: wbe}", "8080");
  const Decoded lost({deployment, typo, listing});
  EXPECT_THAT(lost.dangling("shop/service/web"), ElementsAre("pod app=wbe"));
  const Decoded unlisted({typo});
  EXPECT_THAT(unlisted.dangling("shop/service/web"), IsEmpty());
}

TEST(KubernetesDecoder, ADeliveredWorkloadIsRelatedToItsApplication) {
  const Decoded d{
      "# kubectl get application web -n delivery -o yaml\napiVersion: argoproj.io/v1alpha1\nkind: "
      "Application\n"
      "metadata: {name: web, namespace: delivery}\nspec: {destination: {namespace: shop}}\n"
      "status:\n  sync: {status: Unknown}\n  conditions:\n"
      "  - {type: ComparisonError, message: \"unable to resolve 'v9' to a commit SHA\"}\n",
      "# kubectl get deployment -n shop\nNAME   READY   UP-TO-DATE   AVAILABLE   AGE\n"
      "web    1/1     1            1           3d\n"};
  EXPECT_EQ(d.get("delivery/application/web", "platform.message"), "unable to resolve 'v9' to a commit SHA");
  EXPECT_TRUE(d.related("shop/deployment/web", "delivery/application/web", RelationKind::kDeployedBy));
}

TEST(KubernetesDecoder, KnowsTheClustersNameServerAndAddresses) {
  const Decoded d{
      "# kubectl get pods -n kube-system -o wide\n"
      "NAME                       READY   STATUS    RESTARTS   AGE   IP           NODE   NOMINATED NODE   "
      "READINESS GATES\n"
      "coredns-5d78c9869d-2x2ft   1/1     Running   0          36m   10.244.0.71  n-1    <none>           "
      "<none>\n",
      "# kubectl get svc -n shop\n"
      "NAME    TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)    AGE\n"
      "stock   ClusterIP   10.96.3.7     <none>        8080/TCP   120d\n"
      "peers   ClusterIP   None          <none>        8080/TCP   120d\n"};
  EXPECT_EQ(d.get("kube-system/deployment/coredns", "name_server"), "cluster");
  EXPECT_EQ(d.get("kube-system/pod/coredns-5d78c9869d-2x2ft", "network.ip"), "10.244.0.71");
  EXPECT_EQ(d.get("shop/service/stock", "network.ip"), "10.96.3.7");
  EXPECT_EQ(d.get("shop/service/peers", "network.ip"), "(absent)");
}

TEST(KubernetesDecoder, InfersWhatPodsBelongToFromTheirNames) {
  const Decoded d{
      "# kubectl get pods -n shop\nNAME             READY   STATUS      RESTARTS   AGE\n"
      "store-0          1/1     Running     0          9d\nstore-1          1/1     Running     0          "
      "9d\n"
      "shipper-4k9sz    1/1     Running     0          9d\nshipper-d7mxn    1/1     Running     0          "
      "9d\n"
      "import-2x4kd     0/1     Completed   0          9d\nimport-7qplz     0/1     Error       0          "
      "9d\n"
      "lonely-8v2xk     1/1     Running     0          9d\nrelay-7          1/1     Running     0          "
      "9d\n"};
  EXPECT_TRUE(d.related("shop/statefulset/store", "shop/pod/store-1", RelationKind::kContains));
  EXPECT_TRUE(d.related("shop/daemonset/shipper", "shop/pod/shipper-4k9sz", RelationKind::kContains));
  for (const auto& r : d.batch().relations) {
    for (const char* alone : {"import", "lonely", "relay"})
      EXPECT_EQ(r.to.find(alone), std::string::npos) << r.from;
  }
}

TEST(KubernetesDecoder, ReadsTheRunOfAScheduleThatGoesOn) {
  const Decoded d{
      "# kubectl describe cronjob export -n shop\nName: export\nNamespace: shop\nSchedule: 20 2 * * *\n"
      "Concurrency Policy: Forbid\nSuspend: False\nActive Jobs: export-29897360\nEvents: <none>\n"};
  EXPECT_EQ(d.get("shop/cronjob/export", "job.running"), "export-29897360");
  EXPECT_EQ(d.get("shop/cronjob/export", "job.concurrency"), "Forbid");
}

TEST(KubernetesDecoder, ReadsLineage) {
  const Decoded d(
      {"# kubectl lineage deployment web -n shop\n"
       "NAME                              READY   STATUS              AGE\n"
       "Deployment/web                    1/2                         19s\n"
       "├── Event/web.1851                -       ScalingReplicaSet: Scaled up   19s\n"
       "└── ReplicaSet/web-6d4cf56db6     1/2                         19s\n"
       "    ├── Pod/web-6d4cf56db6-a      1/1     Running             19s\n"
       "    │   └── Service/web           -                           44d\n"
       "    └── Pod/web-6d4cf56db6-b      0/1     ContainerCreating   19s\n"});
  EXPECT_EQ(d.get("shop/deployment/web", "replicas.desired"), "2");
  EXPECT_TRUE(d.related("shop/deployment/web", "shop/replicaset/web-6d4cf56db6", RelationKind::kContains));
  EXPECT_TRUE(
      d.related("shop/replicaset/web-6d4cf56db6", "shop/pod/web-6d4cf56db6-b", RelationKind::kContains));
  EXPECT_FALSE(d.related("shop/pod/web-6d4cf56db6-a", "shop/service/web", RelationKind::kContains));
  EXPECT_EQ(d.get("shop/pod/web-6d4cf56db6-b", "summary.status"), "ContainerCreating");
  ASSERT_EQ(d.batch().events.size(), 1U);
  EXPECT_EQ(d.batch().events[0].reason, "ScalingReplicaSet");
}

TEST(KubernetesDecoder, ReadsTheAnswersOfQueryTools) {
  const Decoded d({R"(# kubectl get pods | jq
{"total_items_processed":3,"matches_found":1,"results":[{"metadata":{"name":"a","namespace":"shop"},"status":{"phase":"Failed"}},"x"],"stderr":null})",
                   R"(# kubectl get pods -A
{"count":1,"header":"NAME   READY   STATUS","rows":["b      0/1     Error"],"stderr":null})"});
  EXPECT_EQ(d.get("shop/pod/a", "platform.phase"), "Failed");
  EXPECT_EQ(d.get("pod/b", "summary.status"), "Error");
  EXPECT_EQ(d.batch().notices.size(), 1U) << "one of the results is no object";
}

TEST(KubernetesDecoder, WhatIsNotUnderstoodIsNoticed) {
  for (const char* text : {"# kubectl get pods -o json\n{\"kind\": ", "# kubectl foo\nbar baz\n", "[1,2,3]x",
                           "# kubectl get x -o yaml\na: [1,\n", "{\"kind\":\"Pod\"}"}) {
    const Decoded d({text});
    EXPECT_EQ(d.batch().notices.size(), 1U) << text;
  }
  EXPECT_THAT(Decoded({"# kubectl get pods\n\n"}).batch().notices, IsEmpty());
}

TEST(KubernetesDecoder, AListingWithoutLabelsSaysNothingOfThem) {
  const char* service =
      "# kubectl get svc web -n shop -o yaml\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: "
      "{selector: {app: web}}\n";
  const Decoded plain({service,
                       "# kubectl get pods -n shop\nNAME    READY   STATUS    RESTARTS   AGE\n"
                       "api-1   1/1     Running   0          3d\n"});
  EXPECT_THAT(plain.dangling("shop/service/web"), IsEmpty());
  const Decoded labels(
      {service,
       "# kubectl get pods -n shop --show-labels\nNAME    READY   STATUS    RESTARTS   AGE   LABELS\n"
       "api-1   1/1     Running   0          3d    app=api\n"});
  EXPECT_THAT(labels.dangling("shop/service/web"), ElementsAre("pod app=web"));
}

TEST(KubernetesDecoder, ACommandsAnswerIsAnEventOfWhatItWasDoneTo) {
  const Decoded d(
      {"# kubectl drain n4 --ignore-daemonsets\nnode/n4 cordoned\n"
       "error when evicting pods/\"db-1\" -n \"shop\" (will retry after 5s): Cannot evict pod\n",
       "# kubectl apply -f x.yaml\nerror: resource mapping not found\n"});
  ASSERT_EQ(d.batch().events.size(), 3U);
  EXPECT_EQ(d.batch().events[0].entity, "node/n4");
  EXPECT_EQ(d.batch().events[1].entity, "shop/pod/db-1");
  EXPECT_EQ(d.batch().events[1].reason, telemetry::kCommandOutput);
  EXPECT_EQ(d.batch().events[2].entity, "kubernetes");
  EXPECT_THAT(d.batch().notices, IsEmpty());
}

TEST(KubernetesDecoder, ReadsWhatOtherToolsSay) {
  telemetry::TelemetryBatch batch;
  decode_tool_output(
      "argocd",
      {"# argocd app get shop\nName:               argocd/shop\nSync Status:        OutOfSync from "
       "main (1a2b)\nHealth Status:      Degraded\nMessage:            not valid\n",
       {1, 0},
       {}},
      batch);
  ASSERT_EQ(batch.entities.size(), 1U);
  EXPECT_EQ(batch.entities[0].id, "argocd/application/shop");
  EXPECT_EQ(batch.entities[0].attributes.get("application.sync"), "OutOfSync");
  EXPECT_EQ(batch.entities[0].attributes.get("application.health"), "Degraded");
  EXPECT_EQ(batch.entities[0].attributes.get("platform.message"), "not valid");
  decode_tool_output(
      "helm", {"# helm upgrade --install web ./c -n shop --timeout 5m\nError: UPGRADE FAILED\n", {2, 0}, {}},
      batch);
  EXPECT_EQ(batch.events.back().entity, "shop/helmrelease/web");
  EXPECT_EQ(batch.events.back().ref.line, 2U);
  decode_tool_output("rabbitmq",
                     {"{\"parts\":{\"rabbit@mq-0\":[\"rabbit@mq-1\"]},\"empty\":\"\"}", {3, 0}, {}}, batch);
  EXPECT_EQ(batch.events.back().entity, "rabbitmq");
  EXPECT_THAT(batch.events.back().message, ::testing::MatchesRegex("parts.*rabbit@mq-0.*: rabbit@mq-1"));
  EXPECT_THAT(batch.notices, IsEmpty());
  decode_tool_output("helm", {"{\"a\":1", {4, 0}, {}}, batch);
  EXPECT_EQ(batch.notices.size(), 1U) << "neither JSON nor lines";
  EXPECT_FALSE(reads_messages_of("prometheus"));
  EXPECT_TRUE(reads_messages_of("helm"));
}

TEST(KubernetesDecoder, WhoNamesAHostCallsWhoStandsBehindIt) {
  const char* objects =
      "# kubectl get deploy,svc -n shop\nNAME                  READY   UP-TO-DATE   AVAILABLE   AGE\n"
      "deployment.apps/web   1/1     1            1           3d\n"
      "deployment.apps/db    0/0     0            0           3d\n\n"
      "NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)    AGE\n"
      "service/db   ClusterIP   10.0.0.1     <none>        5432/TCP   3d\n";
  for (const char* line : {"dial tcp db:5432: connect: connection refused", "GET http://db/health failed",
                           "no answer of db.shop.svc.cluster.local"}) {
    const std::string logs = std::string("# kubectl logs deploy/web -n shop\n") + line + "\n";
    const Decoded d({objects, logs});
    EXPECT_TRUE(d.related("shop/deployment/web", "shop/service/db", RelationKind::kCalls)) << line;
    EXPECT_TRUE(d.related("shop/service/db", "shop/deployment/db", RelationKind::kRoutesTo)) << line;
  }
  const Decoded none({objects, "# kubectl logs deploy/web -n shop\nthe db is slow, see db.other.svc\n"});
  EXPECT_FALSE(none.related("shop/deployment/web", "shop/service/db", RelationKind::kCalls));
}

TEST(KubernetesDecoder, APodKnownByItsLogsBelongsToItsJob) {
  const Decoded d(
      {"# kubectl describe job backup-2930 -n ops\nName:   backup-2930\nNamespace:  ops\nPods "
       "Statuses:  0 Active / 0 Succeeded / 4 Failed\n",
       "# kubectl logs backup-2930-8xk2l -n ops\npassword authentication failed\n"});
  EXPECT_TRUE(d.related("ops/job/backup-2930", "ops/pod/backup-2930-8xk2l", RelationKind::kContains));
}

TEST(KubernetesDecoder, ReadsTheLinesOfStern) {
  const Decoded d(
      {"# stern web -n shop\n\x1b[32mweb-6d4cf56db6-x2kqp\x1b[0m \x1b[36mapp\x1b[0m ERROR no heap\n"
       "web-6d4cf56db6-x2kqp app \tat com.shop.Cart\n"});
  ASSERT_EQ(d.batch().logs.size(), 2U);
  EXPECT_EQ(d.batch().logs[0].body, "ERROR no heap");
  EXPECT_EQ(d.batch().logs[1].body, "\tat com.shop.Cart");
  EXPECT_EQ(d.batch().logs[0].instance, "web-6d4cf56db6-x2kqp");
  EXPECT_TRUE(d.related("shop/deployment/web", "shop/pod/web-6d4cf56db6-x2kqp", RelationKind::kContains));
}

}  // namespace
}  // namespace midwatch::clients::kubernetes

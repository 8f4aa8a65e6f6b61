#include "src/clients/kubernetes/kinds.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/base/ascii.h"

namespace midwatch::clients::kubernetes {
namespace {

struct Kind {
  std::string_view api;
  std::string_view plural;
  std::string_view short_name;
  std::string_view platform;
  bool cluster_scoped = false;
};

/// Source: `kubectl api-resources` of Kubernetes 1.30, and the custom kinds of common operators.
constexpr std::array<Kind, 47> kKinds{{
    {"Pod", "pods", "po", "pod"},
    {"Deployment", "deployments", "deploy", "workload"},
    {"StatefulSet", "statefulsets", "sts", "workload"},
    {"DaemonSet", "daemonsets", "ds", "workload"},
    {"ReplicaSet", "replicasets", "rs", "workload"},
    {"ReplicationController", "replicationcontrollers", "rc", "workload"},
    {"Rollout", "rollouts", "ro", "workload"},
    {"Job", "jobs", "", "job"},
    {"CronJob", "cronjobs", "cj", "job"},
    {"Node", "nodes", "no", "node", true},
    {"Service", "services", "svc", "service"},
    {"Endpoints", "endpoints", "ep", "endpoints"},
    {"EndpointSlice", "endpointslices", "", "endpoints"},
    {"Ingress", "ingresses", "ing", "ingress"},
    {"IngressClass", "ingressclasses", "", "ingress_class", true},
    {"NetworkPolicy", "networkpolicies", "netpol", "network_policy"},
    {"ConfigMap", "configmaps", "cm", "config"},
    {"Secret", "secrets", "", "secret"},
    {"ServiceAccount", "serviceaccounts", "sa", "service_account"},
    {"PersistentVolumeClaim", "persistentvolumeclaims", "pvc", "volume_claim"},
    {"PersistentVolume", "persistentvolumes", "pv", "volume", true},
    {"StorageClass", "storageclasses", "sc", "storage_class", true},
    {"HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", "autoscaler"},
    {"VerticalPodAutoscaler", "verticalpodautoscalers", "vpa", "autoscaler"},
    {"PodDisruptionBudget", "poddisruptionbudgets", "pdb", "disruption_budget"},
    {"ResourceQuota", "resourcequotas", "quota", "quota"},
    {"LimitRange", "limitranges", "limits", "limit_range"},
    {"Namespace", "namespaces", "ns", "namespace", true},
    {"Event", "events", "ev", "event"},
    {"PriorityClass", "priorityclasses", "pc", "priority_class", true},
    {"RuntimeClass", "runtimeclasses", "", "runtime_class", true},
    {"ClusterRole", "clusterroles", "", "role", true},
    {"ClusterRoleBinding", "clusterrolebindings", "", "role_binding", true},
    {"Role", "roles", "", "role"},
    {"RoleBinding", "rolebindings", "", "role_binding"},
    {"CustomResourceDefinition", "customresourcedefinitions", "crd", "custom_kind", true},
    {"MutatingWebhookConfiguration", "mutatingwebhookconfigurations", "", "webhook", true},
    {"ValidatingWebhookConfiguration", "validatingwebhookconfigurations", "", "webhook", true},
    {"APIService", "apiservices", "", "api_service", true},
    {"Application", "applications", "app", "application"},
    {"Certificate", "certificates", "cert", "certificate"},
    {"Kustomization", "kustomizations", "ks", "application"},
    {"HelmRelease", "helmreleases", "hr", "application"},
    {"GitRepository", "gitrepositories", "", "repository"},
    {"HelmRepository", "helmrepositories", "", "repository"},
    {"ScaledObject", "scaledobjects", "so", "autoscaler"},
    {"VolumeAttachment", "volumeattachments", "", "volume_attachment", true},
}};

const Kind* known_kind(std::string_view word) {
  const std::string lower = base::to_lower(word);
  for (const Kind& kind : kKinds) {
    if (lower == base::to_lower(kind.api) || lower == kind.plural ||
        (!kind.short_name.empty() && lower == kind.short_name))
      return &kind;
  }
  return nullptr;
}

}  // namespace

std::string api_kind(std::string_view word) {
  if (const std::size_t dot = word.find('.'); dot != std::string_view::npos) word = word.substr(0, dot);
  if (const Kind* kind = known_kind(word)) return std::string(kind->api);
  if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss")) word.remove_suffix(1);
  return std::string(word);
}

std::string platform_kind(std::string_view kind) {
  const Kind* known = known_kind(kind);
  return known != nullptr ? std::string(known->platform) : base::to_lower(kind);
}

bool is_cluster_scoped(std::string_view kind) {
  const Kind* known = known_kind(kind);
  return known != nullptr && known->cluster_scoped;
}

bool is_workload(std::string_view kind) {
  return platform_kind(kind) == "workload";
}

std::string entity_id(std::string_view name_space, std::string_view kind, std::string_view name) {
  const bool bare = name_space.empty() || is_cluster_scoped(kind);
  return base::to_lower(bare ? fmt::format("{}/{}", kind, name)
                             : fmt::format("{}/{}/{}", name_space, kind, name));
}

}  // namespace midwatch::clients::kubernetes

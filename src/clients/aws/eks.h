#pragma once

#include <string>
#include <string_view>

#include "src/clients/aws/document.h"

// Amazon EKS as CloudWatch and the control plane tell of it, without a call to the API of the cluster.
// Source: EKS API reference, 2017-11-01; EKS user guide, "Control plane logging"; Kubernetes "Auditing"
// (audit.k8s.io/v1); CloudWatch user guide, "Container Insights".

namespace midwatch::clients::aws {

/// "eks/CLUSTER/NAMESPACE/workload/NAME": who a measurement of Container Insights is of, which does not say
/// what kind of workload it is.
std::string eks_workload(std::string_view cluster, std::string_view name_space, std::string_view name);

/// describe-cluster and describe-nodegroup: state, version, and what EKS found to be unhealthy.
void decode_eks_cluster(const Document& document, telemetry::TelemetryBatch& out);
void decode_eks_nodegroup(const Document& document, telemetry::TelemetryBatch& out);

/// Lines of the log groups of a cluster: audit events of its API (who changed which object, what the kubelets
/// said of their pods), and what containers wrote. Objects are "eks/CLUSTER/" and their id as kubectl's
/// output has it. False where the group is none of a cluster.
bool decode_eks_lines(const Document& document, std::string_view group, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws

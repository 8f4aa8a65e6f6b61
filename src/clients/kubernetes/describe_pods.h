#pragma once

#include "src/base/json.h"
#include "src/clients/kubernetes/describe_tree.h"

namespace midwatch::clients::kubernetes {

/// The spec and status of a pod, from the fields of a described pod. Adds `spec` and `status` to `object`.
void read_described_pod(const DescribeNode& pod, base::Json& object);

/// The spec of the pods that a workload makes, from its "Pod Template".
base::Json read_described_template(const DescribeNode& pod_template);

/// "app=web,tier=front" and one label a line, as an object.
base::Json read_described_labels(const DescribeNode* labels);

}  // namespace midwatch::clients::kubernetes

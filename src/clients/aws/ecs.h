#pragma once

#include "src/clients/aws/document.h"

// Amazon ECS: services, tasks, task definitions.
// Source: Amazon ECS API reference, 2014-11-13.

namespace midwatch::clients::aws {

/// Services as workloads: replicas, the deployment's state as condition `Deployment`, service events, one
/// change for each deployment, what they run (task definition), and what routes to them.
void decode_ecs_services(const Document& document, telemetry::TelemetryBatch& out);
/// Tasks with the state, exit code and reason of each container, and the service they belong to.
void decode_ecs_tasks(const Document& document, telemetry::TelemetryBatch& out);
/// A task definition: images, limits, environment, secrets, health checks, roles, log groups; its
/// registration is a change.
void decode_ecs_task_definition(const Document& document, telemetry::TelemetryBatch& out);
void decode_ecs_clusters(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws

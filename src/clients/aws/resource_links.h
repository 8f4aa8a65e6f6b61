#pragma once

#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::aws {

/// Puts together what several answers say of one thing; called once, after the last answer.
///  - Records under an alias ("lambda/orders", "logs//aws/lambda/orders", a task's short id) go to what it
///  means.
///  - A service has the containers of its task definition (`container.*`), and lines of the log groups that
///  its
///    containers write to are its own.
///  - Who is known to traces by a name of its own, or by its host, is the service, function or database of
///    that name.
///  - An environment variable that names the host, queue or table of something known makes a call.
///  - The image that a container runs is compared with the repository: `container.NAME.image_tag_digest`,
///    `container.NAME.image_pushed`; the push of an image that runs is a change of what runs it.
///  - What a load balancer measures at a target group is the service's behind it.
///  - Messages that end in a dead-letter queue are an event of the queue that they were sent to.
///  - Of a task definition whose predecessor is known, the registration has the difference as its diff.
void link_resources(telemetry::TelemetryBatch& batch);

}  // namespace midwatch::clients::aws

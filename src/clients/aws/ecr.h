#pragma once

#include "src/clients/aws/document.h"

// Amazon ECR. Source: Amazon ECR API reference, 2015-09-21.

namespace midwatch::clients::aws {

/// Images of a repository: digests and tags as attributes `image.DIGEST.…` and `tag.TAG`; each push is a
/// change.
void decode_ecr_images(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws

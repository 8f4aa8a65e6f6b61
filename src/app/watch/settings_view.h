#pragma once

#include "src/app/watch/serve_config.h"
#include "src/base/json.h"

namespace midwatch::app {

/// A configuration as people may look at it: no secret, nor where one is found. Shape: Settings of
/// openapi.yaml, without what became of messages.
base::Json settings_json(const ServeConfig& config);

}  // namespace midwatch::app

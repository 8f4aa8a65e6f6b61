#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/telemetry/alarm.h"

namespace midwatch::connectors::bundle {

/// Reads bundle.json. Errors: kMalformed, naming the field; kUnsupported for another format. Members of a
/// wrong type that are not needed are left out and named in `notices`.
base::Result<telemetry::IncidentScope> read_scope(std::string_view bundle_json,
                                                  std::vector<std::string>& notices);

}  // namespace midwatch::connectors::bundle

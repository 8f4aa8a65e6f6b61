#pragma once

#include <string_view>

#include "src/base/result.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/telemetry/alarm.h"

namespace midwatch::connectors::bundle {

/// Reads bundle.json. Errors: kMalformed, naming the field, or line and column where it is no JSON;
/// kUnsupported for another format. Members that are not needed and cannot be read are left out and noted in
/// `problems`.
base::Result<telemetry::IncidentScope> read_scope(std::string_view bundle_json, ReadProblems& problems);

}  // namespace midwatch::connectors::bundle

#pragma once

#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/telemetry/attributes.h"

namespace midwatch::clients::aws {

/// A policy as an object, also where it comes as JSON inside a text; null where it is none.
base::Json policy_document(const base::Json& value);

/// "Deny s3:* on arn… to * if {…}".
std::string policy_statement_text(const base::Json& statement);

/// Its statements in words, one an attribute: `policy.NAME.0`.
void add_policy_statements(const base::Json& policy, std::string_view name,
                           telemetry::Attributes& attributes);

/// One text, or a list of them, joined by commas.
std::string joined_texts(const base::Json& value);

}  // namespace midwatch::clients::aws

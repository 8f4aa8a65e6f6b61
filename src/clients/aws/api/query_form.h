#pragma once

#include <string>

#include "src/base/json.h"
#include "src/clients/aws/api/table/operation.h"

namespace midwatch::clients::aws::api {

/// The body of a call in the protocols query and ec2: `Action=…&Version=…` and the input, flattened.
/// Source: Smithy 2.0, AWS query protocol and AWS EC2 query protocol, "Request serialization"
std::string query_form(const Service& service, const Operation& operation, const base::Json& input);

}  // namespace midwatch::clients::aws::api

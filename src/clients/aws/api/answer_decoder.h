#pragma once

#include <string_view>

#include "src/base/json.h"
#include "src/clients/aws/api/table/operation.h"

namespace midwatch::clients::aws::api {

/// Reads one page of a successful answer into what `aws … --output json` prints, times as RFC 3339 in UTC.
///
/// Errors: kMalformed: not what the protocol says, or cut off.
base::Result<base::Json> decode_answer(const Service& service, const Operation& operation,
                                       std::string_view body);

}  // namespace midwatch::clients::aws::api

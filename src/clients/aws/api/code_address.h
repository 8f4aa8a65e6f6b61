#pragma once

#include <string>
#include <string_view>

#include "src/base/json_value.h"
#include "src/base/result.h"

namespace midwatch::clients::aws::api {

/// Takes the presigned address of the code out of an answer of GetFunction; empty where there is none. Who
/// has it can read the code for ten minutes, so it is in no answer that leaves the client.
std::string take_code_address(base::Json& answer);

/// Lets an address pass only where AWS keeps code: a host of S3 over TLS, or the host of the configured
/// endpoint, if there is one. An answer must not make the client ask anybody else.
///
/// Errors: kPermissionDenied; the message names the host and nothing else of the address.
base::Result<> check_code_address(std::string_view address, std::string_view configured_endpoint);

}  // namespace midwatch::clients::aws::api

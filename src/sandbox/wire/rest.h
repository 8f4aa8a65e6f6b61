#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "src/base/json_value.h"
#include "src/http/server/server.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/service_model.h"

namespace midwatch::sandbox::wire {

/// A REST operation that method and address name, with what stands in its path.
struct Route {
  const Service* service = nullptr;
  const Operation* operation = nullptr;
  base::Json input;
};

/// Finds the operation of a REST service, in JSON or XML, among those that sign with the same name, and reads
/// path, query and body. Where several match, that with the most literal segments.
///
/// Errors: UnknownOperationException, SerializationException.
tl::expected<Route, AccountError> decode_rest(const http::ServerRequest& request,
                                              const std::vector<const Service*>& services);

}  // namespace midwatch::sandbox::wire

#pragma once

#include <string>
#include <string_view>

#include "src/api/api.h"

namespace midwatch::api {

/// Puts the headers that keep a browser from doing more with an answer than showing it.
void add_security_headers(http::ServerResponse& response);

/// The content security policy of a report that carries its own style: what is in it is allowed by its hash,
/// and nothing else.
std::string policy_of_document(std::string_view html);

/// Refuses a request whose Host is no name of this server: a page of somebody whose name was made to point
/// here (DNS rebinding) must read nothing. Errors: kPermissionDenied.
base::Result<> check_host(const http::ServerRequest& request, const ApiOptions& options);

/// Refuses a change that a page of another origin asks for. Errors: kPermissionDenied.
base::Result<> check_same_origin(const http::ServerRequest& request);

}  // namespace midwatch::api

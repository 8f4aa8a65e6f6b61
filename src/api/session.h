#pragma once

#include "src/api/api.h"
#include "src/identity/sign_ins.h"

namespace midwatch::api {

/// Says who sends a request by the cookie of a browser, by a token of the store, or else as
/// `api.authenticate` says. A request with an Authorization header is never known by its cookie.
/// Requires: what the dependencies refer to outlives it.
Authenticator with_accounts(const ApiDependencies& api);

/// Refuses a change by a cookie without the token that only the page has: the cookie alone is sent by the
/// browser, whoever made it ask. Errors: kPermissionDenied.
/// Source: OWASP CSRF Prevention Cheat Sheet
base::Result<> check_csrf(const http::ServerRequest& request, const Caller& caller);

/// Refuses everything but changing the password and signing out to whose password somebody else chose.
/// Errors: kPermissionDenied.
base::Result<> check_password_changed(std::string_view operation, const Caller& caller);

/// For a server that keeps no users.
base::Error nobody_signs_in();

/// What somebody may do among these spaces.
Caller caller_of(const identity::Principal& principal, const std::vector<std::string>& spaces);

}  // namespace midwatch::api

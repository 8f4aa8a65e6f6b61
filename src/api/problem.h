#pragma once

#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/http/server/server.h"

namespace midwatch::api {

inline constexpr std::string_view kProblemType = "application/problem+json";

/// Problem details, in English (problem_words.h has them in other languages). Source: RFC 9457
http::ServerResponse problem(int status, std::string_view detail, std::string_view request_id);

/// The same of an error. What an internal error says is not told; what an outside service said is, with
/// status 502, so that its "not allowed" is never taken for ours.
http::ServerResponse problem_of(const base::Error& error, std::string_view request_id);

}  // namespace midwatch::api

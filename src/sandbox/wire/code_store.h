#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/base/time.h"
#include "src/http/server/server.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/credentials.h"

namespace midwatch::sandbox::wire {

/// The archive of a function's code as it is deployed at a time of the world; nothing for an unknown
/// function.
using PackageSource =
    std::function<std::optional<std::string>(const std::string& function, base::Timestamp now)>;

/// A presigned address of `path` on `host`, good for ten minutes, as Lambda gives for the code of a function.
std::string presigned_address(const std::string& host, const std::string& path, const Credentials& key,
                              base::Timestamp now);

/// Puts presigned addresses in place of the account's own (`sandbox://code/NAME`) in an answer of
/// GetFunction.
void sign_code_locations(base::Json& answer, const std::string& host, const Credentials& key,
                         base::Timestamp now);

/// As which operation a download of code counts.
inline constexpr std::string_view kPackageService = "s3";
inline constexpr std::string_view kPackageOperation = "GetObject";

/// True for addresses of code packages.
bool asks_for_package(const http::ServerRequest& request);

/// A refusal in the words of S3.
http::ServerResponse refuse_package(const AccountError& error);

/// Serves a package whose address is signed and has not expired; else refuses as S3 does.
http::ServerResponse answer_package(const http::ServerRequest& request, const KeyRing& keys,
                                    const PackageSource& packages, base::Timestamp now,
                                    base::Timestamp world_now);

}  // namespace midwatch::sandbox::wire

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "src/base/ids.h"
#include "src/clients/aws/api/credentials.h"
#include "src/clients/aws/api/retry.h"
#include "src/clients/aws/api/table/operation.h"
#include "src/http/http_client.h"

namespace midwatch::clients::aws::api {

class Api;  // api.h; who calls it includes <nlohmann/json.hpp> before

/// What is configured for one account.
struct ClientSettings {
  std::string region;    ///< for requests that name none; empty: there is no such region
  int max_attempts = 3;  ///< of one page, the first included
  /// The address that replaces AWS's own for a service; empty: AWS's own.
  std::function<std::string(const Service&)> endpoint = [](const Service&) { return std::string(); };
};

/// What the client works with; all of it outlives the client.
struct ClientParts {
  http::HttpClient& http;
  CredentialSource& credentials;
  Waiter& waiter;
  base::IdGenerator& ids;
  RandomSource random;
};

/// Asks AWS over HTTPS: signs, pages, keeps to the published rates, tries again.
///
/// An input may hold `"PaginationConfig": {"MaxItems": n}`, as the CLI's `--max-items`: pages are read until
/// n items are there, and the answer then keeps the token of the next page.
std::unique_ptr<Api> make_aws_client(ClientParts parts, ClientSettings settings);

}  // namespace midwatch::clients::aws::api

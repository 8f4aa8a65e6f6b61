#include "src/clients/aws/api/code_address.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/utf8.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

constexpr std::size_t kShownBytes = 120;
/// Of every partition; only AWS has names below them.
constexpr std::array<std::string_view, 4> kSuffixes{".amazonaws.com", ".amazonaws.com.cn", ".c2s.ic.gov",
                                                    ".sc2s.sgov.gov"};

/// "awslambda-us-east-1-tasks.s3.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com",
/// "bucket.s3-eu-west-1.amazonaws.com".
bool is_object_store(std::string_view host) {
  const auto* suffix = std::find_if(kSuffixes.begin(), kSuffixes.end(),
                                    [&](std::string_view known) { return host.ends_with(known); });
  if (suffix == kSuffixes.end()) return false;
  host.remove_suffix(suffix->size());
  const std::size_t at = host.starts_with("s3") ? 0 : host.find(".s3");
  if (at == std::string_view::npos) return false;
  const std::string_view rest = host.substr(at == 0 ? 2 : at + 3);
  return rest.empty() || rest.front() == '.' || rest.front() == '-';
}

}  // namespace

std::string take_code_address(base::Json& answer) {
  if (!answer.is_object() || !answer.contains("Code") || !answer["Code"].is_object()) return {};
  base::Json& code = answer["Code"];
  std::string address = base::text_at(code, "Location");
  code.erase("Location");
  return address;
}

base::Result<> check_code_address(std::string_view address, std::string_view configured_endpoint) {
  const auto refuse = [](std::string_view host) {
    return base::external_error(base::ErrorCode::kPermissionDenied,
                                fmt::format("the code is said to lie on “{}”, which is no host of AWS's "
                                            "object store; nothing was asked of it",
                                            base::printable(host, kShownBytes)));
  };
  const auto url = http::parse_url(address);
  if (!url) return refuse("an address that cannot be read");
  if (!configured_endpoint.empty()) {
    const auto own = http::parse_url(configured_endpoint);
    if (own && own->scheme == url->scheme && own->authority == url->authority) return {};
  }
  if (url->scheme == "https" && url->authority == url->host && is_object_store(url->host)) return {};
  return refuse(url->host);
}

}  // namespace midwatch::clients::aws::api

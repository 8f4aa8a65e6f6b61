#include "src/sandbox/wire/code_store.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/sandbox/wire/percent.h"
#include "src/sandbox/wire/signature.h"
#include "src/sandbox/wire/xml.h"

namespace midwatch::sandbox::wire {
namespace {

constexpr std::string_view kPath = "/packages/";
constexpr std::string_view kOwn = "sandbox://code/";

/// `20150830T123600Z`
std::string basic_time(base::Timestamp now) {
  std::string text = base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(now));
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace

http::ServerResponse refuse_package(const AccountError& error) {
  http::ServerResponse response;
  response.status = error.status;
  response.set("Content-Type", "application/xml");
  response.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message></Error>",
      escape_xml(error.code), escape_xml(error.message));
  return response;
}

std::string presigned_address(const std::string& host, const std::string& path, const Credentials& key,
                              base::Timestamp now) {
  constexpr int kLifetimeSeconds = 600;  // what Lambda gives
  constexpr std::size_t kDayDigits = 8;
  const std::string date = basic_time(now);
  const std::string scope = date.substr(0, kDayDigits) + "/us-east-1/s3/aws4_request";
  http::ServerRequest request;
  request.method = "GET";
  request.target = fmt::format(
      "{}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}&X-Amz-Date={}&X-Amz-Expires={}&X-Amz-"
      "SignedHeaders="
      "host",
      percent_encode(path, true), percent_encode(key.access_key + "/" + scope), date, kLifetimeSeconds);
  request.headers = {{"Host", host}};
  const std::string canonical = canonical_request(request, "host", "UNSIGNED-PAYLOAD", true);
  return fmt::format("http://{}{}&X-Amz-Signature={}", host, request.target,
                     signature_of(canonical, key.secret_key, date, scope));
}

void sign_code_locations(base::Json& answer, const std::string& host, const Credentials& key,
                         base::Timestamp now) {
  if (!answer.is_object() || !answer.contains("Code") || !answer["Code"].is_object()) return;
  base::Json& code = answer["Code"];
  if (!code.contains("Location") || !code["Location"].is_string()) return;
  const std::string location = code["Location"];
  if (!location.starts_with(kOwn)) return;
  code["Location"] = presigned_address(host, std::string(kPath) + location.substr(kOwn.size()), key, now);
}

bool asks_for_package(const http::ServerRequest& request) {
  return request.path().starts_with(kPath);
}

http::ServerResponse answer_package(const http::ServerRequest& request, const KeyRing& keys,
                                    const PackageSource& packages, base::Timestamp now,
                                    base::Timestamp world_now) {
  const auto checked = check_signature(request, keys, now);
  if (!checked) return refuse_package(checked.error());
  const std::string name = percent_decode(request.path().substr(kPath.size()));
  auto bytes = packages ? packages(name, world_now) : std::nullopt;
  constexpr int kNotFound = 404;
  if (!bytes) return refuse_package({"NoSuchKey", "The specified key does not exist.", kNotFound});
  http::ServerResponse response;
  response.set("Content-Type", "application/zip");
  response.body = *std::move(bytes);
  return response;
}

}  // namespace midwatch::sandbox::wire

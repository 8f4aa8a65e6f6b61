#include "src/sandbox/wire/signature.h"

#include <gtest/gtest.h>

#include "src/base/ascii.h"

namespace midwatch::sandbox::wire {
namespace {

/// Requests and signatures of the suite of awslabs/aws-c-auth (Apache-2.0), tests/aws-signing-test-suite/v4.
struct Vector {
  const char* name;
  const char* method;
  const char* target;
  std::vector<std::pair<std::string, std::string>> headers;
  const char* signed_headers;
  const char* signature;
};

constexpr const char* kDate = "20150830T123600Z";
constexpr const char* kScope = "20150830/us-east-1/service/aws4_request";

const base::Timestamp& signing_time() {
  static const base::Timestamp kTime = *base::parse_rfc3339("2015-08-30T12:36:00Z");
  return kTime;
}

std::vector<Vector> vectors() {
  return {
      {"get-vanilla",
       "GET",
       "/",
       {},
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-header-key-duplicate",
       "GET",
       "/",
       {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
       "host;my-header1;x-amz-date",
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
      {"get-header-value-order",
       "GET",
       "/",
       {{"My-Header1", "value4"},
        {"My-Header1", "value1"},
        {"My-Header1", "value3"},
        {"My-Header1", "value2"}},
       "host;my-header1;x-amz-date",
       "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
      {"get-header-value-trim",
       "GET",
       "/",
       {{"My-Header1", "value1"}, {"My-Header2", "\"a   b   c\""}},
       "host;my-header1;my-header2;x-amz-date",
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"get-relative-normalized",
       "GET",
       "/example/..",
       {},
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-relative-relative-normalized",
       "GET",
       "/example1/example2/../..",
       {},
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-slash-dot-slash-normalized",
       "GET",
       "/./",
       {},
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-slash-normalized",
       "GET",
       "//",
       {},
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-slash-pointless-dot-normalized",
       "GET",
       "/./example",
       {},
       "host;x-amz-date",
       "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
      {"get-slashes-normalized",
       "GET",
       "//example//",
       {},
       "host;x-amz-date",
       "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
      {"get-unreserved",
       "GET",
       "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
       {},
       "host;x-amz-date",
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"get-utf8",
       "GET",
       "/ሴ",
       {},
       "host;x-amz-date",
       "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
      {"get-vanilla-empty-query-key",
       "GET",
       "/?Param1=value1",
       {},
       "host;x-amz-date",
       "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
      {"post-header-key-sort",
       "POST",
       "/",
       {{"My-Header1", "value1"}},
       "host;my-header1;x-amz-date",
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
      {"post-header-value-case",
       "POST",
       "/",
       {{"My-Header1", "VALUE1"}},
       "host;my-header1;x-amz-date",
       "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
  };
}

void add_example(KeyRing& keys) {
  keys.add({.access_key = "AKIDEXAMPLE", .secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"});
}

http::ServerRequest signed_request(const Vector& vector) {
  http::ServerRequest request;
  request.method = vector.method;
  request.target = vector.target;
  request.headers = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", kDate}};
  request.headers.insert(request.headers.end(), vector.headers.begin(), vector.headers.end());
  request.headers.emplace_back("Authorization", std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") +
                                                    kScope + ", SignedHeaders=" + vector.signed_headers +
                                                    ", Signature=" + vector.signature);
  return request;
}

std::string refusal_of(const http::ServerRequest& request, base::Timestamp now = signing_time()) {
  KeyRing keys("seed");
  add_example(keys);
  const auto checked = check_signature(request, keys, now);
  return checked ? "accepted" : checked.error().code;
}

TEST(Signature, AcceptsTheSignaturesOfTheSuite) {
  for (const Vector& vector : vectors())
    EXPECT_EQ(refusal_of(signed_request(vector)), "accepted") << vector.name;
}

TEST(Signature, SaysWhoseItIsAndForWhat) {
  KeyRing keys("seed");
  add_example(keys);
  const auto checked = check_signature(signed_request(vectors()[0]), keys, signing_time());
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->credentials.access_key, "AKIDEXAMPLE");
  EXPECT_EQ(checked->region, "us-east-1");
  EXPECT_EQ(checked->service, "service");
}

TEST(Signature, AcceptsAPresignedAddressUntilItExpires) {
  http::ServerRequest request;
  request.method = "GET";
  request.target =
      "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2F"
      "aws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature="
      "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d";
  request.headers = {{"Host", "example.amazonaws.com"}};
  EXPECT_EQ(refusal_of(request, signing_time() + std::chrono::minutes(59)), "accepted");
  EXPECT_EQ(refusal_of(request, signing_time() + std::chrono::minutes(61)), "AccessDenied");
  request.target[1 + request.target.find("Expires=36")] = '9';
  EXPECT_NE(refusal_of(request), "accepted");
}

TEST(Signature, RefusesARequestThatIsNotTheOneSigned) {
  const http::ServerRequest good = signed_request(vectors()[0]);
  http::ServerRequest other = good;
  other.method = "POST";
  EXPECT_EQ(refusal_of(other), "SignatureDoesNotMatch");
  other = good;
  other.target = "/?a=b";
  EXPECT_EQ(refusal_of(other), "SignatureDoesNotMatch");
  other = good;
  other.body = "x";
  EXPECT_EQ(refusal_of(other), "SignatureDoesNotMatch");
  other = good;
  other.headers[0].second = "elsewhere";
  EXPECT_EQ(refusal_of(other), "SignatureDoesNotMatch");
  other = good;
  other.headers.emplace_back("X-Amz-Content-Sha256", std::string(64, '0'));
  EXPECT_EQ(refusal_of(other), "XAmzContentSHA256Mismatch");
}

TEST(Signature, RefusesByKeyTimeAndForm) {
  const http::ServerRequest good = signed_request(vectors()[0]);
  EXPECT_EQ(refusal_of(good, signing_time() + std::chrono::minutes(14)), "accepted");
  EXPECT_EQ(refusal_of(good, signing_time() + std::chrono::minutes(16)), "SignatureDoesNotMatch");
  EXPECT_EQ(refusal_of(good, signing_time() - std::chrono::minutes(16)), "SignatureDoesNotMatch");
  http::ServerRequest other = good;
  other.headers.pop_back();
  EXPECT_EQ(refusal_of(other), "MissingAuthenticationToken");
  other.headers.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/x");
  EXPECT_EQ(refusal_of(other), "IncompleteSignature");
  other = good;
  std::string& authorization = other.headers.back().second;
  authorization.replace(authorization.find("AKIDEXAMPLE"), 11, "AKIDUNKNOWN");
  EXPECT_EQ(refusal_of(other), "InvalidClientTokenId");
  other = good;
  other.headers.emplace_back("X-Amz-Security-Token", "nobody's");
  EXPECT_EQ(refusal_of(other), "InvalidClientTokenId");
}

TEST(Signature, LetsASessionEnd) {
  KeyRing keys("seed");
  const Credentials made =
      keys.issue("arn:aws:iam::123456789012:role/Reader", "s", signing_time() + std::chrono::minutes(5));
  EXPECT_EQ(made.arn, "arn:aws:sts::123456789012:assumed-role/Reader/s");
  http::ServerRequest request;
  request.method = "GET";
  request.target = "/";
  request.headers = {{"Host", "h"}, {"X-Amz-Date", kDate}, {"X-Amz-Security-Token", made.session_token}};
  const std::string names = "host;x-amz-date;x-amz-security-token";
  const std::string empty_body = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const std::string signature =
      signature_of(canonical_request(request, names, empty_body, false), made.secret_key, kDate, kScope);
  request.headers.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=" + made.access_key + "/" +
                                                    kScope + ", SignedHeaders=" + names +
                                                    ", Signature=" + signature);
  EXPECT_TRUE(check_signature(request, keys, signing_time()));
  const auto late = check_signature(request, keys, signing_time() + std::chrono::minutes(6));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "ExpiredToken");
}

}  // namespace
}  // namespace midwatch::sandbox::wire

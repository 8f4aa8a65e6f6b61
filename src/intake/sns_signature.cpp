#include "src/intake/sns_signature.h"

#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "src/base/ascii.h"
#include "src/base/base64.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/http/url.h"
#include "src/intake/said.h"

namespace midwatch::intake {
namespace {

using base::Json;
using base::text_at;

/// SNS tries for an hour at the most; what is older is a replay, and what is younger and told twice has the
/// key of a message that is stored.
constexpr auto kOldest = std::chrono::hours(24);
constexpr auto kAhead = std::chrono::minutes(15);
constexpr int kLeastKeyBits = 2048;

/// Frees an object of OpenSSL.
template <auto kFree>
struct Free {
  template <class Object>
  void operator()(Object* object) const {
    kFree(object);
  }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using CertificatePointer = std::unique_ptr<X509, Free<X509_free>>;
using DigestPointer = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using BytesPointer = std::unique_ptr<BIO, Free<BIO_free_all>>;

base::Error refused(std::string message) {
  return base::external_error(base::ErrorCode::kUnauthenticated, std::move(message));
}

/// True for `sns.REGION.amazonaws.com`, also in the partition of China.
bool is_sns_host(std::string_view host) {
  for (const std::string_view end : {".amazonaws.com", ".amazonaws.com.cn"}) {
    if (!host.starts_with("sns.") || !host.ends_with(end)) continue;
    host.remove_prefix(std::string_view("sns.").size());
    if (host.size() <= end.size()) return false;
    const std::string_view region = host.substr(0, host.size() - end.size());
    return region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
  }
  return false;
}

bool allows(const Webhook& webhook, const std::string& authority) {
  return std::find(webhook.certificate_hosts.begin(), webhook.certificate_hosts.end(), authority) !=
         webhook.certificate_hosts.end();
}

/// What is signed: the members that count, in the order of their names, each name and value on its line.
std::string signed_text(const Json& message) {
  const bool notification = text_at(message, "Type") == "Notification";
  const std::vector<const char*> members =
      notification
          ? std::vector{"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}
          : std::vector{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"};
  std::string text;
  for (const char* member : members) {
    if (base::at(message, member).is_string())
      text += fmt::format("{}\n{}\n", member, text_at(message, member));
  }
  return text;
}

base::Result<> check_topic(const std::string& topic, const Webhook& webhook) {
  constexpr std::size_t kAccount = 4;
  const auto parts = base::split(topic, ':');
  const bool accepted =
      std::any_of(webhook.topics.begin(), webhook.topics.end(), [&](const std::string& one) {
        return one == "*" || one == topic || (parts.size() > kAccount && one == parts[kAccount]);
      });
  if (!accepted) return refused(fmt::format("messages of the topic '{}' are not accepted here", said(topic)));
  return {};
}

/// True where the certificate's subject is one that SNS signs by: sns.amazonaws.com, sns.REGION.amazonaws.com
/// or sns-signing.REGION.amazonaws.com.
bool is_certificate_of_sns(X509* certificate) {
  constexpr int kLongestName = 256;
  std::string name(kLongestName, '\0');
  const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName,
                                               name.data(), kLongestName);
  if (length <= 0) return false;
  name.resize(static_cast<std::size_t>(length));
  return (name.starts_with("sns.") || name.starts_with("sns-signing.")) &&
         (name.ends_with(".amazonaws.com") || name.ends_with(".amazonaws.com.cn") ||
          name == "sns.amazonaws.com");
}

/// The key of a certificate that is valid now.
base::Result<KeyPointer> key_in(const std::string& pem, bool of_sns, base::Timestamp now) {
  const BytesPointer bytes(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const CertificatePointer certificate(bytes ? PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr)
                                             : nullptr);
  if (!certificate) return refused("what should be the signing certificate is none");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const auto time = static_cast<std::time_t>(seconds);
  if (ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate.get()), time) > 0 ||
      ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate.get()), time) != 1) {
    return refused("the signing certificate is not valid at this time");
  }
  if (of_sns && !is_certificate_of_sns(certificate.get()))
    return refused("the signing certificate is not one of SNS");
  KeyPointer key(X509_get_pubkey(certificate.get()));
  if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_bits(key.get()) < kLeastKeyBits)
    return refused("the signing certificate has no RSA key of 2048 bits or more");
  return key;
}

bool is_signed(EVP_PKEY* key, const EVP_MD* digest, std::string_view text, const std::string& signature) {
  const DigestPointer context(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const auto* shown = reinterpret_cast<const unsigned char*>(signature.data());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), shown, signature.size(), bytes, text.size()) == 1;
}

base::Result<> check_age(const Json& message, base::Timestamp now) {
  const auto sent = time_said(base::at(message, "Timestamp"));
  if (!sent) return refused("the message says no Timestamp");
  if (*sent < now - kOldest || *sent > now + kAhead)
    return refused("the message is a day old or of the future: it is a replay, or a clock is wrong");
  return {};
}

}  // namespace

bool is_sns_address(std::string_view address, const Webhook& webhook) {
  const auto url = http::parse_url(address);
  if (!url) return false;
  if (allows(webhook, url->authority)) return true;
  return url->scheme == "https" && url->authority == url->host && is_sns_host(url->host);
}

base::Result<> check_sns_signature(const Json& message, const Webhook& webhook,
                                   CertificateSource& certificates, base::Timestamp now) {
  const std::string version = text_at(message, "SignatureVersion");
  if (version != "1" && version != "2") {
    return refused(
        fmt::format("the message has no signature of version 1 or 2 (turn raw message delivery off): '{}'",
                    said(version)));
  }
  MIDWATCH_TRY_VOID(check_topic(text_at(message, "TopicArn"), webhook));
  MIDWATCH_TRY_VOID(check_age(message, now));
  const std::string address = text_at(message, "SigningCertURL");
  const auto url = http::parse_url(address);
  if (!url || !is_sns_address(address, webhook) || !url->path.ends_with(".pem") || !url->query.empty())
    return refused(fmt::format("the signing certificate lies where SNS has none: {}", said(address)));
  const auto signature = base::from_base64(text_at(message, "Signature"));
  if (!signature) return refused("the signature is not written in base64");
  MIDWATCH_TRY(const std::string pem, certificates.certificate(address));
  MIDWATCH_TRY(const KeyPointer key, key_in(pem, !allows(webhook, url->authority), now));
  if (!is_signed(key.get(), version == "2" ? EVP_sha256() : EVP_sha1(), signed_text(message), *signature))
    return refused("the signature does not fit the message");
  return {};
}

}  // namespace midwatch::intake

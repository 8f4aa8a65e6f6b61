#include "src/sandbox/wire/message_signer.h"

#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "src/base/base64.h"

namespace midwatch::sandbox::wire {
namespace {

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

void need(bool done) {
  if (!done) throw std::runtime_error("OpenSSL: the signing of messages failed");
}

std::string pem_of(EVP_PKEY* key, const std::string& host) {
  constexpr long kLifetimeSeconds = 365L * 24 * 3600;
  constexpr long kVersion3 = 2;  // counted from 0
  constexpr int kUntilTheEnd = -1;
  const CertificatePointer certificate(X509_new());
  need(certificate != nullptr);
  X509* const x509 = certificate.get();
  need(X509_set_version(x509, kVersion3) == 1);
  need(ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1);
  need(X509_gmtime_adj(X509_getm_notBefore(x509), -kLifetimeSeconds) != nullptr);
  need(X509_gmtime_adj(X509_getm_notAfter(x509), kLifetimeSeconds) != nullptr);
  need(X509_set_pubkey(x509, key) == 1);
  X509_NAME* const name = X509_get_subject_name(x509);
  const auto* text = reinterpret_cast<const unsigned char*>(host.c_str());
  need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, kUntilTheEnd, kUntilTheEnd, 0) == 1);
  need(X509_set_issuer_name(x509, name) == 1);
  need(X509_sign(x509, key, EVP_sha256()) > 0);
  const BytesPointer out(BIO_new(BIO_s_mem()));
  need(out != nullptr && PEM_write_bio_X509(out.get(), x509) == 1);
  char* data = nullptr;
  const long length = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

}  // namespace

struct MessageSigner::Key {
  KeyPointer value;
};

MessageSigner::MessageSigner(const std::string& name) : key_(std::make_unique<Key>()) {
  constexpr unsigned kBits = 2048;
  key_->value.reset(EVP_RSA_gen(kBits));
  need(key_->value != nullptr);
  certificate_ = pem_of(key_->value.get(), name);
}

MessageSigner::~MessageSigner() = default;

std::string MessageSigner::sign(std::string_view text, int version) const {
  const DigestPointer context(EVP_MD_CTX_new());
  const EVP_MD* digest = version == 2 ? EVP_sha256() : EVP_sha1();
  need(context != nullptr);
  need(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_->value.get()) == 1);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t length = 0;
  need(EVP_DigestSign(context.get(), nullptr, &length, bytes, text.size()) == 1);
  std::string signature(length, '\0');
  need(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytes,
                      text.size()) == 1);
  signature.resize(length);
  return base::to_base64(signature);
}

}  // namespace midwatch::sandbox::wire

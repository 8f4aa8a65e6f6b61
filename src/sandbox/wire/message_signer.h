#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace midwatch::sandbox::wire {

/// Signs the messages of topics with a key that it makes for itself.
///
/// Threads: any number at once.
class MessageSigner {
 public:
  /// Makes an RSA key and a certificate for it in this name; takes some tenths of a second.
  explicit MessageSigner(const std::string& name = "sns.sandbox.midwatch.invalid");
  ~MessageSigner();
  MessageSigner(const MessageSigner&) = delete;
  MessageSigner& operator=(const MessageSigner&) = delete;

  /// The certificate, PEM.
  const std::string& certificate() const { return certificate_; }
  /// RSA with PKCS #1 v1.5 padding over SHA-1 (version 1) or SHA-256 (version 2), as base64.
  std::string sign(std::string_view text, int version) const;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
  std::string certificate_;
};

}  // namespace midwatch::sandbox::wire

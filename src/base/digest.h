#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace midwatch::base {

/// SHA-256 of `data` as 32 raw bytes.
std::string sha256(std::string_view data);
/// SHA-256 of `data` as 64 lower-case hex digits.
std::string sha256_hex(std::string_view data);

/// HMAC-SHA-256 of `data` as 32 raw bytes.
/// Source: RFC 2104
std::string hmac_sha256(std::string_view key, std::string_view data);

/// Bytes as lower-case hex digits.
std::string to_hex(std::string_view bytes);

/// SHA-256 over pieces, for what does not fit into memory at once.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view data);
  /// Ends the computation; call one of them, once.
  std::string finish();
  std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::base

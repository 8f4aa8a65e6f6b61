#include "src/identity/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "src/base/digest.h"

namespace midwatch::identity {

base::Result<std::string> random_hex(std::size_t bytes) {
  std::string random(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes)) != 1)
    return base::environment_error(base::ErrorCode::kUnavailable, "this machine gives no random numbers");
  return base::to_hex(random);
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace midwatch::identity

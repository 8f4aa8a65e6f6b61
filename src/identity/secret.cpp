#include "src/identity/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "src/base/digest.h"
#include "src/base/try.h"

namespace midwatch::identity {

base::Result<std::string> random_bytes(std::size_t count) {
  std::string random(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(count)) != 1)
    return base::environment_error(base::ErrorCode::kUnavailable, "this machine gives no random numbers");
  return random;
}

base::Result<std::string> random_hex(std::size_t bytes) {
  MIDWATCH_TRY(const std::string random, random_bytes(bytes));
  return base::to_hex(random);
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace midwatch::identity

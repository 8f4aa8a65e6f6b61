#include <cstdint>
#include <cstdlib>

#include "src/base/redact.h"

// Redacting twice changes nothing more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string once = midwatch::base::redact(text);
  if (midwatch::base::redact(once) != once) std::abort();
  midwatch::base::is_secret_key(text);
  return 0;
}

#include <cstdint>
#include <cstdlib>

#include "src/connectors/bundle/byte_source.h"

// Any bytes decompress to something or to an error, within a limit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::connectors::bundle;
  constexpr std::size_t kLimit = 1U << 20U;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Compression c : {Compression::kGzip, Compression::kZstd}) {
    const auto source = decompressed(memory_source(bytes), c);
    const auto text = read_all(*source, kLimit);
    if (text && text->size() > kLimit) std::abort();
  }
  return 0;
}

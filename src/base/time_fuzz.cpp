#include <cstdint>
#include <cstdlib>

#include "src/base/time.h"

// Any text is a time or none; a time that is printed is read as the same time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& time : {midwatch::base::parse_timestamp(text), midwatch::base::parse_rfc3339(text),
                           midwatch::base::parse_epoch_seconds(text)}) {
    if (time && midwatch::base::parse_rfc3339(midwatch::base::format_rfc3339(*time)) != time) std::abort();
  }
  return 0;
}

#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "src/telemetry/number.h"

// Any text is a finite number or none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::telemetry;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto number = parse_number(text); number && !std::isfinite(*number)) std::abort();
  if (const auto quantity = parse_kubernetes_quantity(text); quantity && !std::isfinite(*quantity))
    std::abort();
  return 0;
}

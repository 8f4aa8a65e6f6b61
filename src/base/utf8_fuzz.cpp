#include <cstdint>
#include <cstdlib>

#include "src/base/utf8.h"

// Repaired text is valid and stays as it is; cut and printable text is valid and within its bound.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::base;
  if (size == 0) return 0;
  const std::size_t bound = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string repaired = repair_utf8(text);
  if (!is_valid_utf8(repaired) || repair_utf8(repaired) != repaired) std::abort();
  if (is_valid_utf8(text) && repaired != text) std::abort();
  const std::string clipped = clip_utf8(repaired, bound);
  if (!is_valid_utf8(clipped) || clipped.size() > bound) std::abort();
  const std::string shown = printable(text, bound);
  if (!is_valid_utf8(shown) || shown.size() > bound) std::abort();
  for (const char c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) std::abort();
  }
  if (display_width(text) > 2 * size) std::abort();
  return 0;
}

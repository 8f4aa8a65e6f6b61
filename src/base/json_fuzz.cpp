#include <cstdint>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "src/base/json.h"

// What parses, prints and parses again to the same; lone surrogates are repaired for good.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::base;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto value = parse_json(text)) {
    const std::string printed = dump_json(*value);
    const auto again = parse_json(printed);
    if (!again || dump_json(*again) != printed) std::abort();
  }
  if (const auto repaired = repair_surrogates(text); repaired && repair_surrogates(*repaired)) std::abort();
  if (!parse_json("\"" + escape_json(text) + "\"")) std::abort();
  return 0;
}

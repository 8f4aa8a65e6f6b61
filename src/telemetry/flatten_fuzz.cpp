#include <cstdint>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "src/telemetry/flatten.h"

// Any JSON becomes bounded attributes without the value of a secret key.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  const auto value = base::parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  telemetry::Attributes attributes;
  telemetry::flatten(base::Json{{"password", *value}}, "", attributes);
  for (const auto& [path, text] : attributes) {
    if (value->is_string() && path == "password" && text != "[redacted]") std::abort();
  }
  const bool complete = telemetry::flatten(*value, "a", attributes);
  if (attributes.size() > 5002 || (!complete && attributes.get("truncated") != "true")) std::abort();
  return 0;
}

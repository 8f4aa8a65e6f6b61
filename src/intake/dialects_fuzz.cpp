#include <cstdint>
#include <cstdlib>

#include "src/base/utf8.h"
#include "src/intake/dialects.h"

namespace {

/// Bounds that every text of an alarm keeps, whatever a sender writes.
constexpr std::size_t kMostText = 4096;
constexpr std::size_t kMostLabels = 64;

void check(const std::string& text) {
  if (text.size() > kMostText || !midwatch::base::is_valid_utf8(text)) std::abort();
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) std::abort();
  }
}

}  // namespace

// The first byte chooses the dialect. What is read is harmless, and the same each time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::intake;
  if (size == 0) return 0;
  const auto& all = dialects();
  const Dialect& dialect = all[data[0] % all.size()];
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto decoded = dialect.decode(body);
  if (!decoded) return 0;
  if (decoded->key.empty() || decoded->key != dialect.decode(body)->key) std::abort();
  check(decoded->key);
  check(decoded->note);
  for (const auto& alarm : decoded->alarms) {
    if (alarm.key.empty() || alarm.labels.size() > kMostLabels) std::abort();
    for (const auto* text : {&alarm.key, &alarm.name, &alarm.entity, &alarm.account, &alarm.region,
                             &alarm.metric, &alarm.summary, &alarm.link})
      check(*text);
    for (const auto& [name, value] : alarm.labels) {
      check(name);
      check(value);
    }
  }
  return 0;
}

#include <cstdint>
#include <cstdlib>

#include "src/base/utf8.h"
#include "src/intake/steering.h"

// Whatever is written, what is understood is harmless, bounded and the same each time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  constexpr std::size_t kMostWhat = 120;
  const base::Timestamp start(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5));
  const base::TimeRange window{start, start + std::chrono::hours(1)};
  const std::string_view sentence(reinterpret_cast<const char*>(data), size);
  const intake::Steering steering = intake::understand(sentence, window);
  if (steering.what.size() > kMostWhat || !base::is_valid_utf8(steering.what)) std::abort();
  for (const char c : steering.what) {
    if (static_cast<unsigned char>(c) < 0x20) std::abort();
  }
  if (steering.window.has_value() != (steering.action == intake::SteeringAction::kWindow)) std::abort();
  if (steering.window && (steering.window->empty() || steering.window->length() > std::chrono::hours(24)))
    std::abort();
  if (steering.answer.en.empty() || steering.answer.ja.empty()) std::abort();
  if (intake::understand(sentence, window).answer != steering.answer) std::abort();
  return 0;
}

#include "src/base/length.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::base {
namespace {

TEST(Length, IsReadWithUnitAndWithout) {
  using namespace std::chrono_literals;
  const std::vector<std::pair<std::string, Duration>> lengths{
      {"500ms", 500ms}, {"2s", 2s},       {"15m", 15min},   {"12h", 12h}, {"30d", 720h},       {"90", 90s},
      {"2.5", 2500ms},  {"1h30m", 90min}, {"2.5s", 2500ms}, {"0", 0s},    {"1m500ms", 60500ms}};
  for (const auto& [text, length] : lengths) EXPECT_EQ(parse_duration(text), length) << text;
}

TEST(Length, RefusesWhatIsNone) {
  for (const char* text : {"", "s", "-2s", "+2s", "2 s", "2x", "2sec", "1m30", "soon", "1e3s", "inf", "nan",
                           "0x10s", "2s ", "99999999999999999999d", "300d300d300d99999999d", ".5s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

RC_GTEST_PROP(Length, AnyTextIsOneOrNone, (const std::string& text)) {
  const auto length = parse_duration(text);
  RC_ASSERT(!length || *length >= Duration::zero());
}

}  // namespace
}  // namespace midwatch::base

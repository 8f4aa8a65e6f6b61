#include "src/base/base64.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::base {
namespace {

TEST(Base64, ReadsWhatIsWrittenRight) {
  const std::vector<std::pair<std::string, std::optional<std::string>>> cases = {
      {"", ""},     {"Zg==", "f"},        {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYg==", "foob"},
      {"Zh==", {}}, {"Zm9", {}},          {"Zm9v\n", {}}, {"====", {}},    {"Z===", {}},
      {"Zm=v", {}}, {"/+8=", "\xff\xef"},
  };
  for (const auto& [text, bytes] : cases) {
    EXPECT_EQ(from_base64(text), bytes) << text;
    if (bytes) {
      EXPECT_EQ(to_base64(*bytes), text);
    }
  }
}

TEST(Base64, OfAddressesHasNoPadding) {
  const std::vector<std::pair<std::string, std::optional<std::string>>> cases = {
      {"", ""},    {"Zg", "f"}, {"Zm8", "fo"}, {"_-8", "\xff\xef"}, {"Zg==", {}},
      {"/+8", {}}, {"Z", {}},   {"Zh", {}},    {"Zm9v\n", {}},
  };
  for (const auto& [text, bytes] : cases) {
    EXPECT_EQ(from_base64url(text), bytes) << text;
    if (bytes) {
      EXPECT_EQ(to_base64url(*bytes), text);
    }
  }
}

RC_GTEST_PROP(Base64, ReadsWhatItWrites, (const std::string& bytes)) {
  RC_ASSERT(from_base64(to_base64(bytes)) == bytes);
  RC_ASSERT(from_base64url(to_base64url(bytes)) == bytes);
}

}  // namespace
}  // namespace midwatch::base

#include "src/store/byte_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/base/utf8.h"

namespace midwatch::store {
namespace {

TEST(ByteTextTest, IsReadableWhereTheBytesAre) {
  using namespace std::string_literals;
  const std::pair<std::string, std::string> rows[] = {
      {"", ""},
      {"checkout", "checkout"},
      {"支払い𠮷", "支払い𠮷"},
      {"a\0b"s, R"(a\x00b)"},
      {"a\\b", R"(a\\b)"},
      {"\xff\xe3\x81", R"(\xff\xe3\x81)"},
      {"\xed\xa0\x80", R"(\xed\xa0\x80)"},
      {R"(\x00)", R"(\\x00)"},
      {"line\n\t\"'%_", "line\n\t\"'%_"},
  };
  for (const auto& [bytes, text] : rows) {
    EXPECT_EQ(to_byte_text(bytes), text);
    EXPECT_EQ(from_byte_text(text), bytes);
  }
}

TEST(ByteTextTest, WhatNobodyWroteStaysAsItIs) {
  for (const std::string text : {R"(\)", R"(\x)", R"(\x4)", R"(\xzz)", R"(\n)", R"(\x4G)"})
    EXPECT_EQ(from_byte_text(text), text);
}

RC_GTEST_PROP(ByteTextTest, AnyBytesComeBack, (const std::string& bytes)) {
  const std::string text = to_byte_text(bytes);
  RC_ASSERT(base::is_valid_utf8(text));
  RC_ASSERT(text.find('\0') == std::string::npos);
  RC_ASSERT(from_byte_text(text) == bytes);
}

RC_GTEST_PROP(ByteTextTest, PartsOfReadableTextStayParts,
              (const std::string& before, const std::string& after)) {
  const std::string needle = "支払い";
  RC_ASSERT(to_byte_text(before + needle + after).find(needle) != std::string::npos);
}

}  // namespace
}  // namespace midwatch::store

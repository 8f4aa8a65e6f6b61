#include "src/base/log.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"

namespace midwatch::base {
namespace {

const Timestamp kTime = *parse_rfc3339("2026-03-01T10:00:00Z");

TEST(Log, WritesARecordForPeopleAndForPrograms) {
  const LogRecord record{LogLevel::kWarning,
                         "an investigation goes back into the queue",
                         {{"investigation", "inv-1"},
                          {"reason", "the store is busy"},
                          {"attempt", std::int64_t{2}},
                          {"seconds", 0.25},
                          {"space", ""}}};
  EXPECT_EQ(log_line(record, kTime, LogFormat::kText),
            "2026-03-01T10:00:00Z warning an investigation goes back into the queue investigation=inv-1 "
            "reason=\"the store is busy\" attempt=2 seconds=0.25 space=\"\"\n");
  EXPECT_EQ(log_line(record, kTime, LogFormat::kJson),
            R"({"time":"2026-03-01T10:00:00Z","severity":"warning",)"
            R"("message":"an investigation goes back into the queue","investigation":"inv-1",)"
            R"("reason":"the store is busy","attempt":2,"seconds":0.25,"space":""})"
            "\n");
}

TEST(Log, SaysWhyOfAnError) {
  const auto error = external_error(ErrorCode::kTimeout, "no answer").with("reading shop");
  const LogRecord record = trouble("alarms cannot be polled", error, {{"space", "shop"}});
  EXPECT_EQ(
      log_line(record, kTime, LogFormat::kText),
      "2026-03-01T10:00:00Z warning alarms cannot be polled space=shop reason=\"reading shop: no answer\"\n");
}

TEST(Log, IsOneLineWhateverItHolds) {
  const std::vector<std::string> hostile{"two\nlines",           "\r\x1b[2J\x1b]0;title\x07",
                                         std::string("a\0b", 3), "\xff\xfe no UTF-8",
                                         "\xe2\x80\xaereversed", "\"},{\"severity\":\"error\"",
                                         "a=b severity=error",   std::string(100'000, 'x')};
  for (const auto& text : hostile) {
    const LogRecord record{LogLevel::kInfo, text, {{"reason", text}}};
    for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
      const std::string line = log_line(record, kTime, format);
      EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
      EXPECT_EQ(line.back(), '\n');
      EXPECT_LT(line.size(), 10'000U);
      EXPECT_TRUE(std::none_of(line.begin(), line.end() - 1, [](char c) {
        return static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) == 0x7f;
      })) << line;
      EXPECT_EQ(line.find("\xe2\x80\xae"), std::string::npos);
    }
    const auto parsed = parse_json(log_line(record, kTime, LogFormat::kJson));
    ASSERT_TRUE(parsed) << parsed.error().describe();
    EXPECT_EQ(parsed->size(), 4U) << parsed->dump();
    EXPECT_EQ((*parsed)["severity"], "info");
  }
}

TEST(Log, HoldsNoSecrets) {
  const LogRecord record{LogLevel::kError,
                         "password=hunter2hunter2 was refused",
                         {{"reason", "Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789"},
                          {"api_key", "plain-looking"}}};
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    const std::string line = log_line(record, kTime, format);
    for (const char* secret : {"hunter2", "abcdefghijklmnopqrstuvwxyz", "plain-looking"})
      EXPECT_EQ(line.find(secret), std::string::npos) << line;
  }
}

TEST(Log, IsBoundedInItsFields) {
  LogRecord record{LogLevel::kInfo, "many", {}};
  for (int i = 0; i < 1000; ++i) record.fields.emplace_back("one", std::string("x"));
  EXPECT_LT(log_line(record, kTime, LogFormat::kText).size(), 300U);
}

TEST(Log, KnowsItsWords) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError})
    EXPECT_EQ(log_level_of(to_string(level)), level);
  EXPECT_FALSE(log_level_of("loud"));
  EXPECT_EQ(log_format_of("json"), LogFormat::kJson);
  EXPECT_FALSE(log_format_of("xml"));
}

}  // namespace
}  // namespace midwatch::base

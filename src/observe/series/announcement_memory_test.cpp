#include "src/observe/series/announcement_memory.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::series {
namespace {

void quiet_rows(AnnouncementMemory& memory, std::uint64_t rows) {
  for (std::uint64_t i = 0; i < rows; ++i) memory.news(0);
}

TEST(AnnouncementMemory, OneEventIsAnnouncedOnce) {
  AnnouncementMemory memory;
  EXPECT_EQ(memory.news(0.5), 0.5);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(memory.news(0.5), 0) << i;
}

TEST(AnnouncementMemory, WorseIsNews) {
  AnnouncementMemory memory;
  EXPECT_EQ(memory.news(0.4), 0.4);
  EXPECT_EQ(memory.news(0.42), 0);
  EXPECT_EQ(memory.news(0.5), 0.5);
  EXPECT_EQ(memory.news(0.5), 0);
}

TEST(AnnouncementMemory, TheBarSinks) {
  AnnouncementMemory memory;
  EXPECT_EQ(memory.news(0.8), 0.8);
  quiet_rows(memory, 200);
  EXPECT_EQ(memory.news(0.6), 0);
  quiet_rows(memory, 150);
  EXPECT_EQ(memory.news(0.6), 0.6);
}

TEST(AnnouncementMemory, IsGoneAfterItsTime) {
  AnnouncementMemory memory;
  EXPECT_EQ(memory.news(1.0), 1.0);
  quiet_rows(memory, AnnouncementMemory::kMemory - 1);
  EXPECT_EQ(memory.news(0.01), 0.01);
}

RC_GTEST_PROP(AnnouncementMemory, NeverMakesAScoreLargerNorAnother,
              (const std::vector<std::uint8_t>& scores)) {
  AnnouncementMemory memory;
  for (const auto s : scores) {
    const double score = s / 255.0;
    const double news = memory.news(score);
    RC_ASSERT(news == 0 || news == score);
  }
}

}  // namespace
}  // namespace midwatch::observe::series

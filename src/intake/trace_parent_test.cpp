#include "src/intake/trace_parent.h"

#include <gtest/gtest.h>

namespace midwatch::intake {
namespace {

TEST(TraceParent, ReadsWhatTheRecommendationAllowsAndNothingElse) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const std::string span = "00f067aa0ba902b7";
  const struct {
    std::string header;
    bool reads;
  } rows[] = {
      {"00-" + trace + "-" + span + "-01", true},
      {"  00-" + trace + "-" + span + "-00 ", true},
      {"cc-" + trace + "-" + span + "-01-what-will-be", true},
      {"cc-" + trace + "-" + span + "-01", true},
      {"00-" + trace + "-" + span + "-01-more", false},
      {"cc-" + trace + "-" + span + "-01more", false},
      {"ff-" + trace + "-" + span + "-01", false},
      {"00-" + std::string(32, '0') + "-" + span + "-01", false},
      {"00-" + trace + "-" + std::string(16, '0') + "-01", false},
      {"00-4BF92F3577B34DA6A3CE929D0E0E4736-" + span + "-01", false},
      {"00-" + trace + "-" + span + "-0", false},
      {"00-" + trace + "-" + span, false},
      {"00_" + trace + "-" + span + "-01", false},
      {"00-" + trace.substr(1) + "g-" + span + "-01", false},
      {"", false},
  };
  for (const auto& row : rows) {
    const auto read = read_trace_parent(row.header);
    ASSERT_EQ(read.has_value(), row.reads) << row.header;
    if (!read) continue;
    EXPECT_EQ(read->trace, trace);
    EXPECT_EQ(read->span, span);
    EXPECT_EQ(to_string(*read), "00-" + trace + "-" + span + "-00");
    EXPECT_TRUE(read_trace_parent(to_string(*read)));
  }
}

}  // namespace
}  // namespace midwatch::intake

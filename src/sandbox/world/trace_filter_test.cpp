#include "src/sandbox/world/trace_filter.h"

#include <gtest/gtest.h>

namespace midwatch::sandbox::world {
namespace {

TraceRecord slow_request() {
  TraceRecord trace;
  trace.entry = "orders";
  trace.seconds = 4;
  trace.calls = {{"rates.example", 0.1, 3.5, false, false, CallKind::kHost, 200},
                 {"carts", 3.6, 0.2, true, false, CallKind::kTable, 0}};
  return trace;
}

TEST(TraceFilter, ReadsWhatXRayReads) {
  struct Row {
    const char* expression;
    bool matches;
  };
  for (const Row& row : {
           Row{"", true},
           Row{"fault = true", false},
           Row{"fault", false},
           Row{"!fault", true},
           Row{"ok", true},
           Row{"fault = true OR error = true", false},
           Row{"responsetime >= 3", true},
           Row{"responsetime > 4", false},
           Row{"duration < 5 AND responsetime > 3.9", true},
           Row{R"(service("orders"))", true},
           Row{R"(service("other"))", false},
           Row{R"(service("orders") { responsetime >= 3.6 })", true},
           Row{R"(service("rates.example") { responsetime >= 3.6 })", false},
           Row{R"(service("carts") { fault = true OR responsetime > 9 })", true},
           Row{R"(service("other") { responsetime > 1 } OR service("orders") { responsetime > 1 })", true},
           Row{R"((fault OR responsetime > 3) AND !service("other"))", true},
       }) {
    const auto filter = TraceFilter::read(row.expression);
    ASSERT_TRUE(filter) << row.expression;
    EXPECT_EQ(filter->matches(slow_request()), row.matches) << row.expression;
  }
}

TEST(TraceFilter, RefusesWhatIsNoExpression) {
  for (const char* expression : {"slow", "responsetime", "responsetime > x", R"(service("a)", R"(service(a))",
                                 R"(service("a") { fault)", "fault = maybe", "fault fault", "(fault", "AND"})
    EXPECT_FALSE(TraceFilter::read(expression)) << expression;
  EXPECT_FALSE(TraceFilter::read(std::string(10'000, '(')));
}

}  // namespace
}  // namespace midwatch::sandbox::world

#include "src/observe/lines/code_place.h"

#include <gtest/gtest.h>

namespace midwatch::observe::lines {
namespace {

TEST(CodePlace, IsFoundInTheHeadersOfLoggers) {
  const struct {
    const char* line;
    const char* place;
  } cases[] = {
      {"17:24:11.269 INFO  s.c.OrderController#44 [query][start]", "s.c.OrderController#44"},
      {"2026-01-05 02:00:00 INFO [main] (OrderStore.java:88) - stored", "OrderStore.java:88"},
      {"I0105 02:00:00.1 1 server.go:33] listening", "server.go:33"},
      {"[main.go:12] started", "main.go:12"},
      {"WARN src/orders/store.ts:88:24 slow", "src/orders/store.ts:88"},
      {"connecting to db.example.com:5432", ""},
      {"order #12 stored", ""},
      {"at 02:00:00 nothing", ""},
      {"", ""},
      {"#", ""},
      {"Foo#", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(code_place(c.line), c.place) << c.line;
}

TEST(CodePlace, IsNotLookedForInTheMessage) {
  EXPECT_EQ(code_place(std::string(300, 'x') + " Foo.java:12"), "");
}

}  // namespace
}  // namespace midwatch::observe::lines

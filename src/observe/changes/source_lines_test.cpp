#include "src/observe/changes/source_lines.h"

#include <gtest/gtest.h>

namespace midwatch::observe::changes {
namespace {

TEST(OnlyTells, LoggersOfAnyLanguageAndSpelling) {
  for (const char* line : {
           R"(log.Printf("took %s", d))",
           R"(LOGGER.info("ready"))",
           R"(_logger.LogWarning("slow {Ms}", ms);)",
           R"(this.logger.warn({err}, 'again');)",
           R"(Rails.logger.info "charged")",
           R"(System.out.println(total);)",
           R"(warn!(attempt, "retrying");)",
           R"(tracing::info!(?order, "sent");)",
           R"(eprintln!("no config");)",
           R"(dbg!(queue.len());)",
           R"(error_log('payment failed');)",
           R"(requests.Inc())",
           R"(span.set_attribute("n", n))",
           R"(latency = prometheus.NewHistogram(options))",
       })
    EXPECT_TRUE(only_tells(line)) << line;
}

TEST(OnlyTells, WhatDoesSomethingIsMore) {
  for (const char* line : {
           R"(return math.log(x))",
           R"(let info = load(id);)",
           R"(x = log(y))",
           R"(if (!warn) send(order);)",
           R"(panic!("no more");)",
           R"(charge(order, console))",
           R"(debug = true)",
       })
    EXPECT_FALSE(only_tells(line)) << line;
}

}  // namespace
}  // namespace midwatch::observe::changes

#include "src/app/watch/server_metrics.h"

#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ServerMetrics, BeginAtNothing) {
  const std::string text = ServerMetrics().text({});
  EXPECT_THAT(text, HasSubstr("# TYPE midwatch_deliveries_total counter\nmidwatch_deliveries_total 0\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE midwatch_troubles_total counter\nmidwatch_troubles_total 0\n"));
  EXPECT_THAT(text, HasSubstr("midwatch_triage_duration_seconds_count 0\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE midwatch_investigations_running gauge\n"
                              "midwatch_investigations_running 0\n"));
  for (const char* absent : {"midwatch_polling_failing", "midwatch_traces_total"})
    EXPECT_THAT(text, Not(HasSubstr(absent))) << "nobody asked for it";
}

TEST(ServerMetrics, SayWhatWasMeasured) {
  ServerMetrics metrics;
  for (int i = 0; i < 3; ++i) metrics.took_delivery(3ms);
  metrics.noted_trouble();
  metrics.answered("listIncidents", 200, 30ms);
  metrics.answered("listIncidents", 404, 1ms);
  metrics.ended_investigation("done", 40s);
  ServerMetrics::Now now;
  now.running = 2;
  now.polled = {{"shop", true, 7}, {"bank", false, 0}};
  now.traces = {{5, 1}};
  const std::string text = metrics.text(now);
  for (const char* line :
       {"midwatch_deliveries_total 3\n", "midwatch_troubles_total 1\n",
        "midwatch_triage_duration_seconds_bucket{le=\"0.0025\"} 0\n",
        "midwatch_triage_duration_seconds_bucket{le=\"0.005\"} 3\n",
        "midwatch_triage_duration_seconds_bucket{le=\"+Inf\"} 3\n",
        "midwatch_request_duration_seconds_count{code=\"2xx\",operation=\"listIncidents\"} 1\n",
        "midwatch_request_duration_seconds_count{code=\"4xx\",operation=\"listIncidents\"} 1\n",
        "midwatch_investigation_duration_seconds_bucket{status=\"done\",le=\"30\"} 0\n",
        "midwatch_investigation_duration_seconds_bucket{status=\"done\",le=\"45\"} 1\n",
        "midwatch_investigations_running 2\n", "midwatch_polling_failing{space=\"shop\"} 1\n",
        "midwatch_polled_alarms_total{space=\"shop\"} 7\n", "midwatch_traces_total{outcome=\"sent\"} 5\n",
        "midwatch_traces_total{outcome=\"dropped\"} 1\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(ServerMetrics, NameEachFamilyOnceWithItsHelp) {
  ServerMetrics metrics;
  metrics.answered("getHealth", 200, 1ms);
  metrics.answered("page", 304, 1ms);
  metrics.ended_investigation("failed", 1s);
  ServerMetrics::Now now;
  now.polled = {{"with \"quotes\"\nand lines", false, 0}};
  std::istringstream lines(metrics.text(now));
  std::set<std::string> helped;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ")) {
      const std::string name = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(helped.insert(name).second) << name << " is there twice";
    }
    EXPECT_TRUE(line.starts_with("# ") || line.starts_with("midwatch_")) << line;
  }
  EXPECT_EQ(helped.size(), 8U);
}

}  // namespace
}  // namespace midwatch::app

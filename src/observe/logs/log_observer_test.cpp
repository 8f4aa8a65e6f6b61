#include "src/observe/logs/log_observer.h"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::logs {
namespace {

using model::Observation;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr base::Timestamp kBaseline{std::chrono::hours(24 * 20'000)};
constexpr base::Timestamp kIncident = kBaseline + std::chrono::hours(1);

/// A line that owns its texts.
struct Line {
  std::string body;
  std::string entity = "orders";
  std::optional<base::Timestamp> time;
  std::string trace;
  std::string instance;
  std::string severity;
};

/// Feeds lines, a second apart where they have no time of their own.
class Logs {
 public:
  explicit Logs(LogObserverOptions options = {}) : observer_(knowledge(), std::move(options)) {}

  Logs& before(const std::vector<Line>& lines) {
    for (const Line& l : lines)
      observer_.observe_baseline(record(l, kBaseline + std::chrono::seconds(lines_)));
    return *this;
  }
  Logs& now(const std::vector<Line>& lines) {
    for (const Line& l : lines) observer_.observe(record(l, kIncident + std::chrono::seconds(lines_)));
    return *this;
  }
  Logs& saved(const std::vector<Line>& lines) {
    for (const Line& l : lines) observer_.observe_saved(record(l, kIncident));
    return *this;
  }
  LogFindings find() { return observer_.finish(); }

  static const knowledge::KnowledgeBase& knowledge() {
    static const auto kKnowledge = knowledge::embedded_knowledge();
    return *kKnowledge;
  }

 private:
  telemetry::LogRecord record(const Line& l, base::Timestamp time) {
    ++lines_;
    telemetry::LogRecord r;
    r.time = l.time ? l.time : time;
    r.entity = l.entity;
    r.body = l.body;
    r.trace_id = l.trace;
    r.instance = l.instance;
    r.severity = l.severity;
    r.ref = {0, static_cast<std::uint64_t>(lines_)};
    return r;
  }

  LogObserver observer_;
  int lines_ = 0;
};

std::vector<Line> times(int n, const std::string& body, const std::string& entity = "orders") {
  return std::vector<Line>(static_cast<std::size_t>(n), Line{body, entity, {}, {}, {}, {}});
}

const Observation* find(const LogFindings& found, std::string_view type, std::string_view entity = "orders") {
  const auto at = std::find_if(found.observations.begin(), found.observations.end(),
                               [&](const Observation& o) { return o.type == type && o.entity == entity; });
  return at == found.observations.end() ? nullptr : &*at;
}

TEST(LogObserver, TellsWhatIsNewMoreLessAndGone) {
  const auto found = Logs()
                         .before(times(20, "stored order 1"))
                         .before(times(20, "sent mail 1 to bob"))
                         .before(times(20, "swept cache entries"))
                         .now(times(20, "stored order 2"))
                         .now(times(20, "ERROR no stock for item 7"))
                         .now(times(20, "WARN swept nothing"))
                         .now(times(2, "swept cache entries"))
                         .find();
  const Observation* error = find(found, "log.error.new");
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->facts.at("count"), "20");
  EXPECT_EQ(error->facts.at("sample"), "ERROR no stock for item 7");
  EXPECT_EQ(error->subject, "ERROR no stock for item <*>");
  EXPECT_GT(error->strength, 0.8);
  ASSERT_EQ(error->evidence.size(), 1U);
  EXPECT_NE(find(found, "log.warning.new"), nullptr);
  const Observation* gone = find(found, "log.pattern.gone");
  ASSERT_NE(gone, nullptr);
  EXPECT_EQ(gone->subject, "sent mail <*> to bob");
  EXPECT_EQ(gone->evidence.front().kind, model::EvidenceKind::kAbsence);
  EXPECT_NE(find(found, "log.pattern.less"), nullptr);
}

TEST(LogObserver, TellsOnlyTroubleWhereThereIsNothingToCompareWith) {
  const auto found = Logs().now(times(9, "stored order 1")).now(times(3, "ERROR no stock")).find();
  EXPECT_NE(find(found, "log.error.new"), nullptr);
  EXPECT_EQ(find(found, "log.pattern.new"), nullptr);
}

TEST(LogObserver, JoinsATraceThatCameLineByLineAmongOthers) {
  std::vector<Line> lines;
  const std::vector<std::string> trace{
      "com.acme.OrderException: no stock", "\tat com.acme.Orders.store(Orders.java:88)",
      "Caused by: java.net.ConnectException: refused", "\tat com.acme.Store.open(Store.java:12)"};
  for (const auto& body : trace) {
    lines.push_back({body, "orders", {}, {}, "pod-1", {}});
    lines.push_back({"stored order 1", "orders", {}, {}, "pod-2", {}});
  }
  const auto found = Logs().before(times(9, "stored order 1")).now(lines).find();
  const Observation* o = find(found, "log.exception.new");
  ASSERT_NE(o, nullptr);
  EXPECT_EQ(o->facts.at("exception"), "java.net.ConnectException");
  EXPECT_EQ(o->facts.at("message"), "refused");
  EXPECT_EQ(o->facts.at("location"), "Store.java:12");
  EXPECT_EQ(o->facts.at("language"), "java");
}

TEST(LogObserver, ReadsAnErrorInsideJson) {
  const auto found =
      Logs()
          .before(times(9, R"({"level":"info","msg":"stored"})"))
          .now(times(
              3,
              R"json({"level":"error","msg":"failed","stack":"RangeError: too large\n    at f (/app/a.js:1:2)"})json"))
          .find();
  const Observation* o = find(found, "log.exception.new");
  ASSERT_NE(o, nullptr);
  EXPECT_EQ(o->facts.at("exception"), "RangeError");
  EXPECT_EQ(o->facts.at("location"), "/app/a.js:1:2");
}

TEST(LogObserver, FindsSignsWithTheirFacts) {
  const auto found =
      Logs().before(times(9, "ready")).now(times(3, "Error: getaddrinfo ENOTFOUND db.internal")).find();
  const Observation* o = find(found, "sign.dns_unresolved");
  ASSERT_NE(o, nullptr);
  EXPECT_EQ(o->facts.at("host"), "db.internal");
  EXPECT_EQ(o->facts.at("seen_in"), "log");
}

TEST(LogObserver, TrustsSignsLessInLinesThatTheirProgramCallsOrdinary) {
  const auto strength_in = [](const char* level) {
    const auto found =
        Logs().now(times(3, std::string(level) + " CACHE_URL is not set, using memory")).find();
    const Observation* o = find(found, "sign.missing_environment_variable");
    return o == nullptr ? 0 : o->strength;
  };
  EXPECT_GT(strength_in("ERROR"), 0.7);
  EXPECT_LT(strength_in("INFO"), 0.7 * strength_in("ERROR"));
}

TEST(LogObserver, TrustsSignsLessThatWereThereBeforeTheSplit) {
  LogObserverOptions options;
  options.split = kIncident;
  const auto old = Logs(options)
                       .before(times(9, "Error: getaddrinfo ENOTFOUND db.internal"))
                       .now(times(9, "Error: getaddrinfo ENOTFOUND db.internal"))
                       .find();
  const Observation* o = find(old, "sign.dns_unresolved");
  ASSERT_NE(o, nullptr);
  EXPECT_LT(o->strength, 0.6);
  const auto trusted = Logs()
                           .before(times(9, "Error: getaddrinfo ENOTFOUND db.internal"))
                           .now(times(9, "Error: getaddrinfo ENOTFOUND db.internal"))
                           .find();
  EXPECT_EQ(find(trusted, "sign.dns_unresolved"), nullptr);
}

TEST(LogObserver, WhatStandsInOtherLinesIsNotGone) {
  const auto gone = [](const char* now) {
    const auto found = Logs().before(times(30, "token rejected")).now(times(30, now)).find();
    return find(found, "log.pattern.gone") != nullptr;
  };
  EXPECT_TRUE(gone("segment served"));
  EXPECT_FALSE(gone("token rejected reason=expired age=66s kid=k6"));
}

TEST(LogObserver, SplitsOneFileIntoBeforeAndAfter) {
  LogObserverOptions options;
  options.split = kIncident;
  Logs logs(options);
  std::vector<Line> lines;
  for (int i = 0; i < 20; ++i) {
    lines.push_back({"swept cache", "orders", kIncident - std::chrono::seconds(30 - i), {}, {}, {}});
    lines.push_back({"ERROR no stock", "orders", kIncident + std::chrono::seconds(i), {}, {}, {}});
  }
  const auto found = logs.now(lines).find();
  EXPECT_NE(find(found, "log.error.new"), nullptr);
  const Observation* gone = find(found, "log.pattern.gone");
  ASSERT_NE(gone, nullptr);
  ASSERT_TRUE(gone->evidence.front().window);
  EXPECT_EQ(gone->evidence.front().window->start, kIncident);
}

TEST(LogObserver, LaysErrorsOnWhomTheyName) {
  LogObserverOptions options;
  options.known_entities = {"payments"};
  const auto found = Logs(options)
                         .before(times(9, "ready"))
                         .now(times(9, "ERROR no instance of payments answers"))
                         .now(times(9, "ERROR no stock"))
                         .find();
  EXPECT_NE(find(found, "log.passed_on"), nullptr);
  EXPECT_NE(find(found, "log.error.new"), nullptr);
}

TEST(LogObserver, CountsARecordThatCameTwiceOnce) {
  std::vector<Line> lines;
  for (int i = 0; i < 6; ++i)
    lines.push_back({"ERROR no stock", "orders", kIncident + std::chrono::seconds(i / 2), {}, {}, {}});
  const auto found = Logs().before(times(9, "ready")).now(lines).find();
  EXPECT_EQ(found.repeated, 3U);
  EXPECT_EQ(find(found, "log.error.new")->facts.at("count"), "3");
}

TEST(LogObserver, FollowsRequestsThatLinesNameInTheirText) {
  std::vector<Line> before;
  std::vector<Line> now;
  for (int i = 0; i < 13; ++i) {
    const std::string id = fmt::format("INFO Orders#10 trace_id=4bf92f35{:08x} ", i + 1);
    const std::string next = fmt::format("INFO Orders#20 trace_id=4bf92f35{:08x} ", i + 1);
    before.push_back({id + "asking the store", "orders", {}, {}, {}, {}});
    before.push_back({next + "stored", "orders", {}, {}, {}, {}});
    now.push_back({id + "asking the store", "orders", {}, {}, {}, {}});
  }
  now.push_back(before.back());  // the last goes on as ever: none is merely under way
  const auto found = Logs().before(before).now(now).find();
  const Observation* o = find(found, "log.flow.broken");
  ASSERT_NE(o, nullptr);
  EXPECT_THAT(o->facts.at("after"), HasSubstr("asking the store"));
  EXPECT_THAT(o->facts.at("expected"), HasSubstr("stored"));
  EXPECT_EQ(o->facts.at("location"), "Orders#10");
  EXPECT_EQ(o->facts.at("count"), "12");
}

TEST(LogObserver, ReadsTheRunsOfAFunction) {
  std::vector<Line> now;
  for (int i = 0; i < 8; ++i) {
    now.push_back(
        {fmt::format("START RequestId: b1d8f5a2-{} Version: $LATEST", i), "orders", {}, {}, {}, {}});
    now.push_back({fmt::format("REPORT RequestId: b1d8f5a2-{}\tDuration: 3000.00 ms\tBilled Duration: 3000 "
                               "ms\tMemory Size: 128 "
                               "MB\tMax Memory Used: 127 MB\tStatus: timeout",
                               i),
                   "orders",
                   {},
                   {},
                   {},
                   {}});
  }
  const auto before = times(
      8,
      "REPORT RequestId: b1d8f5a2\tDuration: 20.00 ms\tBilled Duration: 21 ms\tMemory Size: 128 MB\tMax "
      "Memory Used: 70 MB\t");
  const auto found = Logs().before(before).now(now).find();
  const Observation* o = find(found, "sign.lambda_timeout");
  ASSERT_NE(o, nullptr);
  EXPECT_EQ(o->facts.at("limit"), "3 s");
  EXPECT_EQ(o->facts.at("count"), "8");
  EXPECT_EQ(o->facts.at("of"), "8");
  const Observation* memory = find(found, "metric.memory.saturated");
  ASSERT_NE(memory, nullptr);
  EXPECT_EQ(memory->facts.at("used"), "127 MB");
  EXPECT_EQ(memory->facts.at("limit"), "128 MB");
  const Observation* latency = find(found, "metric.latency.up");
  ASSERT_NE(latency, nullptr);
  EXPECT_NEAR(latency->value.value_or(0), 3.0, 1e-9);
  EXPECT_NEAR(latency->baseline.value_or(0), 0.02, 1e-6);
}

/// A run with a line of the program, and how it ends.
void add_run(int number, bool says, bool full, std::vector<Line>& lines) {
  const std::string id = fmt::format("6d68ca91-49c9-448d-89b8-7ca3e6dc{:04}", number);
  if (says)
    lines.push_back({fmt::format("2026-03-03T09:52:00.020Z\t{}\tERROR\tInvoke Error\tgetaddrinfo ENOTFOUND "
                                 "old.internal",
                                 id),
                     "orders",
                     {},
                     {},
                     {},
                     {}});
  lines.push_back(
      {fmt::format("REPORT RequestId: {}\tDuration: 20.00 ms\tBilled Duration: 21 ms\tMemory Size: "
                   "128 MB\tMax Memory Used: {} MB{}",
                   id, full ? 128 : 70, full ? "\tStatus: timeout" : "\t"),
       "orders",
       {},
       {},
       {},
       {}});
}

TEST(LogObserver, TellsWhereAProgramSpeaksOfOtherRunsThanThoseThatFilledTheirMemory) {
  for (const bool same_runs : {false, true}) {
    std::vector<Line> before;
    for (int i = 0; i < 8; ++i) add_run(i, false, false, before);
    std::vector<Line> now;
    for (int i = 100; i < 116; ++i) add_run(i, same_runs == (i % 2 == 0), i % 2 == 0, now);
    const auto found = Logs().before(before).now(now).find();
    const Observation* sign = find(found, "sign.dns_unresolved");
    ASSERT_NE(sign, nullptr);
    ASSERT_NE(find(found, "state.function.memory_exhausted"), nullptr);
    EXPECT_EQ(sign->facts.contains("apart_from"), !same_runs);
  }
}

/// Runs of a function that takes `takes`; every `nth` waits for an environment to be initialised.
std::vector<Line> runs(std::size_t count, std::size_t nth, double takes, double init) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < count; ++i) {
    std::string line = fmt::format(
        "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: 21 ms\tMemory Size: 512 MB\tMax Memory "
        "Used: 70 MB\t",
        i, takes);
    if (nth > 0 && i % nth == 0) line += fmt::format("Init Duration: {:.2f} ms\t", init);
    lines.push_back({std::move(line), "orders", {}, {}, {}, {}});
  }
  return lines;
}

TEST(LogObserver, TellsWhereRunsWaitLongerForTheirStartThanTheyTake) {
  struct Row {
    std::size_t nth_before, nth_now;
    double takes, init;
    bool told;
    bool sure;
  };
  for (const Row& row : {Row{0, 8, 300, 6000, true, true},      // none before, one of eight now
                         Row{8, 8, 300, 6000, true, false},     // as always
                         Row{0, 8, 300, 200, false, false},     // a short start
                         Row{0, 8, 9000, 1500, false, false},   // the work takes longer
                         Row{0, 60, 300, 6000, false, false}})  // hardly any
  {
    const auto found = Logs()
                           .before(runs(80, row.nth_before, row.takes, row.init))
                           .now(runs(80, row.nth_now, row.takes, row.init))
                           .find();
    const Observation* o = find(found, "state.function.cold_starts");
    ASSERT_EQ(o != nullptr, row.told) << row.nth_now << " " << row.init;
    if (o == nullptr) continue;
    EXPECT_EQ(o->strength > 0.5, row.sure);
    EXPECT_EQ(o->facts.at("init"), "6.0 s");
    EXPECT_EQ(o->facts.at("starts"), "10");
    EXPECT_EQ(o->facts.contains("before"), row.sure);
  }
}

TEST(LogObserver, ReadsAccessLogs) {
  const auto request = [](int status, double seconds) {
    return fmt::format(
        R"(10.0.0.1 - - [05/Jan/2026:02:00:00 +0000] "GET /items?x=1 HTTP/1.1" {} 12 "-" "curl" {:.3f})",
        status, seconds);
  };
  const auto found = Logs()
                         .before(times(50, request(200, 0.02)))
                         .now(times(30, request(200, 0.4)))
                         .now(times(20, request(500, 0.4)))
                         .now(times(20, request(504, 60)))
                         .find();
  const Observation* failing = find(found, "log.access.failing");
  ASSERT_NE(failing, nullptr);
  EXPECT_EQ(failing->facts.at("status"), "500");
  EXPECT_EQ(failing->facts.at("path"), "/items");
  EXPECT_NEAR(failing->value.value_or(0), 100.0 * 20 / 70, 1e-9);
  EXPECT_NE(find(found, "log.access.unanswered"), nullptr);
  const Observation* slow = find(found, "log.access.slow");
  ASSERT_NE(slow, nullptr);
  EXPECT_GT(slow->value.value_or(0), 0.39);
  EXPECT_EQ(find(found, "log.access.rejected"), nullptr);
}

TEST(LogObserver, ReadsSlowStatements) {
  const auto found =
      Logs()
          .before(times(9, "2026-01-05 02:00:00.123 UTC [12] LOG:  duration: 12.1 ms  statement: select 1"))
          .now(times(
              9,
              "2026-01-05 02:00:00.123 UTC [12] LOG:  duration: 5002.7 ms  statement: select * from orders"))
          .find();
  const Observation* o = find(found, "log.statement.slow");
  ASSERT_NE(o, nullptr);
  EXPECT_EQ(o->facts.at("statement"), "select * from orders");
  EXPECT_NEAR(o->value.value_or(0), 5.0027, 1e-6);
}

TEST(LogObserver, ComparesVolumesWithEverybody) {
  Logs logs;
  for (const char* entity : {"a-service", "b-service", "c-service", "d-service", "e-service"}) {
    logs.before(times(30, "did work", entity));
    // Everybody has twice the work; one does nothing any more, one shouts.
    const int n = std::string_view(entity) == "c-service"   ? 0
                  : std::string_view(entity) == "e-service" ? 900
                                                            : 60;
    logs.now(times(n, "did work", entity));
  }
  const auto found = logs.find();
  EXPECT_NE(find(found, "log.volume.gone", "c-service"), nullptr);
  EXPECT_NE(find(found, "log.volume.up", "e-service"), nullptr);
  EXPECT_EQ(find(found, "log.volume.up", "a-service"), nullptr);
  EXPECT_THAT(found.entities, Contains("c-service"));
}

TEST(LogObserver, TakesLinesWithoutATime) {
  LogObserver observer(Logs::knowledge(), {});
  telemetry::LogRecord r;
  r.entity = "orders";
  for (const char* body : {"ready", "ready"}) {
    r.body = body;
    observer.observe_baseline(r);
  }
  r.body = "ERROR no stock";
  observer.observe(r);
  const auto found = observer.finish();
  const Observation* o = find(found, "log.error.new");
  ASSERT_NE(o, nullptr);
  EXPECT_FALSE(o->onset);
}

TEST(LogObserver, ShowsNoSecretAndNoControlCharacter) {
  const auto found =
      Logs().before(times(3, "ready")).now(times(3, "ERROR password=hunter2 \x1b[31m rejected")).find();
  for (const Observation& o : found.observations) {
    for (const auto& [name, value] : o.facts) {
      EXPECT_THAT(value, Not(HasSubstr("hunter2"))) << name;
      EXPECT_THAT(value, Not(HasSubstr("\x1b"))) << name;
    }
    for (const auto& e : o.evidence) EXPECT_THAT(e.excerpt, Not(HasSubstr("hunter2")));
  }
}

/// Types, subjects and strengths: what must not depend on the order of the baseline.
std::vector<std::string> told(const LogFindings& found) {
  std::vector<std::string> out;
  for (const Observation& o : found.observations)
    out.push_back(fmt::format("{} {} {} {:.6f}", o.entity, o.type, o.subject, o.strength));
  return out;
}

RC_GTEST_PROP(LogObserver, DoesNotMindTheOrderOfTheBaseline, ()) {
  const auto bodies = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "stored order 1", "stored order 22", "ERROR no stock", "WARN slow 3", "ready"));
  std::vector<Line> lines;
  int second = 0;
  for (const auto& body : bodies)
    lines.push_back({body, "orders", kBaseline + std::chrono::seconds(second++), {}, {}, {}});
  const auto now = times(7, "ERROR no stock for item 7");
  const auto straight = told(Logs().before(lines).now(now).find());
  std::reverse(lines.begin(), lines.end());
  RC_ASSERT(told(Logs().before(lines).now(now).find()) == straight);
}

RC_GTEST_PROP(LogObserver, TakesAnyBytes, (const std::vector<std::string>& bodies)) {
  std::vector<Line> lines;
  for (const auto& body : bodies) lines.push_back({body, "orders", {}, {}, {}, {}});
  const auto found = Logs().before(lines).now(lines).find();
  for (const Observation& o : found.observations) RC_ASSERT(!o.evidence.empty());
}

/// Dated lines: `count` of them, a minute apart, from so many minutes before the alarm on.
std::vector<Line> minutes_before(int minutes, int count, const char* body) {
  std::vector<Line> lines;
  for (int i = 0; i < count; ++i)
    lines.push_back({body, "orders", kIncident - std::chrono::minutes(minutes - i), {}, {}, {}});
  return lines;
}

TEST(LogObserver, TroubleThatBeganBeforeAGuessedSplitIsTheIncidents) {
  constexpr const char* kError = "ERROR getaddrinfo ENOTFOUND db.internal";
  LogObserverOptions options;
  options.split = kIncident;
  options.split_is_guess = true;
  const auto in = [&](std::initializer_list<std::vector<Line>> parts) {
    Logs logs(options);
    for (const auto& part : parts) logs.now(part);
    return logs.find();
  };
  const auto short_quiet = in({minutes_before(6, 6, kError)});
  ASSERT_NE(find(short_quiet, "sign.dns_unresolved"), nullptr) << "nothing says that this is ordinary";
  EXPECT_EQ(find(short_quiet, "log.error.new")->onset, kIncident - std::chrono::minutes(6));
  const auto late = in({minutes_before(40, 42, "swept cache"), minutes_before(12, 14, kError)});
  EXPECT_NE(find(late, "log.error.new"), nullptr) << "28 minutes without it";
  const auto ordinary = in({minutes_before(40, 42, "swept cache"), minutes_before(40, 42, kError)});
  EXPECT_EQ(find(ordinary, "log.error.new"), nullptr);
  const auto over = in({minutes_before(40, 42, "swept cache"), minutes_before(25, 4, kError)});
  EXPECT_EQ(find(over, "log.error.new"), nullptr) << "it ended, and whoever wrote it goes on";
  options.split_is_guess = false;
  EXPECT_EQ(find(in({minutes_before(6, 6, kError)}), "sign.dns_unresolved"), nullptr);
}

TEST(LogObserver, OutputThatWasSavedIsOfTheIncidentUnlessItIsOld) {
  LogObserverOptions options;
  options.split = kIncident;
  const char* error = "ERROR getaddrinfo ENOTFOUND db.internal";
  EXPECT_NE(find(Logs(options).saved(minutes_before(20, 3, error)).find(), "sign.dns_unresolved"), nullptr);
  EXPECT_EQ(find(Logs(options).saved(minutes_before(90, 3, error)).find(), "sign.dns_unresolved"), nullptr);
}

TEST(LogObserver, AMethodIsNoService) {
  LogObserverOptions options;
  options.known_entities = {"quote"};
  for (const auto& [line, passed_on] : {std::pair{"ERROR at com.shop.Rates.quote(Rates.java:8)", false},
                                        std::pair{"ERROR no answer of quote", true}}) {
    const auto found = Logs(options).before(times(9, "ready")).now(times(9, line)).find();
    EXPECT_EQ(find(found, "log.passed_on") != nullptr, passed_on) << line;
  }
}

}  // namespace
}  // namespace midwatch::observe::logs

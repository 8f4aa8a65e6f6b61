#include "src/connectors/contract/connector_contract.h"

#include <atomic>
#include <future>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "src/base/utf8.h"

namespace midwatch::connectors::contract {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

/// Every look at it takes a second, and at one of them something may happen. So a reading is interrupted in
/// its middle without threads and without waiting.
class TickingClock final : public base::Clock {
 public:
  base::Timestamp now() const override { return {}; }
  std::chrono::steady_clock::time_point steady_now() const override {
    const int tick = ++ticks_;
    if (tick == tick_of_event_ && event_) event_();
    return std::chrono::steady_clock::time_point(std::chrono::seconds(tick));
  }
  void at_tick(int tick, std::function<void()> event) {
    tick_of_event_ = tick;
    event_ = std::move(event);
  }
  int ticks() const { return ticks_; }

 private:
  mutable std::atomic<int> ticks_ = 0;
  int tick_of_event_ = -1;
  std::function<void()> event_;
};

const base::ManualClock kStandingClock{base::Timestamp{}};

runtime::RequestContext unlimited() {
  return runtime::RequestContext::unlimited(kStandingClock);
}

/// What one reading gave: each record as a line of text, with the name of its source.
struct Reading {
  std::string what;
  base::Result<ReadSummary> summary;
  std::vector<std::string> records;
  std::vector<telemetry::RecordRef> refs;
};

std::string time_text(const std::optional<base::Timestamp>& time) {
  return time ? base::format_rfc3339(*time) : "null";
}

Reading read_metrics(MetricSource& source, const runtime::RequestContext& context, Episode episode) {
  std::vector<telemetry::MetricSeries> series;
  Reading r{"metrics", source.read_metrics(context, episode, series), {}, {}};
  for (const auto& one : series) {
    std::string text = fmt::format("{}|{}|{}|{}", one.key.entity, one.key.metric, one.key.stat, one.key.unit);
    for (const auto& [name, value] : one.key.dimensions) text += fmt::format("|{}={}", name, value);
    for (std::size_t i = 0; i < one.points.size(); ++i) {
      EXPECT_TRUE(i == 0 || one.points[i - 1].time < one.points[i].time) << text << " does not ascend";
      text += fmt::format(" {}={}", base::format_rfc3339(one.points[i].time), one.points[i].value);
    }
    EXPECT_THAT(one.points, Not(IsEmpty())) << text << " has no points";
    EXPECT_THAT(one.key.entity, Not(IsEmpty()));
    r.records.push_back(std::move(text));
  }
  return r;
}

Reading read_logs(LogSource& source, const runtime::RequestContext& context, Episode episode) {
  Reading r{"logs", ReadSummary(), {}, {}};
  r.summary = source.read_logs(context, episode, [&](const telemetry::LogRecord& log) {
    EXPECT_THAT(log.entity, Not(IsEmpty()));
    r.records.push_back(fmt::format("{}|{}|{}|{}|{}|{}|{}", time_text(log.time), log.entity, log.body,
                                    log.severity, log.instance, log.trace_id, log.span_id));
    r.refs.push_back(log.ref);
  });
  return r;
}

Reading read_spans(TraceSource& source, const runtime::RequestContext& context, Episode episode) {
  Reading r{"spans", ReadSummary(), {}, {}};
  r.summary = source.read_spans(context, episode, [&](const telemetry::Span& span) {
    EXPECT_THAT(span.entity, Not(IsEmpty()));
    EXPECT_GE(span.duration.count(), 0);
    r.records.push_back(fmt::format(
        "{}|{}|{}|{}|{}|{}|{}|{}", span.trace_id, span.span_id, span.parent_span_id, span.entity, span.name,
        base::format_rfc3339(span.start), span.duration.count(), static_cast<int>(span.status)));
    r.refs.push_back(span.ref);
  });
  return r;
}

Reading read_inventory(InventorySource& source, const runtime::RequestContext& context) {
  telemetry::TelemetryBatch batch;
  Reading r{"inventory", source.read_inventory(context, batch), {}, {}};
  const auto take = [&](std::string text, telemetry::RecordRef ref) {
    r.records.push_back(std::move(text));
    r.refs.push_back(ref);
  };
  for (const auto& e : batch.entities) take(fmt::format("entity {}|{}|{}", e.id, e.type, e.name), e.ref);
  for (const auto& e : batch.relations) take(fmt::format("{} {} {}", e.from, to_string(e.kind), e.to), e.ref);
  for (const auto& e : batch.changes)
    take(fmt::format("{} {} {} {}", base::format_rfc3339(e.time), to_string(e.kind), e.id, e.summary), e.ref);
  for (const auto& e : batch.events)
    take(fmt::format("{} {} {} {}", base::format_rfc3339(e.time), e.entity, e.reason, e.message), e.ref);
  return r;
}

Reading read_code(CodeSource& source, const runtime::RequestContext& context) {
  std::vector<CodeFile> files;
  Reading r{"code", source.read_code(context, files), {}, {}};
  for (const auto& file : files) r.records.push_back(file.entity + "|" + file.path + "|" + file.content);
  return r;
}

/// Reads everything that a connector has, each signal with a context of its own.
template <class NextContext>
std::vector<Reading> read_with(Connector& connector, NextContext next) {
  std::vector<Reading> readings;
  for (const Episode episode : {Episode::kIncident, Episode::kBaseline}) {
    if (auto* source = connector.metrics()) readings.push_back(read_metrics(*source, next(), episode));
    if (auto* source = connector.logs()) readings.push_back(read_logs(*source, next(), episode));
    if (auto* source = connector.traces()) readings.push_back(read_spans(*source, next(), episode));
  }
  if (auto* source = connector.inventory()) readings.push_back(read_inventory(*source, next()));
  if (auto* source = connector.code()) readings.push_back(read_code(*source, next()));
  return readings;
}

std::vector<Reading> read_everything(Connector& connector) {
  return read_with(connector, unlimited);
}

std::vector<std::string> all_records(const std::vector<Reading>& readings) {
  std::vector<std::string> all;
  for (const auto& reading : readings) all.insert(all.end(), reading.records.begin(), reading.records.end());
  return all;
}

/// The readings of the signals that a connector has, for messages.
std::unique_ptr<Connector> connected(const Connect& connect) {
  auto connector = connect(unlimited());
  EXPECT_TRUE(connector) << connector.error().describe();
  return connector ? *std::move(connector) : nullptr;
}

}  // namespace

TEST_P(ConnectorContract, HasANameAndAtLeastOneSignal) {
  const auto connector = connected(subject->full());
  ASSERT_TRUE(connector);
  EXPECT_THAT(connector->name(), Not(IsEmpty()));
  EXPECT_THAT(read_everything(*connector), Not(IsEmpty()));
}

TEST_P(ConnectorContract, GivesWhatIsThereAndTheSameEachTime) {
  const auto connector = connected(subject->full());
  ASSERT_TRUE(connector);
  const auto first = read_everything(*connector);
  for (const auto& reading : first) {
    ASSERT_TRUE(reading.summary) << reading.what << ": " << reading.summary.error().describe();
    EXPECT_TRUE(reading.summary->looked) << reading.what;
    EXPECT_GE(reading.records.size(), 2U) << reading.what;
    EXPECT_GE(reading.summary->records, 2U) << reading.what;
    EXPECT_GT(reading.summary->bytes, 0U) << reading.what;
    EXPECT_EQ(reading.summary->malformed, 0U) << reading.what;
    for (const auto& record : reading.records) EXPECT_TRUE(base::is_valid_utf8(record)) << reading.what;
  }
  EXPECT_EQ(all_records(read_everything(*connector)), all_records(first));
  const auto again = connected(subject->full());
  ASSERT_TRUE(again);
  EXPECT_EQ(all_records(read_everything(*again)), all_records(first));
}

TEST_P(ConnectorContract, EveryValueNamesTheRecordItComesFrom) {
  const auto connector = connected(subject->full());
  ASSERT_TRUE(connector);
  for (const auto& reading : read_everything(*connector)) {
    std::map<telemetry::RecordRef, std::size_t> seen;
    for (const auto& ref : reading.refs) {
      EXPECT_THAT(connector->source_name(ref.source), Not(IsEmpty())) << reading.what;
      // A source without lines (an API's answer, a document) may give several values; a line gives one.
      if (ref.line == 0) continue;
      EXPECT_EQ(++seen[ref], 1U) << reading.what << ", line " << ref.line;
    }
  }
}

TEST_P(ConnectorContract, NoDataIsAValue) {
  const auto connector = connected(subject->empty());
  ASSERT_TRUE(connector);
  for (const auto& reading : read_everything(*connector)) {
    ASSERT_TRUE(reading.summary) << reading.what << ": " << reading.summary.error().describe();
    EXPECT_TRUE(reading.summary->looked || reading.what == "code") << reading.what << " was looked for";
    EXPECT_THAT(reading.records, IsEmpty()) << reading.what;
    EXPECT_EQ(reading.summary->records, 0U) << reading.what;
    EXPECT_THAT(reading.summary->gaps, IsEmpty()) << reading.what;
  }
}

TEST_P(ConnectorContract, NobodyLookedIsNotTheSameAsNothingThere) {
  const auto connector = connected(subject->absent());
  ASSERT_TRUE(connector);
  for (const auto& reading : read_everything(*connector)) {
    ASSERT_TRUE(reading.summary) << reading.what << ": " << reading.summary.error().describe();
    EXPECT_FALSE(reading.summary->looked) << reading.what;
    EXPECT_THAT(reading.records, IsEmpty()) << reading.what;
  }
}

TEST_P(ConnectorContract, AFaultIsToldAndNeverLooksLikeNoData) {
  for (const auto& fault : subject->faults()) {
    SCOPED_TRACE(fault.name);
    auto connector = fault.connect(unlimited());
    if (fault.shows == Shows::kWhenConnecting) {
      ASSERT_FALSE(connector);
      EXPECT_EQ(connector.error().code, fault.code) << connector.error().describe();
      EXPECT_THAT(connector.error().message, Not(IsEmpty()));
      continue;
    }
    ASSERT_TRUE(connector) << connector.error().describe();
    std::size_t gaps = 0;
    for (const auto& reading : read_everything(**connector)) {
      if (fault.shows == Shows::kWhenReading) {
        ASSERT_FALSE(reading.summary) << reading.what;
        EXPECT_EQ(reading.summary.error().code, fault.code) << reading.summary.error().describe();
      } else {
        ASSERT_TRUE(reading.summary) << reading.what << ": " << reading.summary.error().describe();
        for (const auto& gap : reading.summary->gaps) {
          ++gaps;
          EXPECT_THAT(gap.source, Not(IsEmpty()));
          EXPECT_THAT(gap.what.en, Not(IsEmpty()));
          EXPECT_THAT(gap.what.ja, Not(IsEmpty()));
        }
      }
    }
    EXPECT_EQ(gaps > 0, fault.shows == Shows::kAsGap);
  }
}

TEST_P(ConnectorContract, ACallThatNobodyWantsIsNotBegun) {
  const auto connector = connected(subject->full());
  ASSERT_TRUE(connector);
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled = [&] {
    return runtime::RequestContext(kStandingClock, std::nullopt, stop.get_token());
  };
  for (const auto& reading : read_with(*connector, cancelled)) {
    ASSERT_FALSE(reading.summary) << reading.what;
    EXPECT_EQ(reading.summary.error().code, base::ErrorCode::kCancelled) << reading.what;
    EXPECT_THAT(reading.records, IsEmpty()) << reading.what;
  }
}

TEST_P(ConnectorContract, CancellationIsHeardInTheMiddleOfReading) {
  const auto connector = connected(subject->large());
  ASSERT_TRUE(connector);
  const auto whole = read_everything(*connector);
  std::size_t at = 0;
  std::vector<std::unique_ptr<TickingClock>> clocks;
  std::vector<std::stop_source> stops;
  const auto next = [&] {
    auto& clock = clocks.emplace_back(std::make_unique<TickingClock>());
    std::stop_source stop = stops.emplace_back();
    clock->at_tick(Subject::kLeastChecks - 1, [stop]() mutable { stop.request_stop(); });
    return runtime::RequestContext(*clock, std::chrono::steady_clock::time_point(std::chrono::hours(24)),
                                   stop.get_token());
  };
  for (const auto& reading : read_with(*connector, next)) {
    ASSERT_FALSE(reading.summary) << reading.what;
    EXPECT_EQ(reading.summary.error().code, base::ErrorCode::kCancelled) << reading.what;
    EXPECT_LT(reading.records.size(), whole[at++].records.size()) << reading.what << " was read to its end";
  }
  for (const auto& clock : clocks) EXPECT_LE(clock->ticks(), Subject::kLeastChecks + 1);
}

TEST_P(ConnectorContract, ADeadlineIsHeldInTheMiddleOfReading) {
  const auto connector = connected(subject->large());
  ASSERT_TRUE(connector);
  const auto whole = read_everything(*connector);
  std::size_t at = 0;
  std::vector<std::unique_ptr<TickingClock>> clocks;
  const auto next = [&] {
    auto& clock = clocks.emplace_back(std::make_unique<TickingClock>());
    return runtime::RequestContext(
        *clock, std::chrono::steady_clock::time_point(std::chrono::seconds(Subject::kLeastChecks - 1)), {});
  };
  for (const auto& reading : read_with(*connector, next)) {
    ASSERT_FALSE(reading.summary) << reading.what;
    EXPECT_EQ(reading.summary.error().code, base::ErrorCode::kTimeout) << reading.what;
    EXPECT_LT(reading.records.size(), whole[at++].records.size()) << reading.what << " was read to its end";
  }
}

TEST_P(ConnectorContract, ReadingsSideBySideGiveWhatReadingsInARowGive) {
  const auto connector = connected(subject->full());
  ASSERT_TRUE(connector);
  const auto expected = all_records(read_everything(*connector));
  std::vector<std::future<std::vector<std::string>>> readers;
  for (int i = 0; i < 3; ++i) {
    readers.push_back(
        std::async(std::launch::async, [&connector] { return all_records(read_everything(*connector)); }));
  }
  for (auto& reader : readers) EXPECT_EQ(reader.get(), expected);
}

}  // namespace midwatch::connectors::contract

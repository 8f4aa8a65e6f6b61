#include "src/observe/traces/trace_observer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "src/observe/traces/exclusive_time.h"
#include "src/observe/traces/span_statistics.h"
#include "src/observe/traces/trace_assembly.h"
#include "src/observe/traces/trace_findings.h"

namespace midwatch::observe::traces {

class TraceObserver::State {
 public:
  explicit State(TraceObserverOptions options)
      : options_(std::move(options)),
        assembly_(options_.max_open_spans, [this](std::vector<OpenSpan>& spans) { take(spans); }) {}

  void add(const telemetry::Span& span, bool baseline) {
    OpenSpan open;
    open.trace = id_hash(span.trace_id);
    open.id = id_hash(span.span_id);
    open.parent = id_hash(span.parent_span_id);
    open.entity = entities_.of(span.entity);
    open.operation = operations_.of(span.name);
    if (!origin_) origin_ = span.start;
    open.start = base::to_seconds(span.start - *origin_);
    open.duration = base::to_seconds(span.duration);
    open.error = span.status == telemetry::SpanStatus::kError;
    open.baseline = baseline || (options_.split && span.start < *options_.split);
    open.began = span.start;
    open.lasted = span.duration;
    open.ref = span.ref;
    if (!span.instance.empty()) instances_.emplace(span.instance, open.entity);
    ++spans_;
    assembly_.add(open);
  }

  TraceFindings finish() {
    assembly_.flush();
    TraceFindings findings = find(statistics_, times_, entities_, operations_, options_.source_name,
                                  origin_.value_or(base::Timestamp{}));
    for (const auto& [instance, entity] : instances_)
      findings.instances.emplace_back(instance, entities_.text(entity));
    for (std::uint32_t e = 0; e < entities_.size(); ++e) findings.entities.push_back(entities_.text(e));
    std::sort(findings.entities.begin(), findings.entities.end());
    findings.spans = spans_;
    findings.orphans = statistics_.orphans;
    return findings;
  }

 private:
  /// Attributes the time and the errors of one complete trace.
  void take(std::vector<OpenSpan>& spans) {
    std::sort(spans.begin(), spans.end(), [](const OpenSpan& a, const OpenSpan& b) {
      return std::tie(a.start, a.ref) < std::tie(b.start, b.ref);
    });
    const SpanForest forest(spans);
    statistics_.orphans += forest.orphans;
    const std::vector<double> owned = exclusive_times(spans, forest);
    std::map<TimeOwner, RequestTimes::Owned> shares;
    for (std::size_t i = 0; i < spans.size(); ++i) {
      account(spans, forest, owned[i], i);
      RequestTimes::Owned& share = shares[owner_of(spans, forest, i)];
      share.seconds += static_cast<float>(owned[i]);
      share.spans += 1;
    }
    times_.add(spans.front().trace, spans.front().baseline ? 0 : 1, shares);
  }

  static TimeOwner owner_of(const std::vector<OpenSpan>& spans, const SpanForest& forest, std::size_t i) {
    if (!is_client(spans, forest, i)) return {false, spans[i].entity, spans[i].operation};
    return {true, spans[i].entity, spans[forest.children[i].front()].entity};
  }

  /// True for the client side of a call: its children are all of one other entity, its parent of its own.
  static bool is_client(const std::vector<OpenSpan>& spans, const SpanForest& forest, std::size_t i) {
    const std::size_t parent = forest.parent[i];
    if (parent == SpanForest::kNoSpan || spans[parent].entity != spans[i].entity) return false;
    const auto& children = forest.children[i];
    return !children.empty() && spans[children.front()].entity != spans[i].entity &&
           std::all_of(children.begin(), children.end(),
                       [&](std::size_t c) { return spans[c].entity == spans[children.front()].entity; });
  }

  void account(const std::vector<OpenSpan>& spans, const SpanForest& forest, double owned, std::size_t i) {
    const OpenSpan& s = spans[i];
    const auto& children = forest.children[i];
    const std::size_t side = s.baseline ? 0 : 1;
    OperationStatistics& op = statistics_.operations[{s.entity, s.operation}];
    op.duration[side].add(s.duration);
    if (is_client(spans, forest, i)) {
      note_delay(s, spans[children.front()], owned, side);
    } else {
      op.self_time[side].add(owned);
    }
    op.count[side] += 1;
    if (side == 1) op.totals.add(s.began, s.lasted, s.error);
    if (op.example[side].line == 0) op.example[side] = s.ref;
    if (s.duration > op.longest[side]) {
      op.longest[side] = s.duration;
      op.longest_ref[side] = s.ref;
    }
    if (s.error) {
      const bool passed_on =
          std::any_of(children.begin(), children.end(), [&](std::size_t c) { return spans[c].error; });
      (passed_on ? op.errors_passed_on : op.errors_own)[side] += 1;
      if (op.error_ref.line == 0 && side == 1) op.error_ref = s.ref;
      if (side == 1 && (op.first_error < 0 || s.start < op.first_error)) op.first_error = s.start;
    }
    std::map<std::pair<std::uint32_t, std::uint32_t>, double> calls;
    for (const std::size_t c : children) {
      calls[{spans[c].entity, spans[c].operation}] += 1;
      if (spans[c].entity != s.entity) statistics_.calls.emplace(s.entity, spans[c].entity);
    }
    for (const auto& [callee, n] : calls) op.calls[callee].total[side] += n;
    for (const auto& [callee, n] : calls) op.calls[callee].parents[side] += 1;
  }

  void note_delay(const OpenSpan& client, const OpenSpan& server, double delay, std::size_t side) {
    EdgeStatistics& edge = statistics_.edges[{client.entity, server.entity}];
    edge.delay[side].add(delay);
    if (side == 1 && delay > edge.longest) {
      edge.longest = delay;
      edge.client_operation = client.operation;
      edge.server_operation = server.operation;
    }
  }

  TraceObserverOptions options_;
  TextIndex entities_;
  TextIndex operations_;
  std::map<std::string, std::uint32_t, std::less<>> instances_;
  std::optional<base::Timestamp> origin_;
  SpanStatistics statistics_;
  RequestTimes times_;
  TraceAssembly assembly_;
  std::uint64_t spans_ = 0;
};

TraceObserver::TraceObserver(TraceObserverOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
TraceObserver::~TraceObserver() = default;
void TraceObserver::observe_baseline(const telemetry::Span& span) {
  state_->add(span, true);
}
void TraceObserver::observe(const telemetry::Span& span) {
  state_->add(span, false);
}
TraceFindings TraceObserver::finish() {
  return state_->finish();
}

}  // namespace midwatch::observe::traces

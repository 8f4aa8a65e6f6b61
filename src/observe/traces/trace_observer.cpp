#include "src/observe/traces/trace_observer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

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
    assembly_.add(span.trace_id, open);
  }

  TraceFindings finish() {
    assembly_.flush();
    TraceFindings findings =
        find(statistics_, entities_, operations_, options_.source_name, origin_.value_or(base::Timestamp{}));
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
    std::unordered_map<std::uint64_t, std::size_t> by_id;
    by_id.reserve(spans.size());
    for (std::size_t i = 0; i < spans.size(); ++i) by_id.emplace(spans[i].id, i);
    std::vector<std::vector<std::size_t>> children(spans.size());
    std::vector<std::size_t> parent(spans.size(), kNoSpan);
    for (std::size_t i = 0; i < spans.size(); ++i) {
      if (spans[i].parent == 0) continue;
      const auto at = by_id.find(spans[i].parent);
      if (at == by_id.end() || at->second == i) {
        ++statistics_.orphans;
      } else {
        parent[i] = at->second;
        children[at->second].push_back(i);
      }
    }
    for (std::size_t i = 0; i < spans.size(); ++i) account(spans, children, parent, i);
  }

  void account(const std::vector<OpenSpan>& spans, const std::vector<std::vector<std::size_t>>& children,
               const std::vector<std::size_t>& parent, std::size_t i) {
    const OpenSpan& s = spans[i];
    const std::size_t side = s.baseline ? 0 : 1;
    const double self = self_time(spans, children[i], s);
    const std::size_t p = parent[i];
    const bool is_client = children[i].size() == 1 && spans[children[i].front()].entity != s.entity &&
                           p != kNoSpan && spans[p].entity == s.entity;
    OperationStatistics& op = statistics_.operations[{s.entity, s.operation}];
    op.duration[side].add(s.duration);
    if (is_client) {
      const OpenSpan& server = spans[children[i].front()];
      note_delay(s, server, side);
    } else {
      op.self_time[side].add(self);
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
          std::any_of(children[i].begin(), children[i].end(), [&](std::size_t c) { return spans[c].error; });
      (passed_on ? op.errors_passed_on : op.errors_own)[side] += 1;
      if (op.error_ref.line == 0 && side == 1) op.error_ref = s.ref;
      if (side == 1 && (op.first_error < 0 || s.start < op.first_error)) op.first_error = s.start;
    }
    std::map<std::pair<std::uint32_t, std::uint32_t>, double> calls;
    for (const std::size_t c : children[i]) {
      calls[{spans[c].entity, spans[c].operation}] += 1;
      if (spans[c].entity != s.entity) statistics_.calls.emplace(s.entity, spans[c].entity);
    }
    for (const auto& [callee, n] : calls) op.calls[callee].total[side] += n;
    for (const auto& [callee, n] : calls) op.calls[callee].parents[side] += 1;
  }

  void note_delay(const OpenSpan& client, const OpenSpan& server, std::size_t side) {
    EdgeStatistics& edge = statistics_.edges[{client.entity, server.entity}];
    const double delay = std::max(0.0, client.duration - server.duration);
    edge.delay[side].add(delay);
    if (side == 1 && delay > edge.longest) {
      edge.longest = delay;
      edge.client_operation = client.operation;
      edge.server_operation = server.operation;
    }
  }

  /// The time in which no child runs.
  static double self_time(const std::vector<OpenSpan>& spans, const std::vector<std::size_t>& children,
                          const OpenSpan& s) {
    double covered = 0;
    double reached = s.start;
    const double end = s.start + s.duration;
    for (const std::size_t c : children) {  // ordered by start
      const double from = std::max(reached, spans[c].start);
      const double to = std::min(end, spans[c].start + spans[c].duration);
      if (to > from) {
        covered += to - from;
        reached = to;
      }
    }
    return std::max(0.0, s.duration - covered);
  }

  static constexpr std::size_t kNoSpan = static_cast<std::size_t>(-1);

  TraceObserverOptions options_;
  TextIndex entities_;
  TextIndex operations_;
  std::map<std::string, std::uint32_t, std::less<>> instances_;
  std::optional<base::Timestamp> origin_;
  SpanStatistics statistics_;
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

#include "src/investigation/gatherer.h"

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/diagnose/trouble.h"
#include "src/investigation/asked_entity.h"
#include "src/investigation/focus.h"
#include "src/investigation/peer_finder.h"
#include "src/observe/changes/change_observer.h"
#include "src/observe/code/code_observer.h"
#include "src/observe/configuration/configuration_observer.h"
#include "src/observe/database/database_observer.h"
#include "src/observe/database/views.h"
#include "src/observe/events/announcements.h"
#include "src/observe/events/detections.h"
#include "src/observe/events/platform_events.h"
#include "src/observe/events/provider_incidents.h"
#include "src/observe/logs/log_observer.h"
#include "src/observe/metrics/metric_observer.h"
#include "src/observe/signs/symptoms.h"
#include "src/observe/state/state_observer.h"
#include "src/observe/traces/trace_observer.h"

namespace midwatch::investigation {
namespace {

using connectors::Episode;
using connectors::ReadSummary;
using model::Text;

/// What one signal gave. Each signal fills its own, so that signals can be read side by side.
struct SignalResult {
  std::vector<model::Observation> observations;
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> coverage;
  std::vector<telemetry::Relation> relations;
  std::vector<std::pair<std::string, std::string>> instances;
  std::vector<std::string> entities;
  std::vector<model::Gap> gaps;
  model::Statistics stats;
  bool looked = false;
};

class Gatherer {
 public:
  Gatherer(const runtime::RequestContext& context, connectors::Connector& connector,
           const telemetry::IncidentScope& scope, const knowledge::KnowledgeBase& knowledge,
           const InvestigationOptions& options)
      : context_(context), connector_(connector), scope_(scope), knowledge_(knowledge), options_(options) {
    out_.file.scope = scope;
  }

  base::Result<Gathered> run() {
    read_inventory();
    peers_ = std::make_unique<PeerFinder>(known_entities());
    // Each reader fills its own result and the merge below has a fixed order, so threads change nothing.
    const auto policy = options_.threads > 1 ? std::launch::async : std::launch::deferred;
    // Metrics come first: they are small, and where no baseline is named they tell what time before the
    // incident was recorded.
    merge(read_metrics(), "metric");
    auto traces = std::async(policy, [this] { return read_traces(); });
    auto logs = std::async(policy, [this] { return read_logs(); });
    merge(logs.get(), "log");
    merge(traces.get(), "trace");
    // A deadline ends the reading and leaves the best answer so far; who cancels wants none.
    if (const auto wanted = context_.check(); !wanted && wanted.error().code == base::ErrorCode::kCancelled)
      return wanted.error();
    finish();
    return std::move(out_);
  }

 private:
  void say(const char* phase) const {
    if (options_.on_progress) options_.on_progress({phase, out_.stats.records, 0});
  }

  /// Counts what a reading gave. A source that fails becomes a gap; the records that it gave until then
  /// count.
  static void count(SignalResult& r, const base::Result<ReadSummary>& read, std::uint64_t given,
                    const Text& what) {
    if (!read) {
      r.looked = r.looked || given > 0;
      r.stats.records += given;
      const std::string why = read.error().describe();
      model::Gap gap;
      gap.what = {
          fmt::format("{} could not be read to the end ({} records were): {}", what.en, given, why),
          fmt::format("{}を最後まで読み取れませんでした（{} 件は読み取り済み）: {}", what.ja, given, why)};
      r.gaps.push_back(std::move(gap));
      return;
    }
    r.looked = r.looked || read->looked;
    r.stats.queries += read->looked ? read->queries : 0;
    r.stats.records += read->records;
    r.stats.bytes += read->bytes;
    r.stats.malformed += read->malformed;
    r.gaps.insert(r.gaps.end(), read->gaps.begin(), read->gaps.end());
  }

  void read_inventory() {
    say("inventory");
    auto* inventory = connector_.inventory();
    if (inventory == nullptr) return;
    const auto read = inventory->read_inventory(context_, batch_);
    SignalResult r;
    count(r, read,
          batch_.entities.size() + batch_.relations.size() + batch_.changes.size() + batch_.events.size(),
          {"the inventory", "構成情報"});
    r.observations = observe::events::observe_detections(
        batch_.events, knowledge_, [this](std::uint32_t s) { return connector_.source_name(s); });
    // A look at a database's views is one at them alone, and no look at what happened.
    r.looked = std::any_of(batch_.events.begin(), batch_.events.end(),
                           [](const auto& e) { return !observe::database::is_from_console(e); });
    merge(std::move(r), "event");
  }

  /// The entities of the inventory, and those that are only named as candidates or by relations.
  std::vector<telemetry::Entity> known_entities() const {
    std::vector<telemetry::Entity> known = batch_.entities;
    std::set<std::string, std::less<>> told;
    for (const auto& entity : known) told.insert(entity.id);
    const auto add = [&](const std::string& id) {
      if (id.empty() || !told.insert(id).second) return;
      known.emplace_back().id = id;
    };
    for (const auto& candidate : scope_.candidates) add(candidate);
    for (const auto& relation : batch_.relations) {
      add(relation.from);
      add(relation.to);
    }
    return known;
  }

  SignalResult read_metrics() {
    SignalResult r;
    say("metrics");
    if (auto* source = connector_.metrics()) {
      const auto baseline = source->read_metrics(context_, Episode::kBaseline, out_.baseline_series);
      const auto incident = source->read_metrics(context_, Episode::kIncident, out_.incident_series);
      count(r, baseline, out_.baseline_series.size(), {"the baseline's metrics", "ベースラインのメトリクス"});
      count(r, incident, out_.incident_series.size(), {"metrics", "メトリクス"});
    }
    // Series that came with the inventory (answers of tools) are measurements like any other.
    out_.incident_series.insert(out_.incident_series.end(), batch_.metrics.begin(), batch_.metrics.end());
    r.looked = r.looked || !batch_.metrics.empty();
    auto found =
        observe::metrics::observe_metrics(scope_, out_.incident_series, out_.baseline_series, knowledge_);
    r.observations = std::move(found.observations);
    r.coverage = std::move(found.coverage);
    for (const auto& s : out_.incident_series) r.entities.push_back(s.key.entity);
    out_.file.alarm = {found.alarm.found, found.alarm.strength, found.alarm.onset, found.alarm.quantity};
    return r;
  }

  SignalResult read_logs() {
    SignalResult r;
    auto* source = connector_.logs();
    if (source == nullptr && batch_.logs.empty()) return r;
    observe::logs::LogObserverOptions log_options;
    log_options.window = scope_.window;
    log_options.known_entities = scope_.candidates;
    for (const auto& entity : batch_.entities) log_options.known_entities.push_back(entity.id);
    log_options.source_name = [this](std::uint32_t s) { return connector_.source_name(s); };
    auto observer = std::make_unique<observe::logs::LogObserver>(knowledge_, log_options);
    // Who is only named has no address that a line could hold: those are looked for in lines of trouble
    // alone.
    const bool has_addresses = !batch_.entities.empty();
    const auto read = [&](Episode episode, const connectors::LogVisitor& observe, const Text& what) {
      std::uint64_t given = 0;
      const auto summary = source->read_logs(context_, episode, [&](const auto& line) {
        ++given;
        if (has_addresses) peers_->read_line(line.entity, line.body, line.ref);
        observe(line);
      });
      count(r, summary, given, what);
      return summary && summary->records > 0;
    };
    const bool has_baseline =
        source != nullptr &&
        read(Episode::kBaseline, [&](const auto& line) { observer->observe_baseline(line); },
             {"the baseline's logs", "ベースラインのログ"});
    if (!has_baseline) {
      log_options.split = quiet_until();
      log_options.split_is_guess = *log_options.split != scope_.window.start;
      observer = std::make_unique<observe::logs::LogObserver>(knowledge_, log_options);
    }
    if (source != nullptr)
      read(Episode::kIncident, [&](const auto& line) { observer->observe(line); }, {"logs", "ログ"});
    observe_raw_lines(*observer, r);
    if (!r.looked) return r;
    auto found = observer->finish();
    r.observations = std::move(found.observations);
    r.instances = std::move(found.instances);
    for (const auto& entity : found.entities) {
      r.coverage[entity].insert("log");
      r.entities.push_back(entity);
    }
    return r;
  }

  /// Lines that stood in raw output of tools. What lies in a baseline that somebody named is ordinary:
  /// whoever asked for it did so to compare.
  void observe_raw_lines(observe::logs::LogObserver& observer, SignalResult& r) const {
    for (const auto& line : batch_.logs) {
      const telemetry::LogRecord record{line.time,     line.entity, line.body, line.severity,
                                        line.instance, {},          {},        line.ref};
      if (line.time && scope_.baseline && scope_.baseline->contains(*line.time)) {
        observer.observe_baseline(record);
      } else {
        observer.observe_saved(record);
      }
    }
    r.looked = r.looked || !batch_.logs.empty();
    r.stats.records += batch_.logs.size();
  }

  SignalResult read_traces() {
    SignalResult r;
    auto* source = connector_.traces();
    if (source == nullptr && batch_.spans.empty()) return r;
    observe::traces::TraceObserverOptions trace_options;
    trace_options.source_name = [this](std::uint32_t s) { return connector_.source_name(s); };
    auto observer = std::make_unique<observe::traces::TraceObserver>(trace_options);
    const auto read = [&](Episode episode, const connectors::SpanVisitor& observe, const Text& what) {
      std::uint64_t given = 0;
      const auto summary = source->read_spans(context_, episode, [&](const auto& span) {
        ++given;
        observe(span);
      });
      count(r, summary, given, what);
      return summary && summary->records > 0;
    };
    const bool has_baseline =
        source != nullptr &&
        read(Episode::kBaseline, [&](const auto& span) { observer->observe_baseline(span); },
             {"the baseline's traces", "ベースラインのトレース"});
    if (!has_baseline) {
      trace_options.split = quiet_until();
      observer = std::make_unique<observe::traces::TraceObserver>(trace_options);
    }
    if (source != nullptr)
      read(Episode::kIncident, [&](const auto& span) { observer->observe(span); }, {"traces", "トレース"});
    for (const auto& span : batch_.spans)
      observer->observe({span.trace_id,
                         span.span_id,
                         span.parent_span_id,
                         span.entity,
                         span.name,
                         {},
                         {},
                         span.start,
                         span.duration,
                         span.status,
                         span.ref});
    r.looked = r.looked || !batch_.spans.empty();
    if (!r.looked) return r;
    auto found = observer->finish();
    if (found.orphans > 0) {
      model::Gap gap;
      gap.query = "parent_span_id";
      gap.what = {
          fmt::format("{} of {} spans name a parent that is not in the traces", found.orphans, found.spans),
          fmt::format("{} 件中 {} 件のスパンは、親スパンがトレースに含まれていません", found.spans,
                      found.orphans)};
      r.gaps.push_back(std::move(gap));
    }
    r.observations = std::move(found.observations);
    r.relations = std::move(found.calls);
    r.instances = std::move(found.instances);
    for (const auto& entity : found.entities) {
      r.coverage[entity].insert("trace");
      r.coverage[entity].insert("span");
      r.entities.push_back(entity);
    }
    return r;
  }

  /// Where no baseline was recorded apart: the end of the time that is taken to be ordinary. A baseline that
  /// is named ends where the window begins. Without one the window begins before the fault, so where
  /// something was recorded before it, that is the reference; else the fault is taken to have begun shortly
  /// before its alarm.
  base::Timestamp quiet_until() const {
    if (scope_.baseline && scope_.baseline->end <= scope_.window.start) return scope_.window.start;
    base::Duration before{};
    for (const auto& series : out_.incident_series) {
      if (!series.points.empty()) before = std::max(before, scope_.window.start - series.points.front().time);
    }
    if (!scope_.alarm.time || before >= kEnoughBefore) return scope_.window.start;
    const base::Timestamp guessed = *scope_.alarm.time - kBeforeAlarm;
    // The alarm's own series may tell that it fired late.
    return out_.file.alarm.onset ? std::max(scope_.window.start, std::min(guessed, *out_.file.alarm.onset))
                                 : guessed;
  }

  void merge(SignalResult r, const char* signal) {
    if (r.looked) {
      out_.file.coverage.signals.insert(signal);
      out_.looked.push_back({signal, r.stats.records});
    }
    for (auto& o : r.observations) out_.file.observations.push_back(std::move(o));
    for (auto& [entity, what] : r.coverage) out_.file.coverage.by_entity[entity].merge(what);
    for (auto& relation : r.relations) builder_.relate(std::move(relation));
    for (auto& [instance, entity] : r.instances) builder_.add_instance(instance, entity);
    for (auto& entity : r.entities) mentioned_.push_back(std::move(entity));
    for (auto& gap : r.gaps) out_.gaps.push_back(std::move(gap));
    out_.stats.queries += r.stats.queries;
    out_.stats.records += r.stats.records;
    out_.stats.bytes += r.stats.bytes;
    out_.stats.malformed += r.stats.malformed;
  }

  void finish() {
    peers_->read(out_.file.observations);
    peers_->read(batch_.events);
    for (auto& relation : peers_->take()) builder_.relate(std::move(relation));
    for (auto& entity : batch_.entities) builder_.add(std::move(entity));
    for (auto& relation : batch_.relations) builder_.relate(std::move(relation));
    for (auto& [instance, entity] : batch_.instances) builder_.add_instance(instance, entity);
    for (const auto& [instance, entity] : scope_.instances) builder_.add_instance(instance, entity);
    for (const auto& candidate : scope_.candidates) builder_.mention(candidate);
    for (const auto& event : batch_.events) builder_.mention(event.entity);
    for (const auto& change : batch_.changes) {
      if (!change.entity.empty()) builder_.mention(change.entity);
    }
    for (const auto& entity : mentioned_) builder_.mention(entity);
    if (!scope_.alarm.entity.empty()) builder_.mention(scope_.alarm.entity);
    out_.file.topology = std::move(builder_).build();
    observe_databases();
    observe_announcements();
    observe_configuration();
    const Asked asked = find_asked(scope_.alarm, scope_.title, out_.file.topology);
    if (asked.entity) out_.file.scope.alarm.entity = out_.file.topology.id(*asked.entity);
    name_coverage_by_entity();
    merge(observe_platform(), "state");
    weaken_what_lies_elsewhere(asked, out_.file.topology, out_.file.observations);
    cover_everybody();
    distrust_idle_latency();
    observe_symptoms();
    merge(observe_code(), "code");
    observe_changes();
    out_.changes = std::move(batch_.changes);
    out_.events = std::move(batch_.events);
    for (std::size_t i = 0; i < out_.file.observations.size(); ++i)
      out_.file.observations[i].id = fmt::format("o{}", i + 1);
  }

  void observe_configuration() {
    const observe::configuration::ConfigurationInput input{
        scope_,
        out_.file.topology,
        out_.incident_series,
        out_.baseline_series,
        knowledge_,
        [this](std::uint32_t s) { return connector_.source_name(s); }};
    for (auto& o : observe::configuration::observe_configuration(input))
      out_.file.observations.push_back(std::move(o));
  }

  /// What AWS says of its resources in words; of databases, their own observer tells.
  void observe_announcements() {
    const observe::signs::SignatureMatcher matcher(knowledge_);
    observe::events::AnnouncementInput input{{},
                                             scope_,
                                             out_.file.topology,
                                             matcher,
                                             [this](std::uint32_t s) { return connector_.source_name(s); },
                                             {}};
    for (const auto& event : batch_.events) {
      if (!observe::events::is_aws_event(event)) continue;
      const auto index = out_.file.topology.find(event.entity);
      if (index && knowledge::entity_class(out_.file.topology.entity(*index),
                                           knowledge_.entity_class_rules) == "database")
        continue;
      input.events.push_back(&event);
    }
    for (auto& o : observe::events::read_announcements(input)) out_.file.observations.push_back(std::move(o));
  }

  void observe_databases() {
    const observe::database::DatabaseEvidence evidence{scope_,
                                                       out_.file.topology,
                                                       batch_.events,
                                                       out_.incident_series,
                                                       out_.baseline_series,
                                                       out_.file.observations};
    auto found = observe::database::observe_databases(
        evidence, knowledge_, [this](std::uint32_t s) { return connector_.source_name(s); });
    for (auto& o : found) {
      if (o.type == "state.healthy") {
        out_.file.coverage.signals.insert("state");
        out_.file.coverage.by_entity[o.entity].insert("state");
      }
      out_.file.observations.push_back(std::move(o));
    }
    observe::database::discount_strangers(evidence, knowledge_, out_.file.observations);
  }

  void observe_symptoms() {
    auto incidents = observe::events::observe_provider_incidents(
        batch_.events, out_.file.observations, scope_,
        [this](std::uint32_t s) { return connector_.source_name(s); });
    for (auto& o : incidents) out_.file.observations.push_back(std::move(o));
    for (auto& o : observe::signs::observe_symptoms(out_.file.observations, scope_.alarm, knowledge_))
      out_.file.observations.push_back(std::move(o));
  }

  /// What the code of entities says to what the other detectors saw.
  SignalResult observe_code() {
    SignalResult r;
    auto* source = connector_.code();
    if (source == nullptr) return r;
    std::vector<connectors::CodeFile> files;
    const auto read = source->read_code(context_, files);
    count(r, read, files.size(), {"the code", "ソースコード"});
    std::vector<observe::code::SourceFile> sources;
    for (const auto& file : files) sources.push_back({file.entity, file.path, file.content});
    auto found = observe::code::observe_code({sources, out_.file.topology, out_.file.observations,
                                              [this](std::uint32_t s) { return connector_.source_name(s); }});
    for (const auto& entity : found.entities) r.coverage[entity].insert("code");
    r.observations = std::move(found.observations);
    return r;
  }

  /// What changed before the incident was over.
  void observe_changes() {
    std::vector<telemetry::ChangeEvent> known;
    for (const auto& change : batch_.changes) {
      if (change.time < scope_.window.end) known.push_back(change);
    }
    if (!batch_.changes.empty()) out_.file.coverage.signals.insert("change");
    std::vector<telemetry::Entity> entities;
    const auto& topology = out_.file.topology;
    for (topology::EntityIndex i = 0; i < topology.size(); ++i) entities.push_back(topology.entity(i));
    auto found = observe::changes::observe_changes(
        known, entities, knowledge_, [this](std::uint32_t s) { return connector_.source_name(s); });
    for (auto& o : found.observations) out_.file.observations.push_back(std::move(o));
    out_.file.changes = std::move(found.accounts);
  }

  /// What platforms say of the state of their objects, and the events that they tell of it.
  SignalResult observe_platform() {
    SignalResult r;
    const observe::signs::SignatureMatcher matcher(knowledge_);
    const auto source_name = [this](std::uint32_t s) { return connector_.source_name(s); };
    const auto now = scope_.alarm.time ? scope_.alarm.time : std::optional(scope_.window.end);
    auto state = observe::state::observe_state(
        {out_.file.topology, matcher, out_.file.scope.alarm.entity, now, source_name});
    r.looked = !state.entities.empty();
    for (const auto& entity : state.entities) r.coverage[entity].insert("state");
    std::set<std::string, std::less<>> troubled;
    for (const auto& o : state.observations) {
      if (o.strength >= kTrouble && diagnose::is_trouble(o.type)) troubled.insert(o.entity);
    }
    auto events = observe::events::observe_platform_events(
        {batch_.events, out_.file.topology, matcher, now, std::move(troubled), source_name});
    for (const auto& o : events) r.coverage[o.entity].insert("event");
    r.observations = std::move(state.observations);
    std::move(events.begin(), events.end(), std::back_inserter(r.observations));
    return r;
  }

  /// Logs and metrics may call an entity by another name than its id.
  void name_coverage_by_entity() {
    auto& coverage = out_.file.coverage.by_entity;
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> named;
    for (auto& [entity, what] : coverage) {
      const auto index = out_.file.topology.find(entity);
      named[index ? out_.file.topology.id(out_.file.topology.owner(*index)) : entity].merge(what);
    }
    coverage = std::move(named);
  }

  /// Where requests are traced, who has no spans serves none: its latency metrics are of health checks and
  /// the like, and jump with few samples.
  void distrust_idle_latency() {
    const auto& coverage = out_.file.coverage.by_entity;
    if (!out_.file.coverage.signals.contains("trace")) return;
    for (auto& o : out_.file.observations) {
      if (!o.type.starts_with("metric.latency.")) continue;
      const auto at = coverage.find(o.entity);
      const bool traced = at != coverage.end() && at->second.contains("trace");
      // Whoever is alarmed serves somebody, whether its requests are traced or not.
      if (!traced && o.entity == scope_.alarm.entity) continue;
      o.strength *= traced ? kTracedLatency : kIdleLatency;
    }
  }

  /// A source that lists only what is out of the ordinary covers everybody with it.
  void cover_everybody() {
    auto& coverage = out_.file.coverage;
    const bool detections = std::any_of(batch_.events.begin(), batch_.events.end(),
                                        [](const auto& e) { return observe::events::is_detection(e); });
    if (detections && coverage.by_entity.empty()) {
      for (const char* signal : {"metric", "log", "trace", "event"}) coverage.signals.insert(signal);
    }
    for (auto& [entity, what] : coverage.by_entity) {
      if (coverage.signals.contains("event")) what.insert("event");
    }
  }

  /// From this strength on, an observation is trouble (diagnose).
  static constexpr double kTrouble = 0.5;
  /// What is left of the weight of a latency metric of somebody who serves no traced request.
  static constexpr double kIdleLatency = 0.2;
  /// Where spans measure the same requests, they see more than a percentile.
  static constexpr double kTracedLatency = 0.5;
  /// Without a baseline, the fault is taken to have begun at most this long before its alarm.
  static constexpr base::Duration kBeforeAlarm = std::chrono::minutes(5);
  /// A reference of at least this length says what is ordinary.
  static constexpr base::Duration kEnoughBefore = std::chrono::minutes(10);

  const runtime::RequestContext& context_;
  connectors::Connector& connector_;
  const telemetry::IncidentScope& scope_;
  const knowledge::KnowledgeBase& knowledge_;
  const InvestigationOptions& options_;
  telemetry::TelemetryBatch batch_;
  topology::TopologyBuilder builder_;
  std::vector<std::string> mentioned_;
  std::unique_ptr<PeerFinder> peers_;  ///< of the thread that reads logs, then of the one that merges
  Gathered out_;
};

}  // namespace

base::Result<Gathered> gather(const runtime::RequestContext& context, connectors::Connector& connector,
                              const telemetry::IncidentScope& scope,
                              const knowledge::KnowledgeBase& knowledge,
                              const InvestigationOptions& options) {
  return Gatherer(context, connector, scope, knowledge, options).run();
}

}  // namespace midwatch::investigation

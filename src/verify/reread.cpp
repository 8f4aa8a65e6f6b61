#include "src/verify/reread.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "src/base/digest.h"
#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/verify/word_pattern.h"

namespace midwatch::verify {
namespace {

using connectors::Episode;
using model::EvidenceKind;
using model::record_text;

/// A stack trace shown as one record is at most so many further lines.
constexpr int kFollowingLines = 64;
/// They lie no further away than this, with the lines of other entities between them.
constexpr std::uint64_t kFollowingReach = 2000;
/// As much of these lines as an excerpt can show.
constexpr std::size_t kFollowingBytes = 4096;
/// Shorter texts occur in configurations by chance.
constexpr std::size_t kShortestName = 4;
constexpr std::size_t kInventoryBytes = 64UL * 1024 * 1024;

/// An absence that is looked for again.
struct Absence {
  const model::Evidence* evidence;
  WordPattern pattern;
};

/// The places of one source that are wanted.
struct WantedSource {
  std::string name;
  std::set<std::uint64_t> lines;
};

class Reader {
 public:
  Reader(const runtime::RequestContext& context, connectors::Connector& connector,
         const telemetry::IncidentScope& scope, const Claims& claims)
      : context_(context), connector_(connector), claims_(claims) {
    out_.scope = scope;
    for (const auto& [id, e] : claims_.evidence) {
      switch (e.kind) {
        case EvidenceKind::kRecord:
        case EvidenceKind::kLines:
          wanted_[e.source].insert(e.ref.line);
          digests_.insert(e.digest);
          break;
        case EvidenceKind::kSpans:
          spans_[span_key(e.entity, e.pattern)].push_back(&e);
          break;
        case EvidenceKind::kAbsence:
          absences_.push_back({&e, WordPattern(e.pattern)});
          break;
        case EvidenceKind::kSeries:
          break;
      }
    }
  }

  base::Result<Reread> run() {
    note_scope();
    MIDWATCH_TRY_VOID(read_inventory());
    MIDWATCH_TRY_VOID(read_metrics());
    MIDWATCH_TRY_VOID(read_logs());
    MIDWATCH_TRY_VOID(read_spans());
    MIDWATCH_TRY_VOID(read_code());
    // As in an investigation, the inventory knows better than a line whose instance something is, and the
    // bundle's own list best.
    for (const auto* list : {&inventory_instances_, &out_.scope.instances}) {
      for (const auto& [instance, entity] : *list) builder_.add_instance(instance, entity);
    }
    for (const auto& name : out_.named) builder_.mention(name);
    out_.topology = std::move(builder_).build();
    check_entity_absences();
    return std::move(out_);
  }

 private:
  static std::string span_key(std::string_view entity, std::string_view operation) {
    std::string key(entity);
    key += '\x1f';
    key += operation;
    return key;
  }

  void name(std::string_view entity) {
    if (!entity.empty() && !out_.named.contains(entity)) out_.named.emplace(entity);
  }

  void note_time(const std::optional<base::Timestamp>& time) {
    if (!time) return;
    if (!out_.recorded) out_.recorded = base::TimeRange{*time, *time};
    out_.recorded->start = std::min(out_.recorded->start, *time);
    out_.recorded->end = std::max(out_.recorded->end, *time);
  }

  void note_scope() {
    const auto& scope = out_.scope;
    name(scope.alarm.entity);
    for (const auto& candidate : scope.candidates) name(candidate);
    for (const auto& [instance, entity] : scope.instances) name(entity);
    note_time(scope.alarm.time);
    note_time(scope.window.start);
    note_time(scope.window.end);
    const Place place{"bundle.json", 0};
    if (wants(place)) out_.records[place].push_back({scope.alarm.entity, record_text(scope.alarm)});
  }

  void add_instance(std::string_view instance, std::string_view entity) {
    name(entity);
    if (instance.empty() || instances_.contains(instance)) return;
    instances_.emplace(instance);
    builder_.add_instance(std::string(instance), std::string(entity));
  }

  bool wants(const Place& place) const {
    const auto at = wanted_.find(place.first);
    return at != wanted_.end() && at->second.contains(place.second);
  }

  /// Keeps a record where evidence names its place, or the whole of its file.
  void keep(telemetry::RecordRef ref, std::string_view entity, const std::string& text) {
    const std::string source = connector_.source_name(ref.source);
    for (const std::uint64_t line : {ref.line, std::uint64_t{0}}) {
      const Place place{source, line};
      if (wants(place)) out_.records[place].push_back({std::string(entity), text});
      if (ref.line == 0) break;
    }
  }

  /// Takes a small record in: keeps it, and holds it against what should be absent.
  void take(const char* signal, telemetry::RecordRef ref, std::string_view entity,
            const std::optional<base::Timestamp>& time, const std::string& text) {
    ++out_.records_read;
    keep(ref, entity, text);
    note_time(time);
    look_for(signal, ref, entity, time, text);
    if (out_.inventory.size() < kInventoryBytes) out_.inventory += base::redact(text) + '\n';
  }

  void look_for(std::string_view signal, telemetry::RecordRef ref, std::string_view entity,
                const std::optional<base::Timestamp>& time, std::string_view text) {
    for (const Absence& absence : absences_) {
      const model::Evidence& e = *absence.evidence;
      if (e.source != signal || (!e.entity.empty() && e.entity != entity)) continue;
      if (e.window && time && !e.window->contains(*time)) continue;
      if (out_.contradictions.contains(e.id) || !absence.pattern.occurs_in(text)) continue;
      out_.contradictions[e.id] = fmt::format("{}:{}", connector_.source_name(ref.source), ref.line);
    }
  }

  base::Result<> read_inventory() {
    auto* source = connector_.inventory();
    if (source == nullptr) return {};
    telemetry::TelemetryBatch batch;
    MIDWATCH_TRY(const auto summary, source->read_inventory(context_, batch));
    for (const char* signal : {"changes", "events", "entities", "relations"}) out_.looked.emplace(signal);
    for (auto& entity : batch.entities) {
      name(entity.id);
      std::vector<std::string> paths;
      for (const auto& [path, value] : entity.attributes) {
        paths.push_back(path);
        note_time(base::parse_rfc3339(value));
      }
      take("", entity.ref, entity.id, std::nullopt,
           fmt::format("{}\n{}\n{}", record_text(entity, paths), entity.type, entity.name));
      builder_.add(std::move(entity));
    }
    for (auto& relation : batch.relations) {
      name(relation.from);
      name(relation.to);
      take("relations", relation.ref, relation.from, std::nullopt, record_text(relation));
      builder_.relate(std::move(relation));
    }
    for (const auto& [instance, entity] : batch.instances) name(entity);
    inventory_instances_ = std::move(batch.instances);
    for (const auto& event : batch.events) {
      name(event.entity);
      take("events", event.ref, event.entity, event.time, record_text(event));
    }
    for (auto& change : batch.changes) {
      name(change.entity);
      take("changes", change.ref, change.entity, change.time, record_text(change));
      out_.changes.push_back(std::move(change));
    }
    for (const auto& line : batch.logs) {
      take_line({line.time, line.entity, line.body, line.severity, line.instance, {}, {}, line.ref}, true);
    }
    if (!batch.logs.empty()) out_.looked.emplace("logs");
    for (auto& series : batch.metrics) take_series(std::move(series), out_.incident);
    for (const auto& s : batch.spans) {
      take_span({s.trace_id,
                 s.span_id,
                 s.parent_span_id,
                 s.entity,
                 s.name,
                 {},
                 {},
                 s.start,
                 s.duration,
                 s.status,
                 s.ref},
                true);
    }
    if (!batch.spans.empty()) out_.looked.emplace("traces");
    return {};
  }

  void take_series(telemetry::MetricSeries series, std::vector<telemetry::MetricSeries>& into) {
    name(series.key.entity);
    for (const char* end : {"source", "destination"}) name(series.key.dimension(end));
    if (!series.points.empty()) {
      note_time(series.points.front().time);
      note_time(series.points.back().time);
    }
    out_.records_read += series.points.size();
    if (&into == &out_.incident) look_for_series(series);
    into.push_back(std::move(series));
  }

  void look_for_series(const telemetry::MetricSeries& series) {
    for (const Absence& absence : absences_) {
      const model::Evidence& e = *absence.evidence;
      if (e.source != "metrics" || (!e.entity.empty() && e.entity != series.key.entity)) continue;
      if (!e.pattern.empty() && e.pattern != series.key.metric) continue;
      const bool there = std::any_of(series.points.begin(), series.points.end(),
                                     [&](const auto& p) { return !e.window || e.window->contains(p.time); });
      if (there) out_.contradictions[e.id] = fmt::format("series {}", series.key.metric);
    }
  }

  base::Result<> read_metrics() {
    auto* source = connector_.metrics();
    if (source == nullptr) return {};
    for (const auto& [episode, into] :
         {std::pair{Episode::kIncident, &out_.incident}, std::pair{Episode::kBaseline, &out_.baseline}}) {
      std::vector<telemetry::MetricSeries> series;
      MIDWATCH_TRY(const auto summary, source->read_metrics(context_, episode, series));
      if (summary.looked) out_.looked.emplace("metrics");
      for (auto& s : series) take_series(std::move(s), *into);
    }
    return {};
  }

  void take_line(const telemetry::LogRecord& line, bool incident) {
    ++out_.records_read;
    note_time(line.time);
    name(line.entity);
    if (!line.instance.empty()) add_instance(line.instance, line.entity);
    if (incident) {
      if (last_entity_ != line.entity) {
        last_entity_ = line.entity;
        last_count_ = &out_.lines[last_entity_];
      }
      ++*last_count_;
      look_for("logs", line.ref, line.entity, line.time, line.body);
    }
    follow(line);
    const WantedSource& source = source_of(line.ref.source);
    if (!source.lines.contains(line.ref.line)) return;
    std::string text = record_text(line);
    std::string digest = base::sha256_hex(text);
    out_.records[{source.name, line.ref.line}].push_back({std::string(line.entity), std::move(text)});
    if (digests_.contains(digest))
      following_.push_back({std::move(digest), line.ref.line, std::string(line.entity), kFollowingLines});
  }

  /// Adds a line to the records before it that it may continue.
  void follow(const telemetry::LogRecord& line) {
    if (following_.empty()) return;
    for (auto& open : following_) {
      if (open.entity != line.entity) continue;
      std::string& text = out_.following[open.digest];
      --open.lines_left;
      if (text.size() < kFollowingBytes) text += std::string(line.body) + '\n';
    }
    std::erase_if(following_, [&](const auto& open) {
      return open.lines_left <= 0 || line.ref.line > open.line + kFollowingReach;
    });
  }

  const WantedSource& source_of(std::uint32_t source) {
    const auto at = sources_.find(source);
    if (at != sources_.end()) return at->second;
    WantedSource wanted{connector_.source_name(source), {}};
    if (const auto lines = wanted_.find(wanted.name); lines != wanted_.end()) wanted.lines = lines->second;
    return sources_.emplace(source, std::move(wanted)).first->second;
  }

  base::Result<> read_logs() {
    auto* source = connector_.logs();
    if (source == nullptr) return {};
    for (const auto episode : {Episode::kBaseline, Episode::kIncident}) {
      following_.clear();
      MIDWATCH_TRY(const auto summary, source->read_logs(context_, episode, [&](const auto& line) {
        take_line(line, episode == Episode::kIncident);
      }));
      if (summary.looked) out_.looked.emplace("logs");
    }
    following_.clear();
    return {};
  }

  base::Result<> read_spans() {
    auto* source = connector_.traces();
    if (source == nullptr) return {};
    for (const auto episode : {Episode::kBaseline, Episode::kIncident}) {
      MIDWATCH_TRY(const auto summary, source->read_spans(context_, episode, [&](const auto& span) {
        take_span(span, episode == Episode::kIncident);
      }));
      if (summary.looked) out_.looked.emplace("traces");
    }
    return {};
  }

  void take_span(const telemetry::Span& span, bool incident) {
    ++out_.records_read;
    note_time(span.start);
    name(span.entity);
    if (!span.instance.empty()) add_instance(span.instance, span.entity);
    const WantedSource& source = source_of(span.ref.source);
    if (source.lines.contains(span.ref.line)) {
      out_.records[{source.name, span.ref.line}].push_back({std::string(span.entity), record_text(span)});
    }
    if (!incident) return;
    look_for("traces", span.ref, span.entity, span.start, span.name);
    if (spans_.empty()) return;
    const auto wanted = spans_.find(span_key(span.entity, span.name));
    if (wanted == spans_.end()) return;
    for (const model::Evidence* e : wanted->second) {
      if (e->window && !e->window->contains(span.start)) continue;
      out_.spans[e->id].add(span.start, span.duration, span.status == telemetry::SpanStatus::kError);
      auto& longest = out_.longest[e->id];
      longest = std::max(longest, span.duration);
    }
  }

  base::Result<> read_code() {
    auto* source = connector_.code();
    const bool wanted = std::any_of(wanted_.begin(), wanted_.end(),
                                    [](const auto& place) { return place.first.starts_with("code/"); });
    if (source == nullptr || !wanted) return {};
    std::vector<connectors::CodeFile> files;
    MIDWATCH_TRY(const auto summary, source->read_code(context_, files));
    for (const auto& file : files) {
      ++out_.records_read;
      const std::string path = fmt::format("code/{}/{}", file.entity, file.path);
      const auto lines = wanted_.find(path);
      if (lines == wanted_.end()) continue;
      for (const std::uint64_t line : lines->second)
        out_.records[{path, line}].push_back({file.entity, file.content});
    }
    return {};
  }

  void check_entity_absences() {
    for (const Absence& absence : absences_) {
      const model::Evidence& e = *absence.evidence;
      if (e.source != "entities") continue;
      if (out_.named.contains(e.pattern)) out_.contradictions[e.id] = "entity " + e.pattern;
    }
  }

  struct Following {
    std::string digest;
    std::uint64_t line = 0;
    std::string entity;
    int lines_left = 0;
  };

  const runtime::RequestContext& context_;
  connectors::Connector& connector_;
  const Claims& claims_;
  Reread out_;
  std::vector<std::pair<std::string, std::string>> inventory_instances_;
  topology::TopologyBuilder builder_;
  std::set<std::string, std::less<>> instances_;
  std::map<std::string, std::set<std::uint64_t>> wanted_;
  std::set<std::string> digests_;  ///< of the records that evidence names
  std::unordered_map<std::string, std::vector<const model::Evidence*>> spans_;
  std::vector<Absence> absences_;
  std::map<std::uint32_t, WantedSource> sources_;
  std::vector<Following> following_;
  std::string last_entity_;
  std::uint64_t* last_count_ = nullptr;
};

}  // namespace

bool Reread::knows(std::string_view entity) const {
  if (named.contains(entity) || topology.find(entity).has_value()) return true;
  // A host or an address that only a configuration names.
  return entity.size() >= kShortestName && WordPattern(entity).occurs_in(inventory);
}

const telemetry::MetricSeries* Reread::series(const telemetry::MetricKey& key, bool baseline_side) const {
  const auto& all = baseline_side ? baseline : incident;
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.key == key; });
  return at == all.end() ? nullptr : &*at;
}

base::Result<Reread> reread(const runtime::RequestContext& context, connectors::Connector& connector,
                            const telemetry::IncidentScope& scope, const Claims& claims) {
  return Reader(context, connector, scope, claims).run();
}

}  // namespace midwatch::verify

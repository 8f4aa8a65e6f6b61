#include "src/observe/logs/log_observer.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include <xxhash.h>

#include "src/base/digest.h"
#include "src/model/record_evidence.h"
#include "src/observe/lines/access_line.h"
#include "src/observe/lines/lambda_line.h"
#include "src/observe/lines/log_line.h"
#include "src/observe/lines/request_id.h"
#include "src/observe/lines/statement_line.h"
#include "src/observe/lines/trace_lines.h"
#include "src/observe/logs/access_statistics.h"
#include "src/observe/logs/blame.h"
#include "src/observe/logs/count_findings.h"
#include "src/observe/logs/lambda_runs.h"
#include "src/observe/logs/log_flow.h"
#include "src/observe/logs/rate_change.h"
#include "src/observe/logs/slow_statements.h"
#include "src/observe/logs/volume.h"
#include "src/observe/signs/signature_matcher.h"
#include "src/observe/templates/template_miner.h"

namespace midwatch::observe::logs {
namespace {

using model::Observation;

constexpr std::size_t kSampleBytes = 4096;
/// The streams of so many instances are followed line by line; of further ones lines stand alone.
constexpr std::size_t kMostStreams = 100'000;
/// So much time without a kind of line tells that the line is not ordinary.
constexpr base::Duration kEnoughQuiet = std::chrono::minutes(10);
/// What a tool printed is about the incident, but for lines that are older than this.
constexpr base::Duration kSavedFor = std::chrono::hours(1);

std::uint64_t hash_of(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

/// What came last from one instance of an entity.
struct Stream {
  lines::TraceLines trace;
  LineCounts* counts = nullptr;
  std::string* sample = nullptr;  // where the last record is kept as the sample of its counts
};

}  // namespace

class LogObserver::State {
 public:
  State(const knowledge::KnowledgeBase& knowledge, LogObserverOptions options)
      : matcher_(knowledge),
        options_(std::move(options)),
        volume_(options_.source_name),
        lambda_(options_.source_name),
        access_(options_.source_name),
        statements_(options_.source_name) {}

  void observe_saved(const telemetry::LogRecord& record) {
    const bool old = options_.split && record.time && *options_.split - *record.time > kSavedFor;
    observe(record, old, true);
  }

  void observe(const telemetry::LogRecord& record, bool baseline, bool saved = false) {
    ++out_.lines;
    out_.bytes += record.body.size();
    if (is_repeated(record)) {
      ++out_.repeated;
      return;
    }
    if (!saved && options_.split && record.time && *record.time < *options_.split) baseline = true;
    any_baseline_ = any_baseline_ || baseline;
    const std::uint32_t entity = entity_of(record.entity);
    if (!record.instance.empty()) note_instance(record, entity);
    if (record.time) (baseline ? before_ : now_).add(*record.time);
    const lines::LogLine line = reader_.read(record.body);
    Stream& stream = stream_of(record, entity, baseline);
    if (continues(stream.trace, line.text)) {
      append(stream, record.body);
      return;
    }
    volume_.add(record, entity, baseline);
    const auto run = lines::read_lambda_line(record.body);
    observe_known_forms(record, line, run, entity, baseline);
    const templates::SkeletonId skeleton = miner_.add(line.message);
    LineCounts& counts = counts_[static_cast<std::uint64_t>(entity) << 32U | skeleton];
    stream.counts = &counts;
    stream.sample = nullptr;
    flow_.add(record, request_of(record, line), entity, run ? mark_of(*run, skeleton) : skeleton, baseline);
    if (counts.baseline + counts.incident < 0.5) counts.severity = lines::severity_of(line, record.severity);
    if (baseline) {
      counts.baseline += 1;
      if (options_.split_is_guess) keep_quiet(record, stream);
      return;
    }
    counts.incident += 1;
    if (!run && lambda_.knows(entity)) {
      const std::string_view of_run = lines::run_named_in(record.body);
      if (!of_run.empty()) counts.note_run(LambdaRuns::run_hash(of_run));
    }
    if (counts.sample.empty()) {
      counts.sample = std::string(record.body.substr(0, kSampleBytes));
      counts.ref = record.ref;
      counts.digest = base::sha256_hex(model::record_text(record));
      stream.sample = &counts.sample;
    }
    if (record.time && (!counts.first || *record.time < *counts.first)) counts.first = record.time;
  }

  LogFindings finish() {
    const templates::Templates templates = miner_.finish();
    CountsByEntity grouped = group(templates);
    const auto window = incident_window();
    const CountFindings findings(
        matcher_, templates,
        {any_baseline_, !options_.split.has_value(), scale(), window, options_.source_name});
    std::vector<Signs> signs(entities_.size());
    for (const auto& [entity, counts] : grouped)
      keep(findings.tell(entities_[entity], counts, signs[entity]));
    std::map<std::string, std::uint32_t> ids;
    for (std::uint32_t i = 0; i < entities_.size(); ++i) ids.emplace(entities_[i], i);
    for (auto& o : lambda_.finish(entities_)) {
      if (o.type.starts_with("sign.")) {
        Signs& of_entity = signs[ids.at(o.entity)];
        keep_stronger(of_entity, std::move(o));
      } else {
        out_.observations.push_back(std::move(o));
      }
    }
    keep(flow_.finish({entities_, templates, grouped, options_.source_name}));
    keep(access_.finish(entities_));
    keep(statements_.finish(entities_));
    keep(volume_.finish(entities_, before_, now_, window));
    for (auto& of_entity : signs) {
      for (auto& [type, sign] : of_entity) out_.observations.push_back(std::move(sign));
    }
    std::stable_sort(out_.observations.begin(), out_.observations.end(), [](const auto& a, const auto& b) {
      return std::tie(a.entity, a.type, a.subject) < std::tie(b.entity, b.type, b.subject);
    });
    for (const auto& [name, entity] : ids) out_.entities.push_back(name);
    for (const auto& [instance, entity] : instances_)
      out_.instances.emplace_back(instance, entities_[entity]);
    return std::move(out_);
  }

 private:
  /// A shipper that retries delivers a record twice: the same words at the same nanosecond.
  bool is_repeated(const telemetry::LogRecord& record) {
    if (!record.time) return false;
    const std::uint64_t hash = hash_of(record.body) ^ hash_of(record.entity) * 31U ^
                               static_cast<std::uint64_t>(record.time->time_since_epoch().count());
    const bool same = last_hash_ == hash && hash_of(record.instance) == last_instance_;
    last_hash_ = hash;
    last_instance_ = hash_of(record.instance);
    return same;
  }

  std::uint32_t entity_of(std::string_view name) {
    if (last_entity_ && entities_[*last_entity_] == name) return *last_entity_;
    const auto [at, is_new] =
        entity_ids_.emplace(std::string(name), static_cast<std::uint32_t>(entities_.size()));
    if (is_new) entities_.emplace_back(name);
    last_entity_ = at->second;
    return at->second;
  }

  void note_instance(const telemetry::LogRecord& record, std::uint32_t entity) {
    const auto at = instances_.find(record.instance);
    if (at == instances_.end()) instances_.emplace(std::string(record.instance), entity);
  }

  Stream& stream_of(const telemetry::LogRecord& record, std::uint32_t entity, bool baseline) {
    const std::uint64_t key = hash_of(record.instance) * 31U + entity * 2U + (baseline ? 1U : 0U);
    if (streams_.size() >= kMostStreams && !streams_.contains(key)) {
      lone_ = {};
      return lone_;
    }
    return streams_[key];
  }

  /// Whether a record goes on with the one before it; every line of it tells what may follow.
  static bool continues(lines::TraceLines& trace, std::string_view text) {
    std::size_t end = text.find('\n');
    const bool first = trace.continues(text.substr(0, end));
    while (end != std::string_view::npos) {
      text.remove_prefix(end + 1);
      end = text.find('\n');
      trace.continues(text.substr(0, end));
    }
    return first;
  }

  static void append(Stream& stream, std::string_view body) {
    if (stream.counts == nullptr) return;
    stream.counts->severity = lines::Severity::kError;
    if (stream.sample == nullptr || stream.sample->size() + body.size() + 1 > kSampleBytes) return;
    *stream.sample += '\n';
    *stream.sample += body;
  }

  static void keep_quiet(const telemetry::LogRecord& record, Stream& stream) {
    QuietLine& quiet = stream.counts->quiet;
    if (quiet.sample.empty()) {
      quiet.sample = std::string(record.body.substr(0, kSampleBytes));
      quiet.ref = record.ref;
      quiet.digest = base::sha256_hex(model::record_text(record));
      stream.sample = &quiet.sample;
    }
    if (record.time && (!quiet.first || *record.time < *quiet.first)) quiet.first = record.time;
  }

  /// Trouble that began in what was taken for the quiet time, or that fills a quiet time which is too short
  /// to say what is ordinary, is the incident's.
  void redate(std::map<templates::ClusterId, LineCounts>& clusters) const {
    const bool goes_on =
        std::any_of(clusters.begin(), clusters.end(), [](const auto& c) { return c.second.incident > 0; });
    const auto start = before_.start();
    for (auto& [cluster, c] : clusters) {
      if (c.baseline == 0 || !start || !c.quiet.first) continue;
      // It ended, and whoever wrote it goes on.
      if (goes_on && c.incident == 0) continue;
      const bool late = *c.quiet.first - *start >= kEnoughQuiet;
      const bool short_quiet = *options_.split - *start < kEnoughQuiet;
      if (!late && !short_quiet) continue;
      if (c.severity < lines::Severity::kWarning && matcher_.match(c.quiet.sample).empty()) continue;
      c.count_quiet_as_incident();
    }
  }

  /// To the way of a request, a line of the platform is a mark that a run began or ended, whatever it says of
  /// it: the first run of a process is reported in other words than later ones, and goes the same way.
  templates::SkeletonId mark_of(const lines::LambdaLine& run, templates::SkeletonId skeleton) {
    return marks_.try_emplace(run.kind, skeleton).first->second;
  }

  void observe_known_forms(const telemetry::LogRecord& record, const lines::LogLine& line,
                           const std::optional<lines::LambdaLine>& run, std::uint32_t entity, bool baseline) {
    if (run) {
      lambda_.add(record, *run, entity, baseline);
      return;
    }
    // The platform says which runtime it starts; that is no word of the application.
    constexpr std::string_view kRuntime = "INIT_START ";
    if (!baseline && !record.body.starts_with(kRuntime)) lambda_.add_application_line(entity);
    if (const auto statement =
            lines::read_statement_line(line.message.starts_with('#') ? line.text : line.message)) {
      statements_.add(record, *statement, entity, baseline);
      return;
    }
    // A line inside JSON has lost its quotes' escapes in `text`.
    const std::string_view text = record.body.starts_with('{') ? line.text : record.body;
    if (const auto request = lines::read_access_line(text)) access_.add(record, *request, entity, baseline);
  }

  static lines::RequestId request_of(const telemetry::LogRecord& record, const lines::LogLine& line) {
    if (!record.trace_id.empty()) return {record.trace_id, record.span_id};
    if (!line.trace.empty()) return {line.trace, line.span};
    return lines::request_id_in(record.body);
  }

  /// Entity → template → counts of all its skeletons.
  CountsByEntity group(const templates::Templates& templates) {
    Blame blame;
    for (const auto* list : {&entities_, &options_.known_entities}) {
      for (const auto& name : *list) blame.add_name(name);
    }
    std::vector<std::uint64_t> keys;
    keys.reserve(counts_.size());
    for (const auto& [key, counts] : counts_) keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    CountsByEntity grouped;
    for (const std::uint64_t key : keys) {
      const auto cluster = templates.cluster_of[static_cast<templates::SkeletonId>(key & 0xFFFFFFFFU)];
      grouped[static_cast<std::uint32_t>(key >> 32U)][cluster].merge(std::move(counts_[key]));
    }
    for (auto& [entity, clusters] : grouped) {
      if (options_.split_is_guess) redate(clusters);
      for (auto& [cluster, c] : clusters) {
        c.passed_on = c.severity == lines::Severity::kError && !c.sample.empty() &&
                      blame.is_passed_on(entities_[entity], c.sample);
        c.apart_from_memory = lambda_.are_apart_from_memory(entity, c.runs);
      }
    }
    return grouped;
  }

  /// How many lines of the incident one line of the baseline stands for: by time where both have it.
  double scale() const {
    const double before = before_.seconds();
    const double now = now_.seconds();
    return before > 1 && now > 1 ? now / before : 1;
  }

  /// Where to look for what is absent: where both episodes lie in the same files, only behind the split.
  std::optional<base::TimeRange> incident_window() const {
    if (!options_.split) return std::nullopt;
    const base::Timestamp end = now_.end().value_or(options_.window.end);
    return base::TimeRange{*options_.split, std::max(end, *options_.split) + base::Duration(1)};
  }

  void keep(std::vector<Observation> found) {
    for (auto& o : found) out_.observations.push_back(std::move(o));
  }

  signs::SignatureMatcher matcher_;
  LogObserverOptions options_;
  lines::LogLineReader reader_;
  templates::TemplateMiner miner_;
  LogFlow flow_;
  std::map<lines::LambdaLine::Kind, templates::SkeletonId> marks_;
  Volume volume_;
  LambdaRuns lambda_;
  AccessStatistics access_;
  SlowStatements statements_;
  std::unordered_map<std::uint64_t, LineCounts> counts_;  // entity << 32 | skeleton; references stay valid
  std::unordered_map<std::uint64_t, Stream> streams_;
  Stream lone_;
  std::unordered_map<std::string, std::uint32_t> entity_ids_;
  std::vector<std::string> entities_;
  std::optional<std::uint32_t> last_entity_;
  std::map<std::string, std::uint32_t, std::less<>> instances_;
  Episode before_;
  Episode now_;
  std::uint64_t last_hash_ = 0;
  std::uint64_t last_instance_ = 0;
  bool any_baseline_ = false;
  LogFindings out_;
};

LogObserver::LogObserver(const knowledge::KnowledgeBase& knowledge, LogObserverOptions options)
    : state_(std::make_unique<State>(knowledge, std::move(options))) {}
LogObserver::~LogObserver() = default;

void LogObserver::observe_baseline(const telemetry::LogRecord& record) {
  state_->observe(record, true);
}
void LogObserver::observe(const telemetry::LogRecord& record) {
  state_->observe(record, false);
}
void LogObserver::observe_saved(const telemetry::LogRecord& record) {
  state_->observe_saved(record);
}
LogFindings LogObserver::finish() {
  return state_->finish();
}

}  // namespace midwatch::observe::logs

#include "src/observe/logs/log_observer.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>
#include <re2/re2.h>

#include "src/base/digest.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/model/record_evidence.h"
#include "src/observe/logs/line_header.h"
#include "src/observe/logs/log_flow.h"
#include "src/observe/logs/message_field.h"
#include "src/observe/logs/severity.h"
#include "src/observe/logs/stack_trace.h"
#include "src/observe/logs/template_miner.h"
#include "src/observe/signs/signature_matcher.h"

namespace midwatch::observe::logs {
namespace {

using model::Observation;

constexpr std::size_t kSampleBytes = 4096;
constexpr std::size_t kExcerptBytes = 300;
/// Counts spread by this share of themselves beyond Poisson noise.
constexpr double kOverdispersion = 0.4;
/// The deviation of a count that is half surely no noise.
constexpr double kDoubtful = 2.5;
constexpr double kLeastStrength = 0.1;
/// An entity tells at most so many templates of one kind, the surest first.
constexpr std::size_t kPerType = 12;
/// Shorter names than this occur in texts by chance.
constexpr std::size_t kNameBytes = 5;

std::string_view family(Severity s) {
  return s == Severity::kError ? "error" : s == Severity::kWarning ? "warning" : "pattern";
}

}  // namespace

class LogObserver::State {
 public:
  State(const knowledge::KnowledgeBase& knowledge, LogObserverOptions options)
      : matcher_(knowledge), options_(std::move(options)) {}

  void observe(const telemetry::LogRecord& record, bool baseline) {
    ++out_.lines;
    out_.bytes += record.body.size();
    if (!baseline && options_.split && record.time && *record.time < *options_.split) baseline = true;
    const std::uint32_t entity = entity_of(record.entity);
    if (!record.instance.empty()) note_instance(record, entity);
    note_time(record, baseline);
    const std::uint64_t last_key = (static_cast<std::uint64_t>(entity) << 1U) | (baseline ? 1U : 0U);
    if (continues_stack_trace(record.body)) {
      continue_trace(last_key, record.body);
      return;
    }
    const std::string_view message = message_field(record.body, scratch_);
    const SkeletonId skeleton = miner_.add(split_header(message.substr(0, message.find('\n'))).message);
    LineCounts& counts = counts_[(static_cast<std::uint64_t>(entity) << 32U) | skeleton];
    last_[last_key] = &counts;
    flow_.add(record, entity, skeleton, baseline);
    if (counts.baseline + counts.incident < 0.5) counts.severity = severity_of(record);
    if (baseline) {
      counts.baseline += 1;
      return;
    }
    counts.incident += 1;
    if (counts.sample.empty()) {
      counts.sample = std::string(record.body.substr(0, kSampleBytes));
      counts.ref = record.ref;
      counts.digest = base::sha256_hex(model::record_text(record));
    }
    if (record.time && (!counts.first || *record.time < *counts.first)) counts.first = record.time;
  }

  LogFindings finish() {
    const Templates templates = miner_.finish();
    // entity → cluster → counts of all its skeletons
    std::map<std::uint32_t, std::map<ClusterId, LineCounts>> grouped;
    std::vector<std::uint64_t> keys;
    keys.reserve(counts_.size());
    for (const auto& [key, counts] : counts_) keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    for (const std::uint64_t key : keys) {
      LineCounts& from = counts_[key];
      const auto cluster = templates.cluster_of[static_cast<SkeletonId>(key & 0xFFFFFFFFU)];
      add(grouped[static_cast<std::uint32_t>(key >> 32U)][cluster], from);
    }
    const double scale = baseline_scale();
    for (const auto* list : {&entities_, &options_.known_entities}) {
      for (const auto& name : *list) {
        if (name.size() >= kNameBytes) names_.insert(name);
      }
    }
    for (auto& [entity, clusters] : grouped) {
      for (auto& [cluster, counts] : clusters) counts.passed_on = is_passed_on(entities_[entity], counts);
      tell_entity(entity, clusters, templates, scale);
    }
    for (auto& o : flow_.finish({entities_, templates, grouped, options_.source_name}))
      out_.observations.push_back(std::move(o));
    for (const auto& name : entities_) out_.entities.push_back(name);
    std::sort(out_.entities.begin(), out_.entities.end());
    std::stable_sort(out_.observations.begin(), out_.observations.end(), [](const auto& a, const auto& b) {
      return std::tie(a.entity, a.type, a.subject) < std::tie(b.entity, b.type, b.subject);
    });
    for (const auto& [instance, entity] : instances_)
      out_.instances.emplace_back(instance, entities_[entity]);
    return std::move(out_);
  }

 private:
  std::uint32_t entity_of(std::string_view name) {
    if (last_entity_ && entities_[*last_entity_] == name) return *last_entity_;
    const auto [at, is_new] =
        entity_ids_.emplace(std::string(name), static_cast<std::uint32_t>(entities_.size()));
    if (is_new) entities_.emplace_back(name);
    last_entity_ = at->second;
    return at->second;
  }

  static Severity severity_of(const telemetry::LogRecord& record) {
    const Severity given = severity_from_word(record.severity);
    const Severity said = severity_of_line(record.body);
    const bool trace = said == Severity::kError && record.body.find('\n') != std::string_view::npos;
    return given == Severity::kUnknown || trace ? said : given;
  }

  void note_instance(const telemetry::LogRecord& record, std::uint32_t entity) {
    const auto at = instances_.find(record.instance);
    if (at == instances_.end()) instances_.emplace(std::string(record.instance), entity);
  }

  void note_time(const telemetry::LogRecord& record, bool baseline) {
    if (!record.time) return;
    auto& range = baseline ? baseline_range_ : incident_range_;
    if (!range) {
      range = base::TimeRange{*record.time, *record.time};
    } else {
      range->start = std::min(range->start, *record.time);
      range->end = std::max(range->end, *record.time);
    }
  }

  void continue_trace(std::uint64_t key, std::string_view line) {
    const auto at = last_.find(key);
    if (at == last_.end() || at->second->sample.empty() || at->second->incident > 1.5) return;
    std::string& sample = at->second->sample;
    if (sample.size() + line.size() + 1 > kSampleBytes) return;
    sample += '\n';
    sample += line;
    at->second->severity = Severity::kError;
  }

  static void add(LineCounts& to, LineCounts& from) {
    to.baseline += from.baseline;
    to.incident += from.incident;
    if (from.first && (!to.first || *from.first < *to.first)) to.first = from.first;
    const bool worse = from.severity > to.severity;
    to.severity = std::max(to.severity, from.severity);
    if (from.sample.empty() || !(to.sample.empty() || worse)) return;
    to.sample = std::move(from.sample);
    to.ref = from.ref;
    to.digest = from.digest;
  }

  /// How many lines of the incident one line of the baseline stands for: by time where both have it.
  double baseline_scale() const {
    if (!baseline_range_ || !incident_range_) return 1;
    const double before = base::to_seconds(baseline_range_->length());
    const double now = base::to_seconds(incident_range_->length());
    return before > 1 && now > 1 ? now / before : 1;
  }

  bool has_baseline() const { return baseline_range_.has_value() || any_baseline_; }

 public:
  void note_baseline() { any_baseline_ = true; }

 private:
  void tell_entity(std::uint32_t entity, std::map<ClusterId, LineCounts>& clusters,
                   const Templates& templates, double scale) {
    std::vector<Observation> found;
    std::map<std::string, Observation> signs;
    const double load = load_of(clusters, scale);
    for (auto& [cluster, counts] : clusters) {
      Observation o = compare(counts, scale, load);
      o.entity = entities_[entity];
      o.subject = base::printable(base::redact(templates.text[cluster]), 200);
      o.facts["template"] = o.subject;
      const bool more = o.type.ends_with(".new") || o.type.ends_with(".more");
      if (counts.incident > 0 && (more || !has_baseline())) {
        complete(o, counts, templates.text[cluster]);
        add_signs(o, counts, signs);
        if (!o.type.empty()) add_exception(o, counts);
        if (counts.passed_on && (o.type.starts_with("log.error.") || o.type.starts_with("log.exception.")))
          o.type = "log.passed_on";
      } else if (!o.type.empty()) {
        complete(o, counts, templates.text[cluster]);
      }
      if (!o.type.empty() && o.strength >= kLeastStrength) found.push_back(std::move(o));
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.strength > b.strength; });
    std::map<std::string, std::size_t> told;
    for (auto& o : found) {
      if (told[o.type]++ < kPerType) out_.observations.push_back(std::move(o));
    }
    for (auto& [id, o] : signs) out_.observations.push_back(std::move(o));
  }

  /// How much more an entity logs than in the baseline: more work gives more lines of every kind. The median
  /// over its templates, so that one noisy template does not hide behind itself.
  static double load_of(const std::map<ClusterId, LineCounts>& clusters, double scale) {
    std::vector<std::pair<double, double>> ratios;  // ratio, weight
    double weights = 0;
    for (const auto& [cluster, c] : clusters) {
      if (c.baseline < 1 || c.incident < 1) continue;
      const double weight = std::sqrt(c.baseline + c.incident);
      ratios.emplace_back(c.incident / (c.baseline * scale), weight);
      weights += weight;
    }
    if (ratios.empty()) return 1;
    std::sort(ratios.begin(), ratios.end());
    double sum = 0;
    for (const auto& [ratio, weight] : ratios) {
      sum += weight;
      if (sum >= weights / 2) return ratio;
    }
    return ratios.back().first;
  }

  /// How a template's count differs from the baseline's; a type without text is no difference.
  Observation compare(const LineCounts& c, double scale, double load) const {
    Observation o;
    o.value = c.incident;
    const std::string kind(family(c.severity));
    if (!has_baseline()) {
      // Nothing to compare with: only what says itself that it is trouble.
      if (c.severity < Severity::kWarning) return o;
      o.type = fmt::format("log.{}.new", kind);
      o.strength = (c.severity == Severity::kError ? 0.6 : 0.4) * (1 - std::exp(-(c.incident + 1)));
      return o;
    }
    // Errors do not become ordinary because there is more work.
    const double expected = c.baseline * scale * (c.severity >= Severity::kWarning ? 1 : load);
    o.baseline = expected;
    const double noise = std::sqrt(expected + 1 + std::pow(kOverdispersion * expected, 2));
    const double z = (c.incident - expected) / noise;
    o.magnitude = std::abs(std::log((c.incident + 1) / (expected + 1)));
    const double sure = 1 / (1 + std::exp((kDoubtful - std::abs(z)) / 0.7));
    if (c.baseline == 0 && c.incident > 0) {
      const double by_severity = c.severity == Severity::kError     ? 0.9
                                 : c.severity == Severity::kWarning ? 0.7
                                                                    : 0.5;
      o.type = fmt::format("log.{}.new", kind);
      o.strength = by_severity * (1 - std::exp(-c.incident / (c.severity == Severity::kError ? 1.0 : 3.0)));
    } else if (c.incident == 0 && z < 0) {
      o.type = "log.pattern.gone";
      o.strength = sure;
    } else if (z > 0) {
      o.type = fmt::format("log.{}.more", kind);
      o.strength = sure;
    } else {
      o.type = "log.pattern.less";
      o.strength = sure;
    }
    return o;
  }

  /// The part of a shared file that is not the baseline; nothing where the files are separate.
  std::optional<base::TimeRange> absence_window() const {
    if (!options_.split || !incident_range_) return std::nullopt;
    return base::TimeRange{*options_.split, incident_range_->end + base::Duration(1)};
  }

  void complete(Observation& o, const LineCounts& c, std::string_view text) const {
    o.onset = c.first;
    o.facts["count"] = fmt::format("{}", static_cast<std::uint64_t>(c.incident));
    const std::string clean = base::redact(c.sample);
    o.facts["sample"] = base::printable(std::string_view(clean).substr(0, clean.find('\n')), kExcerptBytes);
    if (c.sample.empty()) {
      const std::string whole = base::printable(base::redact(text), kSampleBytes);
      o.evidence.push_back(model::absence_evidence({"logs", o.entity, whole, absence_window()}));
      return;
    }
    o.evidence.push_back(line_evidence(c, o.entity, o.subject, options_.source_name));
  }

  void add_signs(const Observation& o, const LineCounts& c, std::map<std::string, Observation>& signs) const {
    for (auto& match : matcher_.match(c.sample)) {
      const std::string type = "sign." + match.signature->id;
      auto& sign = signs[type];
      const double strength =
          match.signature->strength * (o.type.empty() ? 0.8 : std::max(0.6, std::min(1.0, o.strength + 0.3)));
      if (!sign.type.empty() && sign.strength >= strength) continue;
      sign = o;
      sign.type = type;
      sign.strength = strength;
      sign.subject = match.signature->id;
      sign.facts["seen_in"] = "log";
      for (auto& [name, value] : match.facts) sign.facts[name] = value;
    }
  }

  /// True where an error's own words lay it on somebody else: they name another entity, or are those of a
  /// client whose call failed.
  bool is_passed_on(const std::string& entity, const LineCounts& c) const {
    if (c.severity != Severity::kError || c.sample.empty()) return false;
    static const RE2 kClientError(
        R"re((?i)(HttpServerErrorException|HttpClientErrorException|ResourceAccessException|FeignException|StatusRuntimeException|AxiosError|upstream (connect|request|timed out|prematurely)|bad gateway|(502|503|504) (service|gateway|bad)|ECONNREFUSED|ECONNRESET|error calling|failed to (call|fetch from|reach)|I/O error on (GET|POST|PUT|DELETE)|rpc error: code = (Unavailable|DeadlineExceeded)))re",
        RE2::Quiet);
    if (RE2::PartialMatch(c.sample, kClientError)) return true;
    return std::any_of(names_.begin(), names_.end(),
                       [&](const std::string& name) { return name != entity && mentions(c.sample, name); });
  }

  static bool mentions(std::string_view text, std::string_view name) {
    const auto inside = [](char ch) {
      return std::isalnum(static_cast<unsigned char>(ch)) != 0 || ch == '_' || ch == '-';
    };
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if ((at == 0 || !inside(text[at - 1])) && (end >= text.size() || !inside(text[end]))) return true;
    }
    return false;
  }

  static void add_exception(Observation& o, const LineCounts& c) {
    const auto trace = read_stack_trace(c.sample);
    if (!trace) return;
    if (trace->exception.empty() && trace->location.empty()) return;
    if (o.type.ends_with(".new")) o.type = "log.exception.new";
    if (o.type.ends_with(".more")) o.type = "log.exception.more";
    o.facts["exception"] = base::printable(trace->exception, 160);
    o.facts["message"] = base::printable(base::redact(trace->message), kExcerptBytes);
    if (!trace->location.empty()) o.facts["location"] = base::printable(trace->location, 200);
    if (!trace->language.empty()) o.facts["language"] = trace->language;
  }

  signs::SignatureMatcher matcher_;
  LogObserverOptions options_;
  TemplateMiner miner_;
  LogFlow flow_;
  std::string scratch_;
  std::unordered_map<std::uint64_t, LineCounts> counts_;  // entity << 32 | skeleton
  std::unordered_map<std::uint64_t, LineCounts*> last_;   // references into counts_ stay valid as it grows
  std::unordered_map<std::string, std::uint32_t> entity_ids_;
  std::vector<std::string> entities_;
  std::set<std::string> names_;  // that an error may lay itself on
  std::optional<std::uint32_t> last_entity_;
  std::map<std::string, std::uint32_t, std::less<>> instances_;
  std::optional<base::TimeRange> baseline_range_;
  std::optional<base::TimeRange> incident_range_;
  bool any_baseline_ = false;
  LogFindings out_;
};

LogObserver::LogObserver(const knowledge::KnowledgeBase& knowledge, LogObserverOptions options)
    : state_(std::make_unique<State>(knowledge, std::move(options))) {}
LogObserver::~LogObserver() = default;

void LogObserver::observe_baseline(const telemetry::LogRecord& record) {
  state_->note_baseline();
  state_->observe(record, true);
}
void LogObserver::observe(const telemetry::LogRecord& record) {
  state_->observe(record, false);
}
LogFindings LogObserver::finish() {
  return state_->finish();
}

}  // namespace midwatch::observe::logs

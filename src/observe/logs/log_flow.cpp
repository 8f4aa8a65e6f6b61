#include "src/observe/logs/log_flow.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <xxhash.h>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/observe/flow/flow_departures.h"
#include "src/observe/lines/code_place.h"
#include "src/observe/lines/header.h"

namespace midwatch::observe::logs {
namespace {

using flow::Departure;
using flow::Step;

constexpr std::size_t kTextBytes = 160;
/// So many departures of one entity are told, the surest first.
constexpr std::size_t kPerEntity = 4;
constexpr double kLeastStrength = 0.1;
/// -log10 of the chance at which a departure is half surely none of the hundreds of steps' usual noise.
constexpr double kDoubtful = 2.0;
constexpr double kDoubtfulSpread = 0.5;
/// What a departure into a warning is worth beside that, an error twice: requests take new ways for many
/// reasons, but complain for few.
constexpr double kComplaint = 0.5;

/// An identifier of zeros or dashes says that there is none.
bool names_nothing(std::string_view id) {
  return id.find_first_not_of("0-") == std::string_view::npos;
}

std::uint64_t hash_of(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

class Teller {
 public:
  explicit Teller(const LogFlow::Sources& sources, const std::vector<std::string>& places)
      : sources_(sources), places_(places) {}

  flow::StepMeaning meaning(const Step& s) const {
    const LineCounts* counts = counts_of(s);
    if (counts == nullptr) return {};
    const int severity = counts->severity == lines::Severity::kError     ? 2
                         : counts->severity == lines::Severity::kWarning ? 1
                                                                         : 0;
    return {severity, counts->passed_on};
  }

  model::Observation tell(const Departure& d) const {
    model::Observation o;
    o.entity = sources_.entities[d.entity];
    o.type = d.rejoins ? "log.flow.new" : "log.flow.broken";
    o.subject = template_of(d.after);
    const int severity = d.instead ? meaning(*d.instead).severity : 0;
    const double surprise = kComplaint * severity - std::log10(std::max(d.chance, 1e-300));
    o.strength = 1 / (1 + std::exp((kDoubtful - surprise) / kDoubtfulSpread));
    o.onset = base::Timestamp(base::Duration(d.first));
    o.value = static_cast<double>(d.count);
    o.baseline = 0;
    o.facts["template"] = o.subject;
    o.facts["after"] = text_of(d.after);
    if (d.expected) o.facts["expected"] = text_of(*d.expected);
    o.facts["instead"] = d.instead ? text_of(*d.instead) : "—";
    o.facts["count"] = fmt::format("{}", d.count);
    o.facts["of"] = fmt::format("{}", d.passed);
    o.facts["baseline_count"] = fmt::format("{}", d.baseline);
    for (const Step& s : {d.instead.value_or(Step{}), d.after}) {
      if (s.place != 0) o.facts["location"] = base::printable(places_[s.place], kTextBytes);
    }
    add_evidence(o, d.after);
    if (d.instead) add_evidence(o, *d.instead);
    return o;
  }

 private:
  const LineCounts* counts_of(const Step& s) const {
    const auto of_entity = sources_.counts.find(s.entity);
    if (of_entity == sources_.counts.end()) return nullptr;
    const auto at = of_entity->second.find(s.kind);
    return at == of_entity->second.end() ? nullptr : &at->second;
  }

  std::string template_of(const Step& s) const {
    return base::printable(base::redact(sources_.templates.text[s.kind]), kTextBytes);
  }

  /// A line of the incident where there is one, else what all such lines have in common.
  std::string text_of(const Step& s) const {
    const LineCounts* counts = counts_of(s);
    if (counts == nullptr || counts->sample.empty()) return template_of(s);
    const std::string_view sample = counts->sample;
    return base::printable(base::redact(lines::split_header(sample.substr(0, sample.find('\n'))).message),
                           kTextBytes);
  }

  void add_evidence(model::Observation& o, const Step& s) const {
    const LineCounts* counts = counts_of(s);
    if (counts == nullptr || counts->sample.empty()) return;
    o.evidence.push_back(line_evidence(*counts, o.entity, template_of(s), sources_.source_name));
  }

  const LogFlow::Sources& sources_;
  const std::vector<std::string>& places_;
};

}  // namespace

std::uint32_t LogFlow::place_of(std::string_view line) {
  const std::string_view place = lines::code_place(line);
  if (place.empty()) return 0;
  const auto at = place_ids_.find(hash_of(place));
  if (at != place_ids_.end()) return at->second;
  if (places_.size() > kMaxPlaces) return 0;
  const auto id = static_cast<std::uint32_t>(places_.size());
  place_ids_.emplace(hash_of(place), id);
  places_.emplace_back(place);
  return id;
}

void LogFlow::add(const telemetry::LogRecord& record, const lines::RequestId& request, std::uint32_t entity,
                  templates::SkeletonId skeleton, bool baseline) {
  std::int64_t& last = last_time_[baseline ? 1 : 0];
  if (record.time) last = record.time->time_since_epoch().count();
  if (names_nothing(request.trace)) return;
  Step step;
  step.trace = hash_of(request.trace);
  step.span = request.span.empty() ? 0 : hash_of(request.span);
  step.time = last;
  step.entity = entity;
  step.words = skeleton;
  step.place = place_of(record.body);
  (baseline ? baseline_ : incident_).add(step);
}

std::vector<model::Observation> LogFlow::finish(const Sources& sources) {
  std::vector<model::Observation> out;
  if (baseline_.empty() || incident_.empty()) return out;
  auto before = baseline_.take();
  auto now = incident_.take();
  for (auto* steps : {&before, &now}) {
    for (Step& s : *steps) s.kind = sources.templates.cluster_of[s.words];
  }
  const Teller teller(sources, places_);
  std::map<std::uint32_t, std::size_t> told;
  for (const auto& d : flow::find_departures(before, now, [&](const Step& s) { return teller.meaning(s); })) {
    auto o = teller.tell(d);
    if (o.strength < kLeastStrength || o.evidence.empty() || told[d.entity]++ >= kPerEntity) continue;
    out.push_back(std::move(o));
  }
  return out;
}

}  // namespace midwatch::observe::logs

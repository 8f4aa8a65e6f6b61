#include "src/observe/logs/count_findings.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/observe/lines/log_line.h"
#include "src/observe/lines/stack_trace.h"
#include "src/observe/logs/rate_change.h"

namespace midwatch::observe::logs {
namespace {

using lines::Severity;
using model::Observation;

constexpr std::size_t kTemplateBytes = 200;
/// What is absent has to be told from what is there: the whole template.
constexpr std::size_t kSoughtBytes = 4000;
constexpr std::size_t kSampleBytes = 300;
constexpr std::size_t kExceptionBytes = 160;
constexpr double kLeastStrength = 0.1;
/// What is left of a sign in lines that are no more frequent than before: it was there before the fault, or
/// the fault before the split.
constexpr double kOldSign = 0.6;
/// What is left of a sign of trouble in a line that its program calls ordinary: what is missing there has a
/// substitute, mostly.
constexpr double kRemark = 0.6;

std::string_view family(Severity s) {
  return s == Severity::kError ? "error" : s == Severity::kWarning ? "warning" : "pattern";
}

/// How much more an entity logs than in the baseline: more work gives more lines of every kind. The median
/// over its templates, so that one noisy template does not hide behind itself.
double load_of(const std::map<templates::ClusterId, LineCounts>& counts, double scale) {
  std::vector<std::pair<double, double>> ratios;  // ratio, weight
  double weights = 0;
  for (const auto& [cluster, c] : counts) {
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

void add_exception(Observation& o, const std::string& text) {
  const auto trace = lines::read_stack_trace(text);
  if (!trace || (trace->exception.empty() && trace->location.empty())) return;
  if (o.type.ends_with(".new")) o.type = "log.exception.new";
  if (o.type.ends_with(".more")) o.type = "log.exception.more";
  o.facts["exception"] = base::printable(trace->exception, kExceptionBytes);
  o.facts["message"] = base::printable(base::redact(trace->message), kSampleBytes);
  if (!trace->location.empty()) o.facts["location"] = base::printable(trace->location, kTemplateBytes);
  if (!trace->language.empty()) o.facts["language"] = trace->language;
}

}  // namespace

void keep_stronger(Signs& signs, Observation sign) {
  const auto at = signs.find(sign.type);
  if (at == signs.end()) {
    std::string type = sign.type;
    signs.emplace(std::move(type), std::move(sign));
  } else if (sign.strength > at->second.strength) {
    at->second = std::move(sign);
  }
}

std::vector<Observation> CountFindings::tell(const std::string& entity,
                                             const std::map<templates::ClusterId, LineCounts>& counts,
                                             Signs& signs) const {
  std::vector<Observation> found;
  const double load = load_of(counts, comparison_.scale);
  lines::LogLineReader reader;
  for (const auto& [cluster, c] : counts) {
    Observation o = compare(c, load);
    o.entity = entity;
    o.subject = base::printable(base::redact(templates_.text[cluster]), kTemplateBytes);
    o.facts["template"] = o.subject;
    const bool more = o.type.ends_with(".new") || o.type.ends_with(".more");
    const bool told = more || !comparison_.has_baseline;
    if (c.incident > 0 && (told || !comparison_.trusted_baseline)) {
      complete(o, c, cluster);
      const std::string text(reader.read(c.sample).text);
      add_signs(o, c, text, signs);
      if (told && !o.type.empty()) {
        add_exception(o, text);
        if (c.passed_on && (o.type.starts_with("log.error.") || o.type.starts_with("log.exception.")))
          o.type = "log.passed_on";
      }
    } else if (o.type == "log.pattern.gone" && is_part_of_another(cluster, counts)) {
      continue;  // whoever looks for its words finds the other's lines
    } else if (!o.type.empty()) {
      complete(o, c, cluster);
    }
    if (!o.type.empty() && o.strength >= kLeastStrength) found.push_back(std::move(o));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.strength > b.strength; });
  std::map<std::string, std::size_t> told;
  std::erase_if(found, [&](const Observation& o) { return told[o.type]++ >= kPerType; });
  return found;
}

bool CountFindings::is_part_of_another(templates::ClusterId cluster,
                                       const std::map<templates::ClusterId, LineCounts>& counts) const {
  const std::string& text = templates_.text[cluster];
  return std::any_of(counts.begin(), counts.end(), [&](const auto& other) {
    return other.first != cluster && other.second.incident > 0 &&
           templates_.text[other.first].find(text) != std::string::npos;
  });
}

/// How a template's count differs from the baseline's; a type without text is no difference.
Observation CountFindings::compare(const LineCounts& c, double load) const {
  Observation o;
  o.value = c.incident;
  const std::string kind(family(c.severity));
  if (!comparison_.has_baseline) {
    // Nothing to compare with: only what says itself that it is trouble.
    if (c.severity < Severity::kWarning) return o;
    o.type = fmt::format("log.{}.new", kind);
    o.strength = (c.severity == Severity::kError ? 0.6 : 0.4) * (1 - std::exp(-(c.incident + 1)));
    return o;
  }
  // Errors do not become ordinary because there is more work.
  const double expected = c.baseline * comparison_.scale * (c.severity >= Severity::kWarning ? 1 : load);
  o.baseline = expected;
  o.magnitude = std::abs(std::log((c.incident + 1) / (expected + 1)));
  if (c.baseline == 0 && c.incident > 0) {
    const double by_severity = c.severity == Severity::kError     ? 0.9
                               : c.severity == Severity::kWarning ? 0.7
                                                                  : 0.5;
    o.type = fmt::format("log.{}.new", kind);
    o.strength = by_severity * (1 - std::exp(-c.incident / (c.severity == Severity::kError ? 1.0 : 3.0)));
    return o;
  }
  o.strength = sureness_of_change(c.incident, expected);
  if (c.incident > expected) {
    o.type = fmt::format("log.{}.more", kind);
  } else {
    o.type = c.incident == 0 ? "log.pattern.gone" : "log.pattern.less";
  }
  return o;
}

void CountFindings::complete(Observation& o, const LineCounts& c, templates::ClusterId cluster) const {
  o.onset = c.first;
  o.facts["count"] = fmt::format("{}", static_cast<std::uint64_t>(c.incident));
  const std::string clean = base::redact(c.sample);
  o.facts["sample"] = base::printable(std::string_view(clean).substr(0, clean.find('\n')), kSampleBytes);
  if (c.sample.empty()) {
    o.evidence.push_back(model::absence_evidence(
        {"logs", o.entity, base::printable(base::redact(templates_.text[cluster]), kSoughtBytes),
         comparison_.window}));
  } else {
    o.evidence.push_back(line_evidence(c, o.entity, o.subject, comparison_.source_name));
  }
}

void CountFindings::add_signs(const Observation& o, const LineCounts& c, const std::string& text,
                              Signs& signs) const {
  for (auto& match : matcher_.match(text.empty() ? c.sample : text)) {
    const bool more = o.type.ends_with(".new") || o.type.ends_with(".more");
    Observation sign = o;
    sign.type = "sign." + match.signature->id;
    sign.subject = match.signature->id;
    const double sure = more                       ? std::max(0.6, std::min(1.0, o.strength + 0.3))
                        : comparison_.has_baseline ? kOldSign
                                                   : 0.8;
    const bool remark =
        match.signature->alarming && (c.severity == Severity::kInfo || c.severity == Severity::kDebug);
    sign.strength = match.signature->strength * sure * (remark ? kRemark : 1);
    sign.facts["seen_in"] = "log";
    if (c.apart_from_memory) sign.facts["apart_from"] = "state.function.memory_exhausted";
    for (auto& [name, value] : match.facts) sign.facts[name] = value;
    keep_stronger(signs, std::move(sign));
  }
}

}  // namespace midwatch::observe::logs

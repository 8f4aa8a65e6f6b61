#include "src/verify/observation_check.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/knowledge/metric_meaning.h"
#include "src/knowledge/statement.h"
#include "src/verify/filled_text.h"
#include "src/verify/grounds.h"

namespace midwatch::verify {
namespace {

using Wrong = std::optional<std::string>;

constexpr std::array<std::string_view, 10> kSignals{"metric.", "log.",     "sign.",  "trace.", "state.",
                                                    "change.", "symptom.", "event.", "alarm.", "code."};
constexpr std::size_t kNameBytes = 160;
/// Reports print five significant digits.
constexpr double kRounding = 1e-4;

std::string name_of(const std::string& entity, const Reread& reread) {
  const auto index = reread.topology.find(entity);
  const std::string& name = index ? reread.topology.entity(*index).name : entity;
  return base::printable(name.empty() ? entity : name, kNameBytes);
}

Wrong sentence_wrong(const ClaimedObservation& o, const Claims& claims, const Reread& reread,
                     const knowledge::KnowledgeBase& knowledge) {
  const auto again = knowledge::statement_of(o.observation, name_of(o.observation.entity, reread), knowledge)
                         .in(claims.language);
  if (again == o.statement) return std::nullopt;
  return fmt::format("its sentence is not what its facts say; they say “{}”", again);
}

/// The least and the largest of what a series measured, as values and as rates per second of a running total.
struct Range {
  double least = std::numeric_limits<double>::infinity();
  double largest = -std::numeric_limits<double>::infinity();

  void add(double value) {
    least = std::min(least, value);
    largest = std::max(largest, value);
  }
  bool contains(double value) const {
    const double slack = kRounding * std::max(std::abs(least), std::abs(largest)) + 1e-12;
    return least - slack <= value && value <= largest + slack;
  }
};

void add_points(const telemetry::MetricSeries& series, const knowledge::KnowledgeBase& knowledge,
                const std::optional<base::TimeRange>& window, Range& range) {
  const bool counter = knowledge::metric_meaning(series.key, knowledge.metric_rules).counter;
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    const auto& p = series.points[i];
    if (window && !window->contains(p.time)) continue;
    if (!counter) {
      range.add(p.value);
    } else if (i > 0) {
      const double grown = p.value - series.points[i - 1].value;
      const double seconds = base::to_seconds(p.time - series.points[i - 1].time);
      range.add((grown >= 0 ? grown : p.value) / seconds);
    }
  }
}

Wrong metric_wrong(const ClaimedObservation& o, const Claims& claims, const Reread& reread,
                   const knowledge::KnowledgeBase& knowledge) {
  Range inside;
  Range ever;
  bool measured = false;
  for (const auto& id : o.evidence) {
    const model::Evidence& e = claims.evidence.at(id);
    if (e.kind != model::EvidenceKind::kSeries) continue;
    measured = true;
    for (const bool baseline : {false, true}) {
      const auto* series = reread.series(e.series, baseline);
      if (series == nullptr) continue;
      add_points(*series, knowledge, e.window, inside);
      add_points(*series, knowledge, std::nullopt, ever);
    }
  }
  if (!measured) return std::nullopt;
  const auto& claimed = o.observation;
  const bool silent = claimed.type.ends_with(".gone");
  if (claimed.value && !silent && !inside.contains(*claimed.value)) {
    return fmt::format("its value {} lies outside what the series measured in the window ({} to {})",
                       *claimed.value, inside.least, inside.largest);
  }
  if (claimed.baseline && !ever.contains(*claimed.baseline)) {
    return fmt::format("its baseline {} lies outside what the series ever measured ({} to {})",
                       *claimed.baseline, ever.least, ever.largest);
  }
  return std::nullopt;
}

Wrong direction_wrong(const model::Observation& o) {
  if (!o.value || !o.baseline || !o.type.starts_with("metric.")) return std::nullopt;
  const double slack = kRounding * std::max(std::abs(*o.value), std::abs(*o.baseline));
  for (const std::string_view up : {".up", ".spike", ".rising"}) {
    if (o.type.ends_with(up) && *o.value + slack < *o.baseline)
      return fmt::format("it says {}, but {} lies below {}", up.substr(1), *o.value, *o.baseline);
  }
  for (const std::string_view down : {".down", ".dip", ".falling"}) {
    if (o.type.ends_with(down) && *o.value - slack > *o.baseline)
      return fmt::format("it says {}, but {} lies above {}", down.substr(1), *o.value, *o.baseline);
  }
  return std::nullopt;
}

Wrong facts_wrong(const ClaimedObservation& o, const Claims& claims, const Reread& reread) {
  Grounds grounds(claims, reread);
  grounds.add(o);
  for (const auto& [name, value] : o.observation.facts) {
    if (!is_quote(name)) continue;
    std::string_view quoted = value;
    // The line of a change is counted from its hunk's header; the file is what the record says.
    if (name == "location" && o.observation.type.starts_with("change."))
      quoted = quoted.substr(0, quoted.find(':'));
    if (grounds.hold(quoted)) continue;
    return fmt::format("its {} “{}” stands in none of its records", name, value);
  }
  return std::nullopt;
}

Wrong time_wrong(const model::Observation& o, const Reread& reread) {
  if (!o.onset || !reread.recorded) return std::nullopt;
  if (reread.recorded->start <= *o.onset && *o.onset <= reread.recorded->end) return std::nullopt;
  return fmt::format("its onset {} lies outside all that was recorded", base::format_rfc3339(*o.onset));
}

}  // namespace

std::optional<std::string> wrong_with(const ClaimedObservation& o, const Claims& claims, const Reread& reread,
                                      const knowledge::KnowledgeBase& knowledge) {
  const model::Observation& claimed = o.observation;
  if (o.evidence.empty()) return "it has no evidence";
  for (const auto& id : o.evidence) {
    if (!claims.evidence.contains(id)) return fmt::format("its evidence {} is not in the report", id);
  }
  const bool known_signal = claimed.type.starts_with("absent.") ||
                            std::any_of(kSignals.begin(), kSignals.end(), [&](std::string_view signal) {
                              return claimed.type.starts_with(signal);
                            });
  if (!known_signal) return fmt::format("there is no observation of type {}", claimed.type);
  if (!claimed.entity.empty() && !reread.knows(claimed.entity))
    return fmt::format("no record names the entity {}", claimed.entity);
  if (!(claimed.strength > 0 && claimed.strength <= 1)) return "its strength is not between 0 and 1";
  if (!claimed.change.empty() &&
      std::none_of(reread.changes.begin(), reread.changes.end(),
                   [&](const auto& change) { return change.id == claimed.change; }))
    return fmt::format("there is no change {}", claimed.change);
  if (auto wrong = direction_wrong(claimed)) return wrong;
  if (auto wrong = metric_wrong(o, claims, reread, knowledge)) return wrong;
  if (auto wrong = time_wrong(claimed, reread)) return wrong;
  if (auto wrong = facts_wrong(o, claims, reread)) return wrong;
  return sentence_wrong(o, claims, reread, knowledge);
}

}  // namespace midwatch::verify

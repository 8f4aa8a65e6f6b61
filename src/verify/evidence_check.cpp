#include "src/verify/evidence_check.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "src/base/digest.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/model/record_evidence.h"

namespace midwatch::verify {
namespace {

using Wrong = std::optional<std::string>;

constexpr std::string_view kCut = "…";
constexpr std::string_view kLineEnd = "\\n";
constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();

std::string shown_form(std::string_view text) {
  return base::printable(base::redact(text), kUnbounded);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The parts of an excerpt: between separators and line ends.
std::vector<std::string_view> parts_of(std::string_view excerpt) {
  if (excerpt.ends_with(kCut)) excerpt.remove_suffix(kCut.size());
  std::vector<std::string_view> parts;
  while (!excerpt.empty()) {
    const std::size_t separator = excerpt.find(model::kExcerptSeparator);
    const std::size_t line_end = excerpt.find(kLineEnd);
    const std::size_t end = std::min({separator, line_end, excerpt.size()});
    if (const auto part = trimmed(excerpt.substr(0, end)); !part.empty()) parts.push_back(part);
    if (end == excerpt.size()) break;
    excerpt.remove_prefix(
        end + (end == separator ? std::string_view(model::kExcerptSeparator).size() : kLineEnd.size()));
  }
  return parts;
}

Wrong excerpt_wrong(const std::string& excerpt, const std::string& text) {
  const std::string shown = shown_form(text);
  for (const std::string_view part : parts_of(excerpt)) {
    if (shown.find(part) == std::string::npos)
      return fmt::format("its excerpt says “{}”, which is not in the record", part);
  }
  return std::nullopt;
}

std::string place_text(const model::Evidence& e) {
  return e.ref.line > 0 ? fmt::format("{}:{}", e.source, e.ref.line) : e.source;
}

Wrong record_wrong(const model::Evidence& e, const Reread& reread) {
  const Place place{e.source, e.ref.line};
  const auto at = reread.records.find(place);
  if (at == reread.records.end()) return fmt::format("there is no record at {}", place_text(e));
  const auto found = std::find_if(at->second.begin(), at->second.end(), [&](const Record& record) {
    return base::sha256_hex(record.text) == e.digest;
  });
  if (found == at->second.end())
    return fmt::format("the record at {} is another one: its digest differs", place_text(e));
  if (found->entity != e.entity)
    return fmt::format("the record at {} is about {}, not about {}", place_text(e), found->entity, e.entity);
  const auto following = reread.following.find(e.digest);
  return excerpt_wrong(e.excerpt,
                       found->text + '\n' + (following == reread.following.end() ? "" : following->second));
}

Wrong attributes_wrong(const model::Evidence& e, const Reread& reread) {
  const auto index = reread.topology.find(e.entity);
  if (!index) return fmt::format("no record describes {}", e.entity);
  const auto& entity = reread.topology.entity(*index);
  const model::Evidence again = model::attribute_evidence(entity, e.attributes, {});
  if (again.digest != e.digest) return fmt::format("the attributes of {} are others", e.entity);
  if (again.excerpt != e.excerpt) return "its excerpt is not what the attributes say";
  return std::nullopt;
}

Wrong series_wrong(const model::Evidence& e, const Reread& reread) {
  if (!e.window) return "it names no window";
  bool found = false;
  for (const bool baseline : {false, true}) {
    const auto* series = reread.series(e.series, baseline);
    if (series == nullptr) continue;
    const model::Evidence again = model::series_evidence(*series, *e.window);
    // That a series is silent must hold on the incident's side, where it has one.
    if (found && again.count == 0) break;
    found = true;
    if (again.digest != e.digest) continue;
    if (again.excerpt != e.excerpt) return "its excerpt does not show the points of the series";
    if (again.count != e.count)
      return fmt::format("the series has {} points in the window, not {}", again.count, e.count);
    return std::nullopt;
  }
  if (!found) return fmt::format("there is no series {} of {}", e.series.metric, e.entity);
  return fmt::format("the points of {} of {} are others: their digest differs", e.series.metric, e.entity);
}

Wrong spans_wrong(const model::Evidence& e, const Reread& reread) {
  const auto at = reread.spans.find(e.id);
  const model::SpanTotals totals = at == reread.spans.end() ? model::SpanTotals() : at->second;
  if (totals.count() != e.count) {
    return fmt::format("{} has {} spans named {} in the window, not {}", e.entity, totals.count(), e.pattern,
                       e.count);
  }
  if (base::sha256_hex(totals.text(e.entity, e.pattern)) != e.digest)
    return fmt::format("the spans of {} named {} are others: their digest differs", e.entity, e.pattern);
  if (totals.describe() != e.excerpt)
    return fmt::format("its excerpt does not say what the spans say: {}", totals.describe());
  return std::nullopt;
}

Wrong lines_wrong(const model::Evidence& e, const Reread& reread) {
  const auto lines = reread.lines.find(e.entity);
  if (lines != reread.lines.end() && e.count > static_cast<double>(lines->second))
    return fmt::format("{} has {} log lines in all, not {}", e.entity, lines->second, e.count);
  return record_wrong(e, reread);
}

Wrong absence_wrong(const model::Evidence& e, const Reread& reread) {
  if (!reread.looked.contains(e.source))
    return fmt::format("nobody looked: there are no {} at all, so their absence says nothing", e.source);
  const auto found = reread.contradictions.find(e.id);
  if (found != reread.contradictions.end())
    return fmt::format("what is said to be absent is there: {}", found->second);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> wrong_with(const model::Evidence& e, const Reread& reread) {
  if (e.id != model::evidence_id(e)) return "its id does not belong to its content";
  switch (e.kind) {
    case model::EvidenceKind::kRecord:
      return e.attributes.empty() ? record_wrong(e, reread) : attributes_wrong(e, reread);
    case model::EvidenceKind::kLines:
      return lines_wrong(e, reread);
    case model::EvidenceKind::kSeries:
      return series_wrong(e, reread);
    case model::EvidenceKind::kSpans:
      return spans_wrong(e, reread);
    case model::EvidenceKind::kAbsence:
      return absence_wrong(e, reread);
  }
  return std::nullopt;
}

}  // namespace midwatch::verify

#include "src/investigation/innocent_changes.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/knowledge/statement.h"

namespace midwatch::investigation {
namespace {

using diagnose::ChangeFit;
using diagnose::Innocence;
using diagnose::InnocentChange;

constexpr std::size_t kMostTold = 60;
constexpr std::size_t kMostUnread = 5;
constexpr std::size_t kShownReaches = 3;
/// A change that a hypothesis of this probability names is not ruled out.
constexpr double kStillPossible = 0.02;

std::string reached_by(const model::ChangeAccount& change) {
  std::string out;
  for (std::size_t i = 0; i < std::min(change.reaches.size(), kShownReaches); ++i)
    out += (out.empty() ? "" : ", ") + base::printable(change.reaches[i].entity, 80);
  return change.reaches.size() > kShownReaches ? out + ", …" : out;
}

model::Text title_of(const model::ChangeAccount& change, const std::string& name,
                     const knowledge::KnowledgeBase& knowledge) {
  const model::Text& kind = knowledge::word_of(change.kind, knowledge);
  return {fmt::format("{} {}: {}", kind.en, name, change.told.en),
          fmt::format("{} {}: {}", kind.ja, name, change.told.ja)};
}

model::Facts facts_of(const diagnose::CaseFile& file, const InnocentChange& innocent,
                      const knowledge::KnowledgeBase& knowledge) {
  const model::ChangeAccount& change = file.changes[innocent.change];
  model::Facts facts;
  if (innocent.observation != ChangeFit::kNone) facts = file.observations[innocent.observation].facts;
  if (!facts.contains("change")) facts["change"] = base::printable(change.id, 80);
  const model::Text& kind = knowledge::word_of(change.kind, knowledge);
  facts["kind"] = kind.en;
  facts["kind_ja"] = kind.ja;
  facts["summary"] = change.told.en;
  facts["summary_ja"] = change.told.ja;
  facts["reached"] = reached_by(change);
  base::Timestamp since = change.time;
  if (!change.reaches.empty()) {
    since = std::min_element(change.reaches.begin(), change.reaches.end(), [](const auto& a, const auto& b) {
              return a.since < b.since;
            })->since;
  }
  facts["since"] = base::format_rfc3339(since);
  const auto onset = file.alarm.onset ? file.alarm.onset : file.scope.alarm.time;
  if (onset) facts["onset"] = base::format_rfc3339(*onset);
  return facts;
}

/// The nearer a change comes to being the cause, the sooner people ask about it.
int suspicion(Innocence why) {
  switch (why) {
    case Innocence::kExcused:
      return 4;
    case Innocence::kUnfitting:
      return 3;
    case Innocence::kAfter:
      return 2;
    case Innocence::kHarmless:
      return 1;
    case Innocence::kElsewhere:
    case Innocence::kUnread:
      break;
  }
  return 0;
}

const char* phrase_of(const InnocentChange& innocent, const model::ChangeAccount& change) {
  switch (innocent.why) {
    case Innocence::kAfter:
      return "innocent_after";
    case Innocence::kElsewhere:
      return change.reaches.empty() ? "innocent_nowhere" : "innocent_elsewhere";
    case Innocence::kUnfitting:
      return "innocent_unfitting";
    case Innocence::kExcused:
    case Innocence::kHarmless:
    case Innocence::kUnread:
      break;
  }
  return nullptr;
}

/// True where the change is a step of the release that a cause blames by its facts: the push of its image,
/// the definition that names it, the deployment of that.
bool is_of_blamed_release(const model::ChangeAccount& change, const model::Hypothesis& cause) {
  constexpr std::size_t kTellingTag = 3;  // letters; a shorter one stands anywhere
  const std::string& said = change.summary;
  const auto holds = [&said](std::string_view text) {
    const std::size_t at = said.find(text);
    const std::size_t end = at == std::string::npos ? at : at + text.size();
    return end != std::string::npos && (end == said.size() || said[end] < '0' || said[end] > '9');
  };
  for (const char* fact : {"release", "new_image"}) {  // "checkout:63", "checkout:1.9.0"
    const auto at = cause.facts.find(fact);
    if (at == cause.facts.end() || at->second.empty()) continue;
    const std::string_view whole = at->second;
    const std::size_t colon = whole.rfind(':');
    if (holds(whole)) return true;
    if (colon == std::string_view::npos || whole.size() - colon - 1 < kTellingTag) continue;
    if (holds(whole.substr(0, colon)) && holds(whole.substr(colon + 1))) return true;
  }
  return false;
}

/// A change that a person excused, whatever is known of it.
model::RuledOut excused(const model::ChangeAccount& change, const model::Directive& excuse,
                        const knowledge::KnowledgeBase& knowledge) {
  model::RuledOut item;
  if (!change.reaches.empty()) item.entity = change.reaches.front().entity;
  item.change = change.id;
  item.title = title_of(change, base::printable(change.id, 80), knowledge);
  item.because = because_of(knowledge, excuse.speaker, &excuse);
  item.excluded = excuse.speaker;
  return item;
}

}  // namespace

model::Text because_of(const knowledge::KnowledgeBase& knowledge, const model::Speaker& speaker,
                       const model::Directive* excuse) {
  const bool planned = excuse != nullptr && excuse->action == model::SteeringAction::kPlannedChange;
  const auto second = std::chrono::floor<std::chrono::seconds>(speaker.time);
  return model::fill(knowledge.phrase(planned ? "planned_by_person" : "excluded_by_person"),
                     {{"by", speaker.by}, {"at", base::format_rfc3339(second)}});
}

std::vector<model::RuledOut> rule_out_changes(const diagnose::CaseFile& file,
                                              const diagnose::Diagnosis& diagnosis,
                                              const knowledge::KnowledgeBase& knowledge) {
  std::set<std::string> possible;
  for (const auto& h : diagnosis.hypotheses) {
    if (!h.change.empty() && h.probability >= kStillPossible) possible.insert(h.change);
  }
  std::vector<model::RuledOut> out;
  std::vector<InnocentChange> order = diagnosis.innocent;
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return suspicion(a.why) > suspicion(b.why); });
  for (const InnocentChange& innocent : order) {
    const model::ChangeAccount& change = file.changes[innocent.change];
    if (const auto* excuse = model::find_excuse(file.directives, change.id)) {
      out.push_back(excused(change, *excuse, knowledge));
      continue;
    }
    if (out.size() >= kMostTold || innocent.observation == ChangeFit::kNone ||
        innocent.why == Innocence::kUnread || possible.contains(change.id))
      continue;
    if (std::any_of(diagnosis.root_causes.begin(), diagnosis.root_causes.end(), [&](const auto& cause) {
          return is_of_blamed_release(change, diagnosis.hypotheses[cause.hypothesis]);
        }))
      continue;
    const model::Facts facts = facts_of(file, innocent, knowledge);
    if (innocent.why == Innocence::kUnfitting && !facts.contains("did")) continue;
    const std::string key =
        innocent.why == Innocence::kHarmless ? "innocent_" + change.harmless : phrase_of(innocent, change);
    model::RuledOut item;
    item.entity = file.observations[innocent.observation].entity;
    item.change = change.id;
    item.title = title_of(change, facts.at("change"), knowledge);
    item.because = model::fill(knowledge.phrase(key), facts);
    item.observation = file.observations[innocent.observation].id;
    out.push_back(std::move(item));
  }
  return out;
}

std::vector<model::Gap> unread_changes(const diagnose::CaseFile& file, const diagnose::Diagnosis& diagnosis,
                                       const knowledge::KnowledgeBase& knowledge) {
  std::vector<model::Gap> gaps;
  for (const InnocentChange& innocent : diagnosis.innocent) {
    if (innocent.why != Innocence::kUnread || gaps.size() >= kMostUnread) continue;
    model::Gap gap;
    gap.what = model::fill(knowledge.phrase("unread_change"), facts_of(file, innocent, knowledge));
    gap.query = file.changes[innocent.change].id;
    gaps.push_back(std::move(gap));
  }
  return gaps;
}

}  // namespace midwatch::investigation

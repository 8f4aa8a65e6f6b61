#include "src/diagnose/change_matcher.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <span>

#include "src/base/ascii.h"
#include "src/knowledge/telling_words.h"

namespace midwatch::diagnose {
namespace {

using knowledge::FailureMode;
using knowledge::Place;
using model::ChangeReach;
using model::ReachKind;

/// Below this a change is no candidate: its content hardly touches the mechanism.
constexpr double kLeastFit = 0.5;
/// A second content that fits as well makes the first a little surer.
constexpr double kSecondShare = 0.25;
/// The name or value that a change removes or sets stands in the errors themselves.
constexpr double kEchoed = 1.2;
/// The same for what it takes away: somebody misses by name what was there until then.
constexpr double kMissed = 2.0;
/// Words in common bring at most this much, two thirds of it at the scale's sum of rarities.
constexpr double kMostWords = 4.0;
constexpr double kWordScale = 12.0;
/// Clocks may differ; still, what came a little before is likelier than what came a little after.
constexpr double kJustAfter = -0.3;
/// What a change weighs whose effect shows up to `lag` later, unless its mode is gradual.
struct Lag {
  base::Duration lag;
  double weight;
};
/// Where the beginning was measured. Of 65 deployments that were the cause (RootCauseBench and incidents
/// written by hand) 51 showed within five minutes and 6 in the ten after; of 243 others that came before the
/// beginning 54 lay within five minutes, 42 in the ten after, 49 in the next quarter of an hour. The weights
/// are a part of those ratios (+1.3, −0.6, −2.4), since what waits for its hour or its load is not so rare
/// as there.
constexpr std::array<Lag, 5> kMeasured{{{std::chrono::minutes(5), 0.9},
                                        {std::chrono::minutes(15), 0.2},
                                        {std::chrono::minutes(30), -0.8},
                                        {std::chrono::hours(3), -1.6},
                                        {std::chrono::hours(24), -2}}};
constexpr double kMeasuredBefore = -2.3;
/// Where only the alarm dates it, which is some time later.
constexpr std::array<Lag, 3> kAlarmed{
    {{std::chrono::minutes(30), 0.3}, {std::chrono::hours(3), 0}, {std::chrono::hours(24), -0.7}}};
constexpr double kAlarmedBefore = -1.5;
/// Where the entity was in trouble before, in more than one way, a change has not begun it, though the
/// alarm's own series shows it later. No more than this is taken: both may have happened.
constexpr double kTroubleBefore = -1.0;
constexpr double kTroubleStrength = 0.65;
constexpr std::size_t kLeastTroubles = 2;
constexpr base::Duration kRecently = std::chrono::hours(1);
/// Clocks of deployments and of measurements differ by this much at least.
constexpr base::Duration kClockSlack = std::chrono::seconds(90);
/// Onsets of weaker observations date nothing.
constexpr double kDatingStrength = 0.6;
/// Of changes that fit this nearly as well, each is that much less probably the one.
constexpr double kAboutAsWell = 0.5;
constexpr std::size_t kShortestEcho = 3;
constexpr std::size_t kLongestEcho = 60;

/// What is left of a fit where only the direction is not known: what stands in for a setting that was removed
/// (its default), or for one whose new value is not written as a number. Defaults are low more often than
/// high.
constexpr double kUnknownDirection = -1.0;

/// A fault of the entity itself may come from a caller that asks it otherwise than before; as much of what
/// fits is left to a change that reached only that one.
constexpr double kChangedCaller = -1.0;

/// What a program runs with, and how it is watched: nobody that it calls feels that.
bool stays_where_it_is(std::string_view type) {
  static constexpr std::array<std::string_view, 9> kThings{
      "change.memory_limit.", "change.cpu_limit.",    "change.file_limit.",
      "change.heap_tuning.",  "change.probe.",        "change.disk_size.",
      "change.log_level.",    "change.log_sampling.", "change.provisioned_capacity."};
  return std::any_of(kThings.begin(), kThings.end(),
                     [&](std::string_view thing) { return type.starts_with(thing); });
}

/// The same thing with its way cut off where the way is a direction: change.pool of change.pool.lowered.
std::string_view thing_of_directed(std::string_view see) {
  for (const std::string_view way : {".lowered", ".raised"}) {
    if (see.ends_with(way)) return see.substr(0, see.size() - way.size());
  }
  return {};
}

/// True where `type` is of a thing whose direction the mode names, and has none itself.
bool lacks_direction(std::string_view see, std::string_view type) {
  const std::string_view thing = thing_of_directed(see);
  if (thing.empty() || !type.starts_with(thing)) return false;
  const std::string_view way = type.substr(thing.size());
  return way == ".removed" || way == ".changed";
}

/// About something else than what was refused: a permission for "sqs:SendMessage" where "s3:GetObject" was
/// (the end of an action may be a star), or the key of an encryption where no use of a key was.
bool concerns_something_else(const model::Observation& o, const std::set<std::string>& refused) {
  if (refused.empty()) return false;
  if (o.type.starts_with("change.encryption."))
    return std::none_of(refused.begin(), refused.end(),
                        [](const std::string& action) { return action.starts_with("kms:"); });
  if (o.type != "change.permission.removed") return false;
  const auto symbol = o.facts.find("symbol");
  if (symbol == o.facts.end() || symbol->second.find(':') == std::string::npos) return false;
  const std::string action = base::to_lower(symbol->second);
  const std::string_view head = std::string_view(action).substr(0, action.find('*'));
  return std::none_of(refused.begin(), refused.end(), [&](const std::string& r) {
    return head.size() == action.size() ? r == action : r.starts_with(head);
  });
}

double weight_of_lag(base::Duration lag, std::span<const Lag> steps, double before) {
  if (lag < base::Duration::zero()) return kJustAfter;
  const auto step = std::find_if(steps.begin(), steps.end(), [&](const Lag& s) { return lag <= s.lag; });
  return step == steps.end() ? before : step->weight;
}

double reach_weight(ReachKind kind) {
  switch (kind) {
    case ReachKind::kDeployed:
      return 0;
    case ReachKind::kPath:
      return -0.3;
    case ReachKind::kCarried:
      return -0.4;
    case ReachKind::kLikely:
      return -1.2;
  }
  return 0;
}

bool is_change(std::string_view type) {
  return type.starts_with("change.");
}

bool takes_away(std::string_view type) {
  return type.ends_with(".removed") || type.ends_with(".renamed") || type.ends_with(".dropped");
}

bool is_content(std::string_view type) {
  return is_change(type) && type != "change.deployed" && type != "change.harmless";
}

/// Observations whose own words say what went wrong; lines that are only new or more frequent do not.
bool speaks(std::string_view type) {
  return (type.starts_with("log.") && !type.starts_with("log.pattern.")) || type.starts_with("sign.") ||
         type.starts_with("trace.") || type.starts_with("state.");
}

/// What an entity measures or logs otherwise than before, leaving aside what no kind of series is known for.
bool is_trouble(std::string_view type) {
  if (type.starts_with("metric.other")) return false;
  return type.starts_with("metric.") || type.starts_with("log.error") || type.starts_with("log.exception") ||
         type.starts_with("log.warning");
}

/// True where `word` stands in `text` by itself; both lower case.
bool stands_in(std::string_view text, std::string_view word) {
  const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    // A unit may follow a number: 300ms.
    const bool number = std::isdigit(static_cast<unsigned char>(word.back())) != 0;
    if ((at == 0 || !part(text[at - 1])) &&
        (end >= text.size() || !part(text[end]) ||
         (number && std::isdigit(static_cast<unsigned char>(text[end])) == 0)))
      return true;
  }
  return false;
}

}  // namespace

ChangeMatcher::ChangeMatcher(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph)
    : file_(file), suspects_(suspects), graph_(graph), entries_(file.changes.size()) {
  if (entries_.empty()) return;
  for (std::size_t i = 0; i < entries_.size(); ++i)
    entries_[i].excuse = model::find_excuse(file_.directives, file_.changes[i].id);
  collect_contents();
  collect_reaches();
  collect_troubles();
  weigh_words();
}

void ChangeMatcher::collect_contents() {
  std::map<std::string_view, std::size_t> by_id;
  for (std::size_t i = 0; i < file_.changes.size(); ++i) by_id.emplace(file_.changes[i].id, i);
  for (std::size_t i = 0; i < file_.observations.size(); ++i) {
    const auto& o = file_.observations[i];
    if (!is_content(o.type)) continue;
    const auto at = by_id.find(o.change);
    if (at != by_id.end()) entries_[at->second].contents.push_back(i);
  }
}

void ChangeMatcher::collect_reaches() {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    for (const ChangeReach& reach : file_.changes[i].reaches) {
      const auto suspect = suspects_.find(reach.entity);
      if (suspect) entries_[i].reaches.push_back({*suspect, reach.since, reach_weight(reach.kind)});
    }
  }
}

void ChangeMatcher::collect_troubles() {
  troubles_.resize(suspects_.size());
  for (const auto& o : file_.observations) {
    if (!is_trouble(o.type) || !o.onset || o.strength < kTroubleStrength) continue;
    if (const auto suspect = suspects_.find(o.entity)) troubles_[*suspect].push_back(*o.onset);
  }
}

void ChangeMatcher::weigh_words() {
  std::string text =
      file_.scope.alarm.metric + ' ' + file_.scope.alarm.summary + ' ' + file_.scope.alarm.name;
  std::string errors = file_.scope.alarm.summary;
  for (const auto& o : file_.observations) {
    if (is_change(o.type) || o.strength < 0.3) continue;
    if (!speaks(o.type)) {
      if (o.type.starts_with("metric.")) text += ' ' + o.subject;
      continue;
    }
    if (const auto action = o.facts.find("action");
        action != o.facts.end() && action->second.find(':') != std::string::npos)
      refused_.insert(base::to_lower(action->second));
    for (const char* fact :
         {"template", "sample", "message", "exception", "location", "operation", "callee"}) {
      const auto at = o.facts.find(fact);
      if (at == o.facts.end()) continue;
      text += ' ' + at->second;
      errors += ' ' + at->second;
    }
  }
  symptom_text_ = base::to_lower(errors);

  // Names of entities say where, not what.
  std::set<std::string> names;
  for (SuspectIndex i = 0; i < suspects_.size(); ++i) {
    for (auto& word : knowledge::telling_words(suspects_[i].entity)) names.insert(std::move(word));
  }
  std::map<std::string_view, std::size_t> users;
  for (const auto& change : file_.changes) {
    for (const auto& word : change.words) ++users[word];
  }
  for (auto& word : knowledge::telling_words(text)) {
    if (!names.contains(word)) symptom_words_.push_back(std::move(word));
  }
  const auto all = static_cast<double>(file_.changes.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    double sum = 0;
    for (const auto& word : file_.changes[i].words) {
      if (!std::binary_search(symptom_words_.begin(), symptom_words_.end(), word)) continue;
      sum += std::log(1 + all / static_cast<double>(users.at(word)));
    }
    entries_[i].words = kMostWords * (1 - std::exp(-sum / kWordScale));
  }
}

std::optional<base::Timestamp> ChangeMatcher::measured_onset(SuspectIndex suspect) const {
  if (file_.alarm.measured && file_.alarm.onset && file_.alarm.strength >= kDatingStrength)
    return file_.alarm.onset;
  std::optional<base::Timestamp> first;
  for (const auto& o : file_.observations) {
    if (is_change(o.type) || !o.onset || o.strength < kDatingStrength || !speaks(o.type)) continue;
    const auto at = suspects_.find(o.entity);
    if (!at || (*at != suspect && !graph_.distance(*at, suspect))) continue;
    if (!first || *o.onset < *first) first = o.onset;
  }
  return first;
}

bool ChangeMatcher::came_after(base::Timestamp since, SuspectIndex suspect) const {
  const auto measured = measured_onset(suspect);
  const auto onset = measured ? measured : file_.scope.alarm.time;
  const base::Duration step = file_.scope.interval.value_or(base::Duration::zero());
  return onset && since > *onset + std::max(kClockSlack, step);
}

bool ChangeMatcher::trouble_before(base::Timestamp since, SuspectIndex suspect) const {
  const base::Duration step = file_.scope.interval.value_or(base::Duration::zero());
  const base::Timestamp until = since - std::max(kClockSlack, step);
  const auto before =
      std::count_if(troubles_[suspect].begin(), troubles_[suspect].end(),
                    [&](base::Timestamp onset) { return since - kRecently < onset && onset < until; });
  return static_cast<std::size_t>(before) >= kLeastTroubles;
}

double ChangeMatcher::timing_of(base::Timestamp since, SuspectIndex suspect, bool gradual) const {
  if (gradual) return 0;
  if (const auto measured = measured_onset(suspect)) {
    const double weight = weight_of_lag(*measured - since, kMeasured, kMeasuredBefore);
    return trouble_before(since, suspect) ? std::min(weight, kTroubleBefore) : weight;
  }
  return file_.scope.alarm.time ? weight_of_lag(*file_.scope.alarm.time - since, kAlarmed, kAlarmedBefore)
                                : 0;
}

const ChangeMatcher::Reach* ChangeMatcher::reach_of(const Entry& entry, SuspectIndex suspect,
                                                    Place place) const {
  const Reach* best = nullptr;
  for (const Reach& reach : entry.reaches) {
    bool fits = false;
    switch (place) {
      case Place::kSelf:
        fits = reach.suspect == suspect;
        break;
      case Place::kDependents:
        fits = graph_.distance(reach.suspect, suspect) == 1;
        break;
      case Place::kDependencies:
        fits = graph_.distance(suspect, reach.suspect) == 1;
        break;
      case Place::kAffected:
        fits = graph_.distance(reach.suspect, suspect).has_value();
        break;
      case Place::kHosts:
      case Place::kPeers:
      case Place::kAnywhere:
        fits = true;
        break;
    }
    if (fits && (best == nullptr || reach.weight > best->weight)) best = &reach;
  }
  return best;
}

ChangeFit ChangeMatcher::fit(std::size_t change, const FailureMode& mode, SuspectIndex suspect) const {
  ChangeFit fit;
  const Entry& entry = entries_[change];
  double second = 0;
  const Reach* reach = nullptr;
  double echo = 0;
  for (const std::size_t i : entry.contents) {
    const auto& o = file_.observations[i];
    for (const auto& fitting : mode.changes) {
      const bool matches = knowledge::type_matches(fitting.see, o.type);
      if (!matches && !lacks_direction(fitting.see, o.type)) continue;
      const Reach* r = reach_of(entry, suspect, fitting.place);
      double beside = 0;
      if (r == nullptr && fitting.place == Place::kSelf && !stays_where_it_is(o.type)) {
        r = reach_of(entry, suspect, Place::kDependents);
        beside = kChangedCaller;
      }
      if (r == nullptr || came_after(r->since, suspect) || concerns_something_else(o, refused_)) continue;
      const double weight =
          std::max(0.0, fitting.weight + beside + (matches ? 0.0 : kUnknownDirection)) * o.strength;
      if (weight > fit.content) {
        second = fit.content;
        fit.content = weight;
        fit.observation = i;
        reach = r;
      } else {
        second = std::max(second, weight);
      }
      for (const char* fact : {"symbol", "before", "after"}) {
        const auto at = o.facts.find(fact);
        if (at == o.facts.end() || at->second.size() < kShortestEcho || at->second.size() > kLongestEcho)
          continue;
        const std::string value = base::to_lower(at->second);
        if (knowledge::telling_words(value).empty() || !stands_in(symptom_text_, value)) continue;
        const bool missed = takes_away(o.type) && std::string_view(fact) != "after";
        echo = std::max(echo, missed ? kMissed : kEchoed);
      }
    }
  }
  if (reach == nullptr) return fit;
  fit.change = change;
  fit.content += kSecondShare * second + echo;
  fit.reach = reach->weight;
  fit.timing = timing_of(reach->since, suspect, mode.gradual);
  fit.words = entry.words;
  return fit;
}

ChangeFit ChangeMatcher::best(const FailureMode& mode, SuspectIndex suspect) const {
  return best_of(mode, suspect, false);
}

ChangeFit ChangeMatcher::best_excused(const FailureMode& mode, SuspectIndex suspect) const {
  return best_of(mode, suspect, true);
}

ChangeFit ChangeMatcher::best_of(const FailureMode& mode, SuspectIndex suspect, bool excused) const {
  ChangeFit best;
  if (mode.changes.empty()) return best;
  std::vector<double> weights;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if ((entries_[i].excuse != nullptr) != excused) continue;
    const ChangeFit candidate = fit(i, mode, suspect);
    if (candidate.change == ChangeFit::kNone) continue;
    weights.push_back(candidate.weight());
    if (best.change == ChangeFit::kNone || candidate.weight() > best.weight()) best = candidate;
  }
  if (best.change == ChangeFit::kNone) return best;
  const auto rivals = std::count_if(weights.begin(), weights.end(),
                                    [&](double w) { return w >= best.weight() - kAboutAsWell; });
  best.rivals = -std::log(static_cast<double>(rivals));
  return best.weight() < kLeastFit ? ChangeFit{} : best;
}

std::vector<InnocentChange> ChangeMatcher::innocent(const std::string& blamed, SuspectIndex root) const {
  std::vector<InnocentChange> out;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto& change = file_.changes[i];
    if (change.id == blamed) continue;
    InnocentChange innocent{i, Innocence::kUnfitting, ChangeFit::kNone};
    for (std::size_t o = 0; o < file_.observations.size(); ++o) {
      if (file_.observations[o].change != change.id) continue;
      const bool better =
          is_content(file_.observations[o].type) || file_.observations[o].type == "change.harmless";
      if (innocent.observation == ChangeFit::kNone || better) innocent.observation = o;
      if (better) break;
    }
    const Entry& entry = entries_[i];
    const auto concerned = [&](const Reach& r) {
      return r.suspect == root || graph_.distance(r.suspect, root) || graph_.distance(root, r.suspect);
    };
    const bool near = std::any_of(entry.reaches.begin(), entry.reaches.end(), concerned);
    const bool before = std::any_of(entry.reaches.begin(), entry.reaches.end(), [&](const Reach& r) {
      return concerned(r) && !came_after(r.since, root);
    });
    if (entry.excuse != nullptr) {
      innocent.why = Innocence::kExcused;
    } else if (!change.harmless.empty() && change.harmless != "unread") {
      innocent.why = Innocence::kHarmless;
    } else if (!near) {
      innocent.why = Innocence::kElsewhere;
    } else if (!before) {
      innocent.why = Innocence::kAfter;
    } else if (!change.read) {
      innocent.why = Innocence::kUnread;
    }
    out.push_back(innocent);
  }
  return out;
}

}  // namespace midwatch::diagnose

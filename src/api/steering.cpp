#include "src/api/steering.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/json_of.h"
#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/utf8.h"
#include "src/intake/steering.h"

namespace midwatch::api {
namespace {

using base::Json;
using model::Directive;
using model::SteeringAction;
using model::Target;
using model::Text;

constexpr std::size_t kMostTargets = 20;
constexpr std::size_t kNamedTargets = 3;
constexpr std::size_t kNameBytes = 160;
/// Of the hypotheses that lead, the code of these is read, and the places of these are looked at once more.
constexpr std::size_t kLookedAt = 3;
/// A shorter word stands in too many names.
constexpr std::size_t kShortestWord = 2;
/// Words for all that was taken off the table.
constexpr std::array<std::string_view, 6> kEverything{"everything", "all",  "all of them",
                                                      "すべて",     "全て", "全部"};
/// What an investigation looks at before it has said what that is.
constexpr auto kUsualWindow = std::chrono::hours(1);

/// A text of a report in both languages, where it differs from one to the other.
Text text_of(const Json& value) {
  if (value.is_string()) return {base::text(value), base::text(value)};
  return {base::text_at(value, "en"), base::text_at(value, "ja")};
}

Text bounded(const Text& text) {
  return {base::printable(text.en, kNameBytes), base::printable(text.ja, kNameBytes)};
}

std::optional<base::TimeRange> range_of(const Json& value) {
  const auto start = base::parse_rfc3339(base::text_at(value, "start"));
  const auto end = base::parse_rfc3339(base::text_at(value, "end"));
  if (!start || !end) return std::nullopt;
  return base::TimeRange{*start, *end};
}

Json json_of_range(const base::TimeRange& range) {
  return {{"start", base::format_rfc3339(range.start)}, {"end", base::format_rfc3339(range.end)}};
}

base::TimeRange window_of(const model::Investigation& investigation, const Json& report) {
  if (const auto window = range_of(base::at(report, "window"))) return *window;
  if (investigation.start.window) return *investigation.start.window;
  return {investigation.requested - kUsualWindow, investigation.requested};
}

bool holds(const std::string& text, const std::string& lower_part) {
  return base::to_lower(text).find(lower_part) != std::string::npos;
}

bool is_refuted(const Json& hypothesis) {
  return base::text_at(hypothesis, "status") == "refuted";
}

/// What a sentence may be about, as the report has it.
class Board {
 public:
  explicit Board(const Json& report) : report_(report) {}

  const Json& hypotheses() const { return base::list_at(report_, "hypotheses"); }

  const Json* leading() const {
    for (const Json& h : hypotheses()) {
      if (!is_refuted(h)) return &h;
    }
    return nullptr;
  }

  const Json* find(const Target& target) const {
    for (const Json& h : hypotheses()) {
      if (base::text_at(h, "entity") == target.entity && base::text_at(h, "mode") == target.mode) return &h;
    }
    return nullptr;
  }

  /// The entities of the hypotheses that lead, after those of the first `skipped`.
  std::vector<Target> places(std::size_t skipped) const {
    std::vector<std::string> entities;
    for (const Json& h : hypotheses()) {
      const std::string entity = base::text_at(h, "entity");
      if (is_refuted(h) || std::find(entities.begin(), entities.end(), entity) != entities.end()) continue;
      entities.push_back(entity);
    }
    std::vector<Target> out;
    for (std::size_t i = skipped; i < entities.size() && out.size() < kLookedAt; ++i)
      out.push_back({entities[i]});
    return out;
  }

  /// Entities that are called so, else the hypotheses whose mode or title says so, else changes.
  std::vector<Target> called(const std::string& words) const {
    const std::string part = base::to_lower(words);
    if (part.size() < kShortestWord) return {};
    std::vector<Target> entities;
    std::vector<Target> modes;
    for (const Json& h : hypotheses()) {
      const std::string entity = base::text_at(h, "entity");
      std::string mode = base::text_at(h, "mode");
      const Text title = text_of(base::at(h, "title"));
      if (holds(entity, part) || holds(name_of(entity), part)) add(entities, {entity});
      const bool says = holds(title.en, part) || holds(title.ja, part);
      std::string spoken = mode;
      std::replace(spoken.begin(), spoken.end(), '-', ' ');
      if (says || holds(mode, part) || holds(spoken, part)) add(modes, {entity, std::move(mode)});
    }
    if (!entities.empty()) return entities;
    return modes.empty() ? changes_called(words) : modes;
  }

  std::vector<Target> changes_called(const std::string& words) const {
    const std::string part = base::to_lower(words);
    std::vector<Target> out;
    if (part.size() < kShortestWord) return out;
    for (const Json& moment : base::list_at(report_, "timeline")) {
      const std::string change = base::text_at(moment, "change");
      const Text what = text_of(base::at(moment, "what"));
      if (!change.empty() && (holds(change, part) || holds(what.en, part) || holds(what.ja, part)))
        add(out, {"", "", change});
    }
    for (const Json& h : hypotheses()) {
      const std::string change = base::text_at(h, "change");
      if (!change.empty() && holds(change, part)) add(out, {"", "", change});
    }
    return out;
  }

  /// The change that the likeliest hypothesis with one blames.
  std::vector<Target> suspected_change() const {
    for (const Json& h : hypotheses()) {
      const std::string change = base::text_at(h, "change");
      if (!change.empty() && !is_refuted(h)) return {{"", "", change}};
    }
    return {};
  }

  /// What people took off the table and is meant: what was pointed at, what is called so, else what the last
  /// of them took off. A hypothesis that went with its change comes back with it.
  std::vector<Target> taken_off(const std::optional<Target>& about, const intake::Steering& said) const {
    const Json newest = newest_exclusion(said.change);
    std::vector<Target> out;
    for (const Json& item : base::list_at(report_, "ruled_out")) {
      if (!is_taken_off(item, said.change)) continue;
      const std::string entity = base::text_at(item, "entity");
      const std::string mode = base::text_at(item, "mode");
      const std::string change = base::text_at(item, "change");
      const bool meant = about               ? entity == about->entity && mode == about->mode
                         : said.what.empty() ? item["excluded"] == newest
                                             : is_called(item, base::to_lower(said.what));
      if (!meant) continue;
      if (!mode.empty()) add(out, {entity, !about && goes_with_its_entity(item) ? std::string() : mode});
      if (mode.empty() || is_excused(change)) add(out, {"", "", change});
    }
    return out;
  }

  Text name_of(const Target& target) const {
    if (!target.change.empty()) return name_of_change(target.change);
    if (target.mode.empty()) return same(name_of(target.entity));
    if (const Json* h = find(target)) return bounded(text_of(base::at(*h, "title")));
    return same(target.mode);
  }

 private:
  /// True where a person did; `change`: where it was the change itself.
  static bool is_taken_off(const Json& item, bool change) {
    return base::at(item, "excluded").is_object() && (!change || base::text_at(item, "mode").empty());
  }

  /// Who took something off the table last, and when; null where nobody did.
  Json newest_exclusion(bool change) const {
    Json newest;
    for (const Json& item : base::list_at(report_, "ruled_out")) {
      if (is_taken_off(item, change) &&
          base::text_at(newest, "time") < base::text_at(item, "excluded", "time"))
        newest = item["excluded"];
    }
    return newest;
  }

  bool is_called(const Json& item, const std::string& part) const {
    if (std::find(kEverything.begin(), kEverything.end(), part) != kEverything.end()) return true;
    if (part.size() < kShortestWord) return false;
    const Text title = text_of(base::at(item, "title"));
    std::string spoken = base::text_at(item, "mode");
    std::replace(spoken.begin(), spoken.end(), '-', ' ');
    const std::string entity = base::text_at(item, "entity");
    return holds(title.en, part) || holds(title.ja, part) || holds(base::text_at(item, "mode"), part) ||
           holds(spoken, part) || holds(base::text_at(item, "change"), part) || holds(entity, part) ||
           holds(name_of(entity), part);
  }

  /// True where one sentence took off all that was thought of a place: then what was never shown of it went
  /// too.
  bool goes_with_its_entity(const Json& item) const {
    std::size_t here = 0;
    for (const Json& h : hypotheses()) {
      if (base::text_at(h, "entity") != base::text_at(item, "entity")) continue;
      if (base::at(h, "excluded") != base::at(item, "excluded")) return false;
      ++here;
    }
    return here > 1;
  }

  /// True where a change itself was taken off the table.
  bool is_excused(const std::string& change) const {
    const Json& all = base::list_at(report_, "ruled_out");
    return !change.empty() && std::any_of(all.begin(), all.end(), [&](const Json& item) {
      return is_taken_off(item, true) && base::text_at(item, "change") == change;
    });
  }

  static void add(std::vector<Target>& targets, Target target) {
    const bool there = std::any_of(targets.begin(), targets.end(), [&](const Target& t) {
      return t.entity == target.entity && t.mode == target.mode && t.change == target.change;
    });
    if (!there && targets.size() < kMostTargets) targets.push_back(std::move(target));
  }

  static Text same(const std::string& text) {
    const std::string harmless = base::printable(text, kNameBytes);
    return {harmless, harmless};
  }

  /// What the timeline says of it says more than its id.
  Text name_of_change(const std::string& change) const {
    for (const Json& moment : base::list_at(report_, "timeline")) {
      const bool is_it =
          base::text_at(moment, "kind") == "change" && base::text_at(moment, "change") == change;
      if (is_it) return bounded(text_of(base::at(moment, "what")));
    }
    return same(change);
  }

  std::string name_of(const std::string& entity) const {
    const std::string name = base::text_at(base::at(report_, "names"), entity, "name");
    return name.empty() ? entity : name;
  }

  const Json& report_;
};

/// Some targets in a sentence: “orders”, “the disk is full” and 2 more.
Text list_of(const Board& board, const std::vector<Target>& targets) {
  Text out;
  const std::size_t named = std::min(targets.size(), kNamedTargets);
  for (std::size_t i = 0; i < named; ++i) {
    const Text name = board.name_of(targets[i]);
    out.en += fmt::format("{}“{}”", i == 0 ? "" : ", ", name.en);
    out.ja += fmt::format("「{}」", name.ja);
  }
  if (named < targets.size()) {
    out.en += fmt::format(" and {} more", targets.size() - named);
    out.ja += fmt::format("ほか {} 件", targets.size() - named);
  }
  return out;
}

Text nothing_fits(const intake::Steering& said, const Board& board) {
  if (said.action == SteeringAction::kPutBack && said.what.empty())
    return {"Nothing like that was ruled out by anybody, so nothing changes.",
            "該当する除外がないため、何も変更しません。"};
  if (said.action == SteeringAction::kPutBack)
    return {fmt::format("Nothing that was ruled out is called “{}”, so nothing changes.", said.what),
            fmt::format("除外したものの中に「{}」に当たるものがないため、何も変更しません。", said.what)};
  if (board.leading() == nullptr)
    return {"Nothing is on the board yet that this could be about, so nothing changes. Say it again later.",
            "まだ仮説がないため、何も変更しません。後でもう一度送ってください。"};
  if (said.change || (said.action == SteeringAction::kPlannedChange && said.what.empty()))
    return {"No hypothesis blames a change, so nothing changes.",
            "変更を原因とする仮説がないため、何も変更しません。"};
  return {fmt::format("Nothing in the report is called “{}”, so nothing changes. Use a name or a title from "
                      "the board.",
                      said.what),
          fmt::format("「{}」に当たるものがレポートにないため、何も変更しません。仮説の一覧にある名前や"
                      "見出しを使ってください。",
                      said.what)};
}

std::vector<Target> targets_of(const Message& message, const intake::Steering& said, const Board& board) {
  switch (said.action) {
    case SteeringAction::kRuleOut: {
      if (message.about) {
        const bool there = board.find(*message.about) != nullptr;
        return there ? std::vector<Target>{{message.about->entity, message.about->mode}}
                     : std::vector<Target>();
      }
      if (said.change) return board.suspected_change();
      if (!said.what.empty()) return board.called(said.what);
      const Json* first = board.leading();
      if (first == nullptr) return {};
      return {{base::text_at(*first, "entity"), base::text_at(*first, "mode")}};
    }
    case SteeringAction::kPutBack:
      return board.taken_off(message.about, said);
    case SteeringAction::kPlannedChange:
      return said.what.empty() ? board.suspected_change() : board.changes_called(said.what);
    case SteeringAction::kOtherCauses:
      return board.places(1);
    case SteeringAction::kReadCode:
      return board.places(0);
    case SteeringAction::kNone:
    case SteeringAction::kWindow:
    case SteeringAction::kStop:
    case SteeringAction::kContinue:
      break;
  }
  return {};
}

/// What was understood, with the names of what it is about.
Text meaning_of(const intake::Steering& said, const Board& board, const std::vector<Target>& targets) {
  const Text names = list_of(board, targets);
  const Text rest = said.further ? intake::kOnlyThisOne : Text();
  if (said.action == SteeringAction::kRuleOut)
    return {fmt::format("Ruled out: {}.{}", names.en, rest.en),
            fmt::format("{}を除外します。{}", names.ja, rest.ja)};
  if (said.action == SteeringAction::kPutBack)
    return {fmt::format("Put back: {}.{}", names.en, rest.en),
            fmt::format("{}の除外を取り消します。{}", names.ja, rest.ja)};
  if (said.action == SteeringAction::kPlannedChange)
    return {fmt::format("Counts as planned and is not blamed: {}.{}", names.en, rest.en),
            fmt::format("{}を計画された変更として扱い、原因から外します。{}", names.ja, rest.ja)};
  return said.answer;
}

Json verdict_json(const Verdict& verdict) {
  return {{"outcome", verdict.outcome},
          {"entity", verdict.entity},
          {"mode", verdict.mode},
          {"title", json_of(verdict.title)},
          {"probability", verdict.probability}};
}

Json directive_json(const Directive& directive) {
  Json json{{"targets", Json::array()}, {"meaning", json_of(directive.meaning)}};
  for (const Target& target : directive.targets)
    json["targets"].push_back({{"entity", target.entity}, {"mode", target.mode}, {"change", target.change}});
  if (directive.window) json["window"] = json_of_range(*directive.window);
  return json;
}

}  // namespace

Verdict verdict_of(const Json& report) {
  const auto of = [&](const Json& what) {
    return Verdict{base::text_at(report, "outcome"), base::text_at(what, "entity"),
                   base::text_at(what, "mode"), bounded(text_of(base::at(what, "title"))),
                   base::number_at(what, "probability").value_or(0)};
  };
  const Json& causes = base::list_at(report, "root_causes");
  if (!causes.empty()) return of(causes.front());
  const Json* leading = Board(report).leading();
  return leading == nullptr ? Verdict{base::text_at(report, "outcome")} : of(*leading);
}

UnderstoodMessage understand_message(const Message& message, const model::Investigation& investigation,
                                     const Json& report) {
  const intake::Steering said = intake::understand(message.text, window_of(investigation, report));
  UnderstoodMessage out{said.action, std::nullopt, said.answer, verdict_of(report)};
  const bool steers = said.action != SteeringAction::kNone && said.action != SteeringAction::kStop &&
                      said.action != SteeringAction::kContinue;
  if (!steers) return out;
  const Board board(report);
  Directive directive;
  directive.action = said.action;
  directive.targets = targets_of(message, said, board);
  const bool needs_target = said.action == SteeringAction::kRuleOut ||
                            said.action == SteeringAction::kPutBack ||
                            said.action == SteeringAction::kPlannedChange;
  if (needs_target && directive.targets.empty()) {
    out.answer = nothing_fits(said, board);
    return out;
  }
  directive.window = said.window;
  directive.said = message.text;
  directive.meaning = meaning_of(said, board, directive.targets);
  directive.speaker = message.speaker;
  out.answer = directive.meaning;
  out.directive = std::move(directive);
  return out;
}

model::JournalEntry journal_entry_of(const Message& message, const UnderstoodMessage& understood,
                                     const std::string& investigation) {
  model::JournalEntry entry;
  entry.investigation = investigation;
  entry.time = message.speaker.time;
  entry.kind = "message";
  entry.what = {message.text, message.text};
  Json data{{"text", message.text},
            {"by", message.speaker.by},
            {"action", to_string(understood.action)},
            {"answer", json_of(understood.answer)}};
  if (understood.directive) {
    data["directive"] = directive_json(*understood.directive);
    data["before"] = verdict_json(understood.before);
  }
  entry.data = base::dump_json(data);
  return entry;
}

std::optional<Told> read_told(const model::JournalEntry& entry) {
  if (entry.kind != "message") return std::nullopt;
  const auto data = base::parse_json(entry.data);
  if (!data || !data->contains("directive")) return std::nullopt;
  const auto action = model::steering_action_of(base::text_at(*data, "action"));
  if (!action) return std::nullopt;
  Told told;
  told.sequence = entry.sequence;
  const Json& kept = base::at(*data, "directive");
  told.directive.action = *action;
  for (const Json& target : base::list_at(kept, "targets"))
    told.directive.targets.push_back(
        {base::text_at(target, "entity"), base::text_at(target, "mode"), base::text_at(target, "change")});
  told.directive.window = range_of(base::at(kept, "window"));
  told.directive.said = base::text_at(*data, "text");
  told.directive.meaning = text_of(base::at(kept, "meaning"));
  told.directive.speaker = {base::text_at(*data, "by"), entry.time};
  const Json& before = base::at(*data, "before");
  told.before = {base::text_at(before, "outcome"), base::text_at(before, "entity"),
                 base::text_at(before, "mode"), text_of(base::at(before, "title")),
                 base::number_at(before, "probability").value_or(0)};
  return told;
}

}  // namespace midwatch::api

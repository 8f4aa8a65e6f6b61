#include "src/report/record_view.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/report/words.h"

namespace midwatch::report {
namespace {

constexpr std::size_t kFieldBytes = 400;
constexpr std::size_t kNamedEntities = 4;
constexpr std::size_t kAlwaysShown = 3;
/// Of what people ruled out, the likeliest.
constexpr std::size_t kShownExcluded = 4;
/// What would be printed as 0 % tells nobody anything.
constexpr double kWorthShowing = 0.005;

/// "3 h 20 min" as "3 時間 20 分".
std::string japanese_duration(base::Duration length) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kUnits{
      {{"min", "分"}, {"h", "時間"}, {"s", "秒"}, {"d", "日"}}};
  std::string text = base::format_duration(length);
  for (const auto& [english, japanese] : kUnits) {
    if (const std::size_t at = text.find(english); at != std::string::npos)
      text.replace(at, english.size(), japanese);
  }
  return text;
}

/// A provider's word for a kind of entity as people say it: "AWS::ECS::Service" is an "ECS Service".
std::string kind_of(std::string_view type) {
  constexpr std::string_view kProvider = "AWS::";
  if (type.starts_with(kProvider)) type.remove_prefix(kProvider.size());
  std::string out;
  for (std::size_t at = 0; at < type.size();) {
    const std::size_t end = std::min(type.find("::", at), type.size());
    out += (out.empty() ? "" : " ");
    out += type.substr(at, end - at);
    at = end + 2;
  }
  return out;
}

/// How the query of evidence is told, where it is no place in a file: what stands before and within it, and
/// what is said instead. Source: src/model/record_evidence.cpp
struct QueryForm {
  std::string_view before;
  std::string_view within;
  std::string_view japanese;  ///< of what follows `before`, and of what follows `within`
};
constexpr std::array<QueryForm, 5> kQueryForms{{{"attributes of ", "", "{first} の属性"},
                                                {"existence of ", "", "{first} の存在"},
                                                {"log line of ", "", "{first} のログ行"},
                                                {"series ", " of ", "{second} の時系列 {first}"},
                                                {"spans of ", " named ", "{first} のスパン {second}"}}};

std::string japanese_query(const model::Evidence& evidence) {
  for (const QueryForm& form : kQueryForms) {
    std::string_view rest = evidence.query;
    if (!rest.starts_with(form.before)) continue;
    rest.remove_prefix(form.before.size());
    const std::size_t at = form.within.empty() ? rest.size() : rest.find(form.within);
    if (at == std::string_view::npos) continue;
    const std::string_view second = rest.substr(std::min(rest.size(), at + form.within.size()));
    return model::fill(form.japanese,
                       {{"first", std::string(rest.substr(0, at))}, {"second", std::string(second)}});
  }
  return evidence.query;
}

/// What a source adds to the alarm in our words. Source: src/connectors/aws/start.cpp, collector.cpp
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNotes{
    {{"the alarm is over by now", "アラームは現在解消"},
     {"the alarm did not fire in the last 30 days, as far as its history says",
      "履歴上、直近 30 日間の発報なし"},
     {"planned maintenance from ", "計画メンテナンス "}}};

std::string japanese_notes(std::string notes) {
  for (const auto& [english, japanese] : kNotes) {
    if (const std::size_t at = notes.find(english); at != std::string::npos)
      notes.replace(at, english.size(), japanese);
  }
  return notes;
}

}  // namespace

std::string RecordView::name(const std::string& entity) const {
  const auto known = record_.names.find(entity);
  return known == record_.names.end() ? base::printable(entity, kFieldBytes) : known->second.name;
}

std::string RecordView::label(const std::string& entity) const {
  std::string own = name(entity);
  const auto known = record_.names.find(entity);
  if (known == record_.names.end()) return own;
  const std::string kind = kind_of(known->second.type);
  if (kind.empty() || own.find(kind) != std::string::npos) return own;
  return say(fmt::format("{} ({})", own, kind), fmt::format("{}（{}）", own, kind));
}

std::string RecordView::link(const model::ChainLink& link) const {
  const std::string own = name(link.entity);
  const std::string& what = (*this)(link.what);
  const bool said = !link.observations.empty() && what == statement(link.observations.front());
  if (said) return label(link.entity);
  return what.find(own) != std::string::npos ? what : fmt::format("{}: {}", own, what);
}

std::vector<std::string> RecordView::distinct(const std::vector<std::string>& observations,
                                              std::size_t most) const {
  std::vector<std::string> chosen;
  std::set<std::string> records;
  for (const auto& id : observations) {
    if (chosen.size() >= most) break;
    bool fresh = false;
    for (const auto& e : evidence(id)) fresh = records.insert(e).second || fresh;
    if (fresh) chosen.push_back(id);
  }
  return chosen;
}

std::string RecordView::percent(double probability) {
  return fmt::format("{:.0f} %", probability * 100);
}

std::string RecordView::more(std::size_t count) const {
  return model::fill((*this)(kWords.more), {{"count", std::to_string(count)}});
}

const model::StatedObservation* RecordView::find(const std::string& id) const {
  const auto at = std::find_if(record_.observations.begin(), record_.observations.end(),
                               [&](const auto& s) { return s.observation.id == id; });
  return at == record_.observations.end() ? nullptr : &*at;
}

std::string RecordView::statement(const std::string& observation) const {
  const auto* s = find(observation);
  return s == nullptr ? observation : s->statement.in(language_);
}

std::vector<std::string> RecordView::evidence(const std::string& observation) const {
  std::vector<std::string> ids;
  if (const auto* s = find(observation)) {
    for (const auto& e : s->observation.evidence) ids.push_back(e.id);
  }
  return ids;
}

std::string RecordView::heading_of(const model::Text& section, const model::RootCause& cause) const {
  if (record_.root_causes.size() < 2) return (*this)(section);
  return (*this)(section) + " — " + (*this)(cause.title);
}

std::string RecordView::outcome() const {
  switch (record_.outcome) {
    case model::Outcome::kRootCause:
      return (*this)(kWords.root_cause);
    case model::Outcome::kNothingWrong:
      return (*this)(kWords.nothing_wrong);
    case model::Outcome::kInconclusive:
      break;
  }
  return (*this)(kWords.inconclusive);
}

std::string RecordView::alarm() const {
  const auto& a = record_.scope.alarm;
  std::string out = a.name.empty() ? a.metric : a.name;
  if (!a.entity.empty()) out += (out.empty() ? "" : " @ ") + label(a.entity);
  if (out.empty()) out = a.question.empty() ? record_.scope.title : a.question;
  if (out.empty()) out = record_.bundle;
  if (a.time) out += say(", ", "、") + when(*a.time);
  if (!record_.scope.notes.empty())
    out += say(fmt::format(" ({})", record_.scope.notes),
               fmt::format("（{}）", japanese_notes(record_.scope.notes)));
  return base::printable(out, kFieldBytes);
}

std::string RecordView::where(const model::RootCause& cause) const {
  std::string out = label(cause.entity);
  if (name(cause.entity) != cause.entity) out += " — " + cause.entity;
  if (!cause.location.empty()) out += " — " + cause.location;
  if (!cause.change.empty()) out += " — " + (*this)(kWords.change) + " " + cause.change;
  return base::printable(out, kFieldBytes);
}

std::string RecordView::since(const model::RootCause& cause) const {
  if (!cause.onset) return (*this)(kWords.unknown);
  std::string out = when(*cause.onset);
  const auto& alarm = record_.scope.alarm.time;
  if (!alarm || *alarm == *cause.onset) return out;
  const bool before = *cause.onset < *alarm;
  const base::Duration distance = before ? *alarm - *cause.onset : *cause.onset - *alarm;
  const std::string length = base::format_duration(distance);
  const std::string length_ja = japanese_duration(distance);
  return out + (before ? say(fmt::format(" ({} before the alarm)", length),
                             fmt::format("（アラームの {}前）", length_ja))
                       : say(fmt::format(" ({} after the alarm)", length),
                             fmt::format("（アラームの {}後）", length_ja)));
}

std::string RecordView::impact() const {
  const auto& impact = record_.impact;
  std::string out = (*this)(impact.how_much);
  std::string names;
  for (std::size_t i = 0; i < std::min(impact.entities.size(), kNamedEntities); ++i)
    names += (i > 0 ? say(", ", "、") : "") + name(impact.entities[i]);
  if (impact.entities.size() > kNamedEntities)
    names += say(fmt::format(" and {} more", impact.entities.size() - kNamedEntities),
                 fmt::format("、他 {} 件", impact.entities.size() - kNamedEntities));
  if (impact.entities.size() > 1) {
    out += (out.empty() ? "" : say("; ", "。")) + say("affected: " + names, "影響を受けた対象: " + names);
  }
  if (impact.until) {
    const std::string time = when(*impact.until);
    out += say("; ordinary again since " + time, "。" + time + " 以降は平常");
  }
  return out;
}

std::string RecordView::sureness(const model::RootCause& cause) const {
  const auto next = std::find_if(record_.hypotheses.begin(), record_.hypotheses.end(),
                                 [&](const auto& h) { return h.entity != cause.entity; });
  std::string own = percent(cause.probability);
  if (next == record_.hypotheses.end() || next->place_probability < kWorthShowing) return own;
  const std::string other = percent(next->place_probability);
  return say(fmt::format("{} (next: {}, {})", own, next->title.en, other),
             fmt::format("{}（次点: {} {}）", own, next->title.ja, other));
}

std::string RecordView::looked_at() const {
  struct Name {
    std::string_view signal;
    model::Text word;
  };
  static const std::array<Name, 7> kNames{{{"metric", {"points of metrics", "メトリクスのデータ点"}},
                                           {"log", {"log lines", "ログ行"}},
                                           {"trace", {"spans", "スパン"}},
                                           {"event", {"platform records", "プラットフォームの記録"}},
                                           {"state", {"descriptions of state", "状態の記録"}},
                                           {"change", {"changes", "変更"}},
                                           {"code", {"files of code", "ソースファイル"}}}};
  std::string out;
  for (const auto& looked : record_.looked) {
    if (looked.records == 0) continue;
    const auto name =
        std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.signal == looked.signal; });
    const std::string count = base::group_digits(std::to_string(looked.records));
    const std::string word = name == kNames.end() ? looked.signal : name->word.in(language_);
    out += (out.empty() ? "" : say(", ", "、")) +
           say(fmt::format("{} {}", count, word), fmt::format("{} {} 件", word, count));
  }
  return out.empty() ? say("nothing: the bundle holds no records", "記録がありません") : out;
}

std::string RecordView::question(const model::NextQuestion& question) const {
  struct Name {
    std::string_view signal;
    model::Text word;
  };
  static const std::array<Name, 8> kNames{{{"metrics", {"metrics", "メトリクス"}},
                                           {"logs", {"logs", "ログ"}},
                                           {"traces", {"traces", "トレース"}},
                                           {"events", {"platform events", "プラットフォームのイベント"}},
                                           {"changes", {"change history", "変更履歴"}},
                                           {"configuration", {"configuration", "設定"}},
                                           {"code", {"code", "コード"}},
                                           {"person", {"ask its owner", "担当者に確認"}}}};
  const std::string own = base::printable(question.name, kFieldBytes);
  std::string out = (*this)(question.what);
  if (out.find(own) == std::string::npos) out = own + ": " + out;
  const auto name =
      std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.signal == question.signal; });
  if (name == kNames.end()) return out;
  const std::string where = name->word.in(language_);
  // Code and people do not change with the minute.
  if (question.window.empty() || question.signal == "code" || question.signal == "person")
    return out + say(fmt::format(" ({})", where), fmt::format("（{}）", where));
  const std::string from = when(question.window.start);
  const std::string to = when(question.window.end);
  return out + say(fmt::format(" ({}, {} to {})", where, from, to),
                   fmt::format("（{}、{} から {} まで）", where, from, to));
}

std::string RecordView::gap(const model::Gap& gap) const {
  std::string out = (*this)(gap.what);
  if (gap.window) {
    out += fmt::format(" [{}, {} – {}]", gap.query, when(gap.window->start), when(gap.window->end));
  }
  return out;
}

std::string RecordView::when(base::Timestamp time) {
  return base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
}

std::vector<const model::Hypothesis*> RecordView::shown_hypotheses(std::size_t most) const {
  std::vector<const model::Hypothesis*> shown;
  for (const auto& h : record_.hypotheses) {
    if (h.excluded) continue;
    if (shown.size() >= most) break;
    if (shown.size() < kAlwaysShown || h.probability >= kWorthShowing) shown.push_back(&h);
  }
  std::size_t excluded = 0;
  for (const auto& h : record_.hypotheses) {
    if (h.excluded && ++excluded <= kShownExcluded) shown.push_back(&h);
  }
  return shown;
}

std::string RecordView::directive(const model::Directive& directive) const {
  const auto& [by, time] = directive.speaker;
  return say(fmt::format("{} {}: “{}” — {}", when(time), by, directive.said, directive.meaning.en),
             fmt::format("{} {}「{}」— {}", when(time), by, directive.said, directive.meaning.ja));
}

std::string RecordView::place(const model::Evidence& evidence) const {
  std::string out = evidence.source;
  if (evidence.ref.line > 0) out += fmt::format(":{}", evidence.ref.line);
  if (evidence.query != out) out += " · " + say(evidence.query, japanese_query(evidence));
  if (evidence.window) {
    out += fmt::format(" · {} – {}", when(evidence.window->start), when(evidence.window->end));
  }
  return base::printable(out, kFieldBytes);
}

}  // namespace midwatch::report

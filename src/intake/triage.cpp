#include "src/intake/triage.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/base/wildcard.h"
#include "src/intake/likeness.h"

namespace midwatch::intake {
namespace {

using model::AlarmState;
using model::IncidentStatus;
using model::IncomingAlarm;
using model::Severity;
using model::Text;
using model::Triage;
using model::TriageDecision;

/// How long after an incident last changed the same symptom of the same resource still belongs to it. Senders
/// repeat what still fires within the hour; an incident that nobody closes must not swallow next week's.
constexpr auto kSameSymptomWithin = std::chrono::minutes(60);
/// The same for another symptom: what one cause makes of one resource shows within the longest usual
/// evaluation of a rule, three periods of five minutes.
constexpr auto kSameResourceWithin = std::chrono::minutes(15);
/// What fired within a maintenance may be told this late; what recovers with its end does so by then.
constexpr auto kToldLate = std::chrono::minutes(5);
/// Alarms of an incident that are remembered; one trouble has far fewer that differ.
constexpr std::size_t kMostKnown = 64;
constexpr std::size_t kTitleBytes = 300;

std::int64_t minutes_of(base::Duration length) {
  return std::chrono::ceil<std::chrono::minutes>(length).count();
}

Triage linked(const model::Incident& incident, Text reason) {
  return {TriageDecision::kLinked, incident.id, "", std::move(reason)};
}

Triage skipped(std::string rule, Text reason) {
  return {TriageDecision::kSkipped, "", std::move(rule), std::move(reason)};
}

bool is_open(const RecentIncident& one) {
  return one.incident.status == IncidentStatus::kOpen;
}

/// How long ago an incident was resolved.
base::Duration over_since(const RecentIncident& one, base::Timestamp now) {
  return now - one.incident.resolved.value_or(one.incident.changed);
}

/// How far a moment lies outside the time in which an incident went on.
base::Duration distance(const model::Incident& incident, base::Timestamp moment) {
  if (moment < incident.opened) return incident.opened - moment;
  return std::max(moment - incident.changed, base::Duration::zero());
}

bool knows(const RecentIncident& one, const KnownAlarm& alarm) {
  return std::any_of(one.alarms.begin(), one.alarms.end(), [&](const KnownAlarm& known) {
    return known.key == alarm.key && known.sender == alarm.sender;
  });
}

/// True where both are the same, or one of them is not said.
bool may_be_same(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() || a == b;
}

enum class Likeness { kNone, kSameResource, kSameSymptom, kSameAlarm };

Likeness likeness(const KnownAlarm& known, const KnownAlarm& alarm) {
  if (known.resource != alarm.resource || !may_be_same(known.account, alarm.account) ||
      !may_be_same(known.region, alarm.region))
    return Likeness::kNone;
  return known.symptom == alarm.symptom ? Likeness::kSameSymptom : Likeness::kSameResource;
}

/// What the incident itself says of the alarm that opened it.
KnownAlarm first_alarm(const model::Incident& incident) {
  IncomingAlarm first;
  first.entity = incident.entity;
  first.name = incident.alarm;
  return known_alarm(first);
}

Likeness likeness(const RecentIncident& one, const KnownAlarm& alarm) {
  if (one.alarms.empty()) return likeness(first_alarm(one.incident), alarm);
  Likeness best = Likeness::kNone;
  for (const KnownAlarm& known : one.alarms) best = std::max(best, likeness(known, alarm));
  return best;
}

/// Whether an incident that is like this alarm is so at this time.
bool in_time(const RecentIncident& one, Likeness like, const IncomingAlarm& alarm, base::Timestamp now) {
  if (!is_open(one)) {
    return like >= Likeness::kSameSymptom &&
           over_since(one, now) <= (like == Likeness::kSameAlarm ? base::Duration(kSameTroubleAgain)
                                                                 : base::Duration(kSameResourceWithin));
  }
  if (like == Likeness::kSameAlarm) return true;
  // A sender's time may be days old where it tells of an old alarm for the first time.
  const auto apart = std::min(distance(one.incident, alarm.since), distance(one.incident, now));
  return apart <= (like == Likeness::kSameSymptom ? base::Duration(kSameSymptomWithin)
                                                  : base::Duration(kSameResourceWithin));
}

struct Match {
  const RecentIncident* incident = nullptr;
  Likeness like = Likeness::kNone;
};

/// The incident that is most like the alarm; of equals one that is open, then the one that changed last.
Match best_match(const IncomingAlarm& alarm, const KnownAlarm& known, const TriageContext& context) {
  const std::string earlier = context.earlier ? context.earlier->triage.incident : std::string();
  Match best;
  const auto rank = [](const Match& m) {
    return std::tuple(m.like, is_open(*m.incident), m.incident->incident.changed);
  };
  for (const RecentIncident& one : context.incidents) {
    const bool same = (!earlier.empty() && earlier == one.incident.id) || knows(one, known);
    const Match match{&one, same ? Likeness::kSameAlarm : likeness(one, known)};
    if (match.like == Likeness::kNone || !in_time(one, match.like, alarm, context.now)) continue;
    const bool better = best.incident == nullptr || rank(match) > rank(best) ||
                        (rank(match) == rank(best) && one.incident.id < best.incident->incident.id);
    if (better) best = match;
  }
  return best;
}

Text reason_of(const Match& match, const KnownAlarm& alarm, base::Timestamp now) {
  const RecentIncident& one = *match.incident;
  const auto over = minutes_of(over_since(one, now));
  if (match.like == Likeness::kSameAlarm) {
    if (is_open(one)) {
      return {"This alarm belongs to the incident already, which is open.",
              "対応中のインシデントに含まれるアラームが再度通知されました。"};
    }
    return {fmt::format("The same alarm fires again {} min after its incident was resolved.", over),
            fmt::format("インシデントの解消から {} 分で同じアラームが再発しました。", over)};
  }
  if (match.like == Likeness::kSameSymptom) {
    if (is_open(one)) {
      return {fmt::format("Same resource ({}) and symptom ({}) as the incident, which is open.",
                          alarm.resource, alarm.symptom),
              fmt::format("対応中のインシデントとリソース（{}）も症状（{}）も同じです。", alarm.resource,
                          alarm.symptom)};
    }
    return {fmt::format("Same resource ({}) and symptom ({}) as the incident, which was resolved {} min ago.",
                        alarm.resource, alarm.symptom, over),
            fmt::format("{} 分前に解消したインシデントとリソース（{}）も症状（{}）も同じです。", over,
                        alarm.resource, alarm.symptom)};
  }
  return {fmt::format("Another symptom ({}) of the resource of the incident ({}), at the same time.",
                      alarm.symptom, alarm.resource),
          fmt::format("インシデントと同じリソース（{}）で、同じ時間帯に別の症状（{}）が出ています。",
                      alarm.resource, alarm.symptom)};
}

bool fits_or_unsaid(const std::string& pattern, const std::string& text) {
  return pattern.empty() || base::fits(pattern, text);
}

bool fits_entity(const std::string& pattern, const IncomingAlarm& alarm) {
  return base::fits(pattern, alarm.entity) || base::fits(pattern, resource_name(alarm.entity));
}

bool skips(const SkipRule& rule, const IncomingAlarm& alarm) {
  if (rule.alarm.empty() && rule.entity.empty() && rule.labels.empty() && !rule.at_most) return false;
  if (!fits_or_unsaid(rule.alarm, alarm.name)) return false;
  if (!rule.entity.empty() && !fits_entity(rule.entity, alarm)) return false;
  if (rule.at_most && (alarm.severity == Severity::kUnknown || alarm.severity > *rule.at_most)) return false;
  return std::all_of(rule.labels.begin(), rule.labels.end(), [&](const auto& wanted) {
    const auto label = alarm.labels.find(wanted.first);
    return label != alarm.labels.end() && base::fits(wanted.second, label->second);
  });
}

bool covers(const MaintenanceWindow& window, const IncomingAlarm& alarm, base::Timestamp now) {
  // What still fires when it is over is no maintenance any more.
  if (!window.range.contains(alarm.since) || now >= window.range.end + kToldLate) return false;
  return window.entities.empty() ||
         std::any_of(window.entities.begin(), window.entities.end(),
                     [&](const std::string& pattern) { return fits_entity(pattern, alarm); });
}

/// ": reason" in both languages; nothing where none was said.
Text because(const std::string& reason) {
  if (reason.empty()) return {".", "。"};
  return {fmt::format(": {}", reason), fmt::format("（{}）。", reason)};
}

std::optional<Triage> skipped_by_people(const IncomingAlarm& alarm, const TriageContext& context) {
  if (const auto& earlier = context.earlier; earlier && earlier->state == AlarmState::kFiring &&
                                             earlier->triage.decision == TriageDecision::kSkipped &&
                                             earlier->triage.by_person) {
    return skipped(earlier->triage.rule, {"A person skipped this alarm, and it has not been resolved since.",
                                          "担当者がスキップしたアラームで、その後まだ解消していません。"});
  }
  for (const SkipRule& rule : context.skip) {
    if (!skips(rule, alarm)) continue;
    const Text why = because(rule.reason);
    return skipped(rule.name, {fmt::format("The skip rule '{}' fits{}", rule.name, why.en),
                               fmt::format("スキップルール「{}」に一致しました{}", rule.name, why.ja)});
  }
  for (const MaintenanceWindow& window : context.maintenance) {
    if (!covers(window, alarm, context.now)) continue;
    const Text why = because(window.reason);
    const std::string until = base::format_rfc3339(window.range.end);
    const std::string name = window.name.empty() ? "" : fmt::format(" '{}'", window.name);
    const std::string name_ja = window.name.empty() ? "" : fmt::format("「{}」", window.name);
    Triage skip =
        skipped(window.name.empty() ? "maintenance" : window.name,
                {fmt::format("It fired within the maintenance{} (until {}){}", name, until, why.en),
                 fmt::format("メンテナンス{}（{} まで）の時間帯に発報しました{}", name_ja, until, why.ja)});
    skip.again = window.range.end + kToldLate;
    return skip;
  }
  return std::nullopt;
}

std::optional<Triage> over_quota(const IncomingAlarm& alarm, const std::vector<Quota>& quotas) {
  for (const Quota& quota : quotas) {
    const std::uint64_t kept =
        alarm.severity >= Severity::kHigh ? 0 : std::min(quota.reserved, quota.allowed);
    const std::uint64_t allowed = quota.allowed - kept;
    if (quota.used < allowed) continue;
    const std::string rest = kept == 0 ? "" : fmt::format("; {} more are kept for severe alarms", kept);
    const std::string rest_ja = kept == 0 ? "" : fmt::format("。残り {} 件は重大なアラーム用です", kept);
    return skipped(
        quota.name,
        {fmt::format("The quota '{}' is used up: {} of {}{}.", quota.name, quota.used, allowed, rest),
         fmt::format("上限「{}」に達しています（{}/{}）{}。", quota.name, quota.used, allowed, rest_ja)});
  }
  return std::nullopt;
}

Triage decide_resolved(const IncomingAlarm& alarm, const KnownAlarm& known, const TriageContext& context) {
  const Text over{"An alarm of this incident is resolved.", "このインシデントのアラームが解消しました。"};
  if (context.earlier) {
    const Triage& before = context.earlier->triage;
    if (!before.incident.empty()) return {TriageDecision::kLinked, before.incident, "", over};
    return skipped(before.rule, {"It is resolved; when it fired it was skipped.",
                                 "解消の通知です。発報時にスキップされています。"});
  }
  const Match match = best_match(alarm, known, context);
  if (match.incident != nullptr && match.like == Likeness::kSameAlarm)
    return linked(match.incident->incident, over);
  return skipped("", {"It is resolved, and nothing is known of its firing.",
                      "解消の通知ですが、対応する発報の記録がありません。"});
}

}  // namespace

KnownAlarm known_alarm(const IncomingAlarm& alarm) {
  KnownAlarm known{alarm.sender, alarm.key, {}, alarm.account, alarm.region, symptom_of(alarm), alarm.state};
  // What names no resource is like what has the same name.
  known.resource = alarm.entity.empty() ? alarm.name : resource_name(alarm.entity);
  return known;
}

void remember(RecentIncident& incident, const IncomingAlarm& alarm) {
  KnownAlarm known = known_alarm(alarm);
  for (KnownAlarm& one : incident.alarms) {
    if (one.key != known.key || one.sender != known.sender) continue;
    one = std::move(known);
    return;
  }
  if (incident.alarms.size() < kMostKnown) incident.alarms.push_back(std::move(known));
}

Triage decide(const IncomingAlarm& alarm, const TriageContext& context) {
  const KnownAlarm known = known_alarm(alarm);
  if (alarm.state == AlarmState::kResolved) return decide_resolved(alarm, known, context);
  const Match match = best_match(alarm, known, context);
  const bool goes_on =
      match.incident != nullptr && match.like == Likeness::kSameAlarm && is_open(*match.incident);
  if (!goes_on) {
    if (auto skip = skipped_by_people(alarm, context)) return *std::move(skip);
  }
  if (match.incident != nullptr)
    return linked(match.incident->incident, reason_of(match, known, context.now));
  if (auto skip = over_quota(alarm, context.quotas)) return *std::move(skip);
  return {TriageDecision::kProceed,
          "",
          "",
          {fmt::format("No incident that is open, or was resolved within {} min, is about {}.",
                       kSameTroubleAgain.count(), known.resource),
           fmt::format("{} について、対応中または {} 分以内に解消したインシデントはありません。",
                       known.resource, kSameTroubleAgain.count())}};
}

model::Incident incident_of(const IncomingAlarm& alarm, std::string id, base::Timestamp now) {
  model::Incident incident;
  incident.id = std::move(id);
  incident.space = alarm.space;
  incident.title = base::clip_utf8(
      alarm.entity.empty() ? alarm.name : fmt::format("{} ({})", alarm.name, alarm.entity), kTitleBytes);
  incident.entity = alarm.entity;
  incident.alarm = alarm.name;
  incident.opened = now;
  join(incident, alarm, std::nullopt, now);
  return incident;
}

void join(model::Incident& incident, const IncomingAlarm& alarm, std::optional<AlarmState> before,
          base::Timestamp now) {
  incident.changed = std::max(incident.changed, now);
  if (!before) ++incident.alarms;
  const bool fired = before == AlarmState::kFiring;
  if (alarm.state == AlarmState::kFiring) {
    incident.severity = std::max(incident.severity, alarm.severity);
    // Told again without having been resolved says nothing new: it does not open what a person closed.
    if (fired) return;
    ++incident.firing;
    incident.status = IncidentStatus::kOpen;
    incident.resolved.reset();
    return;
  }
  if (fired && incident.firing > 0) --incident.firing;
  if (incident.firing > 0 || incident.status == IncidentStatus::kResolved) return;
  incident.status = IncidentStatus::kResolved;
  incident.resolved = now;
}

}  // namespace midwatch::intake

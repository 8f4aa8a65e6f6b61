#include "src/app/watch/alarm_intake.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "src/app/aws_access.h"
#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/intake/dialects.h"
#include "src/intake/example.h"
#include "src/intake/receive.h"
#include "src/intake/trace_parent.h"
#include "src/intake/triage.h"

namespace midwatch::app {
namespace {

using model::TriageDecision;

constexpr std::size_t kNoteBytes = 400;
/// What was resolved longer ago is another incident.
constexpr std::chrono::hours kRecent{2};
constexpr std::size_t kMostRecent = 50;
/// Of one of these, far more than differ.
constexpr std::size_t kMostAlarms = 500;
/// Decided again in one transaction, so that alarms that come never wait long for a turn.
constexpr std::size_t kMostAgain = 50;
/// Of the investigations at once, one in so many is kept for severe alarms.
constexpr std::uint64_t kReservedPart = 4;
/// The sender of alarms that were asked for: no webhook can be called so.
constexpr std::string_view kPolling = "polling:cloudwatch";
constexpr std::string_view kPolledDialect = "cloudwatch-polling";
/// A message and the account's record of the same change may differ by a little; no alarm changes twice
/// within it.
constexpr std::chrono::seconds kSameMoment{2};
/// Around the time of an alarm whose source cannot be asked for it.
constexpr std::chrono::minutes kBefore{30};
constexpr std::chrono::minutes kAfter{5};

/// CloudWatch is asked for its own alarm; of others only the resource is known, or the sentence.
model::InvestigationStart start_of(const model::IncomingAlarm& alarm) {
  model::InvestigationStart start;
  start.region = alarm.region;
  if (alarm.dialect.starts_with("cloudwatch") && !alarm.name.empty()) {
    start.alarm = alarm.name;
    return start;
  }
  if (!alarm.entity.empty()) {
    start.entity = alarm.entity;
  } else {
    start.question = alarm.summary.empty() ? alarm.name : alarm.summary;
  }
  start.window = base::TimeRange{alarm.since - kBefore, alarm.since + kAfter};
  return start;
}

}  // namespace

/// Stores one message within one transaction.
class AlarmIntake::Storing {
 public:
  Storing(AlarmIntake& intake, const Space& space, const store::Delivery& delivery,
          const intake::Decoded& decoded)
      : intake_(intake), parts_(intake.parts_), space_(space), delivery_(delivery), decoded_(decoded) {}

  base::Result<> run(store::Session& session) {
    begin();
    taken_.receipt.delivery = delivery_.id;
    store::Delivery delivery = delivery_;
    std::vector<model::IncomingAlarm> untold;
    for (const model::IncomingAlarm& alarm : decoded_.alarms) {
      MIDWATCH_TRY(const bool told, was_told(session, alarm));
      if (!told) untold.push_back(alarm);
    }
    if (untold.size() < decoded_.alarms.size() && delivery.note.empty())
      delivery.note = fmt::format("{} of its alarms were known by polling before it came",
                                  decoded_.alarms.size() - untold.size());
    MIDWATCH_TRY(const bool is_new, session.add_delivery(delivery));
    taken_.receipt.duplicate = !is_new;
    if (!is_new || untold.empty()) return {};
    MIDWATCH_TRY_VOID(load_recent(session));
    for (model::IncomingAlarm& alarm : untold) MIDWATCH_TRY_VOID(add(session, std::move(alarm)));
    return {};
  }

  /// Stores changes that were asked for, and not the message.
  base::Result<> run_found(store::Session& session, const std::vector<intake::FoundChange>& changes) {
    begin();
    store::Delivery delivery = delivery_;
    std::vector<model::IncomingAlarm> untold;
    for (const intake::FoundChange& change : changes) {
      MIDWATCH_TRY(const bool told, was_told(session, change.alarm));
      if (told) continue;
      untold.push_back(change.alarm);
      delivery.body += (untold.size() == 1 ? "[" : ",") + change.source;
    }
    if (untold.empty()) return {};
    delivery.body = base::redact(delivery.body + "]");
    MIDWATCH_TRY([[maybe_unused]] const bool is_new, session.add_delivery(delivery));
    MIDWATCH_TRY_VOID(load_recent(session));
    for (model::IncomingAlarm& alarm : untold) MIDWATCH_TRY_VOID(add(session, std::move(alarm)));
    return {};
  }

  /// Decides again about what is due, and not about the message.
  base::Result<> run_again(store::Session& session) {
    begin();
    MIDWATCH_TRY(const auto due, session.again(delivery_.space, delivery_.received, kMostAgain));
    due_ = due.size();
    if (due.empty()) return {};
    MIDWATCH_TRY_VOID(load_recent(session));
    for (const store::StoredAlarm& stored : due) MIDWATCH_TRY_VOID(again(session, stored));
    return {};
  }
  bool more_may_be_due() const { return due_ == kMostAgain; }

  /// The trace in which the message was sent.
  void set_trace_parent(const std::optional<intake::TraceParent>& parent) {
    if (parent) trace_parent_ = intake::to_string(*parent);
  }

  /// Keeps what is known of the incidents for the next message.
  void remember() {
    if (taken_.receipt.alarms.empty()) return;
    auto& remembered = intake_.remembered_[delivery_.space];
    remembered.clear();
    for (auto& recent : context_.incidents) remembered[recent.incident.id].alarms = std::move(recent.alarms);
  }
  Taken taken() && { return std::move(taken_); }
  const std::set<std::string>& changed_incidents() const { return changed_; }
  const api::Receipt& receipt() const { return taken_.receipt; }
  const std::string& space() const { return delivery_.space; }

 private:
  void begin() {
    taken_ = {};
    changed_.clear();
    context_ = {};
    context_.now = delivery_.received;
    context_.skip = space_.config.skip;
    context_.maintenance = space_.maintenance;
  }

  base::Result<> again(store::Session& session, const store::StoredAlarm& stored) {
    const model::IncomingAlarm& alarm = stored.alarm;
    MIDWATCH_TRY(const auto latest, told_before(session, alarm));
    model::Triage triage = stored.triage;
    triage.again.reset();
    // Whatever was told since was decided about, as what a person decided is.
    const bool is_latest = latest && latest->alarm.id == alarm.id;
    if (is_latest && triage.decision == TriageDecision::kSkipped && !triage.by_person) {
      MIDWATCH_TRY(triage, decide(session, alarm, std::nullopt));
      if (triage.decision != TriageDecision::kSkipped) {
        triage.reason.en = "It still fires after the maintenance. " + triage.reason.en;
        triage.reason.ja = "メンテナンスの終了後も発報が続いています。" + triage.reason.ja;
      }
      if (triage.decision == TriageDecision::kProceed) MIDWATCH_TRY_VOID(open(session, alarm, triage));
      if (triage.decision == TriageDecision::kLinked)
        MIDWATCH_TRY_VOID(link(session, alarm, std::nullopt, triage));
    }
    taken_.receipt.alarms.push_back({alarm.id, triage});
    return session.set_triage(alarm.id, triage);
  }

  base::Result<> load_recent(store::Session& session) {
    MIDWATCH_TRY(auto incidents,
                 session.recent_incidents(delivery_.space, delivery_.received - kRecent, kMostRecent));
    const auto& remembered = intake_.remembered_[delivery_.space];
    for (model::Incident& incident : incidents) {
      intake::RecentIncident& recent = context_.incidents.emplace_back();
      if (const auto known = remembered.find(incident.id); known != remembered.end()) {
        recent.alarms = known->second.alarms;
      } else {
        MIDWATCH_TRY(const auto alarms, session.latest_alarms_of(incident.id, kMostAlarms));
        for (auto stored = alarms.rbegin(); stored != alarms.rend(); ++stored)
          intake::remember(recent, stored->alarm);
      }
      recent.incident = std::move(incident);
    }
    return {};
  }

  /// Everybody who may tell of the same alarm.
  std::vector<std::string> senders_of(const model::IncomingAlarm& alarm) const {
    const bool shared = alarm.dialect.starts_with("cloudwatch") && !space_.told_by.empty();
    return shared ? space_.told_by : std::vector<std::string>{alarm.sender};
  }

  /// What was told of the alarm last, whoever told it.
  base::Result<std::optional<store::StoredAlarm>> told_before(store::Session& session,
                                                              const model::IncomingAlarm& alarm) const {
    std::optional<store::StoredAlarm> latest;
    for (const std::string& sender : senders_of(alarm)) {
      MIDWATCH_TRY(auto one, session.latest_alarm(alarm.space, sender, alarm.key));
      if (one && (!latest || latest->alarm.since < one->alarm.since)) latest = std::move(one);
    }
    return latest;
  }

  /// True where another way brought the same change already, or a later one of the same alarm.
  base::Result<bool> was_told(store::Session& session, const model::IncomingAlarm& alarm) const {
    if (senders_of(alarm).size() < 2) return false;
    MIDWATCH_TRY(const auto latest, told_before(session, alarm));
    // What a webhook tells twice is for triage to know, as ever.
    if (!latest || (alarm.sender != kPolling && latest->alarm.sender != kPolling)) return false;
    const bool same = latest->alarm.state == alarm.state &&
                      std::chrono::abs(latest->alarm.since - alarm.since) <= kSameMoment;
    return same || latest->alarm.since >= alarm.since;
  }

  base::Result<> add(store::Session& session, model::IncomingAlarm alarm) {
    alarm.id = "alm-" + parts_.ids.next_uuid();
    MIDWATCH_TRY(const auto before, told_before(session, alarm));
    // What was told of an alarm last is known by its time also where the clock was set back meanwhile.
    if (before && before->alarm.sender == alarm.sender)
      alarm.received = std::max(alarm.received, before->alarm.received + base::Duration(1));
    MIDWATCH_TRY(auto triage, decide(session, alarm, before));
    if (triage.decision == TriageDecision::kProceed) MIDWATCH_TRY_VOID(open(session, alarm, triage));
    if (triage.decision == TriageDecision::kLinked) MIDWATCH_TRY_VOID(link(session, alarm, before, triage));
    MIDWATCH_TRY_VOID(session.add_alarm({alarm, triage, delivery_.id}));
    taken_.receipt.alarms.push_back({alarm.id, std::move(triage)});
    return {};
  }

  base::Result<model::Triage> decide(store::Session& session, const model::IncomingAlarm& alarm,
                                     const std::optional<store::StoredAlarm>& before) {
    context_.earlier.reset();
    if (before) context_.earlier = intake::EarlierAlarm{before->alarm.state, before->triage};
    MIDWATCH_TRY(const std::size_t active, session.count_active(alarm.space));
    const std::uint64_t allowed = space_.config.at_once;
    context_.quotas = {{"investigations at once", active, allowed, allowed / kReservedPart}};
    return intake::decide(alarm, context_);
  }

  base::Result<> open(store::Session& session, const model::IncomingAlarm& alarm, model::Triage& triage) {
    model::Incident incident =
        intake::incident_of(alarm, "inc-" + parts_.ids.next_uuid(), delivery_.received);
    model::Investigation investigation;
    investigation.id = "inv-" + parts_.ids.next_uuid();
    investigation.incident = incident.id;
    investigation.space = incident.space;
    investigation.start = start_of(alarm);
    investigation.requested = delivery_.received;
    investigation.trace_parent = trace_parent_;
    incident.investigation = investigation.id;
    triage.incident = incident.id;
    MIDWATCH_TRY_VOID(session.add_incident(incident));
    MIDWATCH_TRY_VOID(session.add_investigation(investigation));
    changed_.insert(incident.id);
    intake::RecentIncident& recent = context_.incidents.emplace_back();
    recent.incident = std::move(incident);
    intake::remember(recent, alarm);
    taken_.investigates = true;
    return {};
  }

  base::Result<> link(store::Session& session, const model::IncomingAlarm& alarm,
                      const std::optional<store::StoredAlarm>& before, const model::Triage& triage) {
    MIDWATCH_TRY(auto incident, session.incident(triage.incident));
    std::optional<model::AlarmState> known;
    if (before && before->triage.incident == incident.id) known = before->alarm.state;
    const bool was_open = incident.status == model::IncidentStatus::kOpen;
    intake::join(incident, alarm, known, delivery_.received);
    MIDWATCH_TRY_VOID(session.update_incident(incident));
    if (was_open && incident.status == model::IncidentStatus::kResolved && parts_.announcer != nullptr)
      MIDWATCH_TRY_VOID(parts_.announcer->announce(
          session, notify::notice_about(notify::Event::kResolved, incident, delivery_.received)));
    ++incident.version;
    changed_.insert(incident.id);
    auto& incidents = context_.incidents;
    const auto recent = std::find_if(incidents.begin(), incidents.end(),
                                     [&](const auto& one) { return one.incident.id == incident.id; });
    if (recent == incidents.end()) return {};
    recent->incident = std::move(incident);
    intake::remember(*recent, alarm);
    return {};
  }

  AlarmIntake& intake_;
  const Parts& parts_;
  const Space& space_;
  const store::Delivery& delivery_;
  const intake::Decoded& decoded_;
  Taken taken_;
  std::string trace_parent_;
  std::size_t due_ = 0;
  intake::TriageContext context_;
  std::set<std::string> changed_;
};

/// Does `work` of a message in a transaction, which it may share with other messages. Each of them sees what
/// those before it did, so that has to be remembered at once; it is forgotten where the transaction did not
/// hold.
base::Result<> AlarmIntake::write(Storing& storing, const store::Work& work) {
  bool undone = false;
  const auto forget = [&] { remembered_.erase(storing.space()); };
  auto kept = parts_.store.write([&](store::Session& session) -> base::Result<> {
    const std::lock_guard lock(mutex_);
    if (std::exchange(undone, true)) forget();
    MIDWATCH_TRY_VOID(work(session));
    storing.remember();
    return {};
  });
  if (kept) return {};
  const std::lock_guard lock(mutex_);
  forget();
  return kept;
}

/// Tells what changed once the transaction holds.
AlarmIntake::Taken AlarmIntake::finish(Storing storing) {
  for (const std::string& incident : storing.changed_incidents())
    parts_.feed.publish({api::Change::Kind::kIncident, incident, storing.space()});
  return std::move(storing).taken();
}

base::Result<AlarmIntake::Found> AlarmIntake::take_found(const std::string& space_name,
                                                         std::vector<intake::FoundChange> changes,
                                                         const store::Work& also) {
  const auto space = spaces_.find(space_name);
  if (space == spaces_.end())
    return base::user_error(base::ErrorCode::kNotFound, "there is no space of this name");
  store::Delivery delivery;
  delivery.id = "dlv-" + parts_.ids.next_uuid();
  delivery.space = space_name;
  delivery.sender = kPolling;
  delivery.received = parts_.clock.now();
  base::Timestamp received = delivery.received;
  for (intake::FoundChange& change : changes) {
    change.alarm.space = space_name;
    change.alarm.sender = kPolling;
    change.alarm.dialect = kPolledDialect;
    // Several may be of one alarm: the last is the one that came last.
    change.alarm.received = received;
    received += base::Duration(1);
  }
  const intake::Decoded nothing;
  Storing storing(*this, space->second, delivery, nothing);
  const auto work = [&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(storing.run_found(session, changes));
    return also(session);
  };
  MIDWATCH_TRY_VOID(write(storing, work));
  const Taken taken = finish(std::move(storing));
  return Found{taken.receipt.alarms.size(), taken.investigates};
}

base::Result<bool> AlarmIntake::decide_again() {
  bool investigates = false;
  for (const auto& [name, space] : spaces_) {
    const base::Timestamp now = parts_.clock.now();
    bool more = false;
    MIDWATCH_TRY_VOID(parts_.store.read([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto due, session.again(name, now, 1));
      more = !due.empty();
      return {};
    }));
    while (more) {
      store::Delivery none;
      none.space = name;
      none.received = now;
      const intake::Decoded nothing;
      Storing storing(*this, space, none, nothing);
      MIDWATCH_TRY_VOID(write(storing, [&](store::Session& session) { return storing.run_again(session); }));
      more = storing.more_may_be_due();
      investigates = finish(std::move(storing)).investigates || investigates;
    }
  }
  return investigates;
}

base::Result<std::unique_ptr<AlarmIntake>> AlarmIntake::make(const ServeConfig& config, const Parts& parts) {
  auto out = std::unique_ptr<AlarmIntake>(new AlarmIntake(parts));
  for (const SpaceConfig& space : config.spaces) {
    MIDWATCH_TRY(auto read, load_space(space.file));
    Space& known = out->spaces_[space.name];
    known.config = space;
    if (space.polling) known.told_by.emplace_back(kPolling);
    for (auto& window : read.maintenance)
      known.maintenance.push_back({"", window.window, std::move(window.resources), std::move(window.reason)});
  }
  for (const WebhookConfig& one : config.webhooks) {
    intake::Webhook webhook;
    webhook.name = one.name;
    webhook.dialect = one.dialect;
    webhook.space = one.space;
    webhook.unauthenticated = one.unauthenticated;
    webhook.topics = one.topics;
    webhook.user = one.user;
    webhook.certificate_hosts = one.certificate_hosts;
    if (!one.secret_header.empty()) webhook.secret_header = one.secret_header;
    for (const SecretSource& source : one.secrets) {
      MIDWATCH_TRY(auto secret, read_secret(source));
      webhook.secrets.push_back(std::move(secret));
    }
    MIDWATCH_TRY_VOID(intake::check(webhook));
    Space& space = out->spaces_[webhook.space];
    const bool tells = space.config.polling && webhook.dialect.starts_with("cloudwatch");
    if (tells) space.told_by.push_back(webhook.name);
    out->webhooks_[one.name] = std::move(webhook);
  }
  return out;
}

base::Result<AlarmIntake::Taken> AlarmIntake::take(const std::string& name,
                                                   const http::ServerRequest& request) {
  const auto webhook = webhooks_.find(name);
  if (webhook == webhooks_.end())
    return base::user_error(base::ErrorCode::kNotFound, "there is no webhook of this name");
  MIDWATCH_TRY(auto decoded, intake::receive(webhook->second, request, parts_.certificates, parts_.clock));
  store::Delivery delivery;
  delivery.id = "dlv-" + parts_.ids.next_uuid();
  delivery.space = webhook->second.space;
  delivery.sender = name;
  delivery.key = decoded.key;
  delivery.received = parts_.clock.now();
  delivery.body = base::redact(request.body);
  delivery.note = base::printable(decoded.note, kNoteBytes);
  Storing storing(*this, spaces_.find(delivery.space)->second, delivery, decoded);
  storing.set_trace_parent(intake::read_trace_parent(request.header("traceparent")));
  MIDWATCH_TRY_VOID(write(storing, [&](store::Session& session) { return storing.run(session); }));
  Taken taken = finish(std::move(storing));
  taken.confirmation = decoded.confirmation.value_or("");
  return taken;
}

base::Result<api::Rehearsal> AlarmIntake::rehearse(const std::string& name) {
  const auto at = webhooks_.find(name);
  if (at == webhooks_.end())
    return base::user_error(base::ErrorCode::kNotFound, "there is no webhook of this name");
  const intake::Webhook& webhook = at->second;
  const base::Timestamp now = parts_.clock.now();
  MIDWATCH_TRY(const auto request, intake::example_request(webhook, now));
  MIDWATCH_TRY(const auto decoded, intake::receive(webhook, request, parts_.certificates, parts_.clock));
  store::Delivery delivery;
  delivery.id = "dlv-" + parts_.ids.next_uuid();
  delivery.space = webhook.space;
  delivery.sender = name;
  delivery.key = decoded.key;
  delivery.received = now;
  delivery.body = request.body;
  Storing storing(*this, spaces_.find(delivery.space)->second, delivery, decoded);
  api::Rehearsal rehearsal;
  if (!webhook.unauthenticated)
    rehearsal.proof = to_string(intake::dialect_of(webhook.dialect)->proofs.front());
  const auto taken_back = parts_.store.write([&](store::Session& session) -> base::Result<> {
    const std::lock_guard lock(mutex_);
    rehearsal.triage.reset();
    MIDWATCH_TRY_VOID(storing.run(session));
    if (!storing.receipt().alarms.empty()) rehearsal.triage = storing.receipt().alarms.front().triage;
    // An error is how a transaction is given up.
    return base::user_error(base::ErrorCode::kCancelled, "a rehearsal keeps nothing");
  });
  if (!rehearsal.triage) return taken_back.error();
  // The incident that it would have opened is not there.
  if (rehearsal.triage->decision == TriageDecision::kProceed) rehearsal.triage->incident.clear();
  return rehearsal;
}

}  // namespace midwatch::app

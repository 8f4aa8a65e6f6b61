#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/model/incident.h"
#include "src/model/incoming_alarm.h"
#include "src/model/investigation.h"
#include "src/store/account.h"

namespace midwatch::store {

/// Keys of senders, targets, documents and answers are looked up, and so are no longer than this.
inline constexpr std::size_t kMaxKeyBytes = 512;

/// No message of the outbox waits for longer until it is tried again.
inline constexpr std::chrono::hours kLongestOutboxWait{1};

/// A message as it came, kept before anything is answered.
struct Delivery {
  std::string id;  ///< "dlv-" and a UUID
  std::string space;
  std::string sender;
  std::string key;  ///< the sender's id of the message; told twice, it is stored once. Empty: it has none
  base::Timestamp received{};
  std::string body;
  std::string note;  ///< why it made no alarm; empty where it made one
};

/// An alarm with what was decided about it.
struct StoredAlarm {
  model::IncomingAlarm alarm;
  model::Triage triage;
  std::string delivery;
};

/// What every list can be narrowed to. Empty parts are no condition. Newest first.
///
/// Entity and mode are those of the thing itself, or else of what it belongs to: a delivery is found by the
/// entity of an alarm that it brought, a message by that of its incident.
struct Scope {
  std::vector<std::string> spaces{};      ///< empty: all
  std::optional<base::TimeRange> time{};  ///< in which it was opened, received, requested, created or given
  std::string entity{};                   ///< a part of the entity's name; ASCII letters in any case
  std::string mode{};                     ///< of the answer; of an incident, of its latest investigation's
};

/// Which incidents are listed.
struct IncidentFilter : Scope {
  std::optional<model::IncidentStatus> status{};
  std::string words{};  ///< a part of title, alarm or entity; ASCII letters in any case
};

/// Which alarms are listed.
struct AlarmFilter : Scope {
  std::optional<model::TriageDecision> decision{};
  std::optional<model::AlarmState> state{};
};

/// Which deliveries are listed.
struct DeliveryFilter : Scope {
  std::string sender{};
  std::optional<bool> made_alarms{};
};

/// Which investigations are listed. Their entity and mode are those of the first root cause.
struct InvestigationFilter : Scope {
  std::optional<model::InvestigationStatus> status{};
};

/// Which judgements of answers are listed.
struct FeedbackFilter : Scope {
  std::optional<model::Judgement> judgement{};
};

/// Which entries of a journal are read. Empty parts are no condition.
struct JournalFilter {
  std::optional<base::TimeRange> time{};
  std::string kind{};
};

/// Which lines of the audit are read. Empty parts are no condition.
struct AuditFilter {
  std::vector<std::string> spaces{};  ///< of which its details speak; "": those of no one space. Empty: all
  std::optional<base::TimeRange> time{};
  std::string who{};
  std::string action{};
};

/// A part of a list, newest first. `next`, given as `after`, continues it; empty at its end.
template <class T>
struct Page {
  std::vector<T> items;
  std::string next;
};

/// A question about the right of one worker to one investigation.
struct Lease {
  std::string worker;
  base::Timestamp until{};
  std::vector<std::string> spaces{};  ///< whose investigations it takes; empty: all
};

/// The right to look for something at regular times, of one process among all that share the store.
struct Turn {
  std::string name;          ///< what for
  std::string holder;        ///< the process that has it
  base::Timestamp until{};   ///< it is free after that
  std::string state = "{}";  ///< JSON: how far whoever had it came
};

/// What went when something was forgotten.
struct Cleared {
  std::size_t incidents = 0;
  std::uint64_t bytes = 0;  ///< of it, as Session::size_of counts them
  bool more = false;        ///< something is left that could go as well
};

/// Named bytes that belong to an investigation: the report, the recording, an export.
struct Document {
  std::string investigation;
  std::string name;  ///< "report", "recording"
  std::string media_type;
  std::string body;
};

/// How far a message of the outbox is. The last three are ends.
enum class OutboxState {
  kWaiting,  ///< for its next attempt
  kSending,  ///< an attempt has begun and did not say yet how it ended
  kSent,     ///< the receiver took it
  kFailed,   ///< the receiver refused it, or was tried often enough
  kUnknown   ///< nobody knows whether the receiver took it, and it does not take the same twice
};

std::string_view to_string(OutboxState state);
std::optional<OutboxState> outbox_state_of(std::string_view word);

/// A message that has to leave.
struct OutboxMessage {
  std::string id;
  std::string target;  ///< the name of a notification target
  std::string key;     ///< the same key for the same target is never stored twice, also after it was sent
  std::string body;    ///< JSON
  std::uint32_t attempts = 0;
  /// When it is tried next; while it is being sent, when somebody else looks after it; then, when it ended.
  base::Timestamp due{};
  std::string incident;  ///< that it tells of, and goes with; empty where it tells of none
  std::string space{};
  base::Timestamp created{};
  OutboxState state = OutboxState::kWaiting;
  std::string reason{};   ///< why the last attempt did not succeed, for people
  std::string receipt{};  ///< what the receiver calls it; empty where it said nothing
};

/// Which messages of the outbox are listed.
struct OutboxFilter : Scope {
  std::string incident{};
  std::string target{};
  std::optional<OutboxState> state{};
};

/// That something is not as it was, whichever process wrote it.
struct Change {
  enum class Kind { kIncident, kInvestigation, kJournal, kReport };
  Kind kind = Kind::kIncident;
  std::string id;  ///< of the incident or the investigation
  std::string space;
  std::uint64_t sequence = 0;  ///< grows in the order in which changes were kept; it may have holes
};

/// What changed since a sequence, oldest first.
struct Changes {
  std::vector<Change> items;
  bool complete = true;  ///< false: some before them are forgotten
};

/// One line of the audit: who changed what. Each holds the hash of the one before.
struct AuditEntry {
  std::uint64_t sequence = 0;
  base::Timestamp time{};
  std::string who;
  std::string action;
  std::string object;
  std::string details;  ///< JSON
  std::string hash;
};

/// What can be read and written within one transaction.
///
/// Shape:   an incident is added before what refers to it; lists without a page are oldest first.
/// Errors:  kNotFound for an id that is not there, also one that is referred to; kConflict for a version
///          that is not the latest or an id that exists; kInvalidArgument for an `after` that no page gave,
///          and for a key over kMaxKeyBytes; kResourceExhausted for a full disk; kUnavailable where the
///          database cannot be reached. After a kConflict the work may go on; any other error it must give
///          back.
/// Threads: one at a time.
class Session {
 public:
  virtual ~Session() = default;

  /// False: a delivery of this sender with this key was there already, and nothing is stored.
  virtual base::Result<bool> add_delivery(const Delivery& delivery) = 0;
  virtual base::Result<Page<Delivery>> deliveries(const DeliveryFilter& filter, const std::string& after,
                                                  std::size_t limit) = 0;

  virtual base::Result<> add_alarm(const StoredAlarm& alarm) = 0;
  virtual base::Result<StoredAlarm> alarm(const std::string& id) = 0;
  virtual base::Result<> set_triage(const std::string& alarm, const model::Triage& triage) = 0;
  virtual base::Result<std::vector<StoredAlarm>> alarms_of(const std::string& incident) = 0;
  /// The newest of them, newest first.
  virtual base::Result<std::vector<StoredAlarm>> latest_alarms_of(const std::string& incident,
                                                                  std::size_t limit) = 0;
  /// The newest alarm of a sender with this key.
  virtual base::Result<std::optional<StoredAlarm>> latest_alarm(const std::string& space,
                                                                const std::string& sender,
                                                                const std::string& key) = 0;
  /// Those of a space that are to be decided again at `now`, whatever became of them; the first first.
  virtual base::Result<std::vector<StoredAlarm>> again(const std::string& space, base::Timestamp now,
                                                       std::size_t limit) = 0;
  virtual base::Result<Page<StoredAlarm>> alarms(const AlarmFilter& filter, const std::string& after,
                                                 std::size_t limit) = 0;

  virtual base::Result<> add_incident(const model::Incident& incident) = 0;
  virtual base::Result<model::Incident> incident(const std::string& id) = 0;
  /// Writes where the stored version is `incident.version`, and stores the next version.
  virtual base::Result<> update_incident(const model::Incident& incident) = 0;
  virtual base::Result<Page<model::Incident>> incidents(const IncidentFilter& filter,
                                                        const std::string& after, std::size_t limit) = 0;
  /// Those of a space that are open, or were resolved at `since` or later: what a new alarm may belong to.
  virtual base::Result<std::vector<model::Incident>> recent_incidents(const std::string& space,
                                                                      base::Timestamp since,
                                                                      std::size_t limit) = 0;

  virtual base::Result<> add_investigation(const model::Investigation& investigation) = 0;
  virtual base::Result<model::Investigation> investigation(const std::string& id) = 0;
  /// As for incidents. Who works on it stays as it is.
  virtual base::Result<> update_investigation(const model::Investigation& investigation) = 0;
  virtual base::Result<std::vector<model::Investigation>> investigations_of(const std::string& incident) = 0;
  virtual base::Result<Page<model::Investigation>> investigations(const InvestigationFilter& filter,
                                                                  const std::string& after,
                                                                  std::size_t limit) = 0;
  /// How many of a space are queued or running.
  virtual base::Result<std::size_t> count_active(const std::string& space) = 0;

  /// Takes the oldest investigation of the lease's spaces that is queued, or running under a lease that ran
  /// out at `now`; sets it running under this lease, counts the attempt and the version. Nothing where there
  /// is none. No two workers ever get the same. A lease that ends more than twice the time of this one from
  /// now was given by a clock that has been set back since, and counts as run out.
  virtual base::Result<std::optional<model::Investigation>> lease(const Lease& lease,
                                                                  base::Timestamp now) = 0;
  /// kConflict where another worker has it meanwhile, or it is not running any more.
  virtual base::Result<> renew(const std::string& investigation, const Lease& lease) = 0;
  /// Puts it back in the queue. kConflict as above.
  virtual base::Result<> release(const std::string& investigation, const std::string& worker) = 0;

  /// Takes a turn that is free at `now` or the holder's own, until `wanted.until`; gives it with the state
  /// that it was left in, or nothing where another has it. No two ever have the same. For turns that end too
  /// late, it is as for leases.
  virtual base::Result<std::optional<Turn>> take_turn(const Turn& wanted, base::Timestamp now) = 0;
  /// Writes state and time of a turn. kConflict where another has it meanwhile.
  virtual base::Result<> keep_turn(const Turn& turn) = 0;
  /// Nothing where nobody ever had it.
  virtual base::Result<std::optional<Turn>> turn(const std::string& name) = 0;

  /// Appends; the sequence is given by the store and returned.
  virtual base::Result<std::uint64_t> append(const model::JournalEntry& entry) = 0;
  virtual base::Result<std::vector<model::JournalEntry>> journal(const std::string& investigation,
                                                                 std::uint64_t after, std::size_t limit) = 0;
  virtual base::Result<std::vector<model::JournalEntry>> journal(const std::string& investigation,
                                                                 std::uint64_t after, std::size_t limit,
                                                                 const JournalFilter& filter) = 0;

  /// Replaces what had the same name.
  virtual base::Result<> put_document(const Document& document) = 0;
  virtual base::Result<Document> document(const std::string& investigation, const std::string& name) = 0;

  virtual base::Result<> add_feedback(const model::Feedback& feedback) = 0;
  virtual base::Result<std::vector<model::Feedback>> feedback(const std::vector<std::string>& spaces) = 0;
  virtual base::Result<Page<model::Feedback>> judgements(const FeedbackFilter& filter,
                                                         const std::string& after, std::size_t limit) = 0;
  /// How many incidents have a latest investigation that named a cause.
  virtual base::Result<std::size_t> count_answers(const std::vector<std::string>& spaces) = 0;

  /// The answer that was given to this idempotency key, by scope.
  virtual base::Result<std::optional<std::string>> idempotent(const std::string& scope,
                                                              const std::string& key) = 0;
  virtual base::Result<> remember(const std::string& scope, const std::string& key, const std::string& answer,
                                  base::Timestamp until) = 0;

  /// Drops the answers whose time is over at `now`; how many.
  virtual base::Result<std::size_t> forget_answers(base::Timestamp now) = 0;

  /// Does nothing where the target has the key already.
  virtual base::Result<> add_outbox(const OutboxMessage& message) = 0;
  /// Those to some targets (none: to all) that wait or are being sent, and are due at `now`; of one incident
  /// to one target only the oldest, so that they leave in order. Due first. One that would wait for longer
  /// than kLongestOutboxWait is due too: the clock was set back since.
  virtual base::Result<std::vector<OutboxMessage>> due(const std::vector<std::string>& targets,
                                                       base::Timestamp now, std::size_t limit) = 0;
  virtual base::Result<OutboxMessage> outbox_message(const std::string& id) = 0;
  /// Writes all but whose message it is: body, attempts, due, state, reason, receipt.
  virtual base::Result<> update_outbox(const OutboxMessage& message) = 0;
  virtual base::Result<Page<OutboxMessage>> outbox(const OutboxFilter& filter, const std::string& after,
                                                   std::size_t limit) = 0;
  /// The receipt of the oldest message of an incident that a target gave one for; empty where there is none.
  virtual base::Result<std::string> first_receipt(const std::string& incident, const std::string& target) = 0;

  /// What changed after a sequence. The store notes it by itself, and keeps the last ten thousand.
  virtual base::Result<Changes> changes(std::uint64_t after, std::size_t limit) = 0;
  /// The sequence of the last change; 0 before the first.
  virtual base::Result<std::uint64_t> last_change() = 0;

  /// Appends; sequence and hash are given by the store (audit_chain.h).
  virtual base::Result<> audit(const AuditEntry& entry) = 0;
  virtual base::Result<std::vector<AuditEntry>> audit_after(std::uint64_t sequence, std::size_t limit) = 0;
  /// The same of those that fit.
  virtual base::Result<std::vector<AuditEntry>> audit_lines(const AuditFilter& filter, std::uint64_t after,
                                                            std::size_t limit) = 0;

  virtual base::Result<> add_user(const User& user) = 0;
  virtual base::Result<User> user(const std::string& name) = 0;
  virtual base::Result<> update_user(const User& user) = 0;
  /// By name.
  virtual base::Result<std::vector<User>> users() = 0;

  virtual base::Result<> add_sign_in(const SignIn& sign_in) = 0;
  virtual base::Result<SignIn> sign_in(const std::string& id) = 0;
  virtual base::Result<> use_sign_in(const std::string& id, base::Timestamp used) = 0;
  /// Does nothing where it has ended.
  virtual base::Result<> end_sign_in(const std::string& id) = 0;
  /// Those of somebody, as the audit calls them; newest first.
  virtual base::Result<std::vector<SignIn>> sign_ins_of(const std::string& who) = 0;
  /// All of a user; how many.
  virtual base::Result<std::size_t> end_sign_ins(const std::string& user) = 0;
  /// Drops those whose time is over at `now`; how many.
  virtual base::Result<std::size_t> forget_sign_ins(base::Timestamp now) = 0;

  virtual base::Result<> add_token(const ApiToken& token) = 0;
  virtual base::Result<ApiToken> token(const std::string& id) = 0;
  virtual base::Result<std::optional<ApiToken>> token_of(const std::string& sha256) = 0;
  /// kNotFound where it is not there, or is revoked already.
  virtual base::Result<> revoke_token(const std::string& id, base::Timestamp time) = 0;
  /// Newest first.
  virtual base::Result<std::vector<ApiToken>> tokens() = 0;

  /// True where a user or a token was ever added.
  virtual base::Result<bool> has_accounts() = 0;

  /// Count 0 where nobody tried, or the last try succeeded.
  virtual base::Result<Attempts> attempts(const std::string& key) = 0;
  /// Replaces what the key had; count 0 forgets it.
  virtual base::Result<> put_attempts(const Attempts& attempts) = 0;
  /// Drops those whose last was before; how many.
  virtual base::Result<std::size_t> forget_attempts(base::Timestamp before) = 0;

  /// How many bytes the documents, journals and deliveries of a space hold. Looks at all of them.
  virtual base::Result<std::uint64_t> size_of(const std::string& space) = 0;
  /// The time before which no more than so many incidents of a space were resolved that may be forgotten, and
  /// no more than so many deliveries came that belong to none; nothing where there is neither.
  virtual base::Result<std::optional<base::Timestamp>> first_to_forget(const std::string& space,
                                                                       std::size_t count) = 0;
  /// Deletes incidents that were resolved before, oldest first, with all that belongs to them, but none that
  /// is held. What came before that and belongs to no incident goes too: skipped alarms, deliveries that made
  /// none, messages that have left. Of each kind no more than the limit.
  virtual base::Result<Cleared> forget(const std::string& space, base::Timestamp before,
                                       std::size_t limit) = 0;
};

/// What is done within one transaction; what it gives is what reading or writing gives.
using Work = std::function<base::Result<>(Session&)>;

/// Where everything is kept that must survive.
///
/// Errors:  those of the function that is given, and those of Session.
/// Threads: any number at once; work must not ask the store again but through its session.
class Store {
 public:
  virtual ~Store() = default;
  /// Runs what only reads; it sees one state of the store.
  virtual base::Result<> read(const Work& work) = 0;
  /// Runs what writes; all of it or nothing is kept, durably when this returns. May run `work` again where
  /// another transaction was in its way: it must have no effect but on the session.
  virtual base::Result<> write(const Work& work) = 0;
  /// Where it is and what it is, for people, without secrets.
  virtual std::string describe() const = 0;
};

}  // namespace midwatch::store

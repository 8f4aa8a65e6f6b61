#include "src/store/sql_session.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/try.h"
#include "src/store/audit_chain.h"
#include "src/store/sql_query.h"
#include "src/store/sql_rows.h"

namespace midwatch::store {
namespace {

constexpr std::string_view kActive = "status IN ('queued', 'running')";

/// For statements that give nothing but whether they worked.
base::Result<> done(base::Result<std::size_t> written) {
  if (!written) return std::move(written).error();
  return {};
}

template <class T>
std::optional<T> first_of(std::vector<T> items) {
  if (items.empty()) return std::nullopt;
  return std::move(items.front());
}

/// The first column of the first row, which a counting statement always has.
std::int64_t number_in(const SqlRows& rows) {
  return std::get<std::int64_t>(rows.rows.at(0).at(0));
}

std::vector<std::string> first_texts(SqlRows rows) {
  std::vector<std::string> texts;
  texts.reserve(rows.rows.size());
  for (auto& row : rows.rows) texts.push_back(RowReader(std::move(row)).text());
  return texts;
}

/// Indexes hold keys whole, and PostgreSQL's no more than 2,700 bytes in all.
base::Result<> check_keys(std::initializer_list<std::string_view> keys) {
  for (const auto key : keys)
    if (key.size() > kMaxKeyBytes)
      return base::user_error(
          base::ErrorCode::kInvalidArgument,
          fmt::format("a key or a name has {} bytes; {} is the most", key.size(), kMaxKeyBytes));
  return {};
}

const std::string& id_of_alarm(const StoredAlarm& stored) {
  return stored.alarm.id;
}
template <class T>
const std::string& id_of(const T& row) {
  return row.id;
}
// Which incidents a mode is the answer of is looked up once, by its index, and not for each row of a list.
constexpr Paging<Delivery> kDeliveries{
    "received",
    [](const Delivery& d) { return d.received; },
    id_of,
    "a.entity",
    "EXISTS (SELECT 1 FROM alarms a WHERE a.delivery = deliveries.id AND {})",
    "id IN (SELECT a.delivery FROM investigations v JOIN incidents i ON i.id = v.incident AND "
    "i.investigation "
    "= v.id JOIN alarms a ON a.incident = i.id WHERE v.mode = {})"};
constexpr Paging<StoredAlarm> kAlarms{
    "received",
    [](const StoredAlarm& a) { return a.alarm.received; },
    id_of_alarm,
    "entity",
    "{}",
    "incident IN (SELECT i.id FROM investigations v JOIN incidents i ON i.id = v.incident AND "
    "i.investigation = v.id WHERE v.mode = {})"};
constexpr Paging<model::Incident> kIncidents{
    "opened",
    [](const model::Incident& i) { return i.opened; },
    id_of,
    "entity",
    "{}",
    "id IN (SELECT i.id FROM investigations v JOIN incidents i ON i.id = v.incident AND i.investigation = "
    "v.id WHERE v.mode = {})"};
constexpr Paging<model::Investigation> kInvestigations{
    "requested", [](const model::Investigation& i) { return i.requested; }, id_of};
constexpr Paging<model::Feedback> kFeedback{
    "time", [](const model::Feedback& f) { return f.time; }, id_of, "v.entity",
    "EXISTS (SELECT 1 FROM investigations v WHERE v.id = feedback.investigation AND {})"};
constexpr Paging<OutboxMessage> kOutbox{
    "created",
    [](const OutboxMessage& m) { return m.created; },
    id_of,
    "i.entity",
    "EXISTS (SELECT 1 FROM incidents i WHERE i.id = outbox.incident AND {})",
    "incident IN (SELECT i.id FROM investigations v JOIN incidents i ON i.id = v.incident AND "
    "i.investigation = v.id WHERE v.mode = {})"};

}  // namespace

base::Result<bool> SqlSession::add_delivery(const Delivery& delivery) {
  MIDWATCH_TRY_VOID(check_keys({delivery.sender, delivery.key}));
  MIDWATCH_TRY(const auto written, insert_row(connection_, delivery,
                                              "ON CONFLICT (space, sender, key) WHERE key <> '' DO NOTHING"));
  return written > 0;
}

base::Result<Page<Delivery>> SqlSession::deliveries(const DeliveryFilter& filter, const std::string& after,
                                                    std::size_t limit) {
  SqlConditions conditions;
  if (!filter.sender.empty()) conditions.equal("sender", filter.sender);
  if (filter.made_alarms) conditions.add(*filter.made_alarms ? "note = ''" : "note <> ''");
  return select_page(connection_, std::move(conditions), filter, kDeliveries, after, limit);
}

base::Result<> SqlSession::add_alarm(const StoredAlarm& alarm) {
  MIDWATCH_TRY_VOID(check_keys({alarm.alarm.sender, alarm.alarm.key}));
  return add_row(connection_, alarm, "alarm", alarm.alarm.id);
}

base::Result<StoredAlarm> SqlSession::alarm(const std::string& id) {
  return select_one<StoredAlarm>(connection_, id, "alarm");
}

base::Result<> SqlSession::set_triage(const std::string& alarm, const model::Triage& triage) {
  SqlRow values = triage_values(triage);
  values.emplace_back(alarm);
  return change_one(connection_,
                    "UPDATE alarms SET (decision, incident, rule, reason_en, reason_ja, by_person, "
                    "again) = ($1, $2, $3, $4, $5, $6, $7) WHERE id = $8",
                    values, "alarm", alarm);
}

base::Result<std::vector<StoredAlarm>> SqlSession::alarms_of(const std::string& incident) {
  return select_rows<StoredAlarm>(connection_, "WHERE incident = $1 ORDER BY received, id", {incident});
}

base::Result<std::vector<StoredAlarm>> SqlSession::latest_alarms_of(const std::string& incident,
                                                                    std::size_t limit) {
  return select_rows<StoredAlarm>(connection_, "WHERE incident = $1 ORDER BY received DESC, id DESC LIMIT $2",
                                  {incident, sql_limit(limit)});
}

base::Result<std::optional<StoredAlarm>> SqlSession::latest_alarm(const std::string& space,
                                                                  const std::string& sender,
                                                                  const std::string& key) {
  MIDWATCH_TRY(auto found, select_rows<StoredAlarm>(connection_,
                                                    "WHERE space = $1 AND sender = $2 AND key = $3 "
                                                    "ORDER BY received DESC, id DESC LIMIT 1",
                                                    {space, sender, key}));
  return first_of(std::move(found));
}

base::Result<std::vector<StoredAlarm>> SqlSession::again(const std::string& space, base::Timestamp now,
                                                         std::size_t limit) {
  return select_rows<StoredAlarm>(connection_, "WHERE space = $1 AND again <= $2 ORDER BY again, id LIMIT $3",
                                  {space, sql_time(now), sql_limit(limit)});
}

base::Result<Page<StoredAlarm>> SqlSession::alarms(const AlarmFilter& filter, const std::string& after,
                                                   std::size_t limit) {
  SqlConditions conditions;
  if (filter.decision) conditions.is("decision", model::to_string(*filter.decision));
  if (filter.state) conditions.is("state", model::to_string(*filter.state));
  return select_page(connection_, std::move(conditions), filter, kAlarms, after, limit);
}

base::Result<> SqlSession::add_incident(const model::Incident& incident) {
  return add_row(connection_, incident, "incident", incident.id);
}

base::Result<model::Incident> SqlSession::incident(const std::string& id) {
  return select_one<model::Incident>(connection_, id, "incident");
}

base::Result<> SqlSession::update_incident(const model::Incident& incident) {
  return update_latest(connection_, incident, "incident");
}

base::Result<Page<model::Incident>> SqlSession::incidents(const IncidentFilter& filter,
                                                          const std::string& after, std::size_t limit) {
  SqlConditions conditions;
  if (filter.status) conditions.is("status", model::to_string(*filter.status));
  if (!filter.words.empty()) {
    const std::string words = conditions.bind(base::to_lower(filter.words));
    conditions.add(fmt::format("({} OR {} OR {})", connection_.contains("title", words),
                               connection_.contains("alarm", words), connection_.contains("entity", words)));
  }
  return select_page(connection_, std::move(conditions), filter, kIncidents, after, limit);
}

base::Result<std::vector<model::Incident>> SqlSession::recent_incidents(const std::string& space,
                                                                        base::Timestamp since,
                                                                        std::size_t limit) {
  // Each half has an index of its own, so that the old incidents of a space cost nothing, nor do many that
  // nobody closes.
  SqlConditions open;
  open.is("status", "open");
  MIDWATCH_TRY(auto page, select_page(connection_, std::move(open), Scope{{space}}, kIncidents, "", limit));
  MIDWATCH_TRY(auto resolved,
               select_rows<model::Incident>(connection_,
                                            "WHERE space = $1 AND status = 'resolved' AND resolved >= $2 "
                                            "ORDER BY resolved DESC, id DESC LIMIT $3",
                                            {space, sql_time(since), sql_limit(limit)}));
  auto& all = page.items;
  std::move(resolved.begin(), resolved.end(), std::back_inserter(all));
  std::sort(all.begin(), all.end(), [](const model::Incident& a, const model::Incident& b) {
    return std::pair(b.opened, b.id) < std::pair(a.opened, a.id);
  });
  if (all.size() > limit) all.resize(limit);
  return std::move(all);
}

base::Result<> SqlSession::add_investigation(const model::Investigation& investigation) {
  return add_row(connection_, investigation, "investigation", investigation.id);
}

base::Result<model::Investigation> SqlSession::investigation(const std::string& id) {
  return select_one<model::Investigation>(connection_, id, "investigation");
}

base::Result<> SqlSession::update_investigation(const model::Investigation& investigation) {
  return update_latest(connection_, investigation, "investigation");
}

base::Result<std::vector<model::Investigation>> SqlSession::investigations_of(const std::string& incident) {
  return select_rows<model::Investigation>(connection_, "WHERE incident = $1 ORDER BY requested, id",
                                           {incident});
}

base::Result<Page<model::Investigation>> SqlSession::investigations(const InvestigationFilter& filter,
                                                                    const std::string& after,
                                                                    std::size_t limit) {
  SqlConditions conditions;
  if (filter.status) conditions.is("status", model::to_string(*filter.status));
  return select_page(connection_, std::move(conditions), filter, kInvestigations, after, limit);
}

base::Result<std::size_t> SqlSession::count_active(const std::string& space) {
  MIDWATCH_TRY(
      const auto counted,
      connection_.run(fmt::format("SELECT COUNT(*) FROM investigations WHERE {} AND space = $1", kActive),
                      {space}));
  return static_cast<std::size_t>(number_in(counted));
}

namespace {

/// Nobody whose clock is right, but for less than the length of a lease, holds one that ends later.
base::Timestamp too_late(base::Timestamp until, base::Timestamp now) {
  return until + (until - now);
}

}  // namespace

base::Result<std::optional<model::Investigation>> SqlSession::lease(const Lease& lease, base::Timestamp now) {
  SqlConditions free;
  free.add(kActive);
  free.add(fmt::format("(status = 'queued' OR lease_until <= {} OR lease_until > {})",
                       free.bind(sql_time(now)), free.bind(sql_time(too_late(lease.until, now)))));
  free.one_of("space", lease.spaces);
  MIDWATCH_TRY(auto found,
               select_rows<model::Investigation>(
                   connection_,
                   fmt::format("{} ORDER BY requested, id LIMIT 1{}", free.text(), connection_.skip_locked()),
                   free.parameters()));
  if (found.empty()) return std::nullopt;
  const std::string& id = found.front().id;
  MIDWATCH_TRY_VOID(change_one(connection_,
                               "UPDATE investigations SET status = 'running', attempt = attempt + 1, "
                               "version = version + 1, started = COALESCE(started, $1), lease_worker = $2, "
                               "lease_until = $3 WHERE id = $4",
                               {sql_time(now), lease.worker, sql_time(lease.until), id}, "investigation",
                               id));
  MIDWATCH_TRY(auto taken, investigation(id));
  return taken;
}

namespace {

/// Tells a worker why a statement about its lease wrote nothing.
base::Result<> check_lease(SqlSession& session, base::Result<SqlRows> written,
                           const std::string& investigation, const std::string& worker) {
  if (!written) return std::move(written).error();
  if (written->changed > 0) return {};
  MIDWATCH_TRY(const auto latest, session.investigation(investigation));
  return base::user_error(
      base::ErrorCode::kConflict,
      fmt::format("investigation {} is not with worker {} any more: it is {}, begun {} times", investigation,
                  worker, model::to_string(latest.status), latest.attempt));
}

}  // namespace

base::Result<> SqlSession::renew(const std::string& investigation, const Lease& lease) {
  return check_lease(*this,
                     connection_.run("UPDATE investigations SET lease_until = $1 "
                                     "WHERE id = $2 AND lease_worker = $3 AND status = 'running'",
                                     {sql_time(lease.until), investigation, lease.worker}),
                     investigation, lease.worker);
}

base::Result<> SqlSession::release(const std::string& investigation, const std::string& worker) {
  return check_lease(*this,
                     connection_.run("UPDATE investigations SET status = 'queued', lease_worker = '', "
                                     "lease_until = 0, version = version + 1 "
                                     "WHERE id = $1 AND lease_worker = $2 AND status = 'running'",
                                     {investigation, worker}),
                     investigation, worker);
}

base::Result<std::optional<Turn>> SqlSession::take_turn(const Turn& wanted, base::Timestamp now) {
  MIDWATCH_TRY_VOID(check_keys({wanted.name, wanted.holder}));
  MIDWATCH_TRY(
      const auto written,
      connection_.run("INSERT INTO turns (name, holder, until, state) VALUES ($1, $2, $3, $4) "
                      "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until "
                      "WHERE turns.holder = excluded.holder OR turns.until <= $5 OR turns.until > $6",
                      {wanted.name, wanted.holder, sql_time(wanted.until), wanted.state, sql_time(now),
                       sql_time(too_late(wanted.until, now))}));
  if (written.changed == 0) return std::nullopt;
  return turn(wanted.name);
}

base::Result<> SqlSession::keep_turn(const Turn& turn) {
  MIDWATCH_TRY(const auto written,
               connection_.run("UPDATE turns SET until = $1, state = $2 WHERE name = $3 AND holder = $4",
                               {sql_time(turn.until), turn.state, turn.name, turn.holder}));
  if (written.changed > 0) return {};
  return base::user_error(base::ErrorCode::kConflict,
                          fmt::format("{} is not the turn of {} any more", turn.name, turn.holder));
}

base::Result<std::optional<Turn>> SqlSession::turn(const std::string& name) {
  MIDWATCH_TRY(auto found, select_rows<Turn>(connection_, "WHERE name = $1", {name}));
  return first_of(std::move(found));
}

base::Result<std::uint64_t> SqlSession::append(const model::JournalEntry& entry) {
  MIDWATCH_TRY(const auto last, connection_.run("SELECT COALESCE(MAX(sequence), 0) FROM journal "
                                                "WHERE investigation = $1",
                                                {entry.investigation}));
  model::JournalEntry next = entry;
  next.sequence = static_cast<std::uint64_t>(number_in(last)) + 1;
  MIDWATCH_TRY_VOID(insert_row(connection_, next, ""));
  return next.sequence;
}

base::Result<std::vector<model::JournalEntry>> SqlSession::journal(const std::string& investigation,
                                                                   std::uint64_t after, std::size_t limit) {
  return journal(investigation, after, limit, {});
}

base::Result<std::vector<model::JournalEntry>> SqlSession::journal(const std::string& investigation,
                                                                   std::uint64_t after, std::size_t limit,
                                                                   const JournalFilter& filter) {
  SqlConditions conditions;
  conditions.equal("investigation", investigation);
  conditions.add("sequence > " + conditions.bind(static_cast<std::int64_t>(after)));
  if (filter.time) conditions.within("time", *filter.time);
  if (!filter.kind.empty()) conditions.equal("kind", filter.kind);
  const std::string limited = conditions.bind(sql_limit(limit));
  return select_rows<model::JournalEntry>(
      connection_, fmt::format("{} ORDER BY sequence LIMIT {}", conditions.text(), limited),
      conditions.parameters());
}

base::Result<> SqlSession::put_document(const Document& document) {
  MIDWATCH_TRY_VOID(check_keys({document.name}));
  return done(insert_row(connection_, document,
                         "ON CONFLICT (investigation, name) DO UPDATE SET media_type = excluded.media_type, "
                         "body = excluded.body"));
}

base::Result<Document> SqlSession::document(const std::string& investigation, const std::string& name) {
  MIDWATCH_TRY(auto found, select_rows<Document>(connection_, "WHERE investigation = $1 AND name = $2",
                                                 {investigation, name}));
  if (found.empty()) return not_there("document \"" + name + "\" of", investigation);
  return std::move(found.front());
}

base::Result<> SqlSession::add_feedback(const model::Feedback& feedback) {
  return add_row(connection_, feedback, "feedback", feedback.id);
}

base::Result<std::vector<model::Feedback>> SqlSession::feedback(const std::vector<std::string>& spaces) {
  SqlConditions conditions;
  conditions.one_of("space", spaces);
  return select_rows<model::Feedback>(connection_, conditions.text() + " ORDER BY time, id",
                                      conditions.parameters());
}

base::Result<Page<model::Feedback>> SqlSession::judgements(const FeedbackFilter& filter,
                                                           const std::string& after, std::size_t limit) {
  SqlConditions conditions;
  if (filter.judgement) conditions.is("judgement", model::to_string(*filter.judgement));
  return select_page(connection_, std::move(conditions), filter, kFeedback, after, limit);
}

base::Result<std::size_t> SqlSession::count_answers(const std::vector<std::string>& spaces) {
  SqlConditions conditions;
  conditions.one_of("i.space", spaces);
  conditions.add("v.mode <> ''");
  MIDWATCH_TRY(const auto counted,
               connection_.run(fmt::format("SELECT COUNT(*) FROM incidents i JOIN investigations v ON v.id = "
                                           "i.investigation{}",
                                           conditions.text()),
                               conditions.parameters()));
  return static_cast<std::size_t>(number_in(counted));
}

base::Result<std::optional<std::string>> SqlSession::idempotent(const std::string& scope,
                                                                const std::string& key) {
  MIDWATCH_TRY(auto found,
               connection_.run("SELECT answer FROM answers WHERE scope = $1 AND key = $2", {scope, key}));
  return first_of(first_texts(std::move(found)));
}

base::Result<> SqlSession::remember(const std::string& scope, const std::string& key,
                                    const std::string& answer, base::Timestamp until) {
  MIDWATCH_TRY_VOID(check_keys({scope, key}));
  MIDWATCH_TRY(const auto written,
               connection_.run("INSERT INTO answers (scope, key, answer, until) VALUES ($1, $2, $3, $4) "
                               "ON CONFLICT DO NOTHING",
                               {scope, key, SqlBytes{answer}, sql_time(until)}));
  if (written.changed == 0) return there_already("an answer to", key);
  return {};
}

base::Result<std::size_t> SqlSession::forget_answers(base::Timestamp now) {
  MIDWATCH_TRY(const auto written, connection_.run("DELETE FROM answers WHERE until <= $1", {sql_time(now)}));
  return written.changed;
}

base::Result<> SqlSession::add_outbox(const OutboxMessage& message) {
  MIDWATCH_TRY_VOID(check_keys({message.target, message.key}));
  return done(insert_row(connection_, message, "ON CONFLICT (target, key) DO NOTHING"));
}

base::Result<std::vector<OutboxMessage>> SqlSession::due(const std::vector<std::string>& targets,
                                                         base::Timestamp now, std::size_t limit) {
  SqlConditions conditions;
  conditions.add("state IN ('waiting', 'sending')");
  conditions.add(fmt::format("(due <= {} OR due > {})", conditions.bind(sql_time(now)),
                             conditions.bind(sql_time(now + kLongestOutboxWait))));
  // Not by the index of targets, which has all that was ever sent to one.
  conditions.one_of("(target || '')", targets);
  conditions.add(
      "NOT EXISTS (SELECT 1 FROM outbox e WHERE e.incident = outbox.incident AND e.target = outbox.target "
      "AND e.state IN ('waiting', 'sending') AND (e.created, e.id) < (outbox.created, outbox.id))");
  const std::string limited = conditions.bind(sql_limit(limit));
  return select_rows<OutboxMessage>(connection_,
                                    fmt::format("{} ORDER BY due, id LIMIT {}", conditions.text(), limited),
                                    conditions.parameters());
}

base::Result<OutboxMessage> SqlSession::outbox_message(const std::string& id) {
  return select_one<OutboxMessage>(connection_, id, "message of the outbox");
}

base::Result<> SqlSession::update_outbox(const OutboxMessage& m) {
  return change_one(connection_,
                    "UPDATE outbox SET body = $2, attempts = $3, due = $4, state = $5, reason = $6, "
                    "receipt = $7 WHERE id = $1",
                    {m.id, m.body, std::int64_t{m.attempts}, sql_time(m.due), std::string(to_string(m.state)),
                     m.reason, m.receipt},
                    "message of the outbox", m.id);
}

base::Result<Page<OutboxMessage>> SqlSession::outbox(const OutboxFilter& filter, const std::string& after,
                                                     std::size_t limit) {
  SqlConditions conditions;
  if (!filter.incident.empty()) conditions.equal("incident", filter.incident);
  if (!filter.target.empty()) conditions.equal("target", filter.target);
  if (filter.state) conditions.is("state", to_string(*filter.state));
  return select_page(connection_, std::move(conditions), filter, kOutbox, after, limit);
}

base::Result<std::string> SqlSession::first_receipt(const std::string& incident, const std::string& target) {
  MIDWATCH_TRY(auto found, connection_.run("SELECT receipt FROM outbox WHERE incident = $1 AND target = $2 "
                                           "AND receipt <> '' ORDER BY created, id LIMIT 1",
                                           {incident, target}));
  return first_of(first_texts(std::move(found))).value_or("");
}

base::Result<Changes> SqlSession::changes(std::uint64_t after, std::size_t limit) {
  Changes changes;
  MIDWATCH_TRY(changes.items,
               select_rows<Change>(connection_, "WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                                   {static_cast<std::int64_t>(after), sql_limit(limit)}));
  if (changes.items.empty()) return changes;
  MIDWATCH_TRY(const auto oldest, connection_.run("SELECT MIN(sequence) FROM changes", {}));
  changes.complete = static_cast<std::uint64_t>(number_in(oldest)) <= after + 1;
  return changes;
}

base::Result<std::uint64_t> SqlSession::last_change() {
  MIDWATCH_TRY(const auto last, connection_.run("SELECT COALESCE(MAX(sequence), 0) FROM changes", {}));
  return static_cast<std::uint64_t>(number_in(last));
}

base::Result<> SqlSession::audit(const AuditEntry& entry) {
  MIDWATCH_TRY(const auto last, select_rows<AuditEntry>(connection_, "ORDER BY sequence DESC LIMIT 1", {}));
  AuditEntry next = entry;
  next.sequence = last.empty() ? 1 : last.front().sequence + 1;
  next.hash = audit_hash(last.empty() ? audit_origin() : last.front().hash, next);
  return done(insert_row(connection_, next, ""));
}

base::Result<std::vector<AuditEntry>> SqlSession::audit_after(std::uint64_t sequence, std::size_t limit) {
  return select_rows<AuditEntry>(connection_, "WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                                 {static_cast<std::int64_t>(sequence), sql_limit(limit)});
}

base::Result<std::vector<AuditEntry>> SqlSession::audit_lines(const AuditFilter& filter, std::uint64_t after,
                                                              std::size_t limit) {
  SqlConditions conditions;
  conditions.add("sequence > " + conditions.bind(static_cast<std::int64_t>(after)));
  if (filter.time) conditions.within("time", *filter.time);
  if (!filter.who.empty()) conditions.equal("who", filter.who);
  if (!filter.action.empty()) conditions.equal("action", filter.action);
  std::vector<AuditEntry> lines;
  const auto add = [&](SqlConditions some) -> base::Result<> {
    const std::string limited = some.bind(sql_limit(limit));
    MIDWATCH_TRY(auto found,
                 select_rows<AuditEntry>(connection_,
                                         fmt::format("{} ORDER BY sequence LIMIT {}", some.text(), limited),
                                         some.parameters()));
    std::move(found.begin(), found.end(), std::back_inserter(lines));
    return {};
  };
  if (filter.spaces.empty()) MIDWATCH_TRY_VOID(add(conditions));
  // As for pages, each space by its index.
  for (const std::string& space : filter.spaces) {
    SqlConditions some = conditions;
    some.equal(connection_.audit_space(), space);
    MIDWATCH_TRY_VOID(add(std::move(some)));
  }
  std::sort(lines.begin(), lines.end(),
            [](const AuditEntry& a, const AuditEntry& b) { return a.sequence < b.sequence; });
  if (lines.size() > limit) lines.resize(limit);
  return lines;
}

namespace {

/// The sum of the first column of all rows.
std::uint64_t sum_of(const SqlRows& rows) {
  std::int64_t sum = 0;
  for (const auto& row : rows.rows) sum += std::get<std::int64_t>(row.at(0));
  return static_cast<std::uint64_t>(sum);
}

}  // namespace

/// The tables of what refers to an incident, or to its investigations, follow by themselves (ON DELETE
/// CASCADE). Gives the bytes that went.
base::Result<std::uint64_t> SqlSession::forget_incident(const std::string& incident) {
  MIDWATCH_TRY(const auto documents,
               connection_.run("SELECT LENGTH(d.body) FROM documents d JOIN investigations v ON v.id = "
                               "d.investigation WHERE v.incident = $1",
                               {incident}));
  MIDWATCH_TRY(const auto journal,
               connection_.run("SELECT LENGTH(j.data) FROM journal j JOIN investigations v ON v.id = "
                               "j.investigation WHERE v.incident = $1",
                               {incident}));
  std::uint64_t bytes = sum_of(documents) + sum_of(journal);
  MIDWATCH_TRY(auto brought,
               connection_.run("SELECT DISTINCT delivery FROM alarms WHERE incident = $1", {incident}));
  MIDWATCH_TRY_VOID(connection_.run("DELETE FROM incidents WHERE id = $1", {incident}));
  for (const auto& delivery : first_texts(std::move(brought))) {
    MIDWATCH_TRY(const auto gone,
                 connection_.run("DELETE FROM deliveries WHERE id = $1 AND NOT EXISTS "
                                 "(SELECT 1 FROM alarms WHERE delivery = $1) RETURNING LENGTH(body)",
                                 {delivery}));
    bytes += sum_of(gone);
  }
  return bytes;
}

base::Result<std::uint64_t> SqlSession::size_of(const std::string& space) {
  MIDWATCH_TRY(const auto size,
               connection_.run("SELECT COALESCE((SELECT SUM(LENGTH(d.body)) FROM documents d JOIN "
                               "investigations v ON v.id = d.investigation WHERE v.space = $1), 0) + "
                               "COALESCE((SELECT SUM(LENGTH(j.data)) FROM journal j JOIN investigations v ON "
                               "v.id = j.investigation WHERE v.space = $1), 0) + "
                               "COALESCE((SELECT SUM(LENGTH(body)) FROM deliveries WHERE space = $1), 0)",
                               {space}));
  return static_cast<std::uint64_t>(number_in(size));
}

base::Result<std::optional<base::Timestamp>> SqlSession::first_to_forget(const std::string& space,
                                                                         std::size_t count) {
  const std::vector<SqlValue> some{space, sql_limit(count)};
  MIDWATCH_TRY(const auto resolved,
               connection_.run("SELECT resolved FROM incidents WHERE space = $1 AND status = 'resolved' AND "
                               "held = 0 ORDER BY resolved, id LIMIT $2",
                               some));
  MIDWATCH_TRY(const auto came,
               connection_.run("SELECT d.received, COALESCE((SELECT MAX(m.received) FROM alarms m WHERE "
                               "m.delivery = d.id), d.received) FROM deliveries d WHERE d.space = $1 AND "
                               "NOT EXISTS (SELECT 1 FROM alarms a WHERE a.delivery = d.id AND a.incident IS "
                               "NOT NULL) ORDER BY d.received, d.id LIMIT $2",
                               some));
  std::optional<base::Timestamp> first;
  if (!resolved.rows.empty()) first = RowReader(resolved.rows.back()).time();
  if (!came.rows.empty()) {
    // Its alarms are not of the same moment, and go with it.
    RowReader last(came.rows.back());
    const base::Timestamp received = last.time();
    const base::Timestamp alarm = last.time();
    first = std::min(first.value_or(base::Timestamp::max()), std::max(received, alarm));
  }
  if (first) *first += base::Duration(1);
  return first;
}

base::Result<Cleared> SqlSession::forget(const std::string& space, base::Timestamp before,
                                         std::size_t limit) {
  const std::vector<SqlValue> old{space, sql_time(before), sql_limit(limit)};
  MIDWATCH_TRY(auto found,
               connection_.run("SELECT id FROM incidents WHERE space = $1 AND status = 'resolved' "
                               "AND resolved < $2 AND held = 0 ORDER BY resolved, id LIMIT $3",
                               old));
  const auto incidents = first_texts(std::move(found));
  Cleared gone;
  gone.incidents = incidents.size();
  for (const auto& incident : incidents) {
    MIDWATCH_TRY(const std::uint64_t bytes, forget_incident(incident));
    gone.bytes += bytes;
  }
  MIDWATCH_TRY(const auto alarms,
               connection_.run("DELETE FROM alarms WHERE id IN (SELECT id FROM alarms WHERE space = $1 "
                               "AND received < $2 AND incident IS NULL ORDER BY received, id LIMIT $3)",
                               old));
  MIDWATCH_TRY(const auto deliveries,
               connection_.run("DELETE FROM deliveries WHERE id IN (SELECT d.id FROM deliveries d WHERE "
                               "d.space = $1 AND d.received < $2 AND NOT EXISTS (SELECT 1 FROM alarms a "
                               "WHERE a.delivery = d.id) ORDER BY d.received, d.id LIMIT $3) "
                               "RETURNING LENGTH(body)",
                               old));
  MIDWATCH_TRY(const auto messages,
               connection_.run("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE space = $1 AND "
                               "due < $2 AND state IN ('sent', 'failed', 'unknown') ORDER BY due LIMIT $3)",
                               old));
  gone.bytes += sum_of(deliveries);
  const std::size_t most =
      std::max({gone.incidents, alarms.changed, deliveries.rows.size(), messages.changed});
  gone.more = most > 0 && most == limit;
  return gone;
}

}  // namespace midwatch::store

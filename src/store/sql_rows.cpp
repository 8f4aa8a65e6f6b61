#include "src/store/sql_rows.h"

#include <array>
#include <map>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/utf8.h"
#include "src/model/words_of.h"
#include "src/store/byte_text.h"

namespace midwatch::store {
namespace {

constexpr std::size_t kMaxShown = 60;  ///< bytes of a damaged value in a message

SqlValue sql_word(std::string_view word) {
  return std::string(word);
}

SqlValue sql_optional_time(const std::optional<base::Timestamp>& time) {
  if (!time) return {};
  return sql_time(*time);
}

/// A number of the model, which never holds more than 63 bits.
std::int64_t sql_count(std::uint64_t count) {
  return static_cast<std::int64_t>(count);
}

SqlValue labels_text(const std::map<std::string, std::string>& labels) {
  base::Json object = base::Json::object();
  for (const auto& [name, value] : labels) object[to_byte_text(name)] = to_byte_text(value);
  return base::dump_json(object);
}

std::map<std::string, std::string> labels_of(RowReader& row) {
  std::map<std::string, std::string> labels;
  const auto object = base::parse_json(row.text());
  if (!object || !object->is_object()) {
    row.note("labels that are no JSON object");
    return labels;
  }
  for (const auto& [name, value] : object->items())
    if (value.is_string()) labels[from_byte_text(name)] = from_byte_text(value.get_ref<const std::string&>());
  return labels;
}

/// As the triggers of the database write it.
std::optional<Change::Kind> change_kind_of(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, Change::Kind>, 4> kKinds{
      {{"incident", Change::Kind::kIncident},
       {"investigation", Change::Kind::kInvestigation},
       {"journal", Change::Kind::kJournal},
       {"report", Change::Kind::kReport}}};
  for (const auto& [name, kind] : kKinds)
    if (name == word) return kind;
  return std::nullopt;
}

void append(SqlRow& values, SqlRow more) {
  for (auto& value : more) values.push_back(std::move(value));
}

constexpr std::array<std::pair<OutboxState, std::string_view>, 5> kOutboxStateWords{{
    {OutboxState::kWaiting, "waiting"},
    {OutboxState::kSending, "sending"},
    {OutboxState::kSent, "sent"},
    {OutboxState::kFailed, "failed"},
    {OutboxState::kUnknown, "unknown"},
}};

}  // namespace

std::string_view to_string(OutboxState state) {
  return model::word_of(kOutboxStateWords, state);
}

std::optional<OutboxState> outbox_state_of(std::string_view word) {
  return model::of_word(kOutboxStateWords, word);
}

std::int64_t sql_time(base::Timestamp time) {
  return time.time_since_epoch().count();
}

SqlValue sql_reference(const std::string& id) {
  if (id.empty()) return {};
  return id;
}

void RowReader::note(std::string_view what) {
  if (problem_.empty()) problem_ = base::printable(what, kMaxShown);
}

template <class Type>
Type RowReader::take() {
  if (next_ >= row_.size()) {
    note("too few columns");
    return {};
  }
  auto& value = row_[next_++];
  if (auto* held = std::get_if<Type>(&value)) return std::move(*held);
  note("a value of another type");
  return {};
}

std::string RowReader::text() {
  if (next_ < row_.size()) {
    if (std::holds_alternative<std::monostate>(row_[next_])) return ++next_, std::string();
    if (auto* bytes = std::get_if<SqlBytes>(&row_[next_])) return ++next_, std::move(bytes->bytes);
  }
  return take<std::string>();
}

std::int64_t RowReader::integer() {
  return take<std::int64_t>();
}

double RowReader::real() {
  return take<double>();
}

std::optional<std::int64_t> RowReader::optional_integer() {
  if (next_ < row_.size() && std::holds_alternative<std::monostate>(row_[next_]))
    return ++next_, std::nullopt;
  return integer();
}

std::optional<base::Timestamp> RowReader::optional_time() {
  const auto count = optional_integer();
  if (!count) return std::nullopt;
  return base::Timestamp(base::Duration(*count));
}

model::Text RowReader::both_languages() {
  model::Text read;
  read.en = text();
  read.ja = text();
  return read;
}

SqlRow Table<Delivery>::values(const Delivery& d) {
  return {d.id, d.space, d.sender, d.key, sql_time(d.received), SqlBytes{d.body}, d.note};
}

Delivery Table<Delivery>::read(RowReader& row) {
  Delivery d;
  d.id = row.text();
  d.space = row.text();
  d.sender = row.text();
  d.key = row.text();
  d.received = row.time();
  d.body = row.text();
  d.note = row.text();
  return d;
}

SqlRow triage_values(const model::Triage& t) {
  return {sql_word(model::to_string(t.decision)),
          sql_reference(t.incident),
          t.rule,
          t.reason.en,
          t.reason.ja,
          std::int64_t{t.by_person},
          sql_optional_time(t.again)};
}

SqlRow Table<StoredAlarm>::values(const StoredAlarm& stored) {
  const auto& a = stored.alarm;
  SqlRow values{a.id,
                a.space,
                a.sender,
                a.dialect,
                a.key,
                sql_word(model::to_string(a.state)),
                sql_word(model::to_string(a.severity)),
                a.name,
                a.entity,
                a.account,
                a.region,
                a.metric,
                a.summary,
                a.link,
                sql_time(a.since),
                sql_time(a.received),
                labels_text(a.labels)};
  append(values, triage_values(stored.triage));
  values.emplace_back(stored.delivery);
  return values;
}

StoredAlarm Table<StoredAlarm>::read(RowReader& row) {
  StoredAlarm stored;
  auto& a = stored.alarm;
  a.id = row.text();
  a.space = row.text();
  a.sender = row.text();
  a.dialect = row.text();
  a.key = row.text();
  a.state = row.word(model::alarm_state_of);
  a.severity = row.word(model::severity_of);
  a.name = row.text();
  a.entity = row.text();
  a.account = row.text();
  a.region = row.text();
  a.metric = row.text();
  a.summary = row.text();
  a.link = row.text();
  a.since = row.time();
  a.received = row.time();
  a.labels = labels_of(row);
  stored.triage.decision = row.word(model::triage_decision_of);
  stored.triage.incident = row.text();
  stored.triage.rule = row.text();
  stored.triage.reason = row.both_languages();
  stored.triage.by_person = row.flag();
  stored.triage.again = row.optional_time();
  stored.delivery = row.text();
  return stored;
}

SqlRow Table<model::Incident>::values(const model::Incident& i) {
  return {i.id,
          i.space,
          i.title,
          sql_word(model::to_string(i.status)),
          sql_word(model::to_string(i.severity)),
          i.entity,
          i.alarm,
          sql_time(i.opened),
          sql_time(i.changed),
          sql_optional_time(i.resolved),
          sql_count(i.alarms),
          sql_count(i.firing),
          i.investigation,
          sql_count(i.version),
          std::int64_t{i.held}};
}

model::Incident Table<model::Incident>::read(RowReader& row) {
  model::Incident i;
  i.id = row.text();
  i.space = row.text();
  i.title = row.text();
  i.status = row.word(model::incident_status_of);
  i.severity = row.word(model::severity_of);
  i.entity = row.text();
  i.alarm = row.text();
  i.opened = row.time();
  i.changed = row.time();
  i.resolved = row.optional_time();
  i.alarms = static_cast<std::uint32_t>(row.integer());
  i.firing = static_cast<std::uint32_t>(row.integer());
  i.investigation = row.text();
  i.version = static_cast<std::uint64_t>(row.integer());
  i.held = row.flag();
  return i;
}

SqlRow Table<model::Investigation>::values(const model::Investigation& i) {
  const auto& start = i.start;
  return {i.id,
          i.incident,
          i.space,
          sql_word(model::to_string(i.status)),
          start.alarm,
          std::int64_t{start.latest},
          start.entity,
          start.question,
          start.window ? SqlValue(sql_time(start.window->start)) : SqlValue(),
          start.window ? SqlValue(sql_time(start.window->end)) : SqlValue(),
          start.region,
          sql_count(i.attempt),
          sql_time(i.requested),
          sql_optional_time(i.started),
          sql_optional_time(i.ended),
          i.outcome,
          i.headline.en,
          i.headline.ja,
          i.entity,
          i.mode,
          i.probability,
          i.failure.en,
          i.failure.ja,
          sql_count(i.version),
          i.trace_parent};
}

model::Investigation Table<model::Investigation>::read(RowReader& row) {
  model::Investigation i;
  i.id = row.text();
  i.incident = row.text();
  i.space = row.text();
  i.status = row.word(model::investigation_status_of);
  i.start.alarm = row.text();
  i.start.latest = row.flag();
  i.start.entity = row.text();
  i.start.question = row.text();
  const auto from = row.optional_time();
  const auto until = row.optional_time();
  if (from && until) i.start.window = base::TimeRange{*from, *until};
  i.start.region = row.text();
  i.attempt = static_cast<std::uint32_t>(row.integer());
  i.requested = row.time();
  i.started = row.optional_time();
  i.ended = row.optional_time();
  i.outcome = row.text();
  i.headline = row.both_languages();
  i.entity = row.text();
  i.mode = row.text();
  i.probability = row.real();
  i.failure = row.both_languages();
  i.version = static_cast<std::uint64_t>(row.integer());
  i.trace_parent = row.text();
  return i;
}

SqlRow Table<model::JournalEntry>::values(const model::JournalEntry& e) {
  return {e.investigation, sql_count(e.sequence), sql_time(e.time), e.kind, e.what.en, e.what.ja, e.data};
}

model::JournalEntry Table<model::JournalEntry>::read(RowReader& row) {
  model::JournalEntry e;
  e.investigation = row.text();
  e.sequence = static_cast<std::uint64_t>(row.integer());
  e.time = row.time();
  e.kind = row.text();
  e.what = row.both_languages();
  e.data = row.text();
  return e;
}

SqlRow Table<Document>::values(const Document& d) {
  return {d.investigation, d.name, d.media_type, SqlBytes{d.body}};
}

Document Table<Document>::read(RowReader& row) {
  Document d;
  d.investigation = row.text();
  d.name = row.text();
  d.media_type = row.text();
  d.body = row.text();
  return d;
}

SqlRow Table<model::Feedback>::values(const model::Feedback& f) {
  return {f.id,
          f.investigation,
          f.space,
          f.mode,
          f.probability,
          sql_word(model::to_string(f.judgement)),
          f.mitigation_helped ? SqlValue(std::int64_t{*f.mitigation_helped}) : SqlValue(),
          f.actual,
          f.by,
          sql_time(f.time)};
}

model::Feedback Table<model::Feedback>::read(RowReader& row) {
  model::Feedback f;
  f.id = row.text();
  f.investigation = row.text();
  f.space = row.text();
  f.mode = row.text();
  f.probability = row.real();
  f.judgement = row.word(model::judgement_of);
  if (const auto helped = row.optional_integer()) f.mitigation_helped = *helped != 0;
  f.actual = row.text();
  f.by = row.text();
  f.time = row.time();
  return f;
}

SqlRow Table<OutboxMessage>::values(const OutboxMessage& m) {
  return {m.id,
          m.target,
          m.key,
          m.body,
          sql_count(m.attempts),
          sql_time(m.due),
          sql_reference(m.incident),
          m.space,
          sql_time(m.created),
          sql_word(to_string(m.state)),
          m.reason,
          m.receipt};
}

OutboxMessage Table<OutboxMessage>::read(RowReader& row) {
  OutboxMessage m;
  m.id = row.text();
  m.target = row.text();
  m.key = row.text();
  m.body = row.text();
  m.attempts = static_cast<std::uint32_t>(row.integer());
  m.due = row.time();
  m.incident = row.text();
  m.space = row.text();
  m.created = row.time();
  m.state = row.word(outbox_state_of);
  m.reason = row.text();
  m.receipt = row.text();
  return m;
}

Turn Table<Turn>::read(RowReader& row) {
  Turn t;
  t.name = row.text();
  t.holder = row.text();
  t.until = row.time();
  t.state = row.text();
  return t;
}

SqlRow Table<AuditEntry>::values(const AuditEntry& e) {
  return {sql_count(e.sequence), sql_time(e.time), e.who, e.action, e.object, e.details, e.hash};
}

AuditEntry Table<AuditEntry>::read(RowReader& row) {
  AuditEntry e;
  e.sequence = static_cast<std::uint64_t>(row.integer());
  e.time = row.time();
  e.who = row.text();
  e.action = row.text();
  e.object = row.text();
  e.details = row.text();
  e.hash = row.text();
  return e;
}

Change Table<Change>::read(RowReader& row) {
  Change c;
  c.sequence = static_cast<std::uint64_t>(row.integer());
  c.kind = row.word(change_kind_of);
  c.id = row.text();
  c.space = row.text();
  return c;
}

}  // namespace midwatch::store

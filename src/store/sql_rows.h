#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/store/sql_connection.h"
#include "src/store/store.h"

namespace midwatch::store {

/// The columns of one row in their order. What does not fit is noted, and `problem` says it.
class RowReader {
 public:
  explicit RowReader(SqlRow row) : row_(std::move(row)) {}

  std::string text();
  std::int64_t integer();
  double real();
  bool flag() { return integer() != 0; }
  base::Timestamp time() { return base::Timestamp(base::Duration(integer())); }
  std::optional<std::int64_t> optional_integer();
  std::optional<base::Timestamp> optional_time();
  model::Text both_languages();
  template <class Value>
  Value word(std::optional<Value> (*value_of)(std::string_view)) {
    const std::string written = text();
    const auto value = value_of(written);
    if (!value) note(written);
    return value.value_or(Value{});
  }
  void note(std::string_view what);

  const std::string& problem() const { return problem_; }

 private:
  template <class Type>
  Type take();

  SqlRow row_;
  std::size_t next_ = 0;
  std::string problem_;
};

/// How a structure lies in a table: its columns, its values in their order, and back.
template <class T>
struct Table;

template <>
struct Table<Delivery> {
  static constexpr std::string_view kName = "deliveries";
  static constexpr std::string_view kColumns = "id, space, sender, key, received, body, note";
  static SqlRow values(const Delivery& delivery);
  static Delivery read(RowReader& row);
};

template <>
struct Table<StoredAlarm> {
  static constexpr std::string_view kName = "alarms";
  static constexpr std::string_view kColumns =
      "id, space, sender, dialect, key, state, severity, name, entity, account, region, metric, summary, "
      "link, "
      "since, received, labels, decision, incident, rule, reason_en, reason_ja, by_person, again, "
      "delivery";
  static SqlRow values(const StoredAlarm& alarm);
  static StoredAlarm read(RowReader& row);
};

template <>
struct Table<model::Incident> {
  static constexpr std::string_view kName = "incidents";
  static constexpr std::string_view kColumns =
      "id, space, title, status, severity, entity, alarm, opened, changed, resolved, alarms, firing, "
      "investigation, version, held";
  static SqlRow values(const model::Incident& incident);
  static model::Incident read(RowReader& row);
};

template <>
struct Table<model::Investigation> {
  static constexpr std::string_view kName = "investigations";
  static constexpr std::string_view kColumns =
      "id, incident, space, status, start_alarm, start_latest, start_entity, start_question, start_from, "
      "start_until, start_region, attempt, requested, started, ended, outcome, headline_en, headline_ja, "
      "entity, mode, probability, failure_en, failure_ja, version, trace_parent";
  static SqlRow values(const model::Investigation& investigation);
  static model::Investigation read(RowReader& row);
};

template <>
struct Table<model::JournalEntry> {
  static constexpr std::string_view kName = "journal";
  static constexpr std::string_view kColumns = "investigation, sequence, time, kind, what_en, what_ja, data";
  static SqlRow values(const model::JournalEntry& entry);
  static model::JournalEntry read(RowReader& row);
};

template <>
struct Table<Document> {
  static constexpr std::string_view kName = "documents";
  static constexpr std::string_view kColumns = "investigation, name, media_type, body";
  static SqlRow values(const Document& document);
  static Document read(RowReader& row);
};

template <>
struct Table<model::Feedback> {
  static constexpr std::string_view kName = "feedback";
  static constexpr std::string_view kColumns =
      "id, investigation, space, mode, probability, judgement, mitigation_helped, actual, given_by, time";
  static SqlRow values(const model::Feedback& feedback);
  static model::Feedback read(RowReader& row);
};

template <>
struct Table<OutboxMessage> {
  static constexpr std::string_view kName = "outbox";
  static constexpr std::string_view kColumns =
      "id, target, key, body, attempts, due, incident, space, created, state, reason, receipt";
  static SqlRow values(const OutboxMessage& message);
  static OutboxMessage read(RowReader& row);
};

template <>
struct Table<Turn> {
  static constexpr std::string_view kName = "turns";
  static constexpr std::string_view kColumns = "name, holder, until, state";
  static Turn read(RowReader& row);
};

template <>
struct Table<AuditEntry> {
  static constexpr std::string_view kName = "audit";
  static constexpr std::string_view kColumns = "sequence, time, who, action, object, details, hash";
  static SqlRow values(const AuditEntry& entry);
  static AuditEntry read(RowReader& row);
};

template <>
struct Table<User> {
  static constexpr std::string_view kName = "users";
  static constexpr std::string_view kColumns =
      "id, password, grants, disabled, created, changed, must_change";
  static SqlRow values(const User& user);
  static User read(RowReader& row);
};

template <>
struct Table<SignIn> {
  static constexpr std::string_view kName = "sign_ins";
  static constexpr std::string_view kColumns = "id, account, who, grants, began, used, until";
  static SqlRow values(const SignIn& sign_in);
  static SignIn read(RowReader& row);
};

template <>
struct Table<ApiToken> {
  static constexpr std::string_view kName = "tokens";
  static constexpr std::string_view kColumns = "id, name, sha256, grants, made_by, created, until, revoked";
  static SqlRow values(const ApiToken& token);
  static ApiToken read(RowReader& row);
};

template <>
struct Table<Attempts> {
  static constexpr std::string_view kName = "attempts";
  static constexpr std::string_view kColumns = "id, count, last";
  static SqlRow values(const Attempts& attempts);
  static Attempts read(RowReader& row);
};

/// The database writes these itself.
template <>
struct Table<Change> {
  static constexpr std::string_view kName = "changes";
  static constexpr std::string_view kColumns = "sequence, kind, id, space";
  static Change read(RowReader& row);
};

/// The values of a triage, as they lie in the table of alarms.
SqlRow triage_values(const model::Triage& triage);

std::int64_t sql_time(base::Timestamp time);
/// NULL for an empty text.
SqlValue sql_reference(const std::string& id);

/// Reads each row as a T.
/// Errors: kMalformed for a row that holds what this program never writes.
template <class T>
base::Result<std::vector<T>> read_rows(SqlRows&& rows) {
  std::vector<T> read;
  read.reserve(rows.rows.size());
  for (auto& row : rows.rows) {
    RowReader reader(std::move(row));
    read.push_back(Table<T>::read(reader));
    if (!reader.problem().empty())
      return base::environment_error(base::ErrorCode::kMalformed,
                                     "the database holds what this program never writes, in " +
                                         std::string(Table<T>::kName) + ": " + reader.problem());
  }
  return read;
}

}  // namespace midwatch::store

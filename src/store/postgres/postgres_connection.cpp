#include "src/store/postgres/postgres_connection.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "src/base/ascii.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/store/byte_text.h"

namespace midwatch::store::postgres {
namespace {

// Object ids of PostgreSQL's own types, which never change (pg_type.dat).
constexpr Oid kBytes = 17;
constexpr Oid kInteger64 = 20;
constexpr Oid kInteger32 = 23;
constexpr Oid kReal = 701;

/// Statements are few and fixed, but for lists of values of any length.
constexpr std::size_t kMaxStatements = 200;

constexpr std::size_t kMaxShown = 300;  ///< bytes of the server's words in a message

/// What every session needs. A writer that vanished with its host must not keep the others waiting for long,
/// and what is told to be kept must be on the disk, whatever the server does for others.
constexpr std::string_view kSettings =
    "SET client_min_messages = warning; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = "
    "'60s'; "
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; "
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = "
    "'off'";

/// One writes at a time, as in SQLite: what a write read stays true until it is kept, and none has to be done
/// again. It costs little, because writes that wait share one commit. The number is any that is ours.
constexpr std::string_view kBeginWriting =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(5573911)";
constexpr std::string_view kBeginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

struct Free {
  void operator()(unsigned char* bytes) const { PQfreemem(bytes); }
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

std::string words_of(std::string_view message) {
  return base::printable(base::trim(message), kMaxShown);
}

/// Parameters in the form that libpq takes; it points into the values.
class Parameters {
 public:
  explicit Parameters(const std::vector<SqlValue>& values) {
    texts_.reserve(values.size());
    for (const auto& value : values) add(value);
  }

  int size() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(const SqlValue& value) {
    const auto* bytes = std::get_if<SqlBytes>(&value);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      texts_.push_back(fmt::to_string(*integer));
    } else if (const auto* real = std::get_if<double>(&value)) {
      texts_.push_back(fmt::to_string(*real));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      texts_.push_back(to_byte_text(*text));
    } else {
      texts_.emplace_back();
    }
    if (std::holds_alternative<std::monostate>(value)) {
      values_.push_back(nullptr);
    } else {
      values_.push_back(bytes ? bytes->bytes.data() : texts_.back().c_str());
    }
    lengths_.push_back(bytes ? static_cast<int>(bytes->bytes.size()) : 0);
    formats_.push_back(bytes ? 1 : 0);
  }

  std::vector<std::string> texts_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

template <class Number>
SqlValue number_in(std::string_view text) {
  Number number{};
  std::from_chars(text.begin(), text.end(), number);
  return number;
}

SqlValue value_of(const PGresult* answer, int row, int column) {
  if (PQgetisnull(answer, row, column) != 0) return {};
  const std::string_view text(PQgetvalue(answer, row, column),
                              static_cast<std::size_t>(PQgetlength(answer, row, column)));
  switch (PQftype(answer, column)) {
    case kInteger64:
    case kInteger32:
      return number_in<std::int64_t>(text);
    case kReal:
      return number_in<double>(text);
    case kBytes: {
      std::size_t size = 0;
      const auto* written = static_cast<const void*>(PQgetvalue(answer, row, column));
      const std::unique_ptr<unsigned char, Free> bytes(
          PQunescapeBytea(static_cast<const unsigned char*>(written), &size));
      return SqlBytes{std::string(bytes.get(), bytes.get() + size)};
    }
    default:
      return from_byte_text(text);
  }
}

std::size_t written_by(PGresult* answer) {
  const std::string_view count = PQcmdTuples(answer);
  if (count.empty() || PQresultStatus(answer) == PGRES_TUPLES_OK) return 0;
  return static_cast<std::size_t>(std::get<std::int64_t>(number_in<std::int64_t>(count)));
}

/// What SQLSTATEs mean here.
/// Source: PostgreSQL documentation, appendix A
base::Error explain(const std::string& where, std::string_view state, const std::string& text) {
  using base::ErrorCode;
  const std::string_view kind = state.substr(0, 2);
  if (state == "23505") return base::user_error(ErrorCode::kConflict, "it exists already: " + text);
  if (state == "23503")
    return base::user_error(ErrorCode::kNotFound, "it refers to what is not there: " + text);
  if (state == "40001" || state == "40P01")
    return base::environment_error(ErrorCode::kConflict, where + "another transaction was in the way");
  if (state == "53100")
    return base::environment_error(ErrorCode::kResourceExhausted,
                                   where + "the server's disk is full; free some space, or let less be kept");
  if (state == "53200") return base::environment_error(ErrorCode::kResourceExhausted, where + text);
  if (state == "55P03")
    return base::environment_error(ErrorCode::kUnavailable, where + "others have kept it locked for 10 s");
  if (state == "25006")
    return base::environment_error(ErrorCode::kPermissionDenied,
                                   where + "it takes no writes here; name its primary server");
  if (kind == "54")
    return base::user_error(ErrorCode::kInvalidArgument, where + "a key or a name is too long: " + text);
  if (kind == "42" && state == "42501")
    return base::environment_error(ErrorCode::kPermissionDenied,
                                   where + text + "; give this user the right to");
  if (state.empty() || kind == "08" || kind == "57" || kind == "53" || kind == "58" || state == "25P03")
    return base::environment_error(ErrorCode::kUnavailable, where + text);
  return base::internal_error(where + text);
}

/// True where a URI has a second "@": its password has one that is not written as %40, so that libpq takes
/// the rest of the password for the host, and says it.
bool has_open_password(std::string_view address) {
  const auto start = address.find("://");
  if (start == std::string_view::npos) return false;
  const auto authority = address.substr(start + 3);
  const auto at = authority.find('@');
  return at != std::string_view::npos && authority.find('@', at + 1) != std::string_view::npos;
}

/// What the server says beside its answers is of no use to whoever reads our output.
void ignore_notice(void*, const char*) {}

}  // namespace

void CloseConnection::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

void ClearResult::operator()(pg_result* result) const {
  PQclear(result);
}

base::Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const std::string& address) {
  const std::unique_ptr<PQconninfoOption, Free> options(PQconninfoParse(address.c_str(), nullptr));
  if (!options || has_open_password(address))  // what libpq says of it may hold the password
    return base::user_error(base::ErrorCode::kInvalidArgument,
                            "the address of the database is not understood; write it as "
                            "postgresql://USER@HOST:PORT/DATABASE, with %XX for special characters");
  std::unique_ptr<PostgresConnection> connection(new PostgresConnection(address));
  MIDWATCH_TRY_VOID(connection->connect());
  return connection;
}

base::Result<> PostgresConnection::connect() {
  connection_.reset();
  prepared_.clear();
  // What stands after the address wins over it, what stands before it does not.
  const std::array<const char*, 6> names{"connect_timeout", "target_session_attrs", "application_name",
                                         "dbname",          "client_encoding",      nullptr};
  const std::array<const char*, 6> values{"10", "read-write", "midwatch", address_.c_str(), "UTF8", nullptr};
  connection_.reset(PQconnectdbParams(names.data(), values.data(), 1));
  auto* const connection = connection_.get();
  PQsetNoticeProcessor(connection, ignore_notice, nullptr);
  if (description_.empty())
    description_ = fmt::format("PostgreSQL, {} on {}", PQdb(connection) ? PQdb(connection) : "?",
                               PQhost(connection) ? PQhost(connection) : "?");
  if (PQstatus(connection) != CONNECTION_OK) {
    const bool wants_password =
        PQconnectionNeedsPassword(connection) != 0 || PQconnectionUsedPassword(connection) != 0;
    return base::environment_error(
        wants_password ? base::ErrorCode::kUnauthenticated : base::ErrorCode::kUnavailable,
        fmt::format("database {}: {}", description_, words_of(PQerrorMessage(connection))));
  }
  const char* const encoding = PQparameterStatus(connection, "server_encoding");
  if (!encoding || std::string_view(encoding) != "UTF8")
    return base::environment_error(
        base::ErrorCode::kUnsupported,
        fmt::format("database {}: its encoding is {}; make one with ENCODING 'UTF8'", description_,
                    encoding ? encoding : "unknown"));
  return run_script(std::string(kSettings));
}

bool PostgresConnection::is_lost() const {
  return PQstatus(connection_.get()) != CONNECTION_OK;
}

base::Error PostgresConnection::error(const pg_result* answer) {
  const char* const told = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : nullptr;
  const std::string state = told ? told : "";
  const char* const primary = answer ? PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  const std::string text = words_of(primary ? primary : PQerrorMessage(connection_.get()));
  if (state == "40001" || state == "40P01") {
    gave_up_ = true;
    worth_again_ = true;
  }
  return explain(fmt::format("database {}: ", description_), state, text);
}

base::Result<> PostgresConnection::run_script(const std::string& script) {
  const Answer answer(PQexec(connection_.get(), script.c_str()));
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return error(answer.get());
  return {};
}

base::Result<std::string> PostgresConnection::prepare(std::string_view sql,
                                                      const std::vector<SqlValue>& parameters) {
  std::string text(sql);
  if (const auto known = prepared_.find(text); known != prepared_.end()) return known->second;
  if (prepared_.size() >= kMaxStatements) {
    MIDWATCH_TRY_VOID(run_script("DEALLOCATE ALL"));
    prepared_.clear();
  }
  std::vector<Oid> types(parameters.size(), 0);
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (std::holds_alternative<SqlBytes>(parameters[i])) types[i] = kBytes;
  std::string name = fmt::format("statement_{}", prepared_.size());
  const Answer answer(
      PQprepare(connection_.get(), name.c_str(), text.c_str(), static_cast<int>(types.size()), types.data()));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return error(answer.get());
  prepared_.emplace(std::move(text), name);
  return name;
}

base::Result<SqlRows> PostgresConnection::run(std::string_view sql, const std::vector<SqlValue>& parameters) {
  MIDWATCH_TRY(const auto name, prepare(sql, parameters));
  const Parameters sent(parameters);
  const Answer answer(PQexecPrepared(connection_.get(), name.c_str(), sent.size(), sent.values(),
                                     sent.lengths(), sent.formats(), 0));
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    worth_again_ = worth_again_ || is_lost();  // nothing of the transaction was kept
    return error(answer.get());
  }
  SqlRows rows;
  rows.changed = written_by(answer.get());
  const int columns = PQnfields(answer.get());
  for (int row = 0; row < PQntuples(answer.get()); ++row) {
    SqlRow values;
    values.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) values.push_back(value_of(answer.get(), row, column));
    rows.rows.push_back(std::move(values));
  }
  return rows;
}

base::Result<> PostgresConnection::begin(const std::string& script) {
  gave_up_ = false;
  worth_again_ = false;
  base::Result<> begun;
  if (!is_lost()) begun = run_script(script);
  // A connection tells that it is lost only when it is used.
  if (is_lost()) {
    MIDWATCH_TRY_VOID(connect());
    begun = run_script(script);
  }
  in_transaction_ = begun.has_value();
  return begun;
}

base::Result<> PostgresConnection::begin_reading() {
  return begin(std::string(kBeginReading));
}

base::Result<> PostgresConnection::begin_writing() {
  return begin(std::string(kBeginWriting));
}

base::Result<> PostgresConnection::commit() {
  const Answer answer(PQexec(connection_.get(), "COMMIT"));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) {
    auto failed = error(answer.get());
    if (!is_lost()) return failed;
    worth_again_ = false;
    return std::move(failed).with("it is not known whether the write was kept; read before writing again");
  }
  in_transaction_ = false;
  // A transaction in which a statement failed is ended, not kept, and the server calls that no error.
  if (std::string_view(PQcmdStatus(answer.get())) != "COMMIT")
    return base::internal_error(fmt::format("database {}: the transaction was rolled back", description_));
  return {};
}

void PostgresConnection::roll_back() {
  in_transaction_ = false;
  if (!is_lost() && PQtransactionStatus(connection_.get()) != PQTRANS_IDLE)
    const Answer answer(PQexec(connection_.get(), "ROLLBACK"));
}

bool PostgresConnection::lost_transaction() const {
  return in_transaction_ && (gave_up_ || is_lost());
}

std::string PostgresConnection::contains(std::string_view column, std::string_view parameter) const {
  // LIKE takes % and _ for patterns; other collations fold letters that SQLite does not.
  return fmt::format("strpos(lower({} COLLATE \"C\"), {}) > 0", column, parameter);
}

std::string_view PostgresConnection::audit_space() const {
  // The details are a byte text, in which backslashes are two, and so no JSON to PostgreSQL. A quote within a
  // text of them stands behind a backslash, so this is never a part of one.
  return R"sql(COALESCE(substring(details from '"space":"([^"\\]*)"'), ''))sql";
}

}  // namespace midwatch::store::postgres

#include "src/store/sqlite/sqlite_connection.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "src/base/try.h"

namespace midwatch::store::sqlite {
namespace {

constexpr std::string_view kMemory = ":memory:";

/// How long one process waits for another that writes. A commit takes milliseconds; so long means trouble.
constexpr int kBusyTimeoutMs = 10'000;

/// Statements are few and fixed, but for lists of values of any length.
constexpr std::size_t kMaxStatements = 200;

/// What else a person can find out about a path that does not open.
std::string reason_at(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return "it is a folder; name a file in it";
  const fs::path folder = fs::absolute(path, ignored).parent_path();
  if (!fs::exists(folder, ignored))
    return fmt::format("the folder {} does not exist; make it", folder.string());
  if (!fs::is_directory(folder, ignored)) return fmt::format("{} is no folder", folder.string());
  const bool exists = fs::exists(path, ignored);
  if (exists && ::access(path.c_str(), W_OK) != 0)
    return "the file cannot be written; give this user the right to";
  return fmt::format("the folder {} cannot be written; give this user the right to", folder.string());
}

bool is_full(int code, int system_error) {
  return code == SQLITE_FULL || system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

base::Error explain(const std::string& path, int extended, int system_error, const std::string& text) {
  using base::ErrorCode;
  const int code = extended & 0xff;
  const std::string where = "database " + path + ": ";
  if (code == SQLITE_FULL || (code == SQLITE_IOERR && is_full(code, system_error)))
    return base::environment_error(ErrorCode::kResourceExhausted,
                                   where + "the disk is full; free some space, or let less be kept");
  switch (extended) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID:
      return base::user_error(ErrorCode::kConflict, "it exists already: " + text);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return base::user_error(ErrorCode::kNotFound, "it refers to what is not there: " + text);
    default:
      break;
  }
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return base::environment_error(
          ErrorCode::kUnavailable,
          fmt::format("{}another program has kept it locked for {} s", where, kBusyTimeoutMs / 1000));
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return base::environment_error(ErrorCode::kPermissionDenied,
                                     where + (extended == SQLITE_READONLY ? text : reason_at(path)));
    case SQLITE_NOTADB:
      return base::user_error(ErrorCode::kMalformed, where + "the file is no database");
    case SQLITE_CORRUPT:
      return base::environment_error(ErrorCode::kMalformed,
                                     where + fmt::format("the file is damaged ({}); restore a backup", text));
    case SQLITE_TOOBIG:
      return base::user_error(ErrorCode::kResourceExhausted, where + "a value is too long to be kept");
    case SQLITE_NOMEM:
      return base::environment_error(ErrorCode::kResourceExhausted, where + "out of memory");
    case SQLITE_IOERR:
      return base::environment_error(ErrorCode::kUnavailable,
                                     fmt::format("{}{} ({})", where, text, std::strerror(system_error)));
    default:
      return base::internal_error(where + text);
  }
}

/// Ends one use of a statement; without it, its locks would stay.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_(statement) {}
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;
  ~Reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

std::string bytes_of(sqlite3_stmt* statement, int column) {
  const void* bytes = sqlite3_column_blob(statement, column);
  const int size = sqlite3_column_bytes(statement, column);
  return size == 0 ? std::string()
                   : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

SqlValue value_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT:
      return bytes_of(statement, column);
    case SQLITE_BLOB:
      return SqlBytes{bytes_of(statement, column)};
    default:
      return {};
  }
}

}  // namespace

void CloseDatabase::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

void FinalizeStatement::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

base::Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path) {
  if (path.empty())
    return base::user_error(base::ErrorCode::kInvalidArgument, "a database needs the path of its file");
  if (path != kMemory) {
    // It holds what others must not read: SQLite would let the whole group and the world.
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0) return explain(path, SQLITE_CANTOPEN, errno, "");
    ::close(made);
  }
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<sqlite3, CloseDatabase> database(opened);
  if (code != SQLITE_OK) return explain(path, code, errno, sqlite3_errstr(code));
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(path, std::move(database)));
  MIDWATCH_TRY_VOID(connection->configure());
  return connection;
}

base::Result<> SqliteConnection::configure() {
  sqlite3_extended_result_codes(database_.get(), 1);
  sqlite3_busy_timeout(database_.get(), kBusyTimeoutMs);
  // A commit is told to others only when it is on the disk. What is deleted is overwritten.
  return run_script(
      "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; "
      "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;");
}

base::Result<> SqliteConnection::let_read_while_writing() {
  if (path_ == kMemory) return {};
  MIDWATCH_TRY(const auto mode, run("PRAGMA journal_mode = WAL", {}));
  const auto* name = mode.rows.empty() ? nullptr : std::get_if<std::string>(&mode.rows.front().front());
  if (!name || *name != "wal")
    return base::environment_error(base::ErrorCode::kUnsupported,
                                   fmt::format("database {}: its file system cannot share memory between "
                                               "programs; put it on a local disk",
                                               path_));
  return {};
}

base::Error SqliteConnection::error() const {
  return explain(path_, sqlite3_extended_errcode(database_.get()), sqlite3_system_errno(database_.get()),
                 sqlite3_errmsg(database_.get()));
}

base::Result<sqlite3_stmt*> SqliteConnection::prepare(std::string_view sql) {
  const std::string text(sql);
  if (const auto known = statements_.find(text); known != statements_.end()) return known->second.get();
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v3(database_.get(), text.data(), static_cast<int>(text.size()),
                         SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK)
    return error();
  if (statements_.size() >= kMaxStatements) statements_.clear();
  statements_.emplace(text, Statement(prepared));
  return prepared;
}

base::Result<> SqliteConnection::bind(sqlite3_stmt* statement, std::size_t number, const SqlValue& value) {
  // SQLite numbers named parameters by their first appearance, whatever number the name says.
  const int index = sqlite3_bind_parameter_index(statement, fmt::format("${}", number).c_str());
  int code = SQLITE_OK;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    code = sqlite3_bind_int64(statement, index, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    code = sqlite3_bind_double(statement, index, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    code = sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  } else if (const auto* bytes = std::get_if<SqlBytes>(&value)) {
    code = sqlite3_bind_blob64(statement, index, bytes->bytes.data(), bytes->bytes.size(), SQLITE_STATIC);
  } else {
    code = sqlite3_bind_null(statement, index);
  }
  if (code != SQLITE_OK) return error();
  return {};
}

base::Result<SqlRows> SqliteConnection::run(std::string_view sql, const std::vector<SqlValue>& parameters) {
  MIDWATCH_TRY(auto* const statement, prepare(sql));
  const Reset reset(statement);
  for (std::size_t i = 0; i < parameters.size(); ++i)
    MIDWATCH_TRY_VOID(bind(statement, i + 1, parameters[i]));
  SqlRows rows;
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    SqlRow row;
    const int columns = sqlite3_column_count(statement);
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) row.push_back(value_of(statement, i));
    rows.rows.push_back(std::move(row));
  }
  if (code != SQLITE_DONE) return error();
  if (sqlite3_stmt_readonly(statement) == 0)
    rows.changed = static_cast<std::size_t>(sqlite3_changes64(database_.get()));
  return rows;
}

base::Result<> SqliteConnection::run_script(const std::string& script) {
  if (sqlite3_exec(database_.get(), script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return error();
  return {};
}

base::Result<std::int64_t> SqliteConnection::number(std::string_view sql) {
  MIDWATCH_TRY(const auto rows, run(sql, {}));
  const auto* value = rows.rows.empty() ? nullptr : std::get_if<std::int64_t>(&rows.rows.front().front());
  if (!value) return base::internal_error(fmt::format("database {}: no number: {}", path_, sql));
  return *value;
}

base::Result<> SqliteConnection::begin_reading() {
  MIDWATCH_TRY_VOID(run_script("PRAGMA query_only = ON; BEGIN"));
  in_transaction_ = true;
  return {};
}

base::Result<> SqliteConnection::begin_writing() {
  MIDWATCH_TRY_VOID(run("BEGIN IMMEDIATE", {}));
  in_transaction_ = true;
  return {};
}

base::Result<> SqliteConnection::commit() {
  MIDWATCH_TRY_VOID(run("COMMIT", {}));
  in_transaction_ = false;
  return {};
}

void SqliteConnection::roll_back() {
  in_transaction_ = false;
  // Where SQLite rolled back by itself there is nothing left to do.
  if (sqlite3_get_autocommit(database_.get()) == 0)
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_exec(database_.get(), "PRAGMA query_only = OFF", nullptr, nullptr, nullptr);
}

bool SqliteConnection::lost_transaction() const {
  return in_transaction_ && sqlite3_get_autocommit(database_.get()) != 0;
}

std::string SqliteConnection::contains(std::string_view column, std::string_view parameter) const {
  // As bytes: LIKE takes % and _ for patterns, and folds letters that are not ASCII in some builds only.
  return fmt::format("instr(CAST(lower({}) AS BLOB), CAST({} AS BLOB)) > 0", column, parameter);
}

std::string_view SqliteConnection::audit_space() const {
  // A quote within a text of the JSON stands behind a backslash, so this is never a part of one.
  return R"sql(CASE WHEN instr(details, '"space":"') > 0 THEN substr(substr(details, instr(details, '"space":"') + 9), 1, )sql"
         R"sql(instr(substr(details, instr(details, '"space":"') + 9), '"') - 1) ELSE '' END)sql";
}

std::string SqliteConnection::describe() const {
  return path_ == kMemory ? "SQLite, in memory" : "SQLite, " + path_;
}

base::Result<> SqliteConnection::copy_to(SqliteConnection& target) {
  sqlite3_backup* copying = sqlite3_backup_init(target.database_.get(), "main", database_.get(), "main");
  if (!copying) return target.error();
  sqlite3_backup_step(copying, -1);
  if (sqlite3_backup_finish(copying) != SQLITE_OK) return target.error();
  return {};
}

}  // namespace midwatch::store::sqlite

#include "src/store/sqlite/sqlite_store.h"

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/store/sql_store.h"
#include "src/store/sqlite/sqlite_connection.h"

namespace midwatch::store::sqlite {

/// The files of migrations/: each makes the tables of one version of those of the version before.
std::vector<std::string_view> migrations();

namespace {

/// "MWCH", by which SQLite files tell whose they are.
constexpr std::int64_t kApplication = 0x4d574348;

/// Readers do not wait for the writer nor for one another; more than the processor's cores gain nothing.
constexpr std::size_t kReaders = 4;

/// Says whether the file may be taken for a store at all, and gives the version of its tables.
base::Result<std::size_t> version_of(SqliteConnection& connection, const std::string& path) {
  MIDWATCH_TRY(const auto application, connection.number("PRAGMA application_id"));
  MIDWATCH_TRY(const auto version, connection.number("PRAGMA user_version"));
  MIDWATCH_TRY(const auto tables, connection.number("SELECT COUNT(*) FROM sqlite_schema"));
  if (application != kApplication && (application != 0 || version != 0 || tables != 0))
    return base::user_error(
        base::ErrorCode::kMalformed,
        fmt::format("database {}: it belongs to another program; name another file", path));
  const auto known = static_cast<std::int64_t>(migrations().size());
  if (version < 0 || version > known)
    return base::user_error(
        base::ErrorCode::kUnsupported,
        fmt::format(
            "database {}: a newer Midwatch wrote it (its tables have version {}, this program knows {}); "
            "run the newer one, or restore a backup from before",
            path, version, known));
  return static_cast<std::size_t>(version);
}

base::Result<> migrate(SqliteConnection& connection, const std::string& path) {
  const auto steps = migrations();
  MIDWATCH_TRY(const auto seen, version_of(connection, path));
  MIDWATCH_TRY_VOID(connection.let_read_while_writing());
  if (seen == steps.size()) return {};
  // Looks again once nobody else can write: another program may have begun at the same time.
  MIDWATCH_TRY_VOID(connection.begin_writing());
  const auto apply = [&]() -> base::Result<> {
    MIDWATCH_TRY(const auto version, version_of(connection, path));
    for (std::size_t i = version; i < steps.size(); ++i)
      MIDWATCH_TRY_VOID(connection.run_script(std::string(steps[i])));
    MIDWATCH_TRY_VOID(connection.run_script(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplication, steps.size())));
    return connection.commit();
  };
  auto applied = apply();
  if (!applied) {
    connection.roll_back();
    return std::move(applied).error().with("bringing the tables to version " + fmt::to_string(steps.size()));
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_sqlite(const std::string& path) {
  MIDWATCH_TRY(auto writer, SqliteConnection::open(path));
  MIDWATCH_TRY_VOID(migrate(*writer, path));
  const auto connect = [path]() -> base::Result<std::unique_ptr<SqlConnection>> {
    MIDWATCH_TRY(auto reader, SqliteConnection::open(path));
    return reader;
  };
  // Each connection to ":memory:" would have a database of its own.
  return std::make_unique<SqlStore>(std::move(writer), connect, path == ":memory:" ? 0 : kReaders);
}

base::Result<> back_up_sqlite(const std::string& path, const std::string& copy) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("database {}: there is no such file", path));
  if (std::filesystem::exists(copy, ignored))
    return base::user_error(base::ErrorCode::kConflict,
                            fmt::format("database {}: the file exists; name one that does not", copy));
  MIDWATCH_TRY(const auto source, SqliteConnection::open(path));
  MIDWATCH_TRY_VOID(version_of(*source, path));
  // Under its own name only once it is whole.
  const std::string partial = copy + ".partial";
  std::filesystem::remove(partial, ignored);
  MIDWATCH_TRY(auto target, SqliteConnection::open(partial));
  auto copied = source->copy_to(*target);
  target.reset();
  std::error_code failure;
  if (copied) std::filesystem::rename(partial, copy, failure);
  if (failure)
    copied = base::environment_error(base::ErrorCode::kPermissionDenied,
                                     fmt::format("database {}: {}", copy, failure.message()));
  if (!copied) std::filesystem::remove(partial, ignored);
  return copied;
}

}  // namespace midwatch::store::sqlite

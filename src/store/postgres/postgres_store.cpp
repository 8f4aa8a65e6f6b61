#include "src/store/postgres/postgres_store.h"

#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/store/postgres/postgres_connection.h"
#include "src/store/sql_store.h"

namespace midwatch::store::postgres {

/// The files of migrations/: each makes the tables of one version of those of the version before.
std::vector<std::string_view> migrations();

namespace {

/// Each reader is a process of the server, which has a hundred for all by default.
constexpr std::size_t kReaders = 4;

base::Result<std::int64_t> number(PostgresConnection& connection, std::string_view sql) {
  MIDWATCH_TRY(const auto found, connection.run(sql, {}));
  const auto* value = found.rows.empty() ? nullptr : std::get_if<std::int64_t>(&found.rows.front().front());
  if (!value) return base::internal_error(fmt::format("no number: {}", sql));
  return *value;
}

/// The version of the tables; 0 where there are none.
base::Result<std::size_t> version_of(PostgresConnection& connection) {
  MIDWATCH_TRY(const auto there,
               number(connection, "SELECT COUNT(*) WHERE to_regclass('midwatch_version') IS NOT NULL"));
  if (there == 0) return std::size_t{0};
  MIDWATCH_TRY(const auto version, number(connection, "SELECT version FROM midwatch_version"));
  const auto known = static_cast<std::int64_t>(migrations().size());
  if (version < 1 || version > known)
    return base::user_error(
        base::ErrorCode::kUnsupported,
        fmt::format("database {}: a newer Midwatch wrote it (its tables have version {}, this "
                    "program knows {}); run the newer one",
                    connection.describe(), version, known));
  return static_cast<std::size_t>(version);
}

base::Result<> apply_missing(PostgresConnection& connection) {
  const auto steps = migrations();
  MIDWATCH_TRY(const auto version, version_of(connection));
  for (std::size_t i = version; i < steps.size(); ++i) {
    MIDWATCH_TRY_VOID(connection.run_script(std::string(steps[i])));
    MIDWATCH_TRY_VOID(connection.run_script(i == 0 ? "CREATE TABLE midwatch_version (version BIGINT NOT "
                                                     "NULL); INSERT INTO midwatch_version VALUES (1)"
                                                   : "UPDATE midwatch_version SET version = version + 1"));
  }
  return connection.commit();
}

/// Others may open it at the same time: each looks once nobody else can write.
base::Result<> migrate(PostgresConnection& connection) {
  MIDWATCH_TRY_VOID(connection.begin_writing());
  auto applied = apply_missing(connection);
  if (!applied) {
    connection.roll_back();
    return std::move(applied).error().with("bringing the tables to the newest version");
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_postgres(const std::string& address) {
  MIDWATCH_TRY(auto writer, PostgresConnection::open(address));
  MIDWATCH_TRY_VOID(migrate(*writer));
  const auto connect = [address]() -> base::Result<std::unique_ptr<SqlConnection>> {
    MIDWATCH_TRY(auto reader, PostgresConnection::open(address));
    return reader;
  };
  return std::make_unique<SqlStore>(std::move(writer), connect, kReaders);
}

}  // namespace midwatch::store::postgres

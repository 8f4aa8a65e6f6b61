#include "src/app/watch/store_opening.h"

#include <string_view>

#include "src/store/postgres/postgres_store.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::app {

base::Result<std::unique_ptr<store::Store>> open_store(const std::string& where) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (where.starts_with(kSqlite)) return store::sqlite::open_sqlite(where.substr(kSqlite.size()));
  if (where.find("://") == std::string::npos) return store::sqlite::open_sqlite(where);
  if (where.starts_with("postgresql://") || where.starts_with("postgres://"))
    return store::postgres::open_postgres(where);
  return base::user_error(base::ErrorCode::kUnsupported,
                          "'store' must be the path of a file, or postgresql://USER@HOST/DATABASE");
}

}  // namespace midwatch::app

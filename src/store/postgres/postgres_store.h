#pragma once

#include <memory>
#include <string>

#include "src/base/result.h"
#include "src/store/store.h"

namespace midwatch::store::postgres {

/// Opens a store in a PostgreSQL database, which any number of processes on any number of hosts may share,
/// and brings its tables to what this program knows. `address` is a URI (postgresql://…) or "host=…
/// dbname=…"; the password may be in libpq's password file instead.
///
/// Errors: kInvalidArgument for an address that is none; kUnauthenticated; kUnavailable where no server takes
///         writes there; kUnsupported for tables of a newer program or another encoding than UTF-8.
base::Result<std::unique_ptr<Store>> open_postgres(const std::string& address);

}  // namespace midwatch::store::postgres

#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "src/base/result.h"
#include "src/store/store.h"

namespace midwatch::store::sqlite {

/// Opens a store in a file, makes it where there is none, and brings its tables to what this program knows.
/// ":memory:" is a store that ends with the program.
///
/// Errors: kPermissionDenied for what cannot be written; kMalformed for a file that is no store or damaged;
///         kUnsupported for one that a newer program wrote; those of Session.
base::Result<std::unique_ptr<Store>> open_sqlite(const std::string& path);

/// Copies a store as it is at this moment into a new file, while others read and write it.
/// Errors: kConflict where the file exists; those of open_sqlite.
base::Result<> back_up_sqlite(const std::string& path, const std::string& copy);

}  // namespace midwatch::store::sqlite

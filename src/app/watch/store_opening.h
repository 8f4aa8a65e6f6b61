#pragma once

#include <memory>
#include <string>

#include "src/base/result.h"
#include "src/store/store.h"

namespace midwatch::app {

/// Opens the store that a configuration names: the path of a file, or postgresql://USER@HOST/DATABASE.
/// Errors: kUnsupported for another address; those of the database.
base::Result<std::unique_ptr<store::Store>> open_store(const std::string& where);

}  // namespace midwatch::app

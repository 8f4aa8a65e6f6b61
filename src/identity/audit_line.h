#pragma once

#include <string_view>
#include <vector>

#include "src/base/json_value.h"
#include "src/model/access.h"
#include "src/store/store.h"

namespace midwatch::identity {

/// Who changes users or tokens, and when.
struct Author {
  std::string name;
  base::Timestamp now{};
};

/// A line of the audit about who may come in. It belongs to no space: every admin reads it.
store::AuditEntry audit_line(const Author& author, std::string_view action, std::string_view object,
                             base::Json details);

/// Shape: `grants`: an object with the role in each space.
base::Json grants_json(const std::vector<model::Grant>& grants);

}  // namespace midwatch::identity

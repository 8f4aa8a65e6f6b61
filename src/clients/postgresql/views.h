#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/clients/postgresql/psql_text.h"
#include "src/clients/postgresql/values.h"

namespace midwatch::clients::postgresql {

/// What a column of a table is, however the query called it.
struct Column {
  std::string_view name;  ///< the name that detectors read (README.md)
  ValueKind kind = ValueKind::kText;
  std::vector<std::string_view> spellings;  ///< besides `name`; `*` for any text
};

/// What a table can be: the view that it was selected from, told by its columns alone.
struct View {
  std::string_view name;  ///< "session", "slot", …
  std::vector<Column> columns;
  /// One of each group must be there; of a group, a column by this name.
  std::vector<std::vector<std::string_view>> needs;
};

/// A view with its columns placed.
struct Match {
  const View* view = nullptr;
  std::vector<const Column*> columns;  ///< for each column of the table; null for one that says nothing

  const Column* column(std::string_view name) const;
};

/// The view that columns of these names come from; nothing where no view has them.
std::optional<Match> view_with(const std::vector<std::string>& columns);

/// The same of a table, whose values must be such as the view has: a business table may have a `state` too.
std::optional<Match> view_of(const Table& table);

/// True for a configuration parameter whose value says something of an incident, and no secret.
bool is_known_setting(std::string_view name);

}  // namespace midwatch::clients::postgresql

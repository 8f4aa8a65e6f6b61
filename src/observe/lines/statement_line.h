#pragma once

#include <optional>
#include <string_view>

namespace midwatch::observe::lines {

/// A statement whose duration a database logged because it was slow.
struct StatementLine {
  double seconds = 0;
  std::string_view statement;  ///< as logged; empty where the line does not have it
};

/// Reads "duration: 2002.695 ms  statement: select …" and the like of PostgreSQL, "# Query_time: 2.0 …" of
/// MySQL. Nothing for all other lines.
std::optional<StatementLine> read_statement_line(std::string_view line);

}  // namespace midwatch::observe::lines

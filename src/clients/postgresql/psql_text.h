#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace midwatch::clients::postgresql {

/// One row of a result.
struct Row {
  std::vector<std::string> cells;  ///< as many as the table has columns; NULL and the empty text are empty
  std::size_t line = 0;            ///< the first of its lines, counted from 1
};

/// One result that psql printed.
struct Table {
  std::vector<std::string> columns;  ///< as written; the same name may stand twice
  std::vector<Row> rows;
  std::size_t first_line = 0;
  std::size_t last_line = 0;
};

/// A line that is no part of a result, and none that psql says of itself ("Time: 3 ms").
struct Said {
  std::size_t line = 0;
  std::string_view text;  ///< of the text that was read
};

/// What a text of psql holds, in order.
struct PsqlText {
  std::vector<Table> tables;
  std::vector<Said> said;
  bool cut = false;  ///< there was more than is read
};

/// True for columns whose table is known: a line of names between separators is only taken for a header
/// (unaligned and CSV output have no rule below it) where this says so.
using KnownColumns = std::function<bool(const std::vector<std::string>&)>;

/// Reads what psql printed: aligned (any border, ASCII or Unicode rules), wrapped, expanded, unaligned and
/// CSV results, several after each other. Rows, columns, cells and lines are bounded; any bytes are a text.
/// Shape:  `first_line` is the number of the first line of `text`.
/// Source: PostgreSQL manual, psql, "\pset"; src/fe_utils/print.c.
PsqlText read_psql_text(std::string_view text, std::size_t first_line, const KnownColumns& known);

}  // namespace midwatch::clients::postgresql

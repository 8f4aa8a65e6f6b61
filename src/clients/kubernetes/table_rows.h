#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "src/clients/kubernetes/text_lines.h"

namespace midwatch::clients::kubernetes {

/// One row of a table: heading to cell. Absent cells ("<none>") are not there.
struct TableRow {
  std::map<std::string, std::string, std::less<>> cells;
  std::size_t number = 0;  ///< line number

  std::string_view get(std::string_view heading) const;
  bool has(std::string_view heading) const { return cells.contains(heading); }
};

/// One table: rows under one header.
struct Table {
  std::vector<std::string> headings;
  std::vector<TableRow> rows;
};

/// True where a line is the header of a kubectl table: capital words, at least two columns.
bool is_table_header(std::string_view line);

/// Cuts an output into its tables; each header begins a new one. Lines before the first header are left out.
std::vector<Table> read_tables(const std::vector<Line>& lines);

/// Reads rows that have lost their header by the usual headings of a kind ("Pod", …); empty where the kind is
/// not known or no row fits.
Table read_headless_table(const std::vector<Line>& lines, std::string_view kind, bool with_namespace);

}  // namespace midwatch::clients::kubernetes

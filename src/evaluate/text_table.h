#pragma once

#include <string>
#include <vector>

namespace midwatch::evaluate {

/// Rows of cells; the first row is the heading. All rows have the same length.
using Table = std::vector<std::vector<std::string>>;

/// Columns under each other, for a terminal.
std::string aligned_table(const Table& table);
/// The same for Markdown; what would be markup is escaped.
std::string markdown_table(const Table& table);

}  // namespace midwatch::evaluate

#include "src/evaluate/text_table.h"

#include <algorithm>

#include "src/base/utf8.h"

namespace midwatch::evaluate {

std::string aligned_table(const Table& table) {
  std::vector<std::size_t> widths(table.front().size());
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], base::display_width(row[i]));
  }
  std::string out;
  for (const auto& row : table) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(widths[i] - base::display_width(row[i]) + 2, ' ');
    }
    while (line.ends_with(' ')) line.pop_back();
    out += line + '\n';
  }
  return out;
}

std::string markdown_table(const Table& table) {
  std::string out;
  for (std::size_t r = 0; r < table.size(); ++r) {
    for (const auto& cell : table[r]) {
      std::string text;
      for (const char c : cell) {
        if (c == '|' || c == '\\' || c == '<' || c == '`') text += '\\';
        text += c;
      }
      out += "| " + text + ' ';
    }
    out += "|\n";
    if (r == 0) {
      for (std::size_t i = 0; i < table[r].size(); ++i) out += "| --- ";
      out += "|\n";
    }
  }
  return out;
}

}  // namespace midwatch::evaluate

#include "src/connectors/bundle/csv_row.h"

namespace midwatch::connectors::bundle {

/// Reads the quoted field that begins at `pos`; afterwards `pos` is behind its closing quote.
CsvRow::Outcome CsvRow::quoted(std::string_view line, std::size_t& pos) {
  std::string& text = unquoted_.emplace_back();
  ++pos;
  while (true) {
    const std::size_t quote = line.find('"', pos);
    if (quote == std::string_view::npos) return Outcome::kOpenQuote;
    text += line.substr(pos, quote - pos);
    pos = quote + 1;
    if (pos >= line.size() || line[pos] != '"') break;
    text += '"';
    ++pos;
  }
  fields_.push_back(text);
  return pos == line.size() || line[pos] == ',' ? Outcome::kGood : Outcome::kBadQuote;
}

CsvRow::Outcome CsvRow::split(std::string_view line) {
  fields_.clear();
  unquoted_.clear();
  unquoted_.reserve(kMaxColumns);
  std::size_t pos = 0;
  while (true) {
    if (fields_.size() == kMaxColumns) return Outcome::kTooManyColumns;
    if (pos < line.size() && line[pos] == '"') {
      if (const Outcome outcome = quoted(line, pos); outcome != Outcome::kGood) return outcome;
    } else {
      const std::size_t comma = line.find(',', pos);
      const std::size_t end = comma == std::string_view::npos ? line.size() : comma;
      fields_.push_back(line.substr(pos, end - pos));
      pos = end;
    }
    if (pos == line.size()) return Outcome::kGood;
    ++pos;  // the comma
  }
}

}  // namespace midwatch::connectors::bundle

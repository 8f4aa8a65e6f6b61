#include "src/clients/postgresql/psql_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "src/base/ascii.h"
#include "src/base/utf8.h"

namespace midwatch::clients::postgresql {
namespace {

/// A person reads no more than this; a larger text is a dump.
constexpr std::size_t kMostLines = 100'000;
constexpr std::size_t kMostRows = 5'000;
constexpr std::size_t kMostColumns = 200;
constexpr std::size_t kMostSaid = 2'000;
constexpr std::size_t kCellBytes = 4'000;
/// A line that is longer than this is no row.
constexpr std::size_t kLineBytes = 64UL * 1024;
/// Lines that are tried as the names of a table without a rule: a text of other lines has thousands.
constexpr std::size_t kMostHeaders = 300;
/// Lines that one value of unaligned output may have.
constexpr std::size_t kMostParts = 200;

/// `text` with each `from` replaced; the rules of Unicode line styles become those of ASCII.
std::string with_ascii_rules(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 12> kSigns{{{"│", '|'},
                                                                             {"─", '-'},
                                                                             {"┼", '+'},
                                                                             {"├", '+'},
                                                                             {"┤", '+'},
                                                                             {"┬", '+'},
                                                                             {"┴", '+'},
                                                                             {"┌", '+'},
                                                                             {"┐", '+'},
                                                                             {"└", '+'},
                                                                             {"┘", '+'},
                                                                             {"↵", '+'}}};
  // All of them begin with this byte.
  if (text.find('\xE2') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto* sign = std::find_if(kSigns.begin(), kSigns.end(),
                                    [&](const auto& s) { return text.substr(i, s.first.size()) == s.first; });
    out += sign == kSigns.end() ? text[i] : sign->second;
    i += sign == kSigns.end() ? 1 : sign->first.size();
  }
  return out;
}

/// The code point at the start of `text`, as bytes; one byte where it is none.
std::string_view first_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return text.substr(0, length);
}

/// Takes what stands in the next `columns` columns of a terminal.
std::string_view take_columns(std::string_view& text, std::size_t columns) {
  std::size_t bytes = 0;
  std::size_t width = 0;
  while (bytes < text.size() && width < columns) {
    const std::string_view point = first_point(text.substr(bytes));
    width += point.size() == 1 ? 1 : base::display_width(point);
    bytes += point.size();
  }
  bytes = std::min(bytes, text.size());
  const std::string_view taken = text.substr(0, bytes);
  text.remove_prefix(bytes);
  return taken;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::string_view point = first_point(text);
    width += point.size() == 1 ? 1 : base::display_width(point);
    text.remove_prefix(point.size());
  }
  return width;
}

bool is_rule(std::string_view line) {
  line = base::trim(line);
  return line.find('-') != std::string_view::npos && line.find_first_not_of("-+") == std::string_view::npos &&
         line.size() >= 3;
}

/// The upper frame with a title in it, as patronictl prints it: "+ Cluster: shop (71…) --+----+".
bool is_titled_frame(std::string_view line) {
  line = base::trim(line);
  return line.starts_with("+ ") && line.ends_with("-+");
}

/// `-[ RECORD 3 ]---+----`, with or without a frame.
bool is_record_rule(std::string_view line) {
  if (line.starts_with("+")) line.remove_prefix(1);
  constexpr std::string_view kStart = "-[ RECORD ";
  if (!line.starts_with(kStart)) return false;
  line.remove_prefix(kStart.size());
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && line.substr(digits).starts_with(" ]");
}

/// "(3 rows)"
bool is_footer(std::string_view line) {
  line = base::trim(line);
  if (!line.starts_with('(') || !line.ends_with(')')) return false;
  line = line.substr(1, line.size() - 2);
  const std::size_t digits = line.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return false;
  const std::string_view word = line.substr(digits);
  return word == " row" || word == " rows";
}

/// What psql and kubectl say of themselves, and the prompt with what was typed.
bool is_chatter(std::string_view line) {
  static constexpr std::array<std::string_view, 14> kStarts{"Time: ",
                                                            "Timing is ",
                                                            "Expanded display is ",
                                                            "Pager usage is ",
                                                            "Pager is ",
                                                            "Null display is ",
                                                            "Output format is ",
                                                            "Border style is ",
                                                            "Line style is ",
                                                            "Tuples only is ",
                                                            "You are now connected to database ",
                                                            "Defaulted container ",
                                                            "SSL connection (",
                                                            "Type \"help\" for help"};
  static constexpr std::array<std::string_view, 6> kWhole{"SET",      "BEGIN", "COMMIT",
                                                          "ROLLBACK", "RESET", "\\q"};
  line = base::trim(line);
  if (std::find(kWhole.begin(), kWhole.end(), line) != kWhole.end()) return true;
  if (std::any_of(kStarts.begin(), kStarts.end(), [&](auto start) { return line.starts_with(start); }))
    return true;
  // "shop=# select 1;", "shop-> from t;"
  const std::size_t mark = line.find_first_of("#>");
  if (mark == std::string_view::npos || mark < 2 || mark > 64) return false;
  const std::string_view name = line.substr(0, mark - 1);
  const bool prompt = std::string_view("=-('*\"").find(line[mark - 1]) != std::string_view::npos;
  const bool ends = mark + 1 == line.size() || line[mark + 1] == ' ';
  return prompt && ends && name.find_first_of(" \t|") == std::string_view::npos;
}

/// True for what a column is called in practice.
bool could_be_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_?()*. ").find(c) != std::string_view::npos;
  });
}

std::string clipped(std::string_view text) {
  return base::clip_utf8(text, kCellBytes);
}

/// A part of a cell on one line: its text, and whether the value goes on in the next line.
struct Part {
  std::string_view text;
  enum class More { kNo, kNewLine, kWrapped } more = More::kNo;
};

/// The parts that a line has in columns of these widths; nothing where the line is no row.
std::optional<std::vector<Part>> parts_of(std::string_view line, const std::vector<std::size_t>& widths) {
  std::vector<Part> parts;
  std::string_view rest = line;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string_view raw = take_columns(rest, widths[i]);
    const bool last = i + 1 == widths.size();
    if (!last) {
      if (!rest.starts_with('|')) return std::nullopt;
      rest.remove_prefix(1);
    } else if (!base::trim(rest).empty() && rest.find_first_not_of(" +|") != std::string_view::npos) {
      return std::nullopt;
    }
    Part part{base::trim(raw)};
    // The mark of a value that goes on stands in the space that otherwise is to the right of every value.
    if (width_of(raw) == widths[i] && raw.size() > 1 && (raw.back() == '+' || raw.back() == '.')) {
      part.more = raw.back() == '+' ? Part::More::kNewLine : Part::More::kWrapped;
      part.text = base::trim(raw.substr(0, raw.size() - 1));
    }
    parts.push_back(part);
  }
  return parts;
}

/// The same of a line whose columns were moved by whoever pasted it.
std::optional<std::vector<Part>> moved_parts_of(std::string_view line, std::size_t columns) {
  std::vector<Part> parts;
  while (parts.size() < kMostColumns) {
    const std::size_t at = line.find('|');
    parts.push_back({base::trim(line.substr(0, at))});
    if (at == std::string_view::npos) break;
    line.remove_prefix(at + 1);
  }
  if (parts.size() != columns) return std::nullopt;
  return parts;
}

class Reader {
 public:
  Reader(std::string_view text, std::size_t first_line, const KnownColumns& known)
      : first_line_(first_line), known_(known) {
    while (!text.empty()) {
      if (lines_.size() == kMostLines) {
        out_.cut = true;
        break;
      }
      const std::size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      if (line.ends_with('\r')) line.remove_suffix(1);
      lines_.push_back(line);
      if (end == std::string_view::npos) break;
      text.remove_prefix(end + 1);
    }
  }

  PsqlText run() {
    while (i_ < lines_.size()) {
      if (!read_expanded() && !read_aligned() && !read_separated('|') && !read_separated(',') &&
          !read_separated('\t'))
        say(lines_[i_++]);
    }
    return std::move(out_);
  }

 private:
  std::size_t number(std::size_t index) const { return first_line_ + index; }

  std::string_view line(std::size_t index) const {
    return index < lines_.size() && lines_[index].size() <= kLineBytes ? lines_[index] : std::string_view{};
  }

  void say(std::string_view text) {
    if (base::trim(text).empty() || is_footer(text) || is_chatter(text)) return;
    if (out_.said.size() == kMostSaid) {
      out_.cut = true;
      return;
    }
    out_.said.push_back({number(i_ - 1), text});
  }

  bool has_room() {
    if (rows_ < kMostRows) return true;
    out_.cut = true;
    return false;
  }

  void add_row(Table& table, Row row) {
    if (!has_room()) return;
    ++rows_;
    for (std::string& cell : row.cells) cell = clipped(cell);
    row.cells.resize(table.columns.size());
    table.rows.push_back(std::move(row));
  }

  void finish(Table table) {
    table.last_line = number(i_ - 1);
    out_.tables.push_back(std::move(table));
  }

  /// A header above a rule. With a frame, another rule stands above, and bars at both ends.
  bool read_aligned() {
    std::size_t header = i_;
    const bool framed =
        (is_rule(line(i_)) || is_titled_frame(line(i_))) && with_ascii_rules(line(i_ + 1)).starts_with('|');
    if (framed) ++header;
    const std::string rule = with_ascii_rules(line(header + 1));
    if (!is_rule(rule) || (framed != rule.starts_with('+'))) return false;
    const std::vector<std::size_t> widths = widths_of(framed ? frame_off(rule) : rule);
    if (widths.empty() || widths.size() > kMostColumns) return false;
    const std::string names = with_ascii_rules(line(header));
    // A text with a line below it is a title of another kind, unless psql's space stands before it.
    if (widths.size() == 1 && !framed && !names.starts_with(' ')) return false;
    const auto columns = row_parts(names, widths, framed);
    if (!columns) return false;
    Table table;
    table.first_line = number(i_);
    for (const Part& part : *columns) table.columns.push_back(clipped(part.text));
    i_ = header + 2;
    read_aligned_rows(widths, framed, table);
    finish(std::move(table));
    return true;
  }

  static std::string_view frame_off(std::string_view line) {
    if (!line.empty()) line.remove_prefix(1);
    const std::size_t end = line.find_last_of("+|");
    return end == std::string_view::npos ? line : line.substr(0, end);
  }

  static std::vector<std::size_t> widths_of(std::string_view rule) {
    std::vector<std::size_t> widths;
    for (const std::string_view dashes : base::split(rule, '+')) {
      if (dashes.empty()) return {};
      widths.push_back(dashes.size());
    }
    return widths;
  }

  static std::optional<std::vector<Part>> row_parts(std::string_view line,
                                                    const std::vector<std::size_t>& widths, bool framed) {
    if (framed) {
      if (!line.starts_with('|')) return std::nullopt;
      line = frame_off(line);
    }
    if (auto parts = parts_of(line, widths)) return parts;
    return widths.size() > 1 ? moved_parts_of(line, widths.size()) : std::nullopt;
  }

  void read_aligned_rows(const std::vector<std::size_t>& widths, bool framed, Table& table) {
    std::optional<Row> row;  // one that goes on in the next line
    std::vector<Part::More> open(widths.size(), Part::More::kNo);
    for (; i_ < lines_.size(); ++i_) {
      const std::string text = with_ascii_rules(line(i_));
      if (framed && is_rule(text)) continue;  // the frame's end, or a line between rows
      if (base::trim(text).empty() || is_footer(text) || is_rule(text)) break;
      const auto parts = row_parts(text, widths, framed);
      if (!parts) break;
      if (!row) row = Row{std::vector<std::string>(widths.size()), number(i_)};
      if (append(*parts, open, *row)) continue;
      add_row(table, *std::exchange(row, std::nullopt));
    }
    if (row) add_row(table, *std::move(row));
    if (i_ < lines_.size() && is_footer(line(i_))) ++i_;
  }

  /// Adds a line's parts to the cells of a row; true where the row goes on.
  static bool append(const std::vector<Part>& parts, std::vector<Part::More>& open, Row& row) {
    bool goes_on = false;
    for (std::size_t c = 0; c < parts.size(); ++c) {
      std::string& cell = row.cells[c];
      if (open[c] == Part::More::kNewLine) cell += '\n';
      if (cell.size() < kCellBytes) cell += parts[c].text;
      open[c] = parts[c].more;
      goes_on = goes_on || open[c] != Part::More::kNo;
    }
    return goes_on;
  }

  /// Records of `\x`: a rule, then a line for each column.
  bool read_expanded() {
    if (!is_record_rule(with_ascii_rules(line(i_)))) return false;
    Table table;
    table.first_line = number(i_);
    while (i_ < lines_.size() && is_record_rule(with_ascii_rules(line(i_)))) {
      const std::size_t start = i_++;
      std::vector<std::string> names;
      Row row = read_record(names);
      row.line = number(start);
      if (names.empty()) continue;  // a rule with nothing below it
      if (table.columns.empty()) table.columns = names;
      if (names != table.columns) {  // another query's records
        i_ = start;
        break;
      }
      add_row(table, std::move(row));
    }
    if (i_ < lines_.size() && is_footer(line(i_))) ++i_;
    if (!table.columns.empty()) finish(std::move(table));
    return true;
  }

  Row read_record(std::vector<std::string>& names) {
    Row row;
    bool goes_on = false;
    for (; i_ < lines_.size(); ++i_) {
      const std::string text = with_ascii_rules(line(i_));
      if (is_rule(text) || is_record_rule(text)) return row;
      std::string_view rest = text;
      if (rest.starts_with('|')) rest = frame_off(rest);
      const std::size_t bar = rest.find('|');
      if (bar == std::string_view::npos) return row;
      const std::string_view name = base::trim(rest.substr(0, bar));
      std::string_view value = rest.substr(bar + 1);
      if (name.empty() && !goes_on) return row;
      const bool more = base::trim(value).ends_with('+') && next_is_continued();
      value = base::trim(value);
      if (more) value = base::trim(value.substr(0, value.size() - 1));
      if (!name.empty()) {
        if (names.size() == kMostColumns) {
          out_.cut = true;
          continue;
        }
        names.push_back(clipped(name));
        row.cells.emplace_back(value);
      } else if (!row.cells.empty() && row.cells.back().size() < kCellBytes) {
        row.cells.back() += '\n';
        row.cells.back() += value;
      }
      goes_on = more;
    }
    return row;
  }

  /// True where the next line has a value and no name before its bar.
  bool next_is_continued() const {
    const std::string text = with_ascii_rules(line(i_ + 1));
    std::string_view rest = text;
    if (rest.starts_with('|')) rest = frame_off(rest);
    const std::size_t bar = rest.find('|');
    return bar != std::string_view::npos && base::trim(rest.substr(0, bar)).empty();
  }

  /// Adds the fields of a line to `fields`; true where a quoted one goes on in the next line.
  static bool split_fields(std::string_view text, char separator, bool quoted,
                           std::vector<std::string>& fields) {
    if (!quoted) fields.emplace_back();
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string& field = fields.back();
      const char c = text[i];
      if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        field += c;
        ++i;
      } else if (separator != '|' && c == '"' && (quoted || field.empty())) {
        quoted = !quoted;
      } else if (!quoted && c == separator) {
        if (fields.size() > kMostColumns) return false;
        fields.emplace_back();
      } else if (field.size() < kCellBytes) {
        field += c;
      }
    }
    return quoted;
  }

  /// Unaligned and CSV output: names, then values, between separators.
  bool read_separated(char separator) {
    const std::string_view header = line(i_);
    if (header.empty()) return false;
    std::vector<std::string> columns;
    if (header.find(separator) == std::string_view::npos && separator != '|') return false;
    if (split_fields(header, separator, false, columns) || columns.size() > kMostColumns) return false;
    if (!std::all_of(columns.begin(), columns.end(), could_be_name)) return false;
    // A setting that is shown has no separator; only its footer tells it from any other word.
    if (columns.size() == 1 && (separator != '|' || !is_footer(line(i_ + 2)))) return false;
    if (headers_ == kMostHeaders) return false;
    ++headers_;
    if (!known_(columns)) return false;
    Table table;
    table.first_line = number(i_++);
    table.columns = std::move(columns);
    while (i_ < lines_.size()) {
      if (is_footer(line(i_))) {
        ++i_;
        break;
      }
      if (!read_separated_row(separator, table)) break;
    }
    finish(std::move(table));
    return true;
  }

  bool read_separated_row(char separator, Table& table) {
    Row row{{}, number(i_)};
    bool quoted = false;
    // A value with line ends in it takes several lines: quoted in CSV, as it is in unaligned output.
    for (std::size_t i = i_; i < lines_.size() && i - i_ < kMostParts; ++i) {
      const std::string_view text = line(i);
      const bool first = i == i_;
      if (!quoted && (base::trim(text).empty() || is_footer(text))) return false;
      if (!first) row.cells.back() += '\n';
      quoted = append_fields(text, separator, quoted, !first, row.cells);
      if (row.cells.size() > table.columns.size()) return false;
      if (!quoted && row.cells.size() == table.columns.size()) {
        i_ = i + 1;
        if (separator == '|') take_rest_of_value(row.cells);
        add_row(table, std::move(row));
        return true;
      }
      if (!quoted && separator != '|') return false;
    }
    return false;
  }

  /// Lines without a separator are the rest of the last value, which had a line end.
  void take_rest_of_value(std::vector<std::string>& cells) {
    if (cells.size() < 2) return;
    for (std::size_t parts = 0; i_ < lines_.size() && parts < kMostParts; ++i_, ++parts) {
      const std::string_view text = line(i_);
      if (base::trim(text).empty() || is_footer(text) || is_chatter(text) ||
          text.find('|') != std::string_view::npos)
        return;
      if (cells.back().size() >= kCellBytes) continue;
      cells.back() += '\n';
      cells.back() += text;
    }
  }

  static bool append_fields(std::string_view text, char separator, bool quoted, bool goes_on,
                            std::vector<std::string>& fields) {
    if (quoted || !goes_on) return split_fields(text, separator, quoted, fields);
    std::vector<std::string> more;
    const bool open = split_fields(text, separator, false, more);
    fields.back() += more.front();
    fields.insert(fields.end(), std::make_move_iterator(more.begin() + 1),
                  std::make_move_iterator(more.end()));
    return open;
  }

  std::vector<std::string_view> lines_;
  std::size_t first_line_;
  const KnownColumns& known_;
  std::size_t i_ = 0;
  std::size_t rows_ = 0;
  std::size_t headers_ = 0;
  PsqlText out_;
};

}  // namespace

PsqlText read_psql_text(std::string_view text, std::size_t first_line, const KnownColumns& known) {
  return Reader(text, first_line, known).run();
}

}  // namespace midwatch::clients::postgresql

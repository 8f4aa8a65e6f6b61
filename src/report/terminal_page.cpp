#include <vector>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/report/page.h"

namespace midwatch::report {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kLabel = 14;
constexpr std::string_view kCut = "…";

/// Marks that must not begin a line.
bool hangs(std::string_view piece) {
  static constexpr std::string_view kHanging[] = {"、", "。", "）", "」", "』", "】", "，",
                                                  "．", "：", "ー", "っ", "ッ", "”"};
  for (const auto mark : kHanging) {
    if (piece == mark) return true;
  }
  return false;
}

/// Marks that must not end a line.
bool opens(std::string_view piece) {
  return piece == "（" || piece == "「" || piece == "『" || piece == "【" || piece == "“";
}

/// The next piece of a text that is not broken: a word with the space behind it, or one wide character.
std::string_view next_piece(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte >= 0x80) {
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    const std::string_view mark = text.substr(0, length);
    // What a bracket opens stays on its line.
    if (!opens(mark) || text.size() <= length) return mark;
    return text.substr(0, length + next_piece(text.substr(length)).size());
  }
  std::size_t end = 0;
  while (end < text.size() && text[end] != ' ' && static_cast<unsigned char>(text[end]) < 0x80) ++end;
  if (end < text.size() && text[end] == ' ') ++end;
  return text.substr(0, std::max<std::size_t>(end, 1));
}

/// Breaks at spaces, or between wide characters, so that no line is wider than `width`; a longer word is cut.
std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  const auto end_line = [&] {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    lines.push_back(line);
    line.clear();
    used = 0;
  };
  while (!text.empty()) {
    std::string_view piece = next_piece(text);
    const bool with_space = piece.ends_with(' ');
    const std::size_t columns = base::display_width(piece) - (with_space ? 1 : 0);
    if (used + columns > width && used > 0 && !hangs(piece)) end_line();
    if (columns > width) piece = piece.substr(0, width);
    line += piece;
    used += base::display_width(piece);
    text.remove_prefix(piece.size());
  }
  if (!line.empty() || lines.empty()) end_line();
  return lines;
}

void remove_last_character(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
  if (!text.empty()) text.pop_back();
}

/// The first `most` lines; a cut is shown, and `tail` stands behind it all.
std::vector<std::string> at_most(std::string_view text, int most, std::size_t width,
                                 const std::string& tail = {}) {
  auto lines = wrap(std::string(text) + tail, width);
  if (lines.size() <= static_cast<std::size_t>(most)) return lines;
  lines = wrap(text, width);
  lines.resize(std::min(lines.size(), static_cast<std::size_t>(most)));
  std::string& last = lines.back();
  const std::size_t room = width - std::min(width, base::display_width(tail) + base::display_width(kCut));
  while (base::display_width(last) > room) remove_last_character(last);
  last += std::string(kCut) + tail;
  return lines;
}

class TerminalPage final : public Page {
 public:
  explicit TerminalPage(bool colour) : colour_(colour) {}

  void first_screen(const FirstScreen& screen) override {
    print(at_most(screen.verdict, 2, kWidth), "", "", "1");
    for (const auto& f : screen.fields) {
      const std::string label = padded(f.label);
      const std::size_t width = kWidth - kLabel;
      std::string_view first = label;
      if (!f.text.empty()) {
        print(at_most(f.text, f.lines, width), label, std::string(kLabel, ' '), "");
        first = kIndent;
      }
      for (const auto& item : f.items) {
        const std::string tail = item.evidence.empty() ? std::string() : " [" + item.evidence + "]";
        print(at_most(item.text, f.lines_per_item, width - 2, tail), std::string(first) + "- ",
              std::string(kIndent) + "  ", "");
        first = kIndent;
      }
      // A command is shown whole or not at all: half of one would be another.
      if (!f.command.empty() && base::display_width(f.command) <= width - 2)
        print({"$ " + f.command}, kIndent, kIndent, "1");
    }
  }
  void heading(std::string_view text) override {
    out_ += '\n';
    print(wrap(text, kWidth), "", "", "1;36");
  }
  void field(std::string_view name, std::string_view value) override {
    print(wrap(value, kWidth - kLabel), padded(name), kIndent, "");
  }
  void item(std::string_view text, int depth) override {
    const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
    print(wrap(text, kWidth - indent.size() - 2), indent + "- ", indent + "  ", "");
  }
  void paragraph(std::string_view text) override { print(wrap(text, kWidth), "", "", ""); }
  void code(std::string_view text) override {
    out_ += "    ";
    out_ += text;
    out_ += '\n';
  }

 private:
  static constexpr std::string_view kIndent = "              ";
  static_assert(kIndent.size() == kLabel);

  static std::string padded(std::string_view label) {
    std::string out(label);
    const std::size_t columns = base::display_width(label);
    out.append(columns < kLabel ? kLabel - columns : 1, ' ');
    return out;
  }

  void print(const std::vector<std::string>& lines, std::string_view first, std::string_view rest,
             std::string_view style) {
    bool is_first = true;
    for (const std::string& line : lines) {
      std::string whole = std::string(is_first ? first : rest);
      if (colour_ && !style.empty()) {
        whole += fmt::format("\x1b[{}m{}\x1b[0m", style, line);
      } else {
        whole += line;
      }
      out_ += whole + '\n';
      is_first = false;
    }
  }

  bool colour_;
};

}  // namespace

std::unique_ptr<Page> terminal_page(bool colour) {
  return std::make_unique<TerminalPage>(colour);
}

}  // namespace midwatch::report

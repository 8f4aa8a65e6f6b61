#include "src/observe/changes/diff.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace midwatch::observe::changes {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr std::size_t kMostLines = 20'000;
constexpr std::size_t kLongestLine = 4096;
/// No repository counts lines beyond this; a larger number is no line number.
constexpr std::size_t kLargestLineNumber = 100'000'000;

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

/// The path of a `--- ` or `+++ ` line: git's a/ and b/ are cut, a time after a tab is not part of it.
std::string header_path(std::string_view text) {
  text = trim(text.substr(0, text.find('\t')));
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (text == "/dev/null") return {};
  if (text.starts_with("a/") || text.starts_with("b/")) text.remove_prefix(2);
  return std::string(text);
}

/// Where a hunk begins: "-12,7 +12,9".
struct HunkPlace {
  std::size_t old_line = 0;
  std::size_t new_line = 0;
};

std::optional<std::size_t> leading_number(std::string_view& text) {
  std::size_t value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) != 0) {
    value = value * 10 + static_cast<std::size_t>(text[digits] - '0');
    if (value > kLargestLineNumber) return std::nullopt;
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

std::optional<HunkPlace> read_place(std::string_view range) {
  HunkPlace place;
  for (const auto& [mark, line] : {std::pair{'-', &place.old_line}, std::pair{'+', &place.new_line}}) {
    range = trim(range);
    if (range.empty() || range.front() != mark) return std::nullopt;
    range.remove_prefix(1);
    const auto number = leading_number(range);
    if (!number) return std::nullopt;
    *line = *number;
    if (!range.empty() && range.front() == ',') {
      range.remove_prefix(1);
      if (!leading_number(range)) return std::nullopt;
    }
  }
  return trim(range).empty() ? std::optional(place) : std::nullopt;
}

bool ends_with_path(std::string_view path, std::string_view end) {
  return path == end ||
         (path.size() > end.size() && path.ends_with(end) && path[path.size() - end.size() - 1] == '/');
}

/// A word that can only be a path: it has a folder or an extension, and no character of code.
bool looks_like_path(std::string_view word) {
  if (word.empty() || word.find_first_of("(){}[]<>;=\"'`*&|$! ") != std::string_view::npos) return false;
  const std::size_t dot = word.rfind('.');
  const bool extension =
      dot != std::string_view::npos && dot > 0 && dot + 1 < word.size() && word.size() - dot <= 8;
  return extension || (word.find('/') != std::string_view::npos && word.find(':') == std::string_view::npos);
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& files) : files_(files) {}

  Diff read(std::string_view text) {
    if (text.size() > kMostBytes) {
      text = text.substr(0, kMostBytes);
      diff_.truncated = true;
    }
    const char* const begin = text.data();
    std::size_t count = 0;
    while (!text.empty()) {
      if (++count > kMostLines) {
        diff_.truncated = true;
        break;
      }
      const std::size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      offset_ = static_cast<std::size_t>(line.data() - begin);
      take(line, text);
    }
    for (FileDiff& file : diff_.files)
      std::erase_if(file.hunks, [](const Hunk& h) { return h.lines.empty(); });
    std::erase_if(diff_.files, [](const FileDiff& f) {
      return f.hunks.empty() && !f.renamed && !f.binary && !f.created && !f.deleted;
    });
    return std::move(diff_);
  }

 private:
  void take(std::string_view line, std::string_view rest) {
    if (line.size() > kLongestLine) {
      line = line.substr(0, kLongestLine);
      diff_.truncated = true;
    }
    if (line.starts_with("diff --git ") || line.starts_with("diff -") || line.starts_with("diff --cc ")) {
      begin_file(git_path(line));
      in_header_ = true;
    } else if (in_header_ && take_header(line)) {
      return;
    } else if (line.starts_with("--- ") && rest.starts_with("+++ ")) {
      // Alone, it is a removed line that begins with "-- ", a comment of SQL.
      take_old_path(line.substr(4));
    } else if (line.starts_with("+++ ") && after_old_path_) {
      take_new_path(line.substr(4));
    } else if (line.starts_with("@@")) {
      take_hunk(line);
    } else {
      take_content(line);
    }
  }

  /// The second path of `diff --git a/x b/x`.
  static std::string git_path(std::string_view line) {
    const std::size_t at = line.rfind(" b/");
    if (at != std::string_view::npos) return std::string(trim(line.substr(at + 3)));
    const std::size_t space = line.rfind(' ');
    return std::string(space == std::string_view::npos ? std::string_view() : trim(line.substr(space + 1)));
  }

  bool take_header(std::string_view line) {
    FileDiff& file = diff_.files.back();
    if (line.starts_with("new file mode")) {
      file.created = true;
    } else if (line.starts_with("deleted file mode")) {
      file.deleted = true;
    } else if (line.starts_with("rename from ")) {
      file.old_path = std::string(trim(line.substr(12)));
      file.renamed = true;
    } else if (line.starts_with("rename to ")) {
      file.path = std::string(trim(line.substr(10)));
    } else if (line.starts_with("Binary files ") || line.starts_with("GIT binary patch")) {
      file.binary = true;
    } else if (line.starts_with("index ") || line.starts_with("similarity index") ||
               line.starts_with("dissimilarity index") || line.starts_with("old mode") ||
               line.starts_with("new mode") || line.starts_with("copy from") || line.starts_with("copy to")) {
      return true;
    } else {
      return false;
    }
    return true;
  }

  void take_old_path(std::string_view text) {
    const std::string path = header_path(text);
    if (!in_header_) begin_file(path);
    in_header_ = true;
    after_old_path_ = true;
    FileDiff& file = diff_.files.back();
    if (path.empty()) {
      file.created = true;
    } else if (path != file.path && file.old_path.empty()) {
      file.old_path = path;
    }
  }

  void take_new_path(std::string_view text) {
    after_old_path_ = false;
    const std::string path = header_path(text);
    FileDiff& file = diff_.files.back();
    if (path.empty()) {
      file.deleted = true;
      if (file.path.empty()) file.path = file.old_path;
    } else {
      file.path = path;
    }
    if (file.old_path == file.path) file.old_path.clear();
  }

  void begin_file(std::string path) {
    diff_.files.push_back({});
    diff_.files.back().path = std::move(path);
    numbered_ = false;
    after_old_path_ = false;
  }

  /// Moves on to a file that the text names; the same one goes on.
  void continue_file(const std::string& path) {
    if (diff_.files.empty() || diff_.files.back().path != path) begin_file(path);
  }

  void take_hunk(std::string_view line) {
    in_header_ = false;
    after_old_path_ = false;
    while (!line.empty() && line.front() == '@') line.remove_prefix(1);
    const std::size_t close = line.find("@@");
    const std::string_view between = trim(line.substr(0, close));
    std::string_view heading =
        close == std::string_view::npos ? std::string_view() : trim(line.substr(close + 2));
    numbered_ = false;
    if (const auto place = read_place(between)) {
      if (diff_.files.empty()) continue_file(only_file());
      numbered_ = true;
      old_line_ = place->old_line;
      new_line_ = place->new_line;
    } else {
      heading = loose_hunk(between, heading);
    }
    diff_.files.back().hunks.push_back({std::string(heading), {}});
  }

  /// `@@ path @@`, `@@ path: heading` or `@@ heading`; gives the heading.
  std::string_view loose_hunk(std::string_view between, std::string_view heading) {
    for (const std::string& file : files_) {
      if (!between.starts_with(file)) continue;
      continue_file(file);
      std::string_view rest = trim(between.substr(file.size()));
      if (rest.starts_with(':')) rest = trim(rest.substr(1));
      return rest.empty() ? heading : rest;
    }
    const std::string_view word = between.substr(0, between.find_first_of(" :"));
    if (looks_like_path(word)) {
      const auto known =
          std::find_if(files_.begin(), files_.end(), [&](const auto& f) { return ends_with_path(f, word); });
      continue_file(known == files_.end() ? std::string(word) : *known);
      std::string_view rest = trim(between.substr(word.size()));
      if (rest.starts_with(':')) rest = trim(rest.substr(1));
      return rest.empty() ? heading : rest;
    }
    if (diff_.files.empty()) continue_file(only_file());
    return between.empty() ? heading : between;
  }

  /// The file that is meant where the text names none.
  std::string only_file() const { return files_.empty() ? std::string() : files_.front(); }

  void take_content(std::string_view line) {
    if (line.starts_with("\\ No newline")) return;
    const bool marked = !line.empty() && (line.front() == '+' || line.front() == '-' || line.front() == ' ');
    if (diff_.files.empty() || diff_.files.back().hunks.empty()) {
      // Before the first hunk only marked lines are content: all else is a message or a statistic.
      if (!marked || line.front() == ' ' || in_header_ || line.starts_with("+++ ") ||
          line.starts_with("--- "))
        return;
      if (diff_.files.empty()) begin_file(only_file());
      diff_.files.back().hunks.push_back({});
    }
    in_header_ = false;
    DiffLine content;
    content.offset = offset_;
    content.length = line.size();
    content.text = std::string(marked ? line.substr(1) : line);
    if (marked && line.front() != ' ')
      content.kind = line.front() == '+' ? LineKind::kAdded : LineKind::kRemoved;
    if (numbered_) {
      const bool removed = content.kind == LineKind::kRemoved;
      content.line = removed ? old_line_ : new_line_;
      if (content.kind != LineKind::kAdded) ++old_line_;
      if (!removed) ++new_line_;
    }
    diff_.files.back().hunks.back().lines.push_back(std::move(content));
  }

  const std::vector<std::string>& files_;
  Diff diff_;
  std::size_t offset_ = 0;  // of the line that is being taken
  bool in_header_ = false;
  bool after_old_path_ = false;
  bool numbered_ = false;
  std::size_t old_line_ = 0;
  std::size_t new_line_ = 0;
};

}  // namespace

Diff read_diff(std::string_view text, const std::vector<std::string>& files) {
  return Reader(files).read(text);
}

}  // namespace midwatch::observe::changes

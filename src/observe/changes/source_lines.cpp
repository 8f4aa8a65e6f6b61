#include "src/observe/changes/source_lines.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "src/base/ascii.h"

namespace midwatch::observe::changes {
namespace {

constexpr std::size_t kTabColumns = 4;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}
bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool is_name_part(char c) {
  return is_name_start(c) || is_digit(c);
}

/// Follows one side of a hunk through quotes and comments.
class CommentStripper {
 public:
  explicit CommentStripper(Comments style) : style_(style) {}

  std::string strip(std::string_view line) {
    std::string out;
    std::size_t at = 0;
    if (!block_end_.empty() && !leave_block(line, at)) return out;
    // A line of a block comment whose beginning the hunk does not show.
    const std::size_t first = line.find_first_not_of(" \t", at);
    if (style_ == Comments::kSlashes && at == 0 && first != std::string_view::npos && line[first] == '*' &&
        (first + 1 == line.size() || line[first + 1] == ' ' || line[first + 1] == '/'))
      return out;
    char quote = 0;
    while (at < line.size()) {
      const char c = line[at];
      if (quote != 0) {
        out += c;
        if (c == '\\' && quote != '`' && at + 1 < line.size()) out += line[++at];
        if (c == quote) quote = 0;
        ++at;
        continue;
      }
      if (starts_line_comment(line, at)) break;
      if (begins_block(line, at)) {
        if (!leave_block(line, at)) break;
        continue;
      }
      if (c == '"' || c == '\'' || c == '`') quote = closes(line, at, c) ? c : char{0};
      out += c;
      ++at;
    }
    return out;
  }

 private:
  /// An apostrophe that no other one follows is no quote (a lifetime of Rust, a word of a text).
  static bool closes(std::string_view line, std::size_t at, char quote) {
    return line.find(quote, at + 1) != std::string_view::npos;
  }

  bool starts_line_comment(std::string_view line, std::size_t at) const {
    switch (style_) {
      case Comments::kSlashes:
        // "http://" is no comment.
        return line.substr(at).starts_with("//") && (at == 0 || line[at - 1] != ':');
      case Comments::kHash:
        return line[at] == '#' && (at == 0 || is_space(line[at - 1]));
      case Comments::kDashes:
        return line.substr(at).starts_with("--");
      case Comments::kNone:
        return false;
    }
    return false;
  }

  bool begins_block(std::string_view line, std::size_t& at) {
    const std::string_view rest = line.substr(at);
    const bool c_like = style_ == Comments::kSlashes || style_ == Comments::kDashes;
    if (c_like && rest.starts_with("/*")) {
      block_end_ = "*/";
      at += 2;
    } else if (style_ == Comments::kHash && (rest.starts_with("\"\"\"") || rest.starts_with("'''"))) {
      block_end_ = rest.substr(0, 3);
      at += 3;
    } else if (rest.starts_with("<!--")) {
      block_end_ = "-->";
      at += 4;
    } else {
      return false;
    }
    return true;
  }

  /// Goes to the end of the block comment; false where this line does not hold it.
  bool leave_block(std::string_view line, std::size_t& at) {
    const std::size_t end = line.find(block_end_, at);
    if (end == std::string_view::npos) return false;
    at = end + block_end_.size();
    block_end_.clear();
    return true;
  }

  Comments style_;
  std::string block_end_;
};

std::string trimmed(const std::string& text) {
  std::size_t first = 0;
  std::size_t last = text.size();
  while (first < last && is_space(text[first])) ++first;
  while (last > first && is_space(text[last - 1])) --last;
  return text.substr(first, last - first);
}

std::size_t indent_of(std::string_view line) {
  std::size_t columns = 0;
  for (const char c : line) {
    if (!is_space(c)) break;
    columns += c == '\t' ? kTabColumns : 1;
  }
  return columns;
}

/// Who is told what happens, in any spelling: log, LOGGER, _logger.
constexpr std::array<std::string_view, 39> kTellers{
    "log",      "logger",    "logging",  "console",    "slog",        "zap",       "zerolog", "logrus",
    "klog",     "glog",      "spdlog",   "structlog",  "loguru",      "winston",   "pino",    "bunyan",
    "serilog",  "tracing",   "print",    "println",    "eprintln",    "printf",    "fprintf", "puts",
    "warnings", "metrics",   "statsd",   "prometheus", "span",        "tracer",    "sentry",  "telemetry",
    "newrelic", "log_debug", "log_info", "log_trace",  "log_warning", "error_log", "nslog"};
/// Calls that only count.
constexpr std::array<std::string_view, 3> kTellingCalls{"Inc", "Observe", "SetAttributes"};
/// Macros of Rust.
constexpr std::array<std::string_view, 7> kTellingMacros{"trace", "debug", "info", "warn",
                                                         "error", "event", "dbg"};
constexpr std::array<std::string_view, 5> kInstruments{"prometheus", "NewCounter", "NewHistogram", "NewGauge",
                                                       "MustRegister"};

bool is_one_of(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A name in small letters, without the underscores before and after it.
std::string bare_name(std::string_view name) {
  while (name.starts_with('_')) name.remove_prefix(1);
  while (name.ends_with('_')) name.remove_suffix(1);
  return base::to_lower(name);
}

}  // namespace

std::vector<SourceLine> source_lines(const Hunk& hunk, Comments style) {
  std::vector<SourceLine> lines;
  lines.reserve(hunk.lines.size());
  CommentStripper old_side(style);
  CommentStripper new_side(style);
  for (const DiffLine& line : hunk.lines) {
    SourceLine source;
    source.kind = line.kind;
    source.line = line.line;
    source.indent = indent_of(line.text);
    std::string code =
        line.kind == LineKind::kRemoved ? old_side.strip(line.text) : new_side.strip(line.text);
    if (line.kind == LineKind::kContext) old_side.strip(line.text);
    source.code = trimmed(code);
    lines.push_back(std::move(source));
  }
  return lines;
}

std::vector<Token> tokens_of(std::string_view code) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < code.size()) {
    const char c = code[at];
    const std::size_t start = at;
    if (is_space(c)) {
      ++at;
    } else if (c == '"' || c == '\'' || c == '`') {
      std::size_t end = at + 1;
      while (end < code.size() && code[end] != c) end += code[end] == '\\' && c != '`' ? 2 : 1;
      if (end >= code.size()) {
        // No end on this line: the sign alone, so that what follows is still read.
        tokens.push_back({TokenKind::kSign, code.substr(start, 1)});
        ++at;
      } else {
        tokens.push_back({TokenKind::kText, code.substr(start + 1, end - start - 1)});
        at = end + 1;
      }
    } else if (is_digit(c)) {
      while (at < code.size() &&
             (is_name_part(code[at]) || (code[at] == '.' && at + 1 < code.size() && is_digit(code[at + 1]))))
        ++at;
      if (at < code.size() && code[at] == '%') ++at;
      tokens.push_back({TokenKind::kNumber, code.substr(start, at - start)});
    } else if (is_name_start(c)) {
      while (at < code.size() && is_name_part(code[at])) ++at;
      tokens.push_back({TokenKind::kName, code.substr(start, at - start)});
    } else {
      tokens.push_back({TokenKind::kSign, code.substr(start, 1)});
      ++at;
    }
  }
  return tokens;
}

double likeness(const std::vector<Token>& a, const std::vector<Token>& b) {
  if (a.empty() || b.empty()) return 0;
  std::multiset<std::string_view> left;
  for (const Token& t : a) left.insert(t.text);
  std::size_t common = 0;
  for (const Token& t : b) {
    if (const auto at = left.find(t.text); at != left.end()) {
      left.erase(at);
      ++common;
    }
  }
  return static_cast<double>(common) / static_cast<double>(std::max(a.size(), b.size()));
}

std::string_view quoted_name(std::string_view code) {
  constexpr std::size_t kLeast = 6;  // with its quotes
  const std::size_t begin = code.find_first_of("\"'`");
  if (begin == std::string_view::npos) return {};
  const std::size_t end = code.find(code[begin], begin + 1);
  if (end == std::string_view::npos) return {};
  const std::string_view text = code.substr(begin, end + 1 - begin);
  return text.size() >= kLeast && text.find_first_of("/.:_-") != std::string_view::npos ? text
                                                                                        : std::string_view();
}

std::size_t find_name(std::string_view code, std::string_view name, std::size_t from) {
  const auto inside = [&](std::size_t at) { return at < code.size() && is_name_part(code[at]); };
  for (std::size_t at = code.find(name, from); at != std::string_view::npos; at = code.find(name, at + 1)) {
    const bool begins = at == 0 || (!inside(at - 1) && code[at - 1] != '.');
    if (begins && !inside(at + name.size())) return at;
  }
  return std::string_view::npos;
}

bool is_raise(const Token& token) {
  static constexpr std::array<std::string_view, 5> kWords{"raise", "throw", "panic", "abort", "reject"};
  return token.kind == TokenKind::kName &&
         std::find(kWords.begin(), kWords.end(), token.text) != kWords.end();
}

bool only_tells(std::string_view code) {
  const std::vector<Token> tokens = tokens_of(code);
  if (std::any_of(tokens.begin(), tokens.end(),
                  [](const Token& t) { return is_one_of(kInstruments, t.text); }))
    return true;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::kName) {
      // What is computed and given back is more than told: return math.log(x).
      if (token.text == "return") return false;
      const bool macro = i + 1 < tokens.size() && tokens[i + 1].text == "!";
      if (is_one_of(kTellers, bare_name(token.text)) || is_one_of(kTellingCalls, token.text) ||
          (macro && is_one_of(kTellingMacros, token.text)))
        return true;
    } else if (token.kind != TokenKind::kSign || token.text == "=" || token.text == "(") {
      return false;
    }
  }
  return false;
}

}  // namespace midwatch::observe::changes

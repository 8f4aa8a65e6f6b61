#include "src/observe/lines/trace_lines.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace midwatch::observe::lines {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

template <std::size_t N>
bool starts_with_any(std::string_view text, const std::array<std::string_view, N>& starts) {
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view s) { return text.starts_with(s); });
}

bool is_traceback(std::string_view line) {
  return line.find("Traceback (most recent call last)") != std::string_view::npos;
}

/// "#3 …": a frame of gdb, of a sanitizer, of PHP.
bool is_numbered_frame(std::string_view rest) {
  std::size_t i = 1;
  while (i < rest.size() && is_digit(rest[i])) ++i;
  return rest.size() > 2 && rest.front() == '#' && i > 1 && i < rest.size() && is_blank(rest[i]);
}

/// A line that cannot but be the middle of a trace, whatever came before.
bool is_frame(std::string_view line) {
  const std::string_view rest = trimmed(line);
  const bool indented = !line.empty() && is_blank(line.front());
  static constexpr std::array<std::string_view, 2> kAnywhere{"Caused by: ", "Suppressed: "};
  static constexpr std::array<std::string_view, 6> kIndented{"at ",   "File \"",    "... ",
                                                             "---> ", "--- End of", "from "};
  if (starts_with_any(rest, kAnywhere)) return true;
  if (indented) return starts_with_any(rest, kIndented) || is_numbered_frame(rest);
  return rest.starts_with("at ") && rest.ends_with(')');
}

/// "main.(*Server).handle(0xc000…)", "net/http.HandlerFunc.ServeHTTP(…)".
bool is_go_function(std::string_view line) {
  return !line.empty() && line.back() == ')' && line.find('.') < line.find(' ') &&
         std::isalpha(static_cast<unsigned char>(line.front())) != 0;
}

bool continues_go(std::string_view line) {
  static constexpr std::array<std::string_view, 6> kStarts{"goroutine ", "created by ", "exit status ",
                                                           "[signal ",   "runtime:",    "panic: "};
  return line.empty() || is_blank(line.front()) || starts_with_any(line, kStarts) || is_go_function(line);
}

bool continues_native(std::string_view line) {
  static constexpr std::array<std::string_view, 7> kStarts{
      "freed by ", "previously allocated ", "allocated by ", "SUMMARY: ", "0x", "Thread ", "=========="};
  return line.empty() || is_blank(line.front()) || is_numbered_frame(line) ||
         starts_with_any(line, kStarts) || (line.starts_with("==") && line.size() > 2 && is_digit(line[2]));
}

}  // namespace

void TraceLines::begin(std::string_view line) {
  open_ = Open::kRecord;
  if (is_traceback(line)) {
    open_ = Open::kPython;
  } else if (line.starts_with("panic: ") || line.starts_with("fatal error: ") ||
             line.starts_with("goroutine ")) {
    open_ = Open::kGo;
  } else if (line.find("Sanitizer: ") != std::string_view::npos || line.starts_with("terminate called ") ||
             line.starts_with("#0 ") || line.find("Program received signal") != std::string_view::npos) {
    open_ = Open::kNative;
  } else if (line.find("Stack trace:") != std::string_view::npos ||
             line.find("panicked at") != std::string_view::npos) {
    open_ = Open::kFrames;
  }
}

bool TraceLines::continues_python(std::string_view line) {
  if (open_ == Open::kPythonEnd) {
    // A further exception of the same chain.
    static constexpr std::array<std::string_view, 3> kChain{
        "During handling of the above", "The above exception was", "Traceback (most recent call last)"};
    if (line.empty()) return true;
    if (!starts_with_any(trimmed(line), kChain)) return false;
    if (is_traceback(line)) open_ = Open::kPython;
    return true;
  }
  if (line.empty() || is_blank(line.front())) return true;
  // The exception itself: a name, alone or before a colon.
  const std::size_t end = std::min(line.size(), line.find(':'));
  const std::string_view name = line.substr(0, end);
  open_ = Open::kPythonEnd;
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '_'; });
}

bool TraceLines::continues(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  switch (open_) {
    case Open::kPython:
    case Open::kPythonEnd:
      if (continues_python(line)) return true;
      break;
    case Open::kGo:
      if (continues_go(line)) return true;
      break;
    case Open::kNative:
      if (continues_native(line)) return true;
      break;
    case Open::kFrames: {
      // Members that Node prints behind the frames, PHP's last line, Rust's message.
      const bool closes = line == "}" || line == "]";
      if (is_frame(line) || closes || (!line.empty() && is_blank(line.front())) || is_numbered_frame(line))
        return true;
      break;
    }
    case Open::kRecord:
    case Open::kNothing:
      if (!line.empty() && open_ == Open::kRecord && is_frame(line)) {
        open_ = Open::kFrames;
        return true;
      }
      if (line.starts_with("goroutine ") && open_ == Open::kRecord) {
        open_ = Open::kGo;
        return true;
      }
      break;
  }
  begin(line);
  return false;
}

}  // namespace midwatch::observe::lines

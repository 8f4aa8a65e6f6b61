#include "src/observe/lines/header.h"

#include <algorithm>
#include <array>

#include "src/observe/lines/severity.h"
#include "src/observe/lines/time_form.h"

namespace midwatch::observe::lines {
namespace {

/// A time is looked for behind so many words at most.
constexpr int kWordsBeforeTime = 4;
/// A header has so many fields at most.
constexpr int kMostFields = 16;
/// A level is looked for behind so many words of a header.
constexpr int kWordsBeforeLevel = 4;
constexpr std::size_t kBracketBytes = 160;
constexpr std::size_t kNameBytes = 100;
/// So long is the shortest identifier of a request.
constexpr std::size_t kIdBytes = 16;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return is_upper(c) || (c >= 'a' && c <= 'z');
}
bool is_space(char c) {
  return c == ' ' || c == '\t';
}
/// Of the name of a program, a class or a thread.
bool is_name_char(char c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '$' || c == '-' || c == '/' ||
         c == '#' || c == '@' || c == '*';
}

bool has_digit(std::string_view s) {
  return std::any_of(s.begin(), s.end(), is_digit);
}
bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), is_digit);
}
bool all_upper(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), is_upper);
}

/// "INFO", "Warning", "error": a level; `loud` only where it is written in capitals. "panic" and "failure"
/// are levels too, but in a line they begin a message.
bool is_level(std::string_view word, bool loud) {
  if (word.size() < 3 || word.size() > 11 || !is_letter(word.front())) return false;
  if (loud ? !all_upper(word) : !std::all_of(word.begin(), word.end(), is_letter)) return false;
  return word != "panic" && word != "failure" && word != "Failure" &&
         severity_from_word(word) != Severity::kUnknown;
}

/// Hexadecimal digits and dashes, long enough to name one request among all.
bool is_id(std::string_view word) {
  return word.size() >= kIdBytes && has_digit(word) && std::all_of(word.begin(), word.end(), [](char c) {
           return is_digit(c) || c == '-' || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

class HeaderReader {
 public:
  explicit HeaderReader(std::string_view line) : line_(line) {}

  LineParts run() {
    skip_spaces();
    skip_priority();
    if (!find_time()) return {line_, {}};
    for (int i = 0; i < kMostFields && at_ < line_.size(); ++i) {
      skip_spaces();
      const std::size_t before = at_;
      if (!field()) break;
      skip_spaces();
      if (program_) break;
      if (at_ >= line_.size()) {  // a header alone: its last field is what it says
        at_ = before;
        break;
      }
    }
    skip_spaces();
    return {at_ < line_.size() ? line_.substr(at_) : line_, level_};
  }

 private:
  void skip_spaces() {
    while (at_ < line_.size() && is_space(line_[at_])) ++at_;
  }

  std::size_t word_end(std::size_t i) const {
    while (i < line_.size() && !is_space(line_[i])) ++i;
    return i;
  }
  std::string_view word() const { return line_.substr(at_, word_end(at_) - at_); }

  /// "<34>" or "<34>1 " of syslog.
  void skip_priority() {
    if (at_ >= line_.size() || line_[at_] != '<') return;
    std::size_t i = at_ + 1;
    while (i < line_.size() && is_digit(line_[i])) ++i;
    if (i == at_ + 1 || i > at_ + 4 || i >= line_.size() || line_[i] != '>') return;
    at_ = i + 1;
    if (line_.substr(at_, 2) == "1 ") {
      at_ += 2;
      rfc5424_ = true;
    }
  }

  /// Moves behind the first time; false where there is none near the start.
  bool find_time() {
    const std::size_t start = at_;
    const bool numbered = at_ < line_.size() && (is_digit(line_[at_]) || line_[at_] == '-');
    for (int words = 0; words <= kWordsBeforeTime && at_ < line_.size(); ++words) {
      if (time(numbered && words > 0)) {
        if (rfc5424_) skip_rfc5424();
        return true;
      }
      const std::string_view w = word();
      // What stands before a time is an identifier, a level or a name, not the words of a sentence.
      if (words > 0 && !numbered && !has_digit(w) && w != "-") break;
      if (words == 0 && !has_digit(w) && w != "-" && !bracketed_level() && !all_upper(w)) break;
      at_ += w.size();
      skip_spaces();
    }
    at_ = start;
    return false;
  }

  /// "INFO" or "[ERROR]" before a time.
  bool bracketed_level() {
    std::string_view w = word();
    if (w.size() > 2 && w.front() == '[' && w.back() == ']') w = w.substr(1, w.size() - 2);
    if (!is_level(w, true)) return false;
    level_ = w;
    return true;
  }

  bool is_time_behind(std::size_t i) const {
    while (i < line_.size() && is_space(line_[i])) ++i;
    return skip_time(line_, i) != TimeForm::kNone;
  }

  /// A time, also in brackets. Seconds since 1970 are a time only where numbered columns stand before them or
  /// another time follows.
  bool time(bool epoch_too) {
    std::size_t i = at_;
    const bool bracket = i < line_.size() && line_[i] == '[';
    if (bracket) ++i;
    const TimeForm form = skip_time(line_, i);
    if (form == TimeForm::kNone) return false;
    if (form == TimeForm::kEpoch && !epoch_too && !is_time_behind(i)) return false;
    if (bracket) {
      if (i >= line_.size() || line_[i] != ']') return false;
      ++i;
    } else if (i < line_.size() && (is_letter(line_[i]) || line_[i] == '/' || line_[i] == '_')) {
      return false;
    }
    if (form == TimeForm::kKlog) level_ = line_.substr(at_, 1);
    bsd_ = bsd_ || (form == TimeForm::kBsd && !bracket);
    klog_ = form == TimeForm::kKlog;
    at_ = i;
    if (at_ < line_.size() && (line_[at_] == ',' || line_[at_] == ':')) ++at_;
    return true;
  }

  /// Host, program, process, message id and structured data behind the time of RFC 5424.
  void skip_rfc5424() {
    for (int i = 0; i < 4; ++i) {
      skip_spaces();
      at_ = word_end(at_);
    }
    skip_spaces();
    if (at_ < line_.size() && line_[at_] == '-') {
      ++at_;
      return;
    }
    while (at_ < line_.size() && line_[at_] == '[') {
      const std::size_t end = line_.find(']', at_);
      if (end == std::string_view::npos) return;
      at_ = end + 1;
    }
  }

  bool field() {
    if (at_ >= line_.size()) return false;
    if (time(true)) return true;
    const char c = line_[at_];
    if (c == '[') return bracket();
    if ((c == '|' || c == '-') && mark()) return true;
    if ((is_digit(c) || c == '-') && count()) return true;
    if (!is_name_char(c)) return false;
    if (column()) return true;
    if (level()) return true;
    if (identifier() || stream() || klog_place() || key_and_id() || code_line()) return true;
    if (bsd_ && host_and_program()) return true;
    if (!has_level() && (name_before_time() || up_to_level())) return true;
    return logger();
  }

  bool has_level() const { return !level_.empty(); }

  /// "-", "--", "|" between fields.
  bool mark() {
    std::size_t i = at_;
    while (i < line_.size() && line_[i] == line_[at_]) ++i;
    if (i - at_ > 2 || (i < line_.size() && line_[at_] == '-' && !is_space(line_[i]))) return false;
    logger_ = logger_ || (has_level() && line_[at_] == '-');  // what follows is the message
    at_ = i;
    return true;
  }

  /// A number alone: a process, a thread, a line.
  bool count() {
    std::size_t i = line_[at_] == '-' ? at_ + 1 : at_;
    const std::size_t digits = i;
    while (i < line_.size() && is_digit(line_[i])) ++i;
    if (i == digits || (i < line_.size() && !is_space(line_[i]) && line_[i] != '|')) return false;
    // Behind the level, numbers belong to the message, but for the process of Spring Boot: "INFO 1 ---
    // [main]".
    const bool spring = line_.substr(i, 5) == " --- ";
    if (has_level() && !klog_ && !spring) return false;
    if (spring) i += 5;
    at_ = i;
    return true;
  }

  /// "[main]", "[req-1f2e … -]", "[notice]". Behind the level only one, and only where it names something.
  bool bracket() {
    std::size_t depth = 0;
    std::size_t i = at_;
    for (; i < line_.size() && i - at_ < kBracketBytes; ++i) {
      depth += line_[i] == '[' ? 1 : 0;
      depth -= line_[i] == ']' ? 1 : 0;
      if (depth == 0) break;
    }
    if (i >= line_.size() || depth != 0 || (i + 1 < line_.size() && line_[i + 1] == ':')) return false;
    if (i + 1 < line_.size() && !is_space(line_[i + 1]) && (has_level() || line_[i + 1] != '[')) return false;
    const std::string_view inside = line_.substr(at_ + 1, i - at_ - 1);
    if (!has_level() && is_level(inside, false)) {
      level_ = inside;
    } else {
      const std::string_view first = inside.substr(0, inside.find(' '));
      if (first.size() < inside.size() && !has_digit(first) && !is_name_behind(i + 1)) return false;
      if (has_level() && brackets_behind_level_++ > 0) return false;
    }
    at_ = i + 1;
    return true;
  }

  /// True where " - " or the name of a logger follows: what stands before it is no message.
  bool is_name_behind(std::size_t i) const {
    while (i < line_.size() && is_space(line_[i])) ++i;
    if (line_.substr(i, 2) == "- ") return true;
    const std::size_t name = i;
    while (i < line_.size() && is_name_char(line_[i])) ++i;
    return i > name && line_.substr(i, 2) == ": " && is_logger(line_.substr(name, i - name));
  }

  /// "name|" of lines with columns.
  bool column() {
    std::size_t i = at_;
    while (i < line_.size() && !is_space(line_[i]) && line_[i] != '|') ++i;
    if (i >= line_.size() || line_[i] != '|') return false;
    if (!has_level() && is_level(line_.substr(at_, i - at_), false)) level_ = line_.substr(at_, i - at_);
    at_ = i + 1;
    return true;
  }

  bool level() {
    if (has_level()) return false;
    const std::size_t start = at_;
    std::size_t i = at_;
    while (i < line_.size() && is_letter(line_[i])) ++i;
    const std::string_view w = line_.substr(start, i - start);
    const char next = i < line_.size() ? line_[i] : ' ';
    const bool alone = is_space(next) || next == ':' || next == ']' || next == '|';
    const bool letter =
        w.size() == 1 && is_space(next) && std::string_view("VDIWEF").find(w) != std::string_view::npos;
    const bool capital = !w.empty() && is_upper(w.front());
    if (!alone || !(letter || (capital && is_level(w, false)) || (next == ':' && is_level(w, false))))
      return false;
    level_ = w;
    at_ = next == ':' ? i + 1 : i;
    return true;
  }

  bool identifier() {
    const std::string_view w = word();
    if (!is_id(w)) return false;
    at_ += w.size();
    return true;
  }

  /// "stdout F" of the container runtimes.
  bool stream() {
    const std::string_view rest = line_.substr(at_);
    if (!(rest.starts_with("stdout ") || rest.starts_with("stderr ")) || rest.size() < 9) return false;
    if ((rest[7] != 'F' && rest[7] != 'P') || !is_space(rest[8])) return false;
    at_ += 8;
    return true;
  }

  /// "server.go:33]" of klog.
  bool klog_place() {
    if (!klog_) return false;
    const std::string_view w = word();
    if (w.size() < 3 || w.back() != ']') return false;
    at_ += w.size();
    klog_ = false;
    return true;
  }

  /// "o.a.c.c.C.[.[dispatcher]#175": a logger with its line of code behind the level.
  bool code_line() {
    if (logger_ || !has_level()) return false;
    const std::string_view w = word();
    const std::size_t mark = w.rfind('#');
    if (mark == std::string_view::npos || !all_digits(w.substr(mark + 1))) return false;
    at_ += w.size();
    logger_ = true;
    return true;
  }

  /// "TraceID: 4f1e…".
  bool key_and_id() {
    const std::string_view key = word();
    if (key.size() < 4 || key.back() != ':') return false;
    std::size_t i = at_ + key.size();
    while (i < line_.size() && is_space(line_[i])) ++i;
    const std::string_view id = line_.substr(i, word_end(i) - i);
    if (!is_id(id)) return false;
    at_ = i + id.size();
    return true;
  }

  /// "host program[1]:", "host program:", "host program[1] (label):" of BSD syslog.
  bool host_and_program() {
    std::size_t i = word_end(at_);  // host
    while (i < line_.size() && is_space(line_[i])) ++i;
    std::size_t k = i;
    while (k < line_.size() && !is_space(line_[k]) && line_[k] != ':' && line_[k] != '[') ++k;
    if (k == i) return false;
    if (k < line_.size() && line_[k] == '[') {
      k = line_.find(']', k);
      if (k == std::string_view::npos) return false;
      ++k;
      if (line_.substr(k, 2) == " (") {
        const std::size_t label = line_.find("):", k);
        if (label != std::string_view::npos && label - k < kBracketBytes) k = label + 1;
      }
    }
    if (k >= line_.size() || line_[k] != ':') return false;
    at_ = k + 1;
    program_ = true;
    return true;
  }

  /// A host or the like before a further time.
  bool name_before_time() {
    const std::size_t start = at_;
    at_ = word_end(at_);
    skip_spaces();
    if (time(false)) return true;
    at_ = start;
    return false;
  }

  /// Names in capitals or with digits that lead to a level: "R02-M1 RAS KERNEL INFO".
  bool up_to_level() {
    std::size_t i = at_;
    for (int words = 0; words < kWordsBeforeLevel && i < line_.size(); ++words) {
      const std::size_t end = word_end(i);
      const std::string_view w = line_.substr(i, end - i);
      if (is_level(w, true)) {
        level_ = w;
        at_ = end;
        logger_ = words > 0;  // the columns named who speaks
        return true;
      }
      if (!all_upper(w) && !has_digit(w)) return false;
      i = end;
      while (i < line_.size() && is_space(line_[i])) ++i;
    }
    return false;
  }

  /// "dfs.DataNode", "OrderStore", not "duration", not "TypeError".
  static bool is_logger(std::string_view name) {
    for (const std::string_view fault : {"Error", "Exception", "Warning", "Failure"}) {
      if (name.ends_with(fault)) return false;
    }
    return is_upper(name.front()) || name.find_first_of(".$/#@") != std::string_view::npos;
  }

  /// The end of " - " or " : " behind a name, or behind a name and a word that says which one ("shop *64 -
  /// ").
  std::size_t dash_in(std::string_view rest) const {
    if (rest.starts_with(" - ") || (has_level() && rest.starts_with(" : "))) return 3;
    const std::size_t dash = rest.find(" - ");
    if (dash == std::string_view::npos || dash < 2 || has_level()) return 0;
    const std::string_view which = rest.substr(1, dash - 1);
    return rest.front() == ' ' && which.find(' ') == std::string_view::npos && has_digit(which) ? dash + 3
                                                                                                : 0;
  }

  /// "dfs.DataNode$PacketResponder:", "orders.store -", "CBS    ".
  bool logger() {
    if (logger_) return false;
    std::size_t i = at_;
    while (i < line_.size() && i - at_ < kNameBytes && is_name_char(line_[i])) ++i;
    const std::string_view name = line_.substr(at_, i - at_);
    if (i >= line_.size() || name.size() < 2 || all_digits(name)) return false;
    if (has_level() && line_.substr(i, 2) == "  ") {  // names of equal width before " : "
      const std::size_t end = line_.find_first_not_of(' ', i);
      if (end != std::string_view::npos && line_.substr(end, 2) == ": ") i = end - 1;
    }
    const std::string_view rest = line_.substr(i);
    const std::size_t dash = dash_in(rest);
    const bool colon = has_level() && rest.starts_with(": ") && is_logger(name);
    const bool dotted = name.find('.') != std::string_view::npos && name.back() != '.';
    const bool before_bracket = has_level() && dotted && rest.starts_with(" [");
    const bool aligned = has_level() && all_upper(name) && rest.starts_with("  ");
    if (!(dash > 0 || colon || before_bracket || aligned)) return false;
    at_ = i + (dash > 0 ? dash : colon ? 1 : 0);
    logger_ = dash == 0 || has_level();
    return true;
  }

  std::string_view line_;
  std::string_view level_;
  std::size_t at_ = 0;
  int brackets_behind_level_ = 0;
  bool rfc5424_ = false;
  bool bsd_ = false;
  bool klog_ = false;
  bool program_ = false;
  bool logger_ = false;
};

}  // namespace

LineParts split_header(std::string_view line) {
  return HeaderReader(line).run();
}

}  // namespace midwatch::observe::lines

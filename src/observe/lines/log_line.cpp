#include "src/observe/lines/log_line.h"

#include <algorithm>

#include "src/observe/lines/header.h"

namespace midwatch::observe::lines {
namespace {

/// The fields of a logfmt line are looked for in so many bytes.
constexpr std::size_t kLogfmtBytes = 1000;

std::string_view first_line(std::string_view text) {
  const std::size_t end = text.find_first_of("\n\r");
  // A line end before everything else is no line.
  if (end == 0) return first_line(text.substr(std::min(text.size(), text.find_first_not_of("\n\r"))));
  return text.substr(0, end);
}

/// The value of "name=…" in a logfmt line, without its quotes; empty where there is none.
std::string_view logfmt_value(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t value = at + name.size();
    if ((at > 0 && text[at - 1] != ' ') || value + 1 >= text.size() || text[value] != '=') continue;
    if (text[value + 1] != '"') {
      const std::string_view rest = text.substr(value + 1);
      return rest.substr(0, rest.find(' '));
    }
    std::size_t end = value + 2;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    return text.substr(value + 2, std::min(end, text.size()) - value - 2);
  }
  return {};
}

/// True where the first word is "name=value".
bool begins_with_pair(std::string_view text) {
  const std::size_t end = text.find_first_of("= \t\"([{:");
  return end != std::string_view::npos && end > 0 && end < 20 && text[end] == '=';
}

}  // namespace

LogLine LogLineReader::read(std::string_view body) {
  const std::size_t begin = body.find_first_not_of(" \t\r\n");
  if (begin != std::string_view::npos && body[begin] == '{') {
    if (const JsonLine* json = json_.read(body)) {
      LogLine line = read_json(*json, {});
      if (line.message.empty()) {  // fields, and no words
        line.message = first_line(body);
        line.text = body;
      }
      return line;
    }
  }
  const LineParts parts = split_header(first_line(body));
  LogLine line;
  line.message = parts.message;
  line.level = parts.level;
  line.text = body;
  if (!line.message.empty()) {
    // JSON behind a header, or behind words ("Invoke Error \t{…}")
    const std::size_t object = line.message.front() == '{' ? 0 : line.message.find("\t{") + 1;
    if (line.message[object] == '{') {
      if (const JsonLine* json = json_.read(line.message.substr(object))) {
        LogLine inner = read_json(*json, line.message.substr(0, object));
        if (inner.level.empty()) inner.level = parts.level;
        return inner;
      }
    }
    if (begins_with_pair(line.message)) return read_logfmt(line.message);
  }
  return line;
}

LogLine LogLineReader::read_json(const JsonLine& json, std::string_view before) {
  LogLine line;
  line.level = json.level;
  line.exception = json.exception;
  line.trace = json.trace;
  line.span = json.span;
  while (!before.empty() && (before.back() == ' ' || before.back() == '\t')) before.remove_suffix(1);
  text_ = before;
  if (!text_.empty() && !json.message.empty()) text_ += ": ";
  text_ += json.message;
  // An error beside the message tells apart what the message alone does not.
  if (!json.error.empty() && text_.find(json.error) == std::string::npos) {
    if (!text_.empty()) text_ += ": ";
    if (!json.exception.empty() && json.error.find(json.exception) == std::string_view::npos) {
      text_ += json.exception;
      text_ += ": ";
    }
    text_ += json.error;
  } else if (text_.empty()) {
    text_ = json.exception;
  }
  if (!json.stack.empty() && text_.find(json.stack) == std::string::npos) {
    text_ += '\n';
    text_ += json.stack;
  }
  const LineParts parts = split_header(first_line(text_));
  line.message = parts.message;
  if (line.level.empty()) line.level = parts.level;
  line.text = text_;
  return line;
}

LogLine LogLineReader::read_logfmt(std::string_view text) {
  const std::string_view head = text.substr(0, kLogfmtBytes);
  LogLine line;
  line.level = logfmt_value(head, "level");
  if (line.level.empty()) line.level = logfmt_value(head, "lvl");
  std::string_view message = logfmt_value(head, "msg");
  if (message.empty()) message = logfmt_value(head, "message");
  std::string_view error = logfmt_value(head, "err");
  if (error.empty()) error = logfmt_value(head, "error");
  line.trace = logfmt_value(head, "trace_id");
  if (line.trace.empty()) line.trace = logfmt_value(head, "traceID");
  line.span = logfmt_value(head, "span_id");
  line.text = text;
  line.message = text;
  if (message.empty() && error.empty()) return line;
  text_ = message;
  if (!error.empty()) {
    if (!text_.empty()) text_ += ": ";
    text_ += error;
  }
  const std::string_view plain = unescape_json(text_, message_);
  line.text = plain;
  line.message = first_line(plain);
  return line;
}

Severity severity_of(const LogLine& line, std::string_view given) {
  const Severity from_source = severity_from_word(given);
  const Severity from_field = severity_from_word(line.level);
  const Severity from_words = severity_of_line(line.text);
  // A stack trace is an error, whatever level its first line has.
  const std::size_t end = line.text.find_first_of("\n\r");
  if (end != std::string_view::npos && severity_of_line(line.text.substr(end)) == Severity::kError)
    return Severity::kError;
  // Platforms give everything on one stream one severity; a level that the line itself has counts more.
  if (from_field != Severity::kUnknown) return from_field;
  return from_source != Severity::kUnknown ? from_source : from_words;
}

}  // namespace midwatch::observe::lines

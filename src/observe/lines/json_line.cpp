#include "src/observe/lines/json_line.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace midwatch::observe::lines {
namespace {

/// Deeper members than this are no fields of the line itself.
constexpr int kDepth = 3;
/// A stack of so many bytes tells enough.
constexpr std::size_t kStackBytes = 16 * 1024;

enum Field : std::size_t { kMessage, kLevel, kException, kError, kStack, kLogger, kTrace, kSpan };

struct KnownName {
  std::string_view name;    // in lower case, without "_", "-", "@" and "."
  std::string_view prefix;  // the member that it has to stand in; empty: anywhere
  Field field;
  int rank;  // of two names for one field, the higher counts
};

constexpr std::array<KnownName, 56> kNames{{
    {"message", "", kMessage, 9},
    {"msg", "", kMessage, 8},
    {"shortmessage", "", kMessage, 7},
    {"textpayload", "", kMessage, 7},
    {"log", "", kMessage, 6},
    {"text", "", kMessage, 5},
    {"body", "", kMessage, 4},
    {"event", "", kMessage, 3},
    {"level", "", kLevel, 9},
    {"severity", "", kLevel, 9},
    {"loglevel", "", kLevel, 9},
    {"lvl", "", kLevel, 8},
    {"levelname", "", kLevel, 9},
    {"severitytext", "", kLevel, 9},
    {"l", "", kLevel, 3},
    {"priority", "", kLevel, 4},
    {"errortype", "", kException, 9},
    {"exceptiontype", "", kException, 9},
    {"exceptionclass", "", kException, 9},
    {"errorkind", "", kException, 8},
    {"errorname", "", kException, 8},
    {"type", "error", kException, 8},
    {"type", "err", kException, 8},
    {"type", "exception", kException, 8},
    {"kind", "error", kException, 7},
    {"name", "error", kException, 7},
    {"name", "err", kException, 7},
    {"class", "exception", kException, 7},
    {"errormessage", "", kError, 9},
    {"exceptionmessage", "", kError, 9},
    {"message", "error", kError, 8},
    {"message", "err", kError, 8},
    {"message", "exception", kError, 8},
    {"error", "", kError, 6},
    {"err", "", kError, 6},
    {"exception", "", kError, 5},
    {"reason", "", kError, 1},
    {"stack", "", kStack, 9},
    {"stacktrace", "", kStack, 9},
    {"errorstack", "", kStack, 9},
    {"errorstacktrace", "", kStack, 9},
    {"exceptionstacktrace", "", kStack, 9},
    {"traceback", "", kStack, 8},
    {"excinfo", "", kStack, 8},
    {"excstacktrace", "", kStack, 8},
    {"thrown", "", kStack, 2},
    {"logger", "", kLogger, 9},
    {"loggername", "", kLogger, 9},
    {"loglogger", "", kLogger, 9},
    {"component", "", kLogger, 5},
    {"traceid", "", kTrace, 9},
    {"oteltraceid", "", kTrace, 9},
    {"ddtraceid", "", kTrace, 8},
    {"id", "trace", kTrace, 8},
    {"spanid", "", kSpan, 9},
    {"id", "span", kSpan, 8},
}};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void skip_spaces(std::string_view text, std::size_t& at) {
  while (at < text.size() && is_space(text[at])) ++at;
}

/// The end of a string whose first character is at `begin`; the size of the text where it does not end.
std::size_t string_end(std::string_view text, std::size_t begin) {
  for (std::size_t i = text.find_first_of("\"\\", begin); i != std::string_view::npos;
       i = text.find_first_of("\"\\", i)) {
    if (text[i] == '"') return i;
    i += 2;
    if (i >= text.size()) break;
  }
  return text.size();
}

/// Names that differ in "_", "-", "." and capitals are the same: `plain` gets at most its size of letters.
std::string_view plain_name(std::string_view name, std::array<char, 24>& plain) {
  std::size_t n = 0;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == '.' || c == '@') continue;
    if (n == plain.size()) return {};
    plain[n++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return {plain.data(), n};
}

const KnownName* known(std::string_view name, std::string_view prefix) {
  std::array<char, 24> buffer{};
  std::array<char, 24> prefix_buffer{};
  const std::string_view plain = plain_name(name, buffer);
  if (plain.empty()) return nullptr;
  const std::string_view plain_prefix = plain_name(prefix, prefix_buffer);
  const KnownName* best = nullptr;
  for (const KnownName& k : kNames) {
    if (k.name != plain || (!k.prefix.empty() && k.prefix != plain_prefix)) continue;
    if (best == nullptr || !k.prefix.empty()) best = &k;
  }
  return best;
}

std::optional<std::uint32_t> hex4(std::string_view text) {
  std::uint32_t value = 0;
  if (text.size() < 4) return std::nullopt;
  const char* const first = text.substr(0, 4).begin();
  const char* const last = first + 4;
  const auto [end, error] = std::from_chars(first, last, value, 16);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6U);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | c >> 12U);
    out += static_cast<char>(0x80 | (c >> 6U & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

}  // namespace

std::string_view unescape_json(std::string_view raw, std::string& buffer) {
  if (raw.find('\\') == std::string_view::npos) return raw;
  buffer.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 >= raw.size()) {
      buffer += raw[i];
      continue;
    }
    const char c = raw[++i];
    switch (c) {
      case 'n':
        buffer += '\n';
        break;
      case 't':
        buffer += '\t';
        break;
      case 'r':
        buffer += '\r';
        break;
      case 'b':
      case 'f':
        buffer += ' ';
        break;
      case 'u':
        if (const auto code = hex4(raw.substr(i + 1)); code && (*code < 0xD800 || *code > 0xDFFF)) {
          append_utf8(buffer, *code);
          i += 4;
        } else {
          buffer += "\\u";
        }
        break;
      default:
        buffer += c;
    }
  }
  return buffer;
}

void JsonLineReader::note(std::string_view name, std::string_view prefix, std::string_view raw, bool text) {
  const KnownName* k = known(name, prefix);
  if (k == nullptr || raw.empty()) return;
  // A number is a level or an identifier, never words.
  if (!text && k->field != kLevel && k->field != kTrace && k->field != kSpan) return;
  Found& found = found_[k->field];
  if (found.rank >= k->rank) return;
  found.rank = k->rank;
  found.value = text ? unescape_json(raw, buffers_[k->field]) : raw;
}

/// Moves behind a list or an object without following it; `frames` keeps its strings, a line each.
void JsonLineReader::skip_nested(std::string_view text, std::size_t& at, bool frames) {
  std::size_t open = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = string_end(text, at + 1);
      if (frames && joined_.size() < kStackBytes) {
        if (!joined_.empty()) joined_ += '\n';
        joined_ += unescape_json(text.substr(at + 1, end - at - 1), buffers_[kStack]);
      }
      at = end;
    }
    if (c == '[' || c == '{') ++open;
    const bool closes = (c == ']' || c == '}') && --open == 0;
    at = std::min(text.size(), at + 1);
    if (closes) return;
  }
}

void JsonLineReader::member(std::string_view name, std::string_view prefix, std::string_view text,
                            std::size_t& at, int depth) {
  const char c = text[at];
  if (c == '"') {
    const std::size_t end = string_end(text, at + 1);
    note(name, prefix, text.substr(at + 1, end - at - 1), true);
    at = std::min(text.size(), end + 1);
    return;
  }
  if (c == '{' && depth < kDepth) {
    object(text, at, depth + 1, name);
    return;
  }
  if (c == '{' || c == '[') {
    const KnownName* k = known(name, prefix);
    const bool frames = k != nullptr && k->field == kStack && found_[kStack].rank < k->rank;
    if (frames) joined_.clear();
    skip_nested(text, at, frames);
    if (frames && !joined_.empty()) found_[kStack] = {joined_, k->rank};
    return;
  }
  const std::size_t end = std::min(text.size(), text.find_first_of(",}] \t\r\n", at));
  note(name, prefix, text.substr(at, end - at), false);
  at = end;
}

void JsonLineReader::object(std::string_view text, std::size_t& at, int depth, std::string_view prefix) {
  ++at;  // the brace
  while (at < text.size()) {
    skip_spaces(text, at);
    if (at >= text.size()) return;
    if (text[at] == '}') {
      ++at;
      return;
    }
    if (text[at] != '"') {
      ++at;
      continue;
    }
    const std::size_t end = string_end(text, at + 1);
    const std::string_view name = text.substr(at + 1, end - at - 1);
    at = std::min(text.size(), end + 1);
    skip_spaces(text, at);
    if (at >= text.size() || text[at] != ':') continue;
    ++at;
    skip_spaces(text, at);
    if (at >= text.size()) return;
    member(name, prefix, text, at, depth);
  }
}

const JsonLine* JsonLineReader::read(std::string_view line) {
  std::size_t at = line.find_first_not_of(" \t\r\n");
  if (at == std::string_view::npos || line[at] != '{') return nullptr;
  found_.fill({});
  object(line, at, 0, {});
  const std::string_view message = found_[kMessage].value;
  if (message.size() > 2 && message.front() == '{') {
    // A line of an application inside one of a shipper: its own words count.
    inner_ = message;
    found_.fill({});
    std::size_t begin = 0;
    object(inner_, begin, 0, {});
    if (found_[kMessage].rank == 0) found_[kMessage] = {inner_, 1};
  }
  if (std::all_of(found_.begin(), found_.end(), [](const Found& f) { return f.rank == 0; })) return nullptr;
  line_ = {found_[kMessage].value, found_[kLevel].value,  found_[kException].value, found_[kError].value,
           found_[kStack].value,   found_[kLogger].value, found_[kTrace].value,     found_[kSpan].value};
  return &line_;
}

}  // namespace midwatch::observe::lines

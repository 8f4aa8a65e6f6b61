#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace midwatch::observe::lines {

/// What a log line that is a JSON object says of itself, whatever names its fields have. Empty where it says
/// nothing.
struct JsonLine {
  std::string_view message;
  std::string_view level;      ///< as written; a word or a number
  std::string_view exception;  ///< the type of an error
  std::string_view error;      ///< the message of an error
  std::string_view stack;      ///< frames, a line each
  std::string_view logger;
  std::string_view trace;
  std::string_view span;
};

/// Reads log lines that are JSON objects, as loggers and platforms write them: flat, nested ("log": {"level":
/// …}), with dotted names, or one inside a string of another one (container runtimes, log shippers).
///
/// It looks for known names only and skips the rest, so that a line costs one look at each of its bytes. What
/// is malformed is read as far as it goes.
/// Memory:  buffers that grow to the longest line.
/// Threads: one thread; a result lives until the next read and as long as its line.
class JsonLineReader {
 public:
  /// Nothing where the line is no JSON object or has none of the fields.
  const JsonLine* read(std::string_view line);

 private:
  static constexpr std::size_t kFields = 8;
  struct Found {
    std::string_view value;
    int rank = 0;  // of the name it was found by; 0: not found
  };

  void object(std::string_view text, std::size_t& at, int depth, std::string_view prefix);
  void member(std::string_view name, std::string_view prefix, std::string_view text, std::size_t& at,
              int depth);
  void skip_nested(std::string_view text, std::size_t& at, bool frames);
  void note(std::string_view name, std::string_view prefix, std::string_view raw, bool text);

  std::array<Found, kFields> found_;
  std::array<std::string, kFields> buffers_;
  std::string inner_;  // an object that stood in a string
  std::string joined_;
  JsonLine line_;
};

/// The text of the inside of a JSON string; `buffer` holds it where it has escapes.
std::string_view unescape_json(std::string_view raw, std::string& buffer);

}  // namespace midwatch::observe::lines

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/observe/changes/source_lines.h"

namespace midwatch::observe::changes {

/// A value that somebody wrote into code or configuration.
struct Value {
  enum class Kind { kNumber, kSwitch, kWord };

  Kind kind = Kind::kWord;
  double number = 0;  ///< of a number in the base of its unit (seconds, bytes); of a switch 0 or 1
  std::string unit;   ///< "s", "By", "%", or empty where the text has none
  std::string text;   ///< as written

  /// True where both say the same thing, in whatever words ("60s" and "1m").
  bool same_as(const Value& other) const;
};

/// Reads the value that begins at `at`: a number with a unit or factors (`5*time.Second`, `64 << 20`,
/// `Duration.ofMillis(300)`, `5.minutes`), a switch, a quoted text, or a constant's name
/// (`tls.VersionTLS12`). `at` moves behind it. Nothing where what stands there is computed.
std::optional<Value> read_value(std::span<const Token> tokens, std::size_t& at);

/// Reads a whole scalar of a configuration file ("300ms", "true", "512Mi", "http://orders:8080").
Value read_scalar(std::string_view text);

}  // namespace midwatch::observe::changes

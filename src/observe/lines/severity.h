#pragma once

#include <string_view>

namespace midwatch::observe::lines {

enum class Severity { kUnknown, kDebug, kInfo, kWarning, kError };

/// The severity that a source gives ("ERROR", "err", "W", "17", …); kUnknown for words that are none.
Severity severity_from_word(std::string_view word);

/// The severity that a line says itself: a level word near its start, else words of failing anywhere near it
/// (an exception's name, "panic:", "Traceback").
Severity severity_of_line(std::string_view line);

}  // namespace midwatch::observe::lines

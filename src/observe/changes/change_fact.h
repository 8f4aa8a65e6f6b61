#pragma once

#include <cstddef>
#include <string>

namespace midwatch::observe::changes {

/// What one place of a diff does, as a word of the vocabulary (README.md).
struct ChangeFact {
  std::string type;  ///< change.THING.WAY
  std::string file;
  std::size_t line = 0;  ///< 0 where the diff gives no numbers
  std::string symbol;    ///< key, function, field, dependency: what it is done to
  std::string before;
  std::string after;
  std::string heading;    ///< the enclosing function, where the diff names it
  double strength = 0.9;  ///< how surely it does that, and how much, 0 … 1
  std::size_t hunk = 0;   ///< position of its hunk in the file's diff, for quoting
};

}  // namespace midwatch::observe::changes

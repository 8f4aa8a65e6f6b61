#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}  // namespace re2

namespace midwatch::verify {

/// A text to look for: letters of either case are the same, `<*>` stands for one word, a run of spaces for a
/// run of spaces, and "…" at the end for anything. The empty pattern occurs in every text.
/// Threads: safe.
class WordPattern {
 public:
  explicit WordPattern(std::string_view pattern);
  ~WordPattern();
  WordPattern(WordPattern&&) noexcept;
  WordPattern& operator=(WordPattern&&) noexcept;

  /// True where the text holds the pattern, beginning and ending with whole words.
  bool occurs_in(std::string_view text) const;

 private:
  std::unique_ptr<const re2::RE2> expression_;
};

}  // namespace midwatch::verify

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace midwatch::connectors::bundle {

/// How an entity or an instance is called: bounded and redacted in the same way in every file, so that the
/// same name stays the same.
std::string clean_name(std::string_view raw);

/// Cleans the names of a stream, each distinct one once, and bounds how many distinct ones there can be: what
/// comes after a reader grows with the names, not with the lines. Threads: one thread.
class NameTable {
 public:
  /// More distinct names than any system has; a bound against a column that holds something else.
  static constexpr std::size_t kMaxNames = 100'000;

  /// The clean name, which lives as long as the table; nothing for a new name where the table is full.
  std::optional<std::string_view> clean(std::string_view raw);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> names_;  // raw → clean
  const std::pair<const std::string, std::string>* last_ = nullptr;
};

}  // namespace midwatch::connectors::bundle

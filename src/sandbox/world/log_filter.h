#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace midwatch::sandbox::world {

/// A filter pattern of CloudWatch Logs over plain text: terms that all have to occur, `-` before one that
/// must not, `?` before those of which one suffices, quotes around a term with spaces. An empty one takes
/// everything. Source: Amazon CloudWatch Logs user guide, "Filter and pattern syntax".
class LogFilter {
 public:
  explicit LogFilter(std::string_view pattern);
  bool matches(std::string_view message) const;

 private:
  std::vector<std::string> needed_, excluded_, any_;
};

}  // namespace midwatch::sandbox::world

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/json_value.h"

namespace midwatch::sandbox::world {

/// A filter pattern of CloudWatch Logs. Over plain text: terms that all have to occur, `-` before one that
/// must not, `?` before those of which one suffices, quotes around a term with spaces. Over JSON, in braces:
/// `$.member = "text"` and `!=` with `*` at either end, joined by `&&` and `||`, in parentheses. An empty one
/// takes everything. Source: Amazon CloudWatch Logs user guide, "Filter and pattern syntax".
class LogFilter {
 public:
  explicit LogFilter(std::string_view pattern);
  bool matches(std::string_view message) const;

 private:
  std::vector<std::string> needed_, excluded_, any_;
  std::function<bool(const base::Json&)> over_json_;
};

}  // namespace midwatch::sandbox::world

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "src/sandbox/world/history.h"

namespace midwatch::sandbox::world {

/// A filter expression of X-Ray over the requests of a world: `fault`, `error`, `ok`, `responsetime` and
/// `duration` with a comparison, `service("name")` with a condition of that node in braces, AND, OR, `!` and
/// parentheses. Source: X-Ray developer guide, "Using filter expressions".
class TraceFilter {
 public:
  /// Nothing where the expression is wrong or holds what worlds do not know.
  static std::optional<TraceFilter> read(std::string_view expression);
  bool matches(const TraceRecord& trace) const;

 private:
  /// A node of a request: the request itself, or a call in it.
  struct Node {
    std::string_view name;
    double seconds = 0;
    bool fault = false;
  };
  using Condition = std::function<bool(const TraceRecord&, const Node&)>;
  class Reader;

  explicit TraceFilter(Condition condition) : condition_(std::move(condition)) {}

  Condition condition_;
};

}  // namespace midwatch::sandbox::world

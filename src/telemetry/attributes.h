#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace midwatch::telemetry {

/// Configuration or metadata as a flat, ordered list of path and text.
///
/// Shape: a nested JSON value `{"a":{"b":[1,"x"]}}` becomes `a.b.0` = "1" and `a.b.1` = "x"; booleans are
/// "true" and
///        "false", null is the empty text, an empty object or array has the path with an empty text.
/// Values of keys that hold secrets never get here (base::is_secret_key).
class Attributes {
 public:
  using Entry = std::pair<std::string, std::string>;

  void set(std::string path, std::string value);
  /// The value at exactly this path.
  const std::string* find(std::string_view path) const;
  std::string_view get(std::string_view path, std::string_view otherwise = {}) const;
  std::optional<double> number(std::string_view path) const;
  /// The entries whose path starts with `prefix`, in order.
  std::vector<const Entry*> with_prefix(std::string_view prefix) const;
  /// Adds entries of `other`; where both have a path, `other` wins.
  void merge(const Attributes& other);

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  friend bool operator==(const Attributes&, const Attributes&) = default;

 private:
  std::vector<Entry> entries_;  // sorted by path
};

}  // namespace midwatch::telemetry

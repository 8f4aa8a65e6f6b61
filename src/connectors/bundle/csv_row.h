#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace midwatch::connectors::bundle {

/// Splits one line of comma-separated values (RFC 4180, but no line ends inside quotes).
class CsvRow {
 public:
  static constexpr std::size_t kMaxColumns = 64;

  enum class Outcome { kGood, kOpenQuote, kBadQuote, kTooManyColumns };

  /// Splits; the fields borrow from `line` and from this, and live until the next call.
  Outcome split(std::string_view line);

  std::size_t size() const { return fields_.size(); }
  std::string_view operator[](std::size_t column) const { return fields_[column]; }

 private:
  Outcome quoted(std::string_view line, std::size_t& pos);

  std::vector<std::string_view> fields_;
  std::vector<std::string> unquoted_;  // its elements never move: it is reserved for all columns
};

}  // namespace midwatch::connectors::bundle

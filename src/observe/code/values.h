#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/observe/code/source.h"

namespace midwatch::observe::code {

/// The value of a variable of the environment; nothing where it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// What numbers in code come to: "30 * 1000", "30_000", names that one place gives a value, variables of the
/// environment.
class Values {
 public:
  /// Requires: `sources` and what they are read from outlive it.
  Values(const std::vector<Source>& sources, Environment environment);

  /// The value of the expression that begins at `i`; nothing where it is no number, or does not end before
  /// `end`.
  std::optional<double> number(const Source& source, std::size_t i, std::size_t end) const;

  /// The index after an access to the environment that begins at `i`, and the variable's name; nothing where
  /// none begins there.
  struct Variable {
    std::string_view name;
    std::size_t after = 0;
    std::size_t fallback = kNone;  ///< where the value begins that stands in for one that is not set
  };
  static std::optional<Variable> variable_at(const Source& source, std::size_t i);

 private:
  struct Place {
    const Source* source = nullptr;
    std::size_t at = 0;
    bool several = false;
  };
  class Reading;

  void note(const Source& source, std::size_t name, std::size_t value);
  const Place* place_of(const Source& from, std::string_view name) const;

  Environment environment_;
  std::map<std::string_view, Place, std::less<>> anywhere_;
  std::map<std::pair<const Source*, std::string_view>, Place> in_file_;
};

}  // namespace midwatch::observe::code

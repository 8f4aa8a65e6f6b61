#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "src/base/result.h"

namespace midwatch::clients::aws::api {

/// The variables that a process was started with.
class Environment {
 public:
  explicit Environment(std::map<std::string, std::string, std::less<>> variables)
      : variables_(std::move(variables)) {}
  static Environment of_process();

  /// Empty where it is not set.
  std::string get(std::string_view name) const;
  bool is_true(std::string_view name) const;

  /// `path` with a leading `~` as the home directory.
  std::string expanded(std::string_view path) const;

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

/// The text of a small file: configuration or a token.
///
/// Errors: kNotFound: there is none; kUnavailable: it cannot be read; kResourceExhausted: over 1 MiB.
base::Result<std::string> read_small_file(const std::string& path);

}  // namespace midwatch::clients::aws::api

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"

namespace YAML {
class Node;
}

namespace midwatch::base {

/// Reads one key's value.
struct YamlField {
  std::string_view key;
  std::function<Result<>(const YAML::Node&)> read;
};

/// Reads a file that people write: every key is known, every value has its kind, and what is wrong is told
/// with file and line. Errors: kMalformed, of all of it.
class YamlFields {
 public:
  explicit YamlFields(std::string path) : path_(std::move(path)) {}

  Error malformed(const YAML::Node& node, std::string_view what) const;

  /// Reads a map of which every key is known, each at most once. `what` names it: "an account".
  Result<> map(const YAML::Node& node, std::string_view what, const std::vector<YamlField>& known) const;
  /// Reads a list, item by item.
  Result<> list(const YAML::Node& node, std::string_view key,
                const std::function<Result<>(const YAML::Node&)>& read) const;

  Result<> text(const YAML::Node& node, std::string_view key, std::string& into) const;
  Result<> texts(const YAML::Node& node, std::string_view key, std::vector<std::string>& into) const;
  Result<> time(const YAML::Node& node, std::string_view key, Timestamp& into) const;
  Result<> boolean(const YAML::Node& node, std::string_view key, bool& into) const;
  /// Of `least` to `most`.
  Result<> count(const YAML::Node& node, std::string_view key, std::uint64_t least, std::uint64_t most,
                 std::uint64_t& into) const;
  /// As 500ms, 90s, 15m, 12h, 30d, 1h30m, or in seconds (`parse_duration`).
  Result<> duration(const YAML::Node& node, std::string_view key, Duration& into) const;

 private:
  std::string path_;
};

/// Parses a document and reads it. Errors: kMalformed with file and line where it is no YAML; those of
/// `read`.
Result<> read_yaml_file(std::string_view yaml, const std::string& path,
                        const std::function<Result<>(const YAML::Node&)>& read);

}  // namespace midwatch::base

#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/sandbox/world/node.h"

namespace midwatch::sandbox::world {

/// The first thing that is wrong in a world file.
class Faults {
 public:
  explicit Faults(std::string path) : path_(std::move(path)) {}
  void add(const Node& where, std::string_view what);
  const std::optional<base::Error>& first() const { return first_; }

 private:
  std::string path_;
  std::optional<base::Error> first_;
};

/// Reads the members of one map strictly: another shape, a missing needed member and an unknown key are
/// faults with line and column.
class Fields {
 public:
  Fields(const Node& map, Faults& faults, std::string what);
  /// Reports the keys that nobody asked for.
  ~Fields();
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  std::string text(std::string_view name);  ///< needed
  std::string text_or(std::string_view name, std::string otherwise);
  double number_or(std::string_view name, double otherwise);
  bool flag_or(std::string_view name, bool otherwise);
  /// Units: seconds; written like `-8m`, `1h30m`, `2.5s`, `40ms`, `30d`.
  double seconds_or(std::string_view name, double otherwise);
  std::vector<std::string> texts(std::string_view name);  ///< a list, or one scalar
  std::map<std::string, std::string> text_map(std::string_view name);
  const Node& child(std::string_view name);  ///< absent: null
  const std::vector<Node>& list(std::string_view name);
  base::Json json(std::string_view name);

  void fault(std::string_view what) { faults_.add(map_, what); }
  Faults& faults() { return faults_; }

 private:
  const Node* find(std::string_view name);

  const Node& map_;
  Faults& faults_;
  std::string what_;
  std::set<std::string, std::less<>> asked_;
};

/// Reads a length of time as `Fields::seconds_or` does; nothing for any other text.
std::optional<double> parse_seconds(std::string_view text);

}  // namespace midwatch::sandbox::world

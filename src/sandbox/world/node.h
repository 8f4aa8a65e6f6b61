#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/json.h"
#include "src/base/result.h"

namespace midwatch::sandbox::world {

struct NodeMember;

/// A piece of a world file and where it stands.
struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  std::string scalar;
  bool quoted = false;  ///< a scalar that is text whatever it looks like
  int line = 0;
  int column = 0;
  std::vector<Node> items;          ///< of a list
  std::vector<NodeMember> members;  ///< of a map, in the order of the file

  const Node* find(std::string_view key) const;
};

/// A key of a map and what it holds.
struct NodeMember {
  Node first;
  Node second;
};

/// Reads one YAML document. Errors: kMalformed with `path:line:column`, also where a key occurs twice.
base::Result<Node> read_node(std::string_view text, const std::string& path);

/// As JSON: unquoted scalars that look like numbers or booleans become such.
base::Json to_json(const Node& node);

/// `base` with what `overlay` says: maps are merged member by member, everything else is replaced.
Node overlaid(const Node& base, const Node& overlay);

}  // namespace midwatch::sandbox::world

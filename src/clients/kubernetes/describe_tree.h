#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace midwatch::clients::kubernetes {

/// A line of `kubectl describe` with what is indented below it.
struct DescribeNode {
  std::string_view key;    ///< of "Key:   value"; empty where the line is no such field
  std::string_view value;  ///< what follows the key; the whole line where there is no key
  std::string_view text;   ///< the whole line without its indent
  std::size_t number = 0;  ///< line number in the output
  std::size_t indent = 0;
  std::string
      more;  ///< further lines of a value that goes on at the start of the line (a termination message)
  std::vector<DescribeNode> children;

  /// The first child with this key; null where there is none.
  const DescribeNode* child(std::string_view name) const;
  /// The value of the child with this key, with its further lines; empty where it is absent ("<none>", …).
  std::string value_of(std::string_view name) const;
  /// The texts of all lines below, in order.
  void collect_texts(std::vector<std::string_view>& into) const;
};

/// Reads the output of `kubectl describe` of one object; the root has the top-level fields as children.
DescribeNode read_describe_tree(std::string_view text, std::size_t first_line);

}  // namespace midwatch::clients::kubernetes

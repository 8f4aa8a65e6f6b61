#include "src/clients/kubernetes/describe_tree.h"

#include <algorithm>
#include <array>

#include "src/base/ascii.h"
#include "src/clients/kubernetes/text_lines.h"

namespace midwatch::clients::kubernetes {
namespace {

/// Deeper than describe indents, but not than a script that it shows.
constexpr std::size_t kMaxDepth = 64;

/// "Key:   value" → key and value. A colon inside of a word ("app:v1", "http://") ends no key.
void split_field(std::string_view line, DescribeNode& node) {
  node.text = line;
  const std::size_t colon = line.find(':');
  const bool field = colon != std::string_view::npos && colon > 0 &&
                     (colon + 1 == line.size() || line[colon + 1] == ' ' || line[colon + 1] == '\t');
  if (!field) {
    node.value = line;
    return;
  }
  node.key = line.substr(0, colon);
  node.value = base::trim(line.substr(colon + 1));
}

/// What can follow a container's message: the fields that describe prints after it.
bool follows_message(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kNext{
      "Exit Code:", "Signal:", "Started:", "Finished:", "Last State:", "Ready:", "Restart Count:"};
  return std::any_of(kNext.begin(), kNext.end(), [&](std::string_view key) { return text.starts_with(key); });
}

class TreeBuilder {
 public:
  explicit TreeBuilder(std::vector<Line> lines) : lines_(std::move(lines)) {}

  DescribeNode run() {
    DescribeNode root;
    while (i_ < lines_.size()) add_to(root, 0);
    return root;
  }

 private:
  /// Adds the line at i_ and everything that is indented more than it.
  void add_to(DescribeNode& parent, std::size_t depth) {
    const Line& line = lines_[i_++];
    DescribeNode node;
    split_field(line.text, node);
    node.number = line.number;
    node.indent = line.indent;
    // The text of a message is printed as it is: its further lines may begin anywhere.
    if (node.key == "Message" && parent.key.ends_with("State")) absorb_message(node);
    while (i_ < lines_.size() && lines_[i_].indent > line.indent) {
      if (depth < kMaxDepth) {
        add_to(node, depth + 1);
      } else {
        ++i_;
      }
    }
    parent.children.push_back(std::move(node));
  }

  void absorb_message(DescribeNode& node) {
    std::size_t end = i_;
    while (end < lines_.size() && !follows_message(lines_[end].text)) ++end;
    if (end == lines_.size()) return;
    for (; i_ < end; ++i_) node.more += "\n" + std::string(lines_[i_].text);
  }

  std::vector<Line> lines_;
  std::size_t i_ = 0;
};

}  // namespace

const DescribeNode* DescribeNode::child(std::string_view name) const {
  for (const DescribeNode& c : children) {
    if (c.key == name) return &c;
  }
  return nullptr;
}

std::string DescribeNode::value_of(std::string_view name) const {
  const DescribeNode* c = child(name);
  if (c == nullptr || (is_absent(c->value) && c->more.empty())) return {};
  return std::string(c->value) + c->more;
}

void DescribeNode::collect_texts(std::vector<std::string_view>& into) const {
  for (const DescribeNode& c : children) {
    into.push_back(c.text);
    c.collect_texts(into);
  }
}

DescribeNode read_describe_tree(std::string_view text, std::size_t first_line) {
  return TreeBuilder(lines_of(text, first_line)).run();
}

}  // namespace midwatch::clients::kubernetes

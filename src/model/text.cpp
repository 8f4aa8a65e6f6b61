#include "src/model/text.h"

namespace midwatch::model {
namespace {

bool is_place_name(std::string_view name) {
  if (name.empty() || name.size() > 40) return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

/// Calls `place(name)` for each `{name}` and `literal(text)` for what lies between.
template <class Literal, class Place>
void walk(std::string_view pattern, Literal literal, Place place) {
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = pattern.substr(open + 1, close - open - 1);
    if (is_place_name(name)) {
      literal(pattern.substr(0, open));
      place(name);
      pattern.remove_prefix(close + 1);
    } else {
      literal(pattern.substr(0, open + 1));
      pattern.remove_prefix(open + 1);
    }
  }
  literal(pattern);
}

}  // namespace

namespace {

std::string fill_places(std::string_view pattern, const Facts& facts, bool& open) {
  std::string out;
  walk(
      pattern, [&](std::string_view text) { out += text; },
      [&](std::string_view name) {
        if (const auto fact = facts.find(name); fact != facts.end()) {
          out += fact->second;
          return;
        }
        open = true;
        out += '{';
        out += name;
        out += '}';
      });
  return out;
}

/// Replaces each open place by `before` its name `after`.
std::string close(std::string_view text, std::string_view before, std::string_view after) {
  std::string out;
  walk(
      text, [&](std::string_view literal) { out += literal; },
      [&](std::string_view name) {
        out += before;
        for (const char c : name) out += c == '_' ? ' ' : c;
        out += after;
      });
  return out;
}

}  // namespace

std::string fill(std::string_view pattern, const Facts& facts) {
  std::string out;
  bool open = false;
  while (true) {
    const std::size_t begin = pattern.find("[[");
    const std::size_t end = begin == std::string_view::npos ? begin : pattern.find("]]", begin);
    if (end == std::string_view::npos) break;
    out += fill_places(pattern.substr(0, begin), facts, open);
    bool left_out = false;
    const std::string part = fill_places(pattern.substr(begin + 2, end - begin - 2), facts, left_out);
    if (!left_out) out += part;
    pattern.remove_prefix(end + 2);
  }
  return out + fill_places(pattern, facts, open);
}

Text close_places(const Text& text) {
  return {close(text.en, "(unknown ", ")"), close(text.ja, "（", " 不明）")};
}

Text fill(const Text& pattern, const Facts& facts) {
  return {fill(pattern.en, facts), fill(pattern.ja, facts)};
}

bool has_open_place(std::string_view text) {
  bool open = false;
  walk(
      text, [](std::string_view) {}, [&](std::string_view) { open = true; });
  return open;
}

}  // namespace midwatch::model

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

/// Fills places only; true where every one had a fact.
bool fill_places(std::string_view pattern, const Facts& facts, std::string& out) {
  bool complete = true;
  walk(
      pattern, [&](std::string_view text) { out += text; },
      [&](std::string_view name) {
        const auto fact = facts.find(name);
        if (fact != facts.end() && !fact->second.empty()) {
          out += fact->second;
          return;
        }
        complete = false;
        if (fact != facts.end()) return;
        out += '{';
        out += name;
        out += '}';
      });
  return complete;
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
  constexpr std::string_view kOpen = "[?";
  std::string out;
  while (true) {
    const std::size_t open = pattern.find(kOpen);
    const std::size_t close = open == std::string_view::npos ? open : pattern.find(']', open);
    fill_places(pattern.substr(0, close == std::string_view::npos ? pattern.size() : open), facts, out);
    if (close == std::string_view::npos) return out;
    std::string part;
    if (fill_places(pattern.substr(open + kOpen.size(), close - open - kOpen.size()), facts, part))
      out += part;
    pattern.remove_prefix(close + 1);
  }
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

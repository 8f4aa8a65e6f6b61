#include "src/model/text.h"

#include <algorithm>

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

/// What of the facts a text in one language takes.
struct Source {
  const Facts& facts;
  std::string_view twin;  ///< ends the names of facts that are sentences in that language

  Facts::const_iterator find(std::string_view name) const {
    if (!twin.empty()) {
      const auto own = facts.find(std::string(name).append(twin));
      if (own != facts.end()) return own;
    }
    return facts.find(name);
  }
};

Source english(const Facts& facts) {
  return {facts, {}};
}

Source japanese(const Facts& facts) {
  return {facts, "_ja"};
}

/// Fills places only; `open(name)` is what stands for a place whose fact is unknown. True where every one had
/// a fact.
template <class Open>
bool fill_places(std::string_view pattern, const Source& source, Open open, std::string& out) {
  bool complete = true;
  walk(
      pattern, [&](std::string_view text) { out += text; },
      [&](std::string_view name) {
        const auto fact = source.find(name);
        if (fact != source.facts.end() && !fact->second.empty()) {
          out += fact->second;
          return;
        }
        complete = false;
        if (fact == source.facts.end()) out += open(name);
      });
  return complete;
}

template <class Open>
std::string fill(std::string_view pattern, const Source& source, Open open_place) {
  constexpr std::string_view kOpen = "[?";
  std::string out;
  while (true) {
    const std::size_t open = pattern.find(kOpen);
    const std::size_t close = open == std::string_view::npos ? open : pattern.find(']', open);
    fill_places(pattern.substr(0, close == std::string_view::npos ? pattern.size() : open), source,
                open_place, out);
    if (close == std::string_view::npos) return out;
    std::string part;
    if (fill_places(pattern.substr(open + kOpen.size(), close - open - kOpen.size()), source, open_place,
                    part))
      out += part;
    pattern.remove_prefix(close + 1);
  }
}

std::string words(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string as_it_is(std::string_view name) {
  return "{" + std::string(name) + "}";
}

}  // namespace

std::string fill(std::string_view pattern, const Facts& facts) {
  return fill(pattern, english(facts), as_it_is);
}

Text fill(const Text& pattern, const Facts& facts) {
  return {fill(pattern.en, english(facts), as_it_is), fill(pattern.ja, japanese(facts), as_it_is)};
}

Text tell(const Text& pattern, const Facts& facts) {
  return {
      fill(pattern.en, english(facts), [](std::string_view name) { return "(unknown " + words(name) + ")"; }),
      fill(pattern.ja, japanese(facts),
           [](std::string_view name) { return "（" + words(name) + " 不明）"; })};
}

bool has_open_place(std::string_view text) {
  bool open = false;
  walk(
      text, [](std::string_view) {}, [&](std::string_view) { open = true; });
  return open;
}

}  // namespace midwatch::model

#include "src/sandbox/world/log_filter.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/wildcard.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using Condition = std::function<bool(const Json&)>;

/// Conditions within conditions end somewhere.
constexpr int kDeepest = 16;

/// Reads `{ ($.a.b = "x*") && ($.c != "y" || $.d = "z") }`. What cannot be read is fulfilled by nothing.
class JsonPattern {
 public:
  explicit JsonPattern(std::string_view text) : text_(text) {}

  Condition any(int depth = 0) {
    Condition left = all(depth);
    while (take("||")) {
      left = [left, right = all(depth)](const Json& line) { return left(line) || right(line); };
    }
    return left;
  }

 private:
  Condition all(int depth) {
    Condition left = one(depth);
    while (take("&&")) {
      left = [left, right = one(depth)](const Json& line) { return left(line) && right(line); };
    }
    return left;
  }

  Condition one(int depth) {
    if (depth > kDeepest) return nothing();
    if (take("(")) {
      Condition inner = any(depth + 1);
      return take(")") ? inner : nothing();
    }
    if (!take("$.")) return nothing();
    const std::string path(word(" !="));
    const bool unlike = take("!=");
    if (!unlike && !take("=")) return nothing();
    if (!take("\"")) return nothing();
    const std::string wanted(word("\""));
    take("\"");
    return [path, wanted, unlike](const Json& line) {
      const Json* at = &line;
      for (std::string_view rest = path; !rest.empty();) {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        at = &base::at(*at, rest.substr(0, dot));
        rest.remove_prefix(std::min(dot + 1, rest.size()));
      }
      return base::fits(wanted, base::text(*at)) != unlike;
    };
  }

  static Condition nothing() {
    return [](const Json& /*line*/) { return false; };
  }

  bool take(std::string_view token) {
    text_.remove_prefix(std::min(text_.find_first_not_of(' '), text_.size()));
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }

  std::string_view word(std::string_view ends) {
    const std::string_view found = text_.substr(0, text_.find_first_of(ends));
    text_.remove_prefix(found.size());
    return found;
  }

  std::string_view text_;
};

}  // namespace

LogFilter::LogFilter(std::string_view pattern) {
  if (pattern.starts_with('{')) {
    over_json_ = JsonPattern(pattern.substr(1)).any();
    return;
  }
  while (!pattern.empty()) {
    if (pattern.front() == ' ') {
      pattern.remove_prefix(1);
      continue;
    }
    std::vector<std::string>* list = &needed_;
    if (pattern.front() == '-') list = &excluded_;
    if (pattern.front() == '?') list = &any_;
    if (list != &needed_) pattern.remove_prefix(1);
    const bool quoted = pattern.starts_with('"');
    if (quoted) pattern.remove_prefix(1);
    const std::size_t end = std::min(pattern.find(quoted ? '"' : ' '), pattern.size());
    if (end > 0) list->emplace_back(pattern.substr(0, end));
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
  }
}

bool LogFilter::matches(std::string_view message) const {
  if (over_json_) {
    const Json line = Json::parse(message, nullptr, false);
    return line.is_object() && over_json_(line);
  }
  const auto occurs = [&](const std::string& term) { return message.find(term) != std::string_view::npos; };
  return std::all_of(needed_.begin(), needed_.end(), occurs) &&
         std::none_of(excluded_.begin(), excluded_.end(), occurs) &&
         (any_.empty() || std::any_of(any_.begin(), any_.end(), occurs));
}

}  // namespace midwatch::sandbox::world

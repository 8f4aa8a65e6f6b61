#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "src/observe/code/rules.h"

namespace midwatch::observe::code {
namespace {

constexpr std::size_t kNearTokens = 60;
constexpr std::size_t kShownTokens = 6;

/// Members of what a function is given that may be absent.
constexpr std::array<std::string_view, 7> kOptional{
    "body", "queryStringParameters", "pathParameters", "headers", "requestContext", "Records", "detail"};

class Nulls {
 public:
  explicit Nulls(const Source& source) : s_(source) {}

  void find(std::vector<Finding>& out) {
    for (std::size_t i = 0; i < s_.tokens.size(); ++i) {
      if (s_.language == Language::kPython) {
        python(i, out);
      } else {
        java_script(i, out);
      }
      note_checks(i);
    }
  }

 private:
  void java_script(std::size_t i, std::vector<Finding>& out) {
    // const body = JSON.parse(event.body): null where the text is "null" or not there.
    if (s_.is(i, "JSON") && s_.is(i + 2, "parse") && s_.is(i + 3, "(") && s_.partner[i + 3] != kNone) {
      const std::size_t close = s_.partner[i + 3];
      if (s_.is(close + 1, ".") || s_.is(close + 1, "[")) {
        add(i, "JSON.parse(…)", close + 1, out);
      } else if (i >= 2 && s_.is(i - 1, "=") && s_.is_name(i - 2) && !s_.is(close + 1, "||") &&
                 !s_.is(close + 1, "??")) {
        parsed_[s_.at(i - 2).text] = s_.scope_of(i).function;
      }
      return;
    }
    const bool member = s_.is(i + 1, ".") || s_.is(i + 1, "[");
    if (!s_.is_name(i) || !member || (i > 0 && (s_.is(i - 1, ".") || s_.is(i - 1, "?.")))) return;
    if (is_parsed(i) && !is_checked(s_.at(i).text, i)) add(i, s_.at(i).text, i + 1, out);
    // event.body.name
    const std::string_view value = s_.at(i + 2).text;
    if (s_.is(i + 1, ".") && is_optional(value) && (s_.is(i + 3, ".") || s_.is(i + 3, "[")) &&
        !is_checked(value, i))
      add(i, fmt::format("{}.{}", s_.at(i).text, value), i + 3, out);
  }

  void python(std::size_t i, std::vector<Finding>& out) {
    // event["body"]["name"], event.get("body")["name"], event.get("body").get("name")
    if (!s_.is_name(i)) return;
    std::size_t close = kNone;
    std::string_view value;
    if (s_.is(i + 1, "[") && s_.at(i + 2).kind == TokenKind::kString) {
      close = s_.partner[i + 1];
      value = inner_text(s_.at(i + 2));
      if (!is_optional(value)) return;
    } else if (s_.is(i + 1, ".") && s_.is(i + 2, "get") && s_.is(i + 3, "(") &&
               s_.at(i + 4).kind == TokenKind::kString) {
      close = s_.partner[i + 3];
      value = inner_text(s_.at(i + 4));
      if (close != i + 5) return;  // with a value for what is absent
    }
    if (close == kNone || is_checked(value, i)) return;
    if (s_.is(close + 1, "[") || s_.is(close + 1, "."))
      add(i, fmt::format("{}[\"{}\"]", s_.at(i).text, value), close + 1, out);
  }

  static bool is_optional(std::string_view name) {
    return std::find(kOptional.begin(), kOptional.end(), name) != kOptional.end();
  }

  bool is_parsed(std::size_t i) const {
    const auto at = parsed_.find(s_.at(i).text);
    return at != parsed_.end() && at->second == s_.scope_of(i).function;
  }

  /// "if (!body)", "body &&", "body ?", "body == null", in the same function and before.
  bool is_checked(std::string_view name, std::size_t i) const {
    const auto at = checked_.find(name);
    return at != checked_.end() && at->second == s_.scope_of(i).function;
  }

  void note_checks(std::size_t i) {
    if (!s_.is_name(i) && s_.at(i).kind != TokenKind::kString) return;
    const std::size_t k = i + 1;
    const bool compared = s_.is(k, "&&") || s_.is(k, "||") || s_.is(k, "??") || s_.is(k, "?.") ||
                          s_.is(k, "?") || s_.is(k, "==") || s_.is(k, "===") || s_.is(k, "!=") ||
                          s_.is(k, "!==") || s_.is(k, "is") || s_.is(k, "or") || s_.is(k, "and") ||
                          s_.is(k, "in");
    const bool tested = is_in_condition(i);
    if (!compared && !tested) return;
    const std::string_view name = s_.is_name(i) ? s_.at(i).text : inner_text(s_.at(i));
    checked_[name] = s_.scope_of(i).function;
  }

  /// Within the parentheses, or before the colon, of an "if".
  bool is_in_condition(std::size_t i) const {
    constexpr std::size_t kCondition = 12;
    for (std::size_t back = 1; back <= std::min(kCondition, i); ++back) {
      if (s_.is(i - back, "if") || s_.is(i - back, "not")) return true;
      if (s_.is(i - back, ";") || s_.is(i - back, "{") || s_.is(i - back, "}") || s_.is(i - back, ":"))
        return false;
    }
    return false;
  }

  void add(std::size_t i, std::string_view value, std::size_t member, std::vector<Finding>& out) {
    std::string expression(value);
    for (std::size_t k = member; k < std::min(member + kShownTokens, s_.tokens.size()); ++k) {
      const Token& t = s_.at(k);
      if (t.begins_line || (t.kind == TokenKind::kSign && !t.is(".") && !t.is("[") && !t.is("]"))) break;
      expression += t.text.substr(0, kNearTokens);
    }
    Finding f{"code.null.unchecked", &s_, i};
    f.facts["expression"] = std::move(expression);
    f.facts["value"] = std::string(value);
    out.push_back(std::move(f));
  }

  const Source& s_;
  std::map<std::string_view, std::size_t> parsed_;   ///< by name, the function in which it is parsed
  std::map<std::string_view, std::size_t> checked_;  ///< the function in which it was checked last
};

}  // namespace

void find_unchecked_nulls(const Code& code, std::vector<Finding>& out) {
  if (!code.fails_on_null) return;
  for (const Source& source : code.sources) Nulls(source).find(out);
}

}  // namespace midwatch::observe::code

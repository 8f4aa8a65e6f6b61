#include "src/verify/filled_text.h"

#include <re2/re2.h>

namespace midwatch::verify {
namespace {

/// A pattern as an expression: a group for each place, optional parts optional.
std::string expression_of(std::string_view pattern, const KnownValues& known,
                          std::vector<std::string>& names) {
  static const RE2 kPart(R"((?s)(.*?)(\{[a-z0-9_]{1,40}\}|\[\?|\]))");
  std::string expression = "(?s)";
  re2::StringPiece rest(pattern.data(), pattern.size());
  std::string literal;
  std::string mark;
  bool optional = false;
  while (RE2::Consume(&rest, kPart, &literal, &mark)) {
    expression += RE2::QuoteMeta(literal);
    if (mark == "[?") {
      expression += optional ? R"(\[\?)" : "(?:";
      optional = true;
    } else if (mark == "]") {
      expression += optional ? ")?" : R"(\])";
      optional = false;
    } else {
      names.push_back(mark.substr(1, mark.size() - 2));
      expression += '(';
      const auto [first, last] = known.equal_range(names.back());
      for (auto value = first; value != last; ++value) expression += RE2::QuoteMeta(value->second) + '|';
      expression += ".+?)";
    }
  }
  return expression + RE2::QuoteMeta(rest) + (optional ? ")?" : "");
}

}  // namespace

std::optional<std::vector<std::pair<std::string, std::string>>> values_in(std::string_view pattern,
                                                                          std::string_view text,
                                                                          const KnownValues& known) {
  std::vector<std::string> names;
  const RE2 filled(expression_of(pattern, known, names), RE2::Quiet);
  std::vector<std::string> values(names.size());
  std::vector<RE2::Arg> args;
  std::vector<const RE2::Arg*> pointers;
  args.reserve(values.size());
  for (auto& value : values) pointers.push_back(&args.emplace_back(&value));
  if (!RE2::FullMatchN(re2::StringPiece(text.data(), text.size()), filled, pointers.data(),
                       static_cast<int>(pointers.size()))) {
    return std::nullopt;
  }
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!values[i].empty()) out.emplace_back(names[i], std::move(values[i]));
  }
  return out;
}

}  // namespace midwatch::verify

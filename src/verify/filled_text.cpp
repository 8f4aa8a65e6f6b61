#include "src/verify/filled_text.h"

#include <cctype>

#include <re2/re2.h>

namespace midwatch::verify {
namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

std::optional<std::vector<std::pair<std::string, std::string>>> values_in(std::string_view pattern,
                                                                          std::string_view text) {
  static const RE2 kPlace(R"(\{([a-z0-9_]{1,40})\})");
  std::string expression = "(?s)";
  std::vector<std::string> names;
  re2::StringPiece rest(pattern.data(), pattern.size());
  std::string name;
  const char* literal = rest.data();
  while (RE2::FindAndConsume(&rest, kPlace, &name)) {
    const char* place = rest.data() - name.size() - 2;
    expression += RE2::QuoteMeta(re2::StringPiece(literal, static_cast<std::size_t>(place - literal)));
    expression += "(.+?)";
    names.push_back(name);
    literal = rest.data();
  }
  expression += RE2::QuoteMeta(
      re2::StringPiece(literal, static_cast<std::size_t>(pattern.data() + pattern.size() - literal)));

  const RE2 filled(expression, RE2::Quiet);
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
  for (std::size_t i = 0; i < names.size(); ++i) out.emplace_back(names[i], std::move(values[i]));
  return out;
}

std::vector<std::string> numbers_in(std::string_view text) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() &&
           (is_digit(text[end]) || (text[end] == '.' && end + 1 < text.size() && is_digit(text[end + 1]))))
      ++end;
    numbers.emplace_back(text.substr(i, end - i));
    i = end;
  }
  return numbers;
}

}  // namespace midwatch::verify

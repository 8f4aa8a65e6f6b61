#include "src/verify/word_pattern.h"

#include <re2/re2.h>

namespace midwatch::verify {
namespace {

constexpr std::string_view kVariable = "<*>";
constexpr std::string_view kCut = "…";

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string expression_of(std::string_view pattern) {
  const bool cut = pattern.ends_with(kCut);
  if (cut) pattern.remove_suffix(kCut.size());
  std::string out = R"((?i)(?:^|[^\pL\pN_]))";
  std::string literal;
  const auto flush = [&] {
    out += RE2::QuoteMeta(literal);
    literal.clear();
  };
  while (!pattern.empty()) {
    if (pattern.starts_with(kVariable)) {
      flush();
      out += R"(\S+)";
      pattern.remove_prefix(kVariable.size());
    } else if (is_space(pattern.front())) {
      flush();
      out += R"(\s+)";
      while (!pattern.empty() && is_space(pattern.front())) pattern.remove_prefix(1);
    } else {
      literal += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  flush();
  if (!cut) out += R"((?:$|[^\pL\pN_]))";
  return out;
}

}  // namespace

WordPattern::WordPattern(std::string_view pattern) {
  if (!pattern.empty()) expression_ = std::make_unique<const RE2>(expression_of(pattern), RE2::Quiet);
}
WordPattern::~WordPattern() = default;
WordPattern::WordPattern(WordPattern&&) noexcept = default;
WordPattern& WordPattern::operator=(WordPattern&&) noexcept = default;

bool WordPattern::occurs_in(std::string_view text) const {
  return expression_ == nullptr || RE2::PartialMatch(text, *expression_);
}

}  // namespace midwatch::verify

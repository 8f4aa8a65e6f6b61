#include "src/observe/code/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace midwatch::observe::code {
namespace {

/// Names that stand for names that stand for …; a ring of them ends here.
constexpr int kDeepest = 12;

constexpr std::array<std::string_view, 6> kConversions{"Number", "parseInt", "parseFloat",
                                                       "int",    "float",    "Math"};

/// "30_000", "0x10", "1e3", "5n"; nothing for "12px".
std::optional<double> literal(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '_') digits += c;
  }
  if (digits.ends_with('n')) digits.pop_back();
  const char* const end = digits.data() + digits.size();
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    constexpr int kHex = 16;
    std::uint64_t value = 0;
    const auto [last, error] = std::from_chars(digits.data() + 2, end, value, kHex);
    if (error != std::errc() || last != end) return std::nullopt;
    return static_cast<double>(value);
  }
  double value = 0;
  const auto [last, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || last != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

/// One expression being read.
class Values::Reading {
 public:
  Reading(const Values& values, const Source& source, std::size_t at, std::size_t end, int depth)
      : values_(values),
        s_(source),
        at_(at),
        first_(at),
        end_(std::min(end, source.tokens.size())),
        depth_(depth) {}

  std::optional<double> run() {
    auto value = alternatives();
    return at_ >= end_ || ends_here() ? value : std::nullopt;
  }

 private:
  bool ends_here() const {
    const Token& t = s_.at(at_);
    return t.is(",") || t.is(";") || t.is(")") || t.is("]") || t.is("}") || (t.begins_line && at_ > first_);
  }
  bool is(std::string_view sign) const { return at_ < end_ && s_.is(at_, sign); }
  bool take(std::string_view sign) {
    if (!is(sign)) return false;
    ++at_;
    return true;
  }

  /// "a || b", "a ?? b", "a or b": the first that is known.
  std::optional<double> alternatives() {
    auto value = sum();
    while (is("||") || is("??") || is("or")) {
      ++at_;
      const auto other = sum();
      if (!value) value = other;
    }
    return value;
  }

  std::optional<double> sum() {
    auto value = product();
    while (is("+") || is("-")) {
      const bool plus = s_.is(at_++, "+");
      const auto other = product();
      value = value && other ? std::optional(plus ? *value + *other : *value - *other) : std::nullopt;
    }
    return value;
  }

  std::optional<double> product() {
    auto value = power();
    while (is("*") || is("/")) {
      const bool times = s_.is(at_++, "*");
      const auto other = power();
      const bool known = value && other && (times || *other != 0);
      value = known ? std::optional(times ? *value * *other : *value / *other) : std::nullopt;
    }
    return value;
  }

  std::optional<double> power() {
    auto value = primary();
    if (take("**")) {
      const auto exponent = primary();
      value = value && exponent ? std::optional(std::pow(*value, *exponent)) : std::nullopt;
    }
    return value && std::isfinite(*value) ? value : std::nullopt;
  }

  std::optional<double> primary() {
    if (at_ >= end_) return std::nullopt;
    const Token& t = s_.at(at_);
    if (t.kind == TokenKind::kNumber) {
      ++at_;
      return literal(t.text);
    }
    if (t.is("-")) {
      ++at_;
      const auto value = nested([this] { return primary(); });
      return value ? std::optional(-*value) : std::nullopt;
    }
    if (t.is("(")) {
      ++at_;
      const auto value = nested([this] { return alternatives(); });
      return take(")") ? value : std::nullopt;
    }
    if (t.kind == TokenKind::kString) {
      ++at_;
      return literal(inner_text(t));
    }
    if (t.kind != TokenKind::kName) return std::nullopt;
    if (const auto variable = variable_at(s_, at_)) return from_environment(*variable);
    if (std::find(kConversions.begin(), kConversions.end(), t.text) != kConversions.end())
      return conversion();
    return named();
  }

  std::optional<double> from_environment(const Variable& variable) {
    at_ = variable.after;
    const auto text = values_.environment_(variable.name);
    if (text) return literal(*text);
    if (variable.fallback == kNone || depth_ >= kDeepest) return std::nullopt;
    return Reading(values_, s_, variable.fallback, variable.after - 1, depth_ + 1).run();
  }

  /// "Number(x)", "Math.max(x, y)" is not read.
  std::optional<double> conversion() {
    const std::size_t open = at_ + 1;
    if (!s_.is(open, "(") || s_.partner[open] == kNone) {
      ++at_;
      return std::nullopt;
    }
    const std::size_t close = s_.partner[open];
    at_ = open + 1;
    const auto value = nested([this] { return alternatives(); });
    at_ = close + 1;
    return value;
  }

  /// "WAIT", "config.wait": by the last name.
  std::optional<double> named() {
    std::string_view name = s_.at(at_++).text;
    while ((is(".") || is("?.")) && s_.is_name(at_ + 1)) {
      name = s_.at(at_ + 1).text;
      at_ += 2;
    }
    if (is("(") || depth_ >= kDeepest) return std::nullopt;
    const Place* place = values_.place_of(s_, name);
    if (place == nullptr) return std::nullopt;
    const Source& there = *place->source;
    return Reading(values_, there, place->at, there.end_of_statement(place->at, kLongest), depth_ + 1).run();
  }

  template <class Read>
  std::optional<double> nested(Read read) {
    if (depth_ >= kDeepest) {
      at_ = end_;
      return std::nullopt;
    }
    ++depth_;
    const auto value = read();
    --depth_;
    return value;
  }

  static constexpr std::size_t kLongest = 64;  ///< tokens of a value

  const Values& values_;
  const Source& s_;
  std::size_t at_;
  std::size_t first_;
  std::size_t end_;
  int depth_;
};

Values::Values(const std::vector<Source>& sources, Environment environment)
    : environment_(std::move(environment)) {
  for (const Source& source : sources) {
    for (std::size_t i = 0; i + 1 < source.tokens.size(); ++i) {
      if (!source.is_name(i)) continue;
      // Also "name: type = value" of TypeScript and Python.
      const std::size_t sign =
          source.is(i + 1, ":") && source.is_name(i + 2) && source.is(i + 3, "=") ? i + 3 : i + 1;
      if (source.is(sign, "=") || source.is(sign, ":")) {
        note(source, i, sign + 1);
      } else if (source.is(sign, "+=") || source.is(sign, "-=") || source.is(sign, "++")) {
        note(source, i, kNone);
      }
    }
  }
}

/// A name that gets a value at several places has none that is known.
void Values::note(const Source& source, std::size_t name, std::size_t value) {
  const std::string_view text = source.tokens[name].text;
  const Place here{&source, value, value == kNone};
  const auto add = [&](Place& place) {
    if (place.source == nullptr) {
      place = here;
    } else {
      place.several = true;
    }
  };
  add(anywhere_[text]);
  add(in_file_[{&source, text}]);
}

const Values::Place* Values::place_of(const Source& from, std::string_view name) const {
  const auto own = in_file_.find({&from, name});
  if (own != in_file_.end()) return own->second.several ? nullptr : &own->second;
  const auto other = anywhere_.find(name);
  return other == anywhere_.end() || other->second.several ? nullptr : &other->second;
}

std::optional<double> Values::number(const Source& source, std::size_t i, std::size_t end) const {
  return Reading(*this, source, i, end, 0).run();
}

std::optional<Values::Variable> Values::variable_at(const Source& s, std::size_t i) {
  // process.env.NAME, process.env["NAME"]
  if (s.is(i, "process") && s.is(i + 1, ".") && s.is(i + 2, "env")) {
    if (s.is(i + 3, ".") && s.is_name(i + 4)) return Variable{s.at(i + 4).text, i + 5, kNone};
    if (s.is(i + 3, "[") && s.at(i + 4).kind == TokenKind::kString && s.is(i + 5, "]"))
      return Variable{inner_text(s.at(i + 4)), i + 6, kNone};
    return std::nullopt;
  }
  // os.environ["NAME"], os.environ.get("NAME", value) and its short form
  std::size_t at = i;
  if (s.is(at, "os") && s.is(at + 1, ".")) at += 2;
  if (s.is(at, "environ") && s.is(at + 1, "[") && s.at(at + 2).kind == TokenKind::kString &&
      s.is(at + 3, "]"))
    return Variable{inner_text(s.at(at + 2)), at + 4, kNone};
  if (s.is(at, "environ") && s.is(at + 1, ".") && s.is(at + 2, "get")) at += 2;
  if (!s.is(at, "get") && !s.is(at, "getenv")) return std::nullopt;
  if (at == i && s.is(at, "get")) return std::nullopt;
  if (!s.is(at + 1, "(") || s.at(at + 2).kind != TokenKind::kString || s.partner[at + 1] == kNone)
    return std::nullopt;
  const std::size_t fallback = s.is(at + 3, ",") ? at + 4 : kNone;
  return Variable{inner_text(s.at(at + 2)), s.partner[at + 1] + 1, fallback};
}

}  // namespace midwatch::observe::code

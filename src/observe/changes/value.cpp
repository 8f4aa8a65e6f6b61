#include "src/observe/changes/value.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "src/base/ascii.h"
#include "src/telemetry/number.h"

namespace midwatch::observe::changes {
namespace {

struct Unit {
  std::string_view name;
  double factor;
  std::string_view base;
};

constexpr double kKi = 1024.0;

/// What may follow a number without space, as written in configuration files.
constexpr std::array<Unit, 32> kSuffixes{{{"ns", 1e-9, "s"},
                                          {"us", 1e-6, "s"},
                                          {"ms", 1e-3, "s"},
                                          {"s", 1, "s"},
                                          {"sec", 1, "s"},
                                          {"secs", 1, "s"},
                                          {"seconds", 1, "s"},
                                          {"m", 60, "s"},
                                          {"min", 60, "s"},
                                          {"minutes", 60, "s"},
                                          {"h", 3600, "s"},
                                          {"hours", 3600, "s"},
                                          {"d", 86400, "s"},
                                          {"days", 86400, "s"},
                                          {"w", 604800, "s"},
                                          {"%", 1, "%"},
                                          {"B", 1, "By"},
                                          {"Ki", kKi, "By"},
                                          {"Mi", kKi* kKi, "By"},
                                          {"Gi", kKi* kKi* kKi, "By"},
                                          {"KiB", kKi, "By"},
                                          {"MiB", kKi* kKi, "By"},
                                          {"GiB", kKi* kKi* kKi, "By"},
                                          {"k", 1e3, ""},
                                          {"K", 1e3, "By"},
                                          {"M", 1e6, "By"},
                                          {"G", 1e9, "By"},
                                          {"KB", 1e3, "By"},
                                          {"kb", 1e3, "By"},
                                          {"MB", 1e6, "By"},
                                          {"mb", 1e6, "By"},
                                          {"GB", 1e9, "By"}}};

/// The last word of a name that makes a number a duration or a size: `time.Second`, `Duration.ofMillis(3)`,
/// `std::chrono::seconds(3)`, `5.minutes`, `timedelta(hours=1)`.
constexpr std::array<Unit, 22> kWords{{{"nanosecond", 1e-9, "s"},  {"nanos", 1e-9, "s"},
                                       {"microsecond", 1e-6, "s"}, {"micros", 1e-6, "s"},
                                       {"millisecond", 1e-3, "s"}, {"millis", 1e-3, "s"},
                                       {"ms", 1e-3, "s"},          {"second", 1, "s"},
                                       {"secs", 1, "s"},           {"s", 1, "s"},
                                       {"minute", 60, "s"},        {"mins", 60, "s"},
                                       {"hour", 3600, "s"},        {"day", 86400, "s"},
                                       {"week", 604800, "s"},      {"kilobyte", 1e3, "By"},
                                       {"megabyte", 1e6, "By"},    {"gigabyte", 1e9, "By"},
                                       {"kibibyte", kKi, "By"},    {"mebibyte", kKi* kKi, "By"},
                                       {"mib", kKi* kKi, "By"},    {"kib", kKi, "By"}}};

const Unit* suffix_unit(std::string_view suffix) {
  const auto at =
      std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const Unit& u) { return u.name == suffix; });
  return at == kSuffixes.end() ? nullptr : &*at;
}

/// The unit that a name says: "Seconds", "ofMillis", "from_secs", "SECONDS".
const Unit* word_unit(std::string_view name) {
  std::string word = base::to_lower(name);
  for (const std::string_view prefix : {"of", "from_", "from", "as_"}) {
    if (word.size() > prefix.size() + 2 && word.starts_with(prefix)) {
      word.erase(0, prefix.size());
      break;
    }
  }
  for (const bool plural : {false, true}) {
    if (plural) {
      if (!word.ends_with('s')) break;
      word.pop_back();
    }
    const auto at = std::find_if(kWords.begin(), kWords.end(), [&](const Unit& u) { return u.name == word; });
    if (at != kWords.end()) return &*at;
  }
  return nullptr;
}

/// A number as code writes it: 5_000, 0x1F, 3L, 300ms.
std::optional<Value> number_of(std::string_view written) {
  Value value;
  value.kind = Value::Kind::kNumber;
  value.text = std::string(written);
  if (written.starts_with("0x") || written.starts_with("0X")) {
    double hex = 0;
    for (const char c : written.substr(2)) {
      if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
      hex = hex * 16 +
            (std::isdigit(static_cast<unsigned char>(c)) != 0 ? c - '0' : std::tolower(c) - 'a' + 10);
    }
    value.number = hex;
    return value;
  }
  std::string digits;
  std::size_t at = 0;
  while (at < written.size()) {
    const char c = written[at];
    const bool exponent = (c == 'e' || c == 'E') && !digits.empty() && at + 1 < written.size() &&
                          std::isdigit(static_cast<unsigned char>(written[at + 1])) != 0;
    if (std::isdigit(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_' && !exponent) break;
    if (c != '_') digits += c;
    ++at;
  }
  const auto number = telemetry::parse_number(digits);
  if (!number) return std::nullopt;
  value.number = *number;
  const std::string_view suffix = written.substr(at);
  if (suffix.empty() || suffix == "L" || suffix == "l" || suffix == "f" || suffix == "F" || suffix == "u" ||
      suffix == "n" || suffix == "UL")
    return value;
  const Unit* unit = suffix_unit(suffix);
  if (unit == nullptr) return std::nullopt;
  value.number *= unit->factor;
  value.unit = unit->base;
  return value;
}

std::optional<Value> switch_of(std::string_view word) {
  const std::string w = base::to_lower(word);
  const bool on = w == "true" || w == "on" || w == "yes" || w == "enabled";
  const bool off = w == "false" || w == "off" || w == "no" || w == "disabled";
  if (!on && !off) return std::nullopt;
  return Value{Value::Kind::kSwitch, on ? 1.0 : 0.0, {}, std::string(word)};
}

bool is_sign(std::span<const Token> tokens, std::size_t at, std::string_view sign) {
  return at < tokens.size() && tokens[at].kind == TokenKind::kSign && tokens[at].text == sign;
}

/// A name with its path: `time.Second`, `std::chrono::seconds`, `tls.VersionTLS12`. Moves behind it; gives
/// its last part.
std::string_view read_path(std::span<const Token> tokens, std::size_t& at, std::string& whole) {
  std::string_view last;
  while (at < tokens.size() && tokens[at].kind == TokenKind::kName) {
    last = tokens[at].text;
    whole += last;
    ++at;
    if (is_sign(tokens, at, ".") && at + 1 < tokens.size() && tokens[at + 1].kind == TokenKind::kName) {
      whole += '.';
      ++at;
    } else if (is_sign(tokens, at, ":") && is_sign(tokens, at + 1, ":")) {
      whole += "::";
      at += 2;
    } else {
      break;
    }
  }
  return last;
}

/// Functions that only give a number another type: aws.Int32(1), Integer.valueOf(5), Some(3).
bool keeps_number(std::string_view function) {
  static constexpr std::array<std::string_view, 18> kNames{
      "int",    "int32", "int64", "uint", "uint32", "uint64",  "float32", "float64", "float",
      "number", "long",  "some",  "ptr",  "to",     "valueof", "decimal", "integer", "double"};
  return std::find(kNames.begin(), kNames.end(), base::to_lower(function)) != kNames.end();
}

/// `time.Second`, `Duration.ofMillis(300)`, `timedelta(seconds=5)`, `ms(300)`: one factor with a unit.
std::optional<Value> read_unit_factor(std::span<const Token> tokens, std::size_t& at) {
  std::size_t next = at;
  std::string whole;
  const std::string_view last = read_path(tokens, next, whole);
  if (last.empty()) return std::nullopt;
  const Unit* unit = word_unit(last);
  if (is_sign(tokens, next, "(")) {
    std::size_t inside = next + 1;
    if (unit == nullptr && base::to_lower(last) == "timedelta" && inside + 1 < tokens.size() &&
        is_sign(tokens, inside + 1, "=")) {
      unit = word_unit(tokens[inside].text);
      inside += 2;
    }
    if ((unit == nullptr && !keeps_number(last)) || inside >= tokens.size() ||
        tokens[inside].kind != TokenKind::kNumber || !is_sign(tokens, inside + 1, ")"))
      return std::nullopt;
    auto number = number_of(tokens[inside].text);
    if (!number) return std::nullopt;
    if (unit != nullptr) {
      number->number *= unit->factor;
      number->unit = unit->base;
    }
    at = inside + 2;
    return number;
  }
  // A bare unit needs its path: `time.Second`, not a variable that is called `second`.
  if (unit == nullptr || whole.find_first_of(".:") == std::string::npos) return std::nullopt;
  at = next;
  return Value{Value::Kind::kNumber, unit->factor, std::string(unit->base), whole};
}

std::optional<Value> read_factor(std::span<const Token> tokens, std::size_t& at) {
  if (at >= tokens.size()) return std::nullopt;
  const Token& token = tokens[at];
  if (token.kind == TokenKind::kNumber) {
    auto number = number_of(token.text);
    if (!number) return std::nullopt;
    ++at;
    // 5.minutes, 5 seconds
    std::size_t next = at + (is_sign(tokens, at, ".") ? 1 : 0);
    if (next < tokens.size() && tokens[next].kind == TokenKind::kName && number->unit.empty()) {
      if (const Unit* unit = word_unit(tokens[next].text); unit != nullptr && tokens[next].text.size() > 1) {
        number->number *= unit->factor;
        number->unit = unit->base;
        at = next + 1;
      }
    }
    return number;
  }
  return token.kind == TokenKind::kName ? read_unit_factor(tokens, at) : std::nullopt;
}

/// Numbers that are multiplied or shifted: `10 * 1024 * 1024`, `64 << 20`, `5 * time.Second`.
std::optional<Value> read_product(std::span<const Token> tokens, std::size_t& at) {
  auto product = read_factor(tokens, at);
  while (product) {
    const bool shift = is_sign(tokens, at, "<") && is_sign(tokens, at + 1, "<");
    if (!shift && !is_sign(tokens, at, "*")) break;
    std::size_t next = at + (shift ? 2 : 1);
    const auto factor = read_factor(tokens, next);
    if (!factor) return std::nullopt;  // times a variable: computed
    product->number *= shift ? std::pow(2.0, std::min(factor->number, 62.0)) : factor->number;
    if (product->unit.empty()) product->unit = factor->unit;
    at = next;
  }
  return product;
}

}  // namespace

bool Value::same_as(const Value& other) const {
  if (kind != other.kind) return text == other.text;
  if (kind == Kind::kWord) return text == other.text;
  return unit == other.unit && std::abs(number - other.number) <= 1e-9 * std::max(1.0, std::abs(number));
}

std::optional<Value> read_value(std::span<const Token> tokens, std::size_t& at) {
  if (at >= tokens.size()) return std::nullopt;
  const Token& first = tokens[at];
  const auto written = [&](std::size_t end) {
    return std::string(first.text.begin(), tokens[end - 1].text.end());  // tokens lie in one text
  };
  if (first.kind == TokenKind::kText) {
    ++at;
    Value value = read_scalar(first.text);
    value.text = std::string(first.text);
    return value;
  }
  std::size_t next = at;
  if (is_sign(tokens, next, "-") && next + 1 < tokens.size() && tokens[next + 1].kind == TokenKind::kNumber) {
    ++next;
    auto negative = read_product(tokens, next);
    if (!negative) return std::nullopt;
    negative->number = -negative->number;
    negative->text = written(next);
    at = next;
    return negative;
  }
  if (auto product = read_product(tokens, next)) {
    product->text = written(next);
    at = next;
    return product;
  }
  if (first.kind != TokenKind::kName) return std::nullopt;
  next = at;
  std::string whole;
  read_path(tokens, next, whole);
  if (auto on_off = switch_of(whole)) {
    at = next;
    return on_off;
  }
  // A constant by its name; a call or an index is computed.
  if (is_sign(tokens, next, "(") || is_sign(tokens, next, "[") || is_sign(tokens, next, "{"))
    return std::nullopt;
  at = next;
  return Value{Value::Kind::kWord, 0, {}, std::move(whole)};
}

Value read_scalar(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && (std::isspace(static_cast<unsigned char>(text.back())) != 0 || text.back() == ','))
    text.remove_suffix(1);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    text = text.substr(1, text.size() - 2);
  if (auto number = number_of(text)) return *number;
  if (text.starts_with('-')) {
    if (auto number = number_of(text.substr(1))) {
      number->number = -number->number;
      number->text = std::string(text);
      return *number;
    }
  }
  if (auto on_off = switch_of(text)) return *on_off;
  return Value{Value::Kind::kWord, 0, {}, std::string(text)};
}

}  // namespace midwatch::observe::changes

#include "src/observe/templates/tokenizer.h"

#include <algorithm>
#include <array>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace midwatch::observe::templates {
namespace {

/// What characters a word is made of, as bits.
enum CharClass : unsigned char {
  kSeparator = 1,
  kDigit = 2,
  kHexLetter = 4,  // a … f in lower case
  kLetter = 8,     // other letters
  kSlash = 16,
  kBackslash = 32,
  kDot = 64,
  kMark = 128,  // anything else
};

constexpr std::array<unsigned char, 256> make_classes() {
  std::array<unsigned char, 256> classes{};
  for (auto& c : classes) c = kMark;
  for (char c = 'a'; c <= 'z'; ++c) classes[static_cast<unsigned char>(c)] = c <= 'f' ? kHexLetter : kLetter;
  for (char c = 'A'; c <= 'Z'; ++c) classes[static_cast<unsigned char>(c)] = kLetter;
  for (char c = '0'; c <= '9'; ++c) classes[static_cast<unsigned char>(c)] = kDigit;
  for (const char c : std::string_view(" \t\r\n\v\f=:,()[]{}\"'|;<>"))
    classes[static_cast<unsigned char>(c)] = kSeparator;
  classes['/'] = kSlash;
  classes['\\'] = kBackslash;
  classes['.'] = kDot;
  return classes;
}
constexpr std::array<unsigned char, 256> kClasses = make_classes();

/// A word of letters a … f that is as long as this is a number, not a word.
constexpr std::size_t kHexBytes = 8;
/// Groups of an address (MAC, IPv6) have at most so many digits.
constexpr std::size_t kGroupBytes = 4;
/// A word with at most so many digits may be a name ("eth1", "ipv4").
constexpr int kNameDigits = 2;
/// A list in brackets is looked at for so many bytes.
constexpr std::size_t kListBytes = 400;

unsigned char class_of(char c) {
  return kClasses[static_cast<unsigned char>(c)];
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_word(std::string_view word, std::string_view lower_case) {
  return word.size() == lower_case.size() && std::equal(word.begin(), word.end(), lower_case.begin(),
                                                        [](char a, char b) { return lower(a) == b; });
}

/// A word of up to eight letters as a number, in lower case: comparing numbers is what makes these tests
/// cheap.
constexpr std::uint64_t packed(std::string_view word) {
  std::uint64_t value = 0;
  for (const char c : word) value = value << 8U | static_cast<unsigned char>(c | 0x20);
  return value;
}

template <std::size_t N>
constexpr std::array<std::uint64_t, N> packed_all(const std::array<std::string_view, N>& words) {
  std::array<std::uint64_t, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = packed(words[i]);
  return out;
}

template <std::size_t N>
bool among(std::uint64_t word, const std::array<std::uint64_t, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Names of days and months, and of the accounts that every system has.
bool is_value_word(std::string_view word) {
  static constexpr auto kShort =
      packed_all<19>({"mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may",
                      "jun", "jul", "aug", "sep", "oct", "nov", "dec"});
  static constexpr auto kLong =
      packed_all<8>({"monday", "tuesday", "thursday", "friday", "saturday", "sunday", "root", "admin"});
  if (word.size() == 3) return among(packed(word), kShort);
  if (word.size() >= 4 && word.size() <= 8) return among(packed(word), kLong);
  return same_word(word, "wednesday");
}

char closing_of(char open) {
  switch (open) {
    case '(':
      return ')';
    case '[':
      return ']';
    case '{':
      return '}';
    case '"':
      return '"';
    default:
      return '\0';
  }
}

class Tokenizer {
 public:
  Tokenizer(std::string_view line, std::vector<Piece>& out) : line_(line), out_(out) { out_.clear(); }

  void run() {
    while (at_ < line_.size() && out_.size() < kMaxPieces) {
      if (class_of(line_[at_]) == kSeparator) {
        separator();
      } else {
        word();
      }
    }
  }

 private:
  bool after_variable() const { return !out_.empty() && is_variable(out_.back().look); }
  bool directly_behind(char c, std::size_t begin) const { return begin > 0 && line_[begin - 1] == c; }

  void emit(std::size_t begin, std::size_t end, Look look) {
    // The full stop of the line is no part of its last value.
    while (is_variable(look) && end == line_.size() && end > begin + 1 && line_[end - 1] == '.') --end;
    // A name beside a variable word is a part of the value: a host before its address, a unit behind a
    // number.
    if (look == Look::kName && after_variable()) look = Look::kSoft;
    if (is_variable(look) && !out_.empty() && out_.back().look == Look::kName)
      out_.back().look = is_port(begin, end) ? Look::kHard : Look::kSoft;
    out_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), look});
  }

  /// "host:5432".
  bool is_port(std::size_t begin, std::size_t end) const {
    return directly_behind(':', begin) && out_.back().end + 1 == begin &&
           std::all_of(line_.begin() + static_cast<std::ptrdiff_t>(begin),
                       line_.begin() + static_cast<std::ptrdiff_t>(end),
                       [](char c) { return class_of(c) == kDigit; });
  }

  void separator() {
    const char c = line_[at_];
    if (c == ' ') {
      ++at_;
      return;
    }
    const char close = closing_of(c);
    if (close != '\0' && at_ + 1 < line_.size()) {
      if (line_[at_ + 1] == close) {
        emit(at_ + 1, at_ + 1, Look::kSoft);
        at_ += 2;
        return;
      }
      if (c == '"' ? quote() : c == '[' && list()) return;
    }
    if (c == ':' && line_.substr(at_, 3) == "://") {
      address();
      return;
    }
    ++at_;
  }

  /// The opening or closing of a quoted text; true where it was taken whole.
  bool quote() {
    if (quote_end_ != 0 && at_ == quote_end_) {
      quote_end_ = 0;
      return false;
    }
    const void* end = std::memchr(line_.data() + at_ + 1, '"', line_.size() - at_ - 1);
    quote_end_ = end == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(end) - line_.data());
    if (quote_end_ == 0 || !directly_behind('=', at_)) return false;
    emit(at_ + 1, quote_end_, Look::kSoft);
    at_ = quote_end_ + 1;
    quote_end_ = 0;
    return true;
  }

  /// "[a, b, c]": one value.
  bool list() {
    const std::string_view rest = line_.substr(at_ + 1, kListBytes);
    const std::size_t end = rest.find_first_of("[]{}()\"':=");
    if (end == std::string_view::npos || rest[end] != ']') return false;
    if (rest.substr(0, end).find(',') == std::string_view::npos) return false;
    emit(at_ + 1, at_ + 1 + end, Look::kSoft);
    at_ += end + 2;
    return true;
  }

  /// "://host:port/path": everything behind the scheme.
  void address() {
    const std::size_t begin = at_ + 3;
    std::size_t end = begin;
    while (end < line_.size() && std::strchr(" \t\r\n\"'<>()[]{},;|", line_[end]) == nullptr) ++end;
    if (end > begin) emit(begin, end, Look::kHard);
    at_ = std::max(end, begin);
  }

  void word() {
    const std::size_t begin = at_;
    unsigned char classes = 0;
    while (at_ < line_.size()) {
      const unsigned char k = class_of(line_[at_]);
      if (k == kSeparator) break;
      classes |= k;
      ++at_;
    }
    const std::string_view word = line_.substr(begin, at_ - begin);
    Look look = look_of(word, begin, classes);
    if (!is_variable(look) && numbered(begin)) return;
    after_user_ = word.size() == 4 && !is_variable(look) && packed(word) == packed("user");
    if (quote_end_ > begin && (is_variable(look) || (classes & kSlash) != 0)) {
      // From its first variable word on, a quoted text is one variable.
      emit(begin, quote_end_, Look::kHard);
      at_ = quote_end_;
      return;
    }
    emit(begin, at_, look);
  }

  /// A name with a number in parentheses is one thing.
  bool numbered(std::size_t begin) {
    if (at_ >= line_.size() || line_[at_] != '(') return false;
    std::size_t k = at_ + 1;
    while (k < line_.size() && class_of(line_[k]) == kDigit) ++k;
    if (k == at_ + 1 || k >= line_.size() || line_[k] != ')') return false;
    emit(begin, k + 1, Look::kHard);
    at_ = k + 1;
    after_user_ = false;
    return true;
  }

  Look look_of(std::string_view word, std::size_t begin, unsigned char classes) const {
    if ((classes & kBackslash) != 0) return Look::kHard;
    if ((classes & kSlash) != 0 && word.front() == '/' && word.size() > 1) return Look::kHard;
    if ((classes & kDigit) != 0) return is_numbered_name(word, classes) ? Look::kSoft : Look::kHard;
    if (is_value_word(word)) return Look::kHard;
    if (directly_behind('=', begin) || after_user_) return Look::kSoft;
    if (word == "-") return after_variable() && !starts_arrow() ? Look::kSoft : Look::kConstant;
    if ((classes & ~(kHexLetter | kLetter)) == 0) return look_of_letters(word, begin, classes);
    return is_name(word, classes) ? Look::kName : Look::kConstant;
  }

  Look look_of_letters(std::string_view word, std::size_t begin, unsigned char classes) const {
    if (classes == kHexLetter) {
      if (word.size() >= kHexBytes) return Look::kHard;
      if (word.size() <= kGroupBytes && directly_behind(':', begin) && after_variable() &&
          out_.back().end + 1 == begin)
        return Look::kSoft;
    }
    return after_variable() && is_unit(word) ? Look::kName : Look::kConstant;
  }

  bool starts_arrow() const { return at_ < line_.size() && line_[at_] == '>'; }

  /// "eth1", "ssh2": letters first, and few digits.
  static bool is_numbered_name(std::string_view word, unsigned char classes) {
    if ((class_of(word.front()) & (kLetter | kHexLetter)) == 0) return false;
    if ((classes & ~(kDigit | kLetter | kHexLetter)) != 0 &&
        !std::all_of(word.begin(), word.end(),
                     [](char c) { return c == '_' || (class_of(c) & (kDigit | kLetter | kHexLetter)) != 0; }))
      return false;
    return std::count_if(word.begin(), word.end(), [](char c) { return class_of(c) == kDigit; }) <=
           kNameDigits;
  }

  /// "org.example.shop.Orders", "shop.example/web/main", "name@host".
  static bool is_name(std::string_view word, unsigned char classes) {
    if ((classes & kDot) != 0 && std::count(word.begin(), word.end() - 1, '.') >= 2)
      return word.find("..") == std::string_view::npos;
    if ((classes & kSlash) != 0 && std::count(word.begin(), word.end(), '/') >= 2) return true;
    return word.size() > 2 && word.substr(1, word.size() - 2).find('@') != std::string_view::npos;
  }

  std::string_view line_;
  std::vector<Piece>& out_;
  std::size_t at_ = 0;
  std::size_t quote_end_ = 0;  // inside a quoted text that ends here; 0: not inside
  bool after_user_ = false;
};

}  // namespace

bool is_unit(std::string_view word) {
  static constexpr auto kUnits = packed_all<15>(
      {"b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib", "ms", "us", "ns", "s", "sec", "secs"});
  return word.size() <= 4 && among(packed(word), kUnits);
}

void tokenize(std::string_view line, std::vector<Piece>& out) {
  Tokenizer(line, out).run();
}

std::uint64_t skeleton_hash(std::string_view line, const std::vector<Piece>& pieces) {
  std::uint64_t hash = 0x9E3779B97F4A7C15ULL;
  bool run = false;
  for (const Piece& p : pieces) {
    const bool variable = is_variable(p.look);
    if (variable && run) continue;
    run = variable;
    const std::uint64_t word =
        variable ? 0x517CC1B727220A95ULL : XXH3_64bits(line.data() + p.begin, p.end - p.begin);
    hash = (hash ^ word) * 0x2545F4914F6CDD1DULL;
    hash ^= hash >> 29U;
  }
  return hash;
}

}  // namespace midwatch::observe::templates

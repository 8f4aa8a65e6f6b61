#include "src/observe/logs/tokenizer.h"

#include <algorithm>
#include <array>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace midwatch::observe::logs {
namespace {

enum CharClass : unsigned char { kWord = 0, kSeparator = 1, kDigit = 2 };

constexpr std::array<unsigned char, 256> make_classes() {
  std::array<unsigned char, 256> classes{};
  for (const char c : std::string_view(" \t\r\n\v\f=:,()[]{}\"'|;<>"))
    classes[static_cast<unsigned char>(c)] = kSeparator;
  for (char c = '0'; c <= '9'; ++c) classes[static_cast<unsigned char>(c)] = kDigit;
  return classes;
}
constexpr std::array<unsigned char, 256> kClasses = make_classes();

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

/// Names of days and months, short and long.
bool is_calendar_word(std::string_view word) {
  if (word.size() < 3 || word.size() > 9) return false;
  static constexpr std::array<std::string_view, 19> kShort{"mon", "tue", "wed", "thu", "fri", "sat", "sun",
                                                           "jan", "feb", "mar", "apr", "may", "jun", "jul",
                                                           "aug", "sep", "oct", "nov", "dec"};
  static constexpr std::array<std::string_view, 7> kLong{"monday", "tuesday",  "wednesday", "thursday",
                                                         "friday", "saturday", "sunday"};
  const auto equal = [&](std::string_view name) { return same_word(word, name); };
  if (word.size() == 3) return std::any_of(kShort.begin(), kShort.end(), equal);
  return std::any_of(kLong.begin(), kLong.end(), equal);
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

/// Walks over a line and tells `visit(glue_begin, word_begin, word_end, variable)` of every word, runs of
/// variable ones as one.
template <class Visit>
void walk(std::string_view line, Visit visit) {
  const std::size_t size = line.size();
  std::size_t i = 0;
  std::size_t glue = 0;
  std::size_t words = 0;
  std::size_t quote_end = 0;  // inside a quoted text that ends here; 0: not inside
  bool after_user = false;
  bool run = false;  // the last word was variable
  std::size_t run_glue = 0;
  std::size_t run_begin = 0;
  std::size_t run_end = 0;
  const auto flush = [&] {
    if (run) {
      visit(run_glue, run_begin, run_end, true);
      ++words;
      run = false;
    }
  };
  const auto emit = [&](std::size_t begin, std::size_t end, bool variable) {
    if (variable) {
      if (!run) {
        run = true;
        run_glue = glue;
        run_begin = begin;
      }
      run_end = end;
    } else {
      flush();
      visit(glue, begin, end, false);
      ++words;
    }
    glue = end;
  };
  while (i < size && words < kMaxTokens) {
    const char c = line[i];
    if (class_of(c) == kSeparator) {
      const char close = closing_of(c);
      if (close != '\0' && i + 1 < size && line[i + 1] == close) {
        emit(i + 1, i + 1, true);
        i += 2;
        continue;
      }
      if (c == '"') {
        if (quote_end != 0 && i == quote_end) {
          quote_end = 0;
        } else {
          const void* end = std::memchr(line.data() + i + 1, '"', size - i - 1);
          quote_end =
              end == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(end) - line.data());
        }
      }
      ++i;
      continue;
    }
    const std::size_t begin = i;
    bool digit = false;
    bool slash = false;
    while (i < size) {
      const unsigned char k = class_of(line[i]);
      if (k == kSeparator) break;
      digit |= k == kDigit;
      slash |= line[i] == '/';
      ++i;
    }
    const std::string_view word = line.substr(begin, i - begin);
    bool variable = digit || (slash && word.size() > 1 && word.front() == '/') || word == "-" || after_user ||
                    (begin > 0 && line[begin - 1] == '=') || is_calendar_word(word);
    if (!variable && i < size && line[i] == '(') {
      // A name with a number in parentheses is one thing.
      std::size_t k = i + 1;
      while (k < size && class_of(line[k]) == kDigit) ++k;
      if (k > i + 1 && k < size && line[k] == ')') {
        emit(begin, k + 1, true);
        i = k + 1;
        after_user = false;
        continue;
      }
    }
    after_user = !variable && same_word(word, "user");
    if (quote_end > begin && (variable || slash)) {
      // From its first variable word on, a quoted text is one variable.
      emit(begin, quote_end, true);
      i = quote_end;
      continue;
    }
    emit(begin, i, variable);
  }
  flush();
}

}  // namespace

void tokenize(std::string_view line, std::vector<Token>& out) {
  out.clear();
  walk(line, [&](std::size_t glue, std::size_t begin, std::size_t end, bool variable) {
    out.push_back({line.substr(glue, begin - glue), line.substr(begin, end - begin), variable});
  });
}

std::uint64_t skeleton_hash(std::string_view line) {
  std::uint64_t hash = 0x9E3779B97F4A7C15ULL;
  walk(line, [&](std::size_t, std::size_t begin, std::size_t end, bool variable) {
    const std::uint64_t word =
        variable ? 0x517CC1B727220A95ULL : XXH3_64bits(line.data() + begin, end - begin);
    hash = (hash ^ word) * 0x2545F4914F6CDD1DULL;
    hash ^= hash >> 29;
  });
  return hash;
}

}  // namespace midwatch::observe::logs

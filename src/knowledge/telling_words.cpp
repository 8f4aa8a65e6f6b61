#include "src/knowledge/telling_words.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "src/knowledge/metric_meaning.h"

namespace midwatch::knowledge {
namespace {

constexpr std::size_t kMostWords = 2000;
constexpr std::size_t kShortest = 3;
constexpr std::size_t kLongest = 80;

/// Words of programs, logs and paths that tell nothing of what they are about. Sorted.
constexpr std::array<std::string_view, 187> kEverywhere{
    "abort",    "aborted",  "after",     "all",      "and",      "any",        "app",      "application",
    "are",      "args",     "array",     "async",    "await",    "background", "because",  "been",
    "before",   "bool",     "but",       "byte",     "bytes",    "call",       "called",   "can",
    "cannot",   "case",     "catch",     "class",    "cmd",      "code",       "com",      "completed",
    "const",    "context",  "could",     "ctx",      "data",     "debug",      "def",      "default",
    "defer",    "desc",     "did",       "does",     "done",     "else",       "end",      "err",
    "error",    "errors",   "exception", "export",   "failed",   "failure",    "false",    "final",
    "first",    "float",    "fmt",       "for",      "from",     "func",       "function", "get",
    "github",   "global",   "had",       "handle",   "handled",  "handler",    "has",      "have",
    "http",     "https",    "id",        "import",   "info",     "int",        "int64",    "interface",
    "internal", "into",     "invalid",   "is",       "item",     "items",      "its",      "job",
    "json",     "key",      "len",       "let",      "level",    "lib",        "line",     "list",
    "log",      "logger",   "main",      "map",      "message",  "method",     "msg",      "name",
    "new",      "nil",      "none",      "not",      "null",     "object",     "off",      "one",
    "only",     "org",      "out",       "over",     "package",  "per",        "pkg",      "private",
    "public",   "raise",    "range",     "received", "req",      "request",    "requests", "res",
    "resp",     "response", "result",    "return",   "returned", "returning",  "run",      "running",
    "self",     "send",     "server",    "service",  "services", "set",        "should",   "since",
    "size",     "some",     "src",       "start",    "started",  "starting",   "static",   "status",
    "string",   "struct",   "than",      "that",     "the",      "then",       "this",     "throw",
    "throws",   "time",     "true",      "try",      "two",      "type",       "types",    "unable",
    "use",      "used",     "user",      "using",    "value",    "values",     "var",      "void",
    "want",     "warn",     "warning",   "was",      "were",     "when",       "which",    "while",
    "will",     "with",     "within"};

bool is_everywhere(const std::string& word) {
  return std::binary_search(kEverywhere.begin(), kEverywhere.end(), word);
}

bool is_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Leaves the endings of plurals and of forms of verbs off, so that "mappings" and "mapping", "retrying" and
/// "retry" are one word. Light on purpose (Harman 1991): what is left over need not be a word.
void strip_ending(std::string& word) {
  constexpr std::size_t kLeastStem = 4;
  const auto cut = [&](std::string_view ending, std::string_view instead) {
    if (!word.ends_with(ending) || word.size() < kLeastStem + ending.size() - instead.size()) return false;
    word.replace(word.size() - ending.size(), ending.size(), instead);
    return true;
  };
  if (!cut("ies", "y") && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is"))
    cut("s", "");
  if (!cut("ing", "")) cut("ed", "");
}

void add(std::vector<std::string>& words, std::string word) {
  const bool number =
      std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (word.size() < (number ? 2 : kShortest) || word.size() > kLongest || is_everywhere(word)) return;
  strip_ending(word);
  if (is_everywhere(word)) return;
  words.push_back(std::move(word));
}

}  // namespace

std::vector<std::string> telling_words(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size() && words.size() < 2 * kMostWords) {
    if (!is_part(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_part(text[end])) ++end;
    const std::string_view name = text.substr(at, end - at);
    at = end;
    if (name.size() > kLongest) continue;
    std::string whole(name);
    for (char& c : whole) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    add(words, std::move(whole));
    for (auto& part : name_words(name)) add(words, std::move(part));
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  if (words.size() > kMostWords) words.resize(kMostWords);
  return words;
}

}  // namespace midwatch::knowledge

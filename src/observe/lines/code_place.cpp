#include "src/observe/lines/code_place.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace midwatch::observe::lines {
namespace {

/// Loggers write the place into the header of a line.
constexpr std::size_t kHeadBytes = 200;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Of the name of a class or file.
bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '$' || c == '/' ||
         c == '-' || c == '[';
}

/// True for "store.ts" and "Foo.java", not for "example.com".
bool is_source_file(std::string_view name) {
  static constexpr std::array<std::string_view, 20> kExtensions{
      ".java", ".kt", ".scala", ".groovy", ".py", ".js", ".ts", ".mjs", ".tsx", ".go",
      ".rb",   ".cs", ".fs",    ".cpp",    ".cc", ".c",  ".h",  ".php", ".rs",  ".ex"};
  return std::any_of(kExtensions.begin(), kExtensions.end(),
                     [&](std::string_view e) { return name.size() > e.size() && name.ends_with(e); });
}

/// True for "OrderController" and "o.c.Orders", not for "order" (as in "order #12").
bool is_class(std::string_view name) {
  return name.find('.') != std::string_view::npos ||
         (std::isupper(static_cast<unsigned char>(name.front())) != 0 && name.size() > 2);
}

}  // namespace

std::string_view code_place(std::string_view line) {
  const std::string_view head = line.substr(0, kHeadBytes);
  for (std::size_t mark = head.find_first_of("#:"); mark != std::string_view::npos;
       mark = head.find_first_of("#:", mark + 1)) {
    std::size_t end = mark + 1;
    while (end < head.size() && is_digit(head[end])) ++end;
    if (end == mark + 1) continue;
    std::size_t begin = mark;
    while (begin > 0 && is_name(head[begin - 1])) --begin;
    while (begin < mark && head[begin] == '[') ++begin;  // "[main.go:12]"
    const std::string_view name = head.substr(begin, mark - begin);
    if (name.empty()) continue;
    if (head[mark] == '#' ? is_class(name) : is_source_file(name)) return head.substr(begin, end - begin);
  }
  return {};
}

}  // namespace midwatch::observe::lines

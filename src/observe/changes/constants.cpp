#include "src/observe/changes/constants.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <string_view>

#include <re2/re2.h>

namespace midwatch::observe::changes {
namespace {

using std::string_view;

constexpr std::size_t kShortestName = 3;
/// More in one change are a generated file.
constexpr std::size_t kMostConstants = 50;

struct Constant {
  std::string value;
  SourceLine* line = nullptr;
  int definitions = 0;
};

/// A definition: words of the language, a name, a type perhaps, and a literal.
const RE2& definition() {
  static const RE2 kPattern(
      R"re(^((?:(?:export|public|private|internal|protected|static|final|const|constexpr|readonly|val|let|inline)\s+)*)(?:(?:int|long|double|float|String|Duration|auto|u?int\d+|var)\s+)?([A-Za-z_]\w*)(?:\s*:\s*[\w<>:.]+)?(?:\s+[\w.]+)?\s*=\s*(-?[\d._]+[A-Za-z]*(?:\s*\*\s*[\w.]+)*|"[^"]*"|'[^']*'|[\w.:]+\([\d._]+\))\s*;?$)re");
  return kPattern;
}

bool is_constant(string_view words, string_view name) {
  for (const string_view word : {"const", "constexpr", "final", "readonly", "val "}) {
    if (words.find(word) != string_view::npos) return true;
  }
  return std::none_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c) != 0; });
}

bool replace_name(std::string& code, const std::string& name, const std::string& value) {
  bool any = false;
  for (std::size_t at = find_name(code, name); at != std::string::npos;
       at = find_name(code, name, at + value.size())) {
    code.replace(at, name.size(), value);
    any = true;
  }
  return any;
}

std::map<std::string, Constant> constants_of(std::vector<PreparedHunk>& hunks) {
  std::map<std::string, Constant> found;
  for (PreparedHunk& hunk : hunks) {
    if (hunk.role != FileRole::kCode) continue;
    for (SourceLine& line : hunk.lines) {
      if (line.kind != LineKind::kAdded || line.code.empty()) continue;
      std::string words;
      std::string name;
      std::string value;
      if (!RE2::FullMatch(line.code, definition(), &words, &name, &value)) continue;
      if (name.size() < kShortestName || !is_constant(words, name)) continue;
      Constant& constant = found[name];
      constant.value = value;
      constant.line = &line;
      ++constant.definitions;
    }
  }
  return found;
}

}  // namespace

void put_constants_in(std::vector<PreparedHunk>& hunks) {
  auto constants = constants_of(hunks);
  if (constants.size() > kMostConstants) return;
  for (auto& [name, constant] : constants) {
    if (constant.definitions != 1 || is_known_before(hunks, name)) continue;
    bool used = false;
    for (PreparedHunk& hunk : hunks) {
      for (SourceLine& line : hunk.lines) {
        if (line.kind == LineKind::kAdded && &line != constant.line)
          used = replace_name(line.code, name, constant.value) || used;
      }
    }
    if (used) constant.line->code.clear();
  }
}

}  // namespace midwatch::observe::changes

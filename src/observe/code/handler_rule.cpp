#include <algorithm>

#include "src/base/utf8.h"
#include "src/observe/code/rules.h"

namespace midwatch::observe::code {
namespace {

constexpr std::size_t kShownBytes = 120;
constexpr std::size_t kExportTokens = 400;

/// "index" of "src/index.js".
std::string_view stem_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return path.substr(0, dot);
}

/// Where a file makes the name available to its callers.
std::size_t export_of(const Source& s, std::string_view name) {
  for (std::size_t i = 0; i < s.tokens.size(); ++i) {
    if (s.language == Language::kPython) {
      const bool defines = i > 0 && s.is(i - 1, "def");
      if (s.is_name(i) && s.is(i, name) && s.in_module(i) &&
          (defines || s.is(i + 1, "=") || s.is(i - 1, "import")))
        return i;
      continue;
    }
    if (s.is(i, "exports") && s.is(i + 1, ".") && s.is(i + 2, name)) return i;
    if (!s.is(i, "export") && !(s.is(i, "exports") && s.is(i + 1, "="))) continue;
    // export const handler =, export async function handler(, export { a as handler }, module.exports = {
    // handler }
    const std::size_t end = std::min(s.end_of_statement(i + 1, kExportTokens), i + kExportTokens);
    for (std::size_t k = i + 1; k <= end; ++k) {
      if (s.is_name(k) && s.is(k, name)) return k;
      if (s.is(k, "=") && s.is(i, "export")) break;
    }
  }
  return kNone;
}

/// Exports that are made in a way that is not read here.
bool exports_otherwise(const Source& s) {
  for (std::size_t i = 0; i < s.tokens.size(); ++i) {
    if (s.is(i, "__exportStar") || s.is(i, "__export") || s.is(i, "defineProperty") || s.is(i, "assign"))
      return true;
    if (s.is(i, "export") && (s.is(i + 1, "*") || s.is(i + 1, "default"))) return true;
    if (s.is(i, "exports") && s.is(i + 1, "=") && !s.is(i + 2, "{")) return true;
    if (s.is(i, "exports") && s.is(i + 1, "[")) return true;
    if (s.is(i, "import") && s.is(i + 1, "*")) return true;
  }
  return false;
}

}  // namespace

void find_handler(const Code& code, std::vector<Finding>& out) {
  const std::string_view handler = code.entity.attributes.get("Handler");
  const std::size_t dot = handler.rfind('.');
  if (dot == std::string_view::npos || handler.find("::") != std::string_view::npos) return;
  const std::string_view file = handler.substr(0, dot);
  const std::string_view name = handler.substr(dot + 1);
  const auto module = std::find_if(code.sources.begin(), code.sources.end(), [&](const Source& s) {
    return stem_of(s.file.path) == file && s.language != Language::kOther && !s.tokens.empty();
  });
  if (module == code.sources.end()) return;
  const std::size_t at = export_of(*module, name);
  if (at == kNone && (!module->whole || exports_otherwise(*module))) return;
  Finding f{at == kNone ? "code.handler.missing" : "code.handler.found", &*module, at == kNone ? 0 : at};
  f.facts["handler"] = base::printable(handler, kShownBytes);
  f.attributes = {"Handler"};
  out.push_back(std::move(f));
}

}  // namespace midwatch::observe::code

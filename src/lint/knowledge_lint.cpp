#include "src/lint/knowledge_lint.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/lint/mode_rules.h"
#include "src/lint/signature_rules.h"

namespace midwatch::lint {
namespace {

/// Splits "file:line: what" as schema errors are written.
Fault fault_of(const base::Error& error, const std::string& file) {
  std::string_view text = error.message;
  if (!text.starts_with(file + ":")) return {file, 0, error.message};
  text.remove_prefix(file.size() + 1);
  int line = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), line);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(": ")) text.remove_prefix(2);
  return {file, line, std::string(text)};
}

const knowledge::KnowledgeFile* file_named(const std::vector<knowledge::KnowledgeFile>& files,
                                           const std::string& path) {
  const auto at = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.path == path; });
  return at == files.end() ? nullptr : &*at;
}

}  // namespace

LintResult lint_knowledge(const std::vector<knowledge::KnowledgeFile>& files) {
  LintResult result;
  for (const auto& file : files) {
    if (const auto alone = knowledge::build_knowledge({file}); !alone)
      result.faults.push_back(fault_of(alone.error(), file.path));
  }
  if (!result.faults.empty()) return result;
  const auto knowledge = knowledge::build_knowledge(files);
  if (!knowledge) {
    result.faults.push_back({"", 0, knowledge.error().describe()});
    return result;
  }
  for (const auto& mode : knowledge->modes) {
    const auto* file = file_named(files, mode.source_file);
    if (file != nullptr) check_mode(mode, *file->content, *knowledge, result.faults);
    result.scenarios += mode.scenarios.size();
  }
  check_signatures(files, *knowledge, result.faults);
  result.modes = knowledge->modes.size();
  result.signatures = knowledge->signatures.size();
  std::stable_sort(result.faults.begin(), result.faults.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.file, a.line) < std::tie(b.file, b.line);
  });
  return result;
}

}  // namespace midwatch::lint

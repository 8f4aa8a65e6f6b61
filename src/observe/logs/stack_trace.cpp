#include "src/observe/logs/stack_trace.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

namespace midwatch::observe::logs {
namespace {

constexpr std::size_t kMaxLines = 200;
constexpr std::size_t kMaxBytes = 32 * 1024;

struct FrameForm {
  const char* language;
  RE2 pattern;  // captures: file, line, column (may be empty)
  bool location_first;
};

/// Where a frame names its place, by language.
const std::vector<std::unique_ptr<FrameForm>>& frame_forms() {
  static const auto kForms = [] {
    std::vector<std::unique_ptr<FrameForm>> forms;
    const auto add = [&](const char* language, const char* pattern) {
      forms.push_back(std::unique_ptr<FrameForm>(new FrameForm{language, RE2(pattern, RE2::Quiet), true}));
    };
    add("python", R"re(^\s*File "([^"]+)", line (\d+)())re");
    add("dotnet", R"re(^\s*at .+ in (.+):line (\d+)())re");
    add("node", R"re(^\s*at (?:.*[(\s])?((?:file://)?[^()\s]+\.(?:[cm]?[jt]sx?)):(\d+):(\d+)\)?\s*$)re");
    add("java", R"re(^\s*at ([\w.$/@<>-]+\([\w$-]+\.(?:java|kt|scala|groovy)):(\d+)()\))re");
    add("go", R"re(^\s*([^\s:]+\.go):(\d+)()(?:\s|$))re");
    add("cpp", R"re(^\s*#\d+\s+.*\bat ([^\s:]+\.(?:cc|cpp|cxx|c|h|hpp)):(\d+):?(\d*))re");
    return forms;
  }();
  return kForms;
}

const RE2& exception_pattern() {
  static const RE2 kPattern(
      R"re((?:^|[\s:\]"])((?:[A-Za-z_][\w$]*\.)*[A-Z][\w$]*(?:Exception|Error|Failure|Fault|Timeout|Interrupt|Warning|Exit|Denied|Refused|NotFound|Abort))(?::\s*(.*))?$)re",
      RE2::Quiet);
  return kPattern;
}

bool is_foreign(std::string_view file) {
  static constexpr std::array<std::string_view, 20> kForeign{
      "node_modules/", "node:",       "internal/",     "site-packages/", "dist-packages/",
      "/usr/lib/",     "/lib/python", "/usr/local/go", "/go/pkg/mod/",   "java.",
      "javax.",        "jdk.",        "sun.",          "org.spring",     "org.apache.",
      "com.sun.",      "kotlin.",     "scala.",        "io.netty.",      "<frozen"};
  return std::any_of(kForeign.begin(), kForeign.end(), [&](std::string_view part) {
    const bool is_package = part.back() == '.';
    return is_package ? file.starts_with(part) : file.find(part) != std::string_view::npos;
  });
}

/// "pkg.Class.method(File.java" → "pkg/File.java"-like place that a person can open: the file's name.
std::string place_of(std::string_view file) {
  const std::size_t open = file.find('(');
  return std::string(open == std::string_view::npos ? file : file.substr(open + 1));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  text = text.substr(0, kMaxBytes);
  while (!text.empty() && lines.size() < kMaxLines) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

bool continues_stack_trace(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return false;
  const std::string_view rest = line.substr(first);
  if (rest.starts_with("Caused by:") || rest.starts_with("Suppressed:")) return true;
  if (first == 0) return rest.starts_with("goroutine ") || rest.starts_with("created by ");
  return rest.starts_with("at ") || rest.starts_with("File \"") || rest.starts_with("... ") ||
         rest.starts_with("#0") || rest.find(".go:") != std::string_view::npos;
}

std::optional<StackTrace> read_stack_trace(std::string_view text) {
  const auto lines = lines_of(text);
  StackTrace trace;
  bool python = false;
  bool found_frame = false;
  for (const std::string_view line : lines) {
    if (line.find("Traceback (most recent call last)") != std::string_view::npos) python = true;
    bool is_frame = false;
    for (const auto& form : frame_forms()) {
      re2::StringPiece file;
      re2::StringPiece number;
      re2::StringPiece column;
      if (!RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), form->pattern, &file, &number,
                             &column))
        continue;
      is_frame = true;
      found_frame = true;
      if (trace.language.empty()) trace.language = form->language;
      const std::string_view path(file.data(), file.size());
      // Python lists the innermost frame last, the others first.
      if (!is_foreign(path) && (trace.location.empty() || std::string_view(form->language) == "python")) {
        trace.location = fmt::format("{}:{}", place_of(path), std::string_view(number.data(), number.size()));
        if (!column.empty())
          trace.location += fmt::format(":{}", std::string_view(column.data(), column.size()));
      }
      break;
    }
    if (is_frame) continue;
    re2::StringPiece type;
    re2::StringPiece message;
    const bool names =
        RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), exception_pattern(), &type, &message);
    if (names && (trace.exception.empty() || python)) {
      trace.exception = std::string(type.data(), type.size());
      trace.message = message.data() == nullptr ? std::string() : std::string(message.data(), message.size());
    }
    if (trace.exception.empty() && line.starts_with("panic: ")) {
      trace.language = "go";
      trace.exception = "panic";
      trace.message = std::string(line.substr(7));
    }
  }
  if (trace.exception.empty() && !found_frame) return std::nullopt;
  return trace;
}

}  // namespace midwatch::observe::logs

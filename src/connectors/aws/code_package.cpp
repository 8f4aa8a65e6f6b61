#include "src/connectors/aws/code_package.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/clients/archive/zip_files.h"

namespace midwatch::connectors::aws {
namespace {

/// Source: AWS Lambda developer guide, "Lambda quotas".
constexpr std::uint64_t kMaxUnpacked = 250ULL * 1024 * 1024;
/// What a bundle keeps of one file, so that a recording replays the same; more is no file that somebody
/// wrote.
constexpr std::uint64_t kMaxFile = 1024ULL * 1024;
constexpr std::uint64_t kMaxKept = 8ULL * 1024 * 1024;
/// Of a function's own files; who has more has packed those of others in a way that is not known here.
constexpr std::size_t kMostFiles = 400;

constexpr std::array<std::string_view, 9> kSource{".js",  ".mjs", ".cjs", ".ts", ".mts",
                                                  ".cts", ".jsx", ".tsx", ".py"};
constexpr std::array<std::string_view, 5> kCompiled{".class", ".jar", ".dll", ".so", ".pyc"};
/// Folders of what others wrote.
constexpr std::array<std::string_view, 4> kForeign{"node_modules/", "site-packages/", "dist-packages/",
                                                   "vendor/"};

bool ends_with_any(std::string_view path, std::span<const std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

bool is_foreign(std::string_view path) {
  return path.ends_with(".d.ts") ||
         std::any_of(kForeign.begin(), kForeign.end(), [&](std::string_view folder) {
           const std::size_t at = path.find(folder);
           return at == 0 || (at != std::string_view::npos && path[at - 1] == '/');
         });
}

/// Looks at the names first: what is source, what is compiled, which folders are installed packages.
class Names {
 public:
  void see(std::string_view path) {
    compiled_ = compiled_ || ends_with_any(path, kCompiled) || path == "bootstrap";
    constexpr std::string_view kInstalled = ".dist-info/";
    if (const std::size_t at = path.find(kInstalled); at != std::string_view::npos) {
      std::string name = base::to_lower(path.substr(0, path.substr(0, at).rfind('-')));
      std::replace(name.begin(), name.end(), '-', '_');
      installed_.insert(std::move(name));
    } else if (ends_with_any(path, kSource) && !is_foreign(path)) {
      sources_.emplace_back(path);
    }
  }

  /// The function's own files: the nearest to the root first, where they are too many.
  std::set<std::string, std::less<>> own(std::size_t& left_out) const {
    std::vector<std::string> paths;
    for (const auto& path : sources_) {
      if (!installed_.contains(base::to_lower(path.substr(0, path.find('/'))))) paths.push_back(path);
    }
    const auto depth = [](const std::string& path) { return std::count(path.begin(), path.end(), '/'); };
    std::sort(paths.begin(), paths.end(),
              [&](const auto& a, const auto& b) { return std::pair(depth(a), a) < std::pair(depth(b), b); });
    left_out = paths.size() > kMostFiles ? paths.size() - kMostFiles : 0;
    paths.resize(paths.size() - left_out);
    return {paths.begin(), paths.end()};
  }

  bool compiled() const { return compiled_; }

 private:
  std::vector<std::string> sources_;
  std::set<std::string, std::less<>> installed_;
  bool compiled_ = false;
};

std::size_t lines_of(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

std::string code_without_secrets(const std::string& text) {
  std::string whole = base::redact(text);
  if (lines_of(whole) == lines_of(text)) return whole;
  // A key that takes several lines goes line by line, so that what stands below it keeps its number.
  std::string out;
  bool in_key = false;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string_view line = std::string_view(text).substr(from, end - from);
    in_key = in_key || line.find("-----BEGIN") != std::string_view::npos;
    out += in_key ? std::string(base::kRedacted) : base::redact(line);
    if (line.find("-----END") != std::string_view::npos) in_key = false;
    if (end < text.size()) out += '\n';
    from = end + 1;
  }
  return out;
}

base::Result<UnpackedCode> unpack_code(std::string_view package) {
  const clients::archive::ZipLimits limits{kMaxUnpacked, kMaxFile, kMaxKept};
  Names names;
  MIDWATCH_TRY(const auto listed, clients::archive::read_zip(package, limits, [&](std::string_view path) {
                 names.see(path);
                 return false;
               }));
  std::size_t left_out = 0;
  const auto own = names.own(left_out);
  MIDWATCH_TRY(auto unpacked, clients::archive::read_zip(package, limits, [&](std::string_view path) {
                 return own.contains(path);
               }));
  UnpackedCode out;
  for (auto& [path, content] : unpacked.files)
    out.files.push_back({{}, path, code_without_secrets(base::repair_utf8(content))});
  left_out += unpacked.too_large + listed.refused;
  if (left_out > 0) {
    out.fault = "CodeReadInPart";
    out.detail = fmt::format("{} of {} files", left_out, listed.members);
  } else if (out.files.empty()) {
    out.fault = names.compiled() ? "OnlyCompiledCode" : "NoSourceCode";
    out.detail = fmt::format("{} files", listed.members);
  }
  return out;
}

}  // namespace midwatch::connectors::aws

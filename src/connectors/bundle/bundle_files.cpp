#include "src/connectors/bundle/bundle_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/connectors/bundle/archive_files.h"

namespace midwatch::connectors::bundle {
namespace {

namespace fs = std::filesystem;

/// More members than any bundle has; a bound against folders that are not bundles.
constexpr std::size_t kMaxFiles = 100'000;

class FolderFiles final : public BundleFiles {
 public:
  explicit FolderFiles(fs::path root) : root_(std::move(root)) {
    std::error_code error;
    // Symbolic links are not followed: a link could lead out of the bundle.
    for (fs::recursive_directory_iterator at(root_, fs::directory_options::skip_permission_denied, error),
         end;
         !error && at != end; at.increment(error)) {
      const std::string path = fs::relative(at->path(), root_, error).generic_string();
      if (at->is_symlink(error)) {
        problems_.push_back(
            fmt::format("{}: a symbolic link; it is not followed", base::printable(path, 200)));
      } else if (at->is_regular_file(error)) {
        files_.push_back({path, at->file_size(error)});
      }
      if (files_.size() >= kMaxFiles) {
        problems_.push_back(fmt::format("more than {} files; the rest is not read", kMaxFiles));
        break;
      }
    }
    if (error) problems_.push_back(fmt::format("reading the folder stopped: {}", error.message()));
    std::sort(files_.begin(), files_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    std::sort(problems_.begin(), problems_.end());
  }

  const std::vector<BundleFile>& files() const override { return files_; }
  const std::vector<std::string>& problems() const override { return problems_; }

  base::Result<std::unique_ptr<ByteSource>> open(const BundleFile& file) const override {
    auto source = open_file((root_ / file.path).string());
    if (!source) return std::move(source).error();
    return decompressed(*std::move(source), file.path);
  }

 private:
  fs::path root_;
  std::vector<BundleFile> files_;
  std::vector<std::string> problems_;
};

std::string_view without_compression(std::string_view path) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  }
  return path;
}

}  // namespace

base::Result<std::unique_ptr<BundleFiles>> BundleFiles::open_bundle(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    return base::user_error(base::ErrorCode::kNotFound, fmt::format("no such file or folder: {}", path));
  }
  std::unique_ptr<BundleFiles> files;
  if (fs::is_directory(status)) {
    files = std::make_unique<FolderFiles>(path);
  } else {
    auto archive = open_archive(path);
    if (!archive) return std::move(archive).error();
    files = *std::move(archive);
  }
  if (files->signal("bundle", ".json").empty()) {
    return base::user_error(
        base::ErrorCode::kMalformed,
        fmt::format("{} holds no bundle.json; a bundle is described in docs/incident-bundle.md", path));
  }
  return files;
}

std::vector<BundleFile> BundleFiles::signal(std::string_view stem, std::string_view extension) const {
  const std::string whole = std::string(stem) + std::string(extension);
  const std::string folder = std::string(stem) + "/";
  std::vector<BundleFile> found;
  for (const BundleFile& file : files()) {
    const std::string_view plain = without_compression(file.path);
    if (plain == whole || (plain.starts_with(folder) && plain.ends_with(extension))) found.push_back(file);
  }
  return found;
}

}  // namespace midwatch::connectors::bundle

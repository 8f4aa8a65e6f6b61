#include "src/connectors/bundle/bundle_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/connectors/bundle/archive_files.h"
#include "src/connectors/bundle/folder_files.h"
#include "src/connectors/bundle/read_problems.h"

namespace midwatch::connectors::bundle {
namespace {

namespace fs = std::filesystem;

constexpr ProblemKind kTwice{"there both plain and compressed; the plain one is read",
                             "非圧縮版と圧縮版の両方があるため、非圧縮版を読みました"};

base::Error no_bundle_json(const std::string& path, const BundleFiles& files) {
  std::string found;
  for (const BundleFile& file : files.files()) {
    if (file.name.ends_with("/bundle.json")) {
      found = file.name.substr(0, file.name.rfind('/'));
      break;
    }
  }
  const std::string hint =
      found.empty() ? std::string("a bundle is described in docs/incident-bundle.md")
                    : fmt::format("there is one in its folder '{}': give that", base::printable(found, 200));
  return base::user_error(base::ErrorCode::kMalformed,
                          fmt::format("{} is no incident bundle: it holds no bundle.json; {}", path, hint));
}

}  // namespace

std::string_view without_compression(std::string_view path) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  }
  return path;
}

base::Result<std::unique_ptr<BundleFiles>> BundleFiles::open_bundle(const std::string& path,
                                                                    const runtime::RequestContext& context) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("no such file or folder: {}; check the path", path));
  }
  if (fs::status_known(status) && !fs::is_directory(status) && !fs::is_regular_file(status)) {
    return base::user_error(
        base::ErrorCode::kMalformed,
        fmt::format("{} is a pipe or a device; a bundle is a folder or an archive in a file", path));
  }
  auto opened = fs::is_directory(status) ? open_folder(path, context) : open_archive(path, context);
  if (opened && (*opened)->signal("bundle", ".json").empty()) return no_bundle_json(path, **opened);
  return opened;
}

base::Result<std::unique_ptr<ByteSource>> BundleFiles::open(const BundleFile& file,
                                                            const runtime::RequestContext& context) const {
  auto source = open_stored(file, context);
  if (!source) return source;
  return cancellable(decompressed(*std::move(source), compression_of_name(file.path)), context);
}

void BundleFiles::set_members(std::vector<BundleFile> files, std::vector<std::string> folders,
                              std::vector<model::Gap> gaps) {
  // The plain form of a name comes before its compressed ones.
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return std::tie(a.name, a.path) < std::tie(b.name, b.path); });
  MemberProblems problems;
  for (BundleFile& file : files) {
    if (!files_.empty() && files_.back().name == file.name) {
      problems.add(kTwice, file.name);
    } else {
      files_.push_back(std::move(file));
    }
  }
  folders_ = std::move(folders);
  std::sort(folders_.begin(), folders_.end());
  gaps_ = std::move(gaps);
  for (auto& gap : problems.gaps()) gaps_.push_back(std::move(gap));
}

std::vector<BundleFile> BundleFiles::signal(std::string_view stem, std::string_view extension) const {
  const std::string whole = std::string(stem) + std::string(extension);
  const std::string folder = std::string(stem) + "/";
  std::vector<BundleFile> found;
  for (const BundleFile& file : files_) {
    const bool is_part = file.name.starts_with(folder) && file.name.ends_with(extension);
    // Hidden files are what an operating system leaves beside the real ones.
    const bool is_hidden = file.name[file.name.rfind('/') + 1] == '.';
    if (file.name == whole || (is_part && !is_hidden)) found.push_back(file);
  }
  return found;
}

bool BundleFiles::has_folder(std::string_view stem) const {
  return std::binary_search(folders_.begin(), folders_.end(), stem);
}

std::uint32_t BundleFiles::position(const BundleFile& file) const {
  const auto at =
      std::lower_bound(files_.begin(), files_.end(), file.name,
                       [](const BundleFile& f, const std::string& name) { return f.name < name; });
  return static_cast<std::uint32_t>(at - files_.begin());
}

}  // namespace midwatch::connectors::bundle

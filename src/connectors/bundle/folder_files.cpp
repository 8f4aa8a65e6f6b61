#include "src/connectors/bundle/folder_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/read_problems.h"

namespace midwatch::connectors::bundle {
namespace {

namespace fs = std::filesystem;

constexpr ProblemKind kDenied{"a folder that may not be read (check its permissions)",
                              "読み取り権限のないフォルダーです（権限を確認してください）"};
constexpr ProblemKind kBroken{"a folder that cannot be listed", "一覧を取得できないフォルダーです"};

class FolderFiles final : public BundleFiles {
 public:
  explicit FolderFiles(fs::path root) : root_(std::move(root)) {}

  base::Result<> list(const runtime::RequestContext& context) {
    std::vector<std::string> pending{""};
    bool is_root = true;
    while (!pending.empty()) {
      MIDWATCH_TRY_VOID(context.check());
      const std::string folder = std::move(pending.back());
      pending.pop_back();
      const auto error = list_one(folder, pending);
      if (error && is_root) {
        return base::user_error(error == std::errc::permission_denied ? base::ErrorCode::kPermissionDenied
                                                                      : base::ErrorCode::kUnavailable,
                                fmt::format("cannot list {}: {}", root_.string(), error.message()));
      }
      if (error) problems_.add(error == std::errc::permission_denied ? kDenied : kBroken, folder);
      if (files_found_.size() > kMaxMembers) {
        return base::user_error(
            base::ErrorCode::kResourceExhausted,
            fmt::format("{} holds more than {} files, which no bundle does", root_.string(), kMaxMembers));
      }
      is_root = false;
    }
    set_members(std::move(files_found_), std::move(folders_found_), problems_.gaps());
    return {};
  }

 protected:
  base::Result<std::unique_ptr<ByteSource>> open_stored(const BundleFile& file,
                                                        const runtime::RequestContext&) const override {
    return open_file((root_ / file.path).string());
  }

 private:
  /// Lists one folder; its folders go to `pending`.
  std::error_code list_one(const std::string& folder, std::vector<std::string>& pending) {
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator at(root_ / folder, error), end; !error && at != end; at.increment(error))
      entries.push_back(*at);
    if (error) return error;
    // By name, so that what is said of odd members does not depend on the file system.
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
    for (const fs::directory_entry& entry : entries) take(entry, folder, pending);
    return {};
  }

  void take(const fs::directory_entry& entry, const std::string& folder, std::vector<std::string>& pending) {
    std::error_code error;
    const std::string name = entry.path().filename().string();
    const std::string path = folder.empty() ? name : folder + "/" + name;
    if (entry.is_symlink(error)) {
      problems_.add(problem::kLink, path);
    } else if (entry.is_directory(error)) {
      folders_found_.push_back(path);
      if (path.size() > kMaxPathBytes ||
          static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) >= kMaxPathDepth) {
        problems_.add(problem::kDeep, path);
      } else {
        pending.push_back(path);
      }
    } else if (entry.is_regular_file(error)) {
      const auto bytes = entry.file_size(error);
      files_found_.push_back({path, base::repair_utf8(without_compression(path)), error ? 0 : bytes});
    } else {
      problems_.add(problem::kSpecial, path);
    }
  }

  fs::path root_;
  std::vector<BundleFile> files_found_;
  std::vector<std::string> folders_found_;
  MemberProblems problems_;
};

}  // namespace

base::Result<std::unique_ptr<BundleFiles>> open_folder(const std::string& path,
                                                       const runtime::RequestContext& context) {
  auto files = std::make_unique<FolderFiles>(path);
  MIDWATCH_TRY_VOID(files->list(context));
  return std::unique_ptr<BundleFiles>(std::move(files));
}

}  // namespace midwatch::connectors::bundle

#include "src/connectors/bundle/archive_files.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kMaxMembers = 100'000;
constexpr std::uint64_t kKeepMember =
    4ULL * 1024 * 1024;  ///< members up to this size are kept from the first pass
constexpr std::uint64_t kKeepTotal = 64ULL * 1024 * 1024;  ///< … up to this much in all
constexpr std::size_t kPiece = 256UL * 1024;

/// An archive being read: libarchive over our own decompression, so that the bomb guard holds here too.
class Reader {
 public:
  static base::Result<std::unique_ptr<Reader>> open(const std::string& path) {
    MIDWATCH_TRY(auto file, open_file(path));
    std::string name = path;
    if (name.ends_with(".tgz")) name += ".gz";
    auto reader = std::make_unique<Reader>(decompressed(std::move(file), name));
    if (archive_read_open(reader->archive_, reader.get(), nullptr, &Reader::on_read, nullptr) != ARCHIVE_OK) {
      return reader->failure(path);
    }
    return reader;
  }

  explicit Reader(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), buffer_(kPiece), archive_(archive_read_new()) {
    archive_read_support_format_tar(archive_);
    archive_read_support_format_gnutar(archive_);
  }
  ~Reader() { archive_read_free(archive_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Goes to the next member; false at the end.
  base::Result<bool> next(const std::string& path) {
    const int status = archive_read_next_header(archive_, &entry_);
    if (status == ARCHIVE_EOF) return false;
    if (status < ARCHIVE_WARN) return failure(path);
    return true;
  }
  archive_entry* entry() const { return entry_; }

  base::Result<std::size_t> read(char* into, std::size_t size) {
    const la_ssize_t got = archive_read_data(archive_, into, size);
    if (got < 0) return failure("the archive");
    return static_cast<std::size_t>(got);
  }

 private:
  static la_ssize_t on_read(archive* handle, void* self, const void** data) {
    auto* reader = static_cast<Reader*>(self);
    auto got = reader->source_->read(reader->buffer_.data(), reader->buffer_.size());
    if (!got) {
      reader->source_error_ = std::move(got).error();
      archive_set_error(handle, -1, "%s", reader->source_error_->message.c_str());
      return -1;
    }
    *data = reader->buffer_.data();
    return static_cast<la_ssize_t>(*got);
  }

  base::Error failure(const std::string& what) const {
    if (source_error_) return base::Error(*source_error_).with(what);
    const char* why = archive_error_string(archive_);
    return base::user_error(base::ErrorCode::kMalformed,
                            fmt::format("{} is damaged or no tar archive: {}", what, why ? why : "unknown"));
  }

  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  archive* archive_;
  archive_entry* entry_ = nullptr;
  std::optional<base::Error> source_error_;
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(const std::string& bytes) : rest_(bytes) {}
  base::Result<std::size_t> read(char* into, std::size_t size) override {
    const std::size_t n = std::min(size, rest_.size());
    rest_.copy(into, n);
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
};

class MemberSource final : public ByteSource {
 public:
  explicit MemberSource(std::unique_ptr<Reader> reader) : reader_(std::move(reader)) {}
  base::Result<std::size_t> read(char* into, std::size_t size) override { return reader_->read(into, size); }

 private:
  std::unique_ptr<Reader> reader_;
};

/// The member's name in plain form ("./a//b" → "a/b"), or why it is refused.
base::Result<std::string> safe_name(std::string_view name) {
  if (name.starts_with("/")) return base::user_error(base::ErrorCode::kInvalidArgument, "an absolute path");
  std::string plain;
  while (!name.empty()) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    name.remove_prefix(slash == std::string_view::npos ? name.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") return base::user_error(base::ErrorCode::kInvalidArgument, "a path with '..'");
    if (!plain.empty()) plain += '/';
    plain += part;
  }
  if (plain.empty() || plain.find('\0') != std::string::npos) {
    return base::user_error(base::ErrorCode::kInvalidArgument, "a path without a name");
  }
  return plain;
}

class ArchiveFiles final : public BundleFiles {
 public:
  explicit ArchiveFiles(std::string path) : path_(std::move(path)) {}

  const std::vector<BundleFile>& files() const override { return files_; }
  const std::vector<std::string>& problems() const override { return problems_; }

  base::Result<> list() {
    MIDWATCH_TRY(auto reader, Reader::open(path_));
    while (true) {
      auto more = reader->next(path_);
      if (!more) {
        if (members_.empty()) return std::move(more).error();
        problems_.push_back(more.error().describe() + "; what came before the damage is read");
        break;
      }
      if (!*more) break;
      if (members_.size() >= kMaxMembers) {
        problems_.push_back(fmt::format("more than {} members; the rest is not read", kMaxMembers));
        break;
      }
      take(*reader);
    }
    strip_common_folder();
    return {};
  }

  base::Result<std::unique_ptr<ByteSource>> open(const BundleFile& file) const override {
    const auto member = members_.find(prefix_ + file.path);
    if (member == members_.end()) {
      return base::internal_error(fmt::format("no such member: {}", file.path));
    }
    if (member->second.kept) {
      return decompressed(std::make_unique<MemorySource>(member->second.bytes), file.path);
    }
    MIDWATCH_TRY(auto reader, Reader::open(path_));
    for (std::size_t at = 0;; ++at) {
      MIDWATCH_TRY(const bool more, reader->next(path_));
      if (!more)
        return base::user_error(base::ErrorCode::kMalformed, "the archive changed while it was read");
      if (at == member->second.position) break;
    }
    return decompressed(std::make_unique<MemberSource>(std::move(reader)), file.path);
  }

 private:
  struct Member {
    std::size_t position = 0;
    std::uint64_t size = 0;
    bool kept = false;
    std::string bytes;
  };

  void take(Reader& reader) {
    archive_entry* entry = reader.entry();
    const std::size_t position = position_++;
    const char* raw = archive_entry_pathname_utf8(entry);
    if (raw == nullptr) raw = archive_entry_pathname(entry);
    const std::string name = base::repair_utf8(raw ? raw : "");
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFDIR) return;
    const std::string shown = base::printable(name, 200);
    if (type != AE_IFREG || archive_entry_hardlink(entry) != nullptr) {
      problems_.push_back(fmt::format("{}: a link or a device, not a file; it is refused", shown));
      return;
    }
    const auto plain = safe_name(name);
    if (!plain) {
      problems_.push_back(fmt::format("{}: {}; it is refused", shown, plain.error().message));
      return;
    }
    Member member;
    member.position = position;
    member.size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
    if (member.size <= kKeepMember && kept_ + member.size <= kKeepTotal) keep(reader, member);
    if (!members_.emplace(*plain, std::move(member)).second) {
      problems_.push_back(fmt::format("{}: occurs twice; the first one is read", shown));
    }
  }

  void keep(Reader& reader, Member& member) {
    std::vector<char> piece(kPiece);
    while (true) {
      const auto got = reader.read(piece.data(), piece.size());
      if (!got || *got == 0) break;
      member.bytes.append(piece.data(), *got);
    }
    member.kept = true;
    kept_ += member.bytes.size();
  }

  /// A bundle is often packed with its folder: the folder that holds the shallowest bundle.json is the root.
  void strip_common_folder() {
    const std::string* best = nullptr;
    for (const auto& [name, member] : members_) {
      const std::string_view view(name);
      if (view != "bundle.json" && !view.ends_with("/bundle.json")) continue;
      if (!best || std::count(name.begin(), name.end(), '/') < std::count(best->begin(), best->end(), '/'))
        best = &name;
    }
    if (best) prefix_ = best->substr(0, best->size() - std::string_view("bundle.json").size());
    for (const auto& [name, member] : members_) {
      if (name.starts_with(prefix_)) files_.push_back({name.substr(prefix_.size()), member.size});
    }
  }

  std::string path_;
  std::string prefix_;
  std::map<std::string, Member> members_;
  std::vector<BundleFile> files_;
  std::vector<std::string> problems_;
  std::size_t position_ = 0;
  std::uint64_t kept_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<BundleFiles>> open_archive(const std::string& path) {
  auto files = std::make_unique<ArchiveFiles>(path);
  MIDWATCH_TRY_VOID(files->list());
  return std::unique_ptr<BundleFiles>(std::move(files));
}

}  // namespace midwatch::connectors::bundle

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
#include "src/clients/archive/member_name.h"
#include "src/connectors/bundle/byte_source.h"
#include "src/connectors/bundle/read_problems.h"

namespace midwatch::connectors::bundle {
namespace {

using clients::archive::NameFault;

/// Members up to this size are kept from the first pass …
constexpr std::uint64_t kKeepMember = 4ULL * 1024 * 1024;
/// … up to this much in all.
constexpr std::uint64_t kKeepTotal = 64ULL * 1024 * 1024;
constexpr std::size_t kPiece = 256UL * 1024;
/// Enough to tell what a file is.
constexpr std::size_t kHead = 512;

constexpr ProblemKind kAbsolute{"an absolute path; refused", "絶対パスのため拒否しました"};
constexpr ProblemKind kUpwards{"a path with '..'; refused", "「..」を含むパスのため拒否しました"};
constexpr ProblemKind kNameless{"a path without a name; refused", "名前のないパスのため拒否しました"};
constexpr ProblemKind kSparse{"a sparse file; refused (pack it without holes)",
                              "スパースファイルのため拒否しました（穴のない形で格納してください）"};
constexpr ProblemKind kRepeated{"in the archive more than once; the first one is read",
                                "アーカイブ内に同名のメンバーが複数あるため、最初のものを読みました"};
constexpr ProblemKind kBehind{"something follows the end of the archive; not read",
                              "アーカイブの終端より後にデータがありますが、読みませんでした"};
constexpr ProblemKind kOutside{"outside the folder of bundle.json; ignored",
                               "bundle.json のフォルダーの外にあるため無視しました"};

/// An archive being read: libarchive over our own decompression, so that the bomb guard holds here too.
class Reader {
 public:
  static base::Result<std::unique_ptr<Reader>> open(const std::string& path, Compression compression,
                                                    const runtime::RequestContext& context) {
    MIDWATCH_TRY(auto file, open_file(path));
    auto reader = std::make_unique<Reader>(
        cancellable(decompressed(cancellable(std::move(file), context), compression), context));
    if (archive_read_open(reader->archive_, reader.get(), nullptr, &Reader::on_read, nullptr) != ARCHIVE_OK) {
      return reader->failure();
    }
    return reader;
  }

  explicit Reader(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), buffer_(kPiece), archive_(archive_read_new()) {
    archive_read_support_format_tar(archive_);
    archive_read_support_format_gnutar(archive_);
    archive_read_support_format_empty(archive_);
  }
  ~Reader() { archive_read_free(archive_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Goes to the next member; false at the end.
  base::Result<bool> next() {
    const int status = archive_read_next_header(archive_, &entry_);
    if (status == ARCHIVE_EOF) return false;
    if (status < ARCHIVE_WARN) return failure();
    return true;
  }
  archive_entry* entry() const { return entry_; }

  /// After the last member: reads what is left, so that its checksum is looked at; true where it is more than
  /// padding.
  base::Result<bool> drain() {
    // libarchive was given the last piece whole, and used what it says.
    const auto used = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_filter_bytes(archive_, 0), 0));
    std::string_view rest = last_piece_.substr(
        last_piece_.size() - std::min<std::uint64_t>(given_ - std::min(used, given_), last_piece_.size()));
    bool more = false;
    while (true) {
      more = more || rest.find_first_not_of('\0') != std::string_view::npos;
      MIDWATCH_TRY(const std::size_t got, source_->read(buffer_.data(), buffer_.size()));
      if (got == 0) return more;
      rest = {buffer_.data(), got};
    }
  }

  base::Result<std::size_t> read(char* into, std::size_t size) {
    const la_ssize_t got = archive_read_data(archive_, into, size);
    if (got < 0) return failure();
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
    reader->last_piece_ = {reader->buffer_.data(), *got};
    reader->given_ += *got;
    *data = reader->buffer_.data();
    return static_cast<la_ssize_t>(*got);
  }

  base::Error failure() const {
    if (source_error_) return base::Error(*source_error_);
    const char* why = archive_error_string(archive_);
    return base::user_error(base::ErrorCode::kMalformed,
                            fmt::format("a damaged tar archive, or none ({})",
                                        base::printable(why ? why : "no reason given", 200)));
  }

  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::string_view last_piece_;
  std::uint64_t given_ = 0;
  archive* archive_;
  archive_entry* entry_ = nullptr;
  std::optional<base::Error> source_error_;
};

class MemberSource final : public ByteSource {
 public:
  explicit MemberSource(std::unique_ptr<Reader> reader) : reader_(std::move(reader)) {}
  base::Result<std::size_t> read(char* into, std::size_t size) override { return reader_->read(into, size); }

 private:
  std::unique_ptr<Reader> reader_;
};

/// Why a member is refused for its name; nothing where it is not.
const ProblemKind* fault_of(NameFault fault) {
  switch (fault) {
    case NameFault::kNone:
      return nullptr;
    case NameFault::kAbsolute:
      return &kAbsolute;
    case NameFault::kUpwards:
      return &kUpwards;
    case NameFault::kNameless:
      return &kNameless;
    case NameFault::kDeep:
      break;
  }
  return &problem::kDeep;
}

class ArchiveFiles final : public BundleFiles {
 public:
  ArchiveFiles(std::string path, Compression compression)
      : path_(std::move(path)), compression_(compression) {}

  base::Result<> list(const runtime::RequestContext& context) {
    MIDWATCH_TRY(auto reader, Reader::open(path_, compression_, context));
    std::vector<model::Gap> damage;
    if (auto error = take_all(*reader)) {
      const bool ends =
          error->code == base::ErrorCode::kCancelled || error->code == base::ErrorCode::kTimeout;
      if (members_.empty() || too_many_ || ends) return *std::move(error);
      const std::string why = error->describe();
      damage.push_back(
          gap_about("archive", fmt::format("the archive: {}; what came before the damage is read", why),
                    fmt::format("アーカイブが壊れています（{}）。破損箇所より前は読みました", why)));
    }
    hand_over(std::move(damage));
    return {};
  }

 protected:
  base::Result<std::unique_ptr<ByteSource>> open_stored(
      const BundleFile& file, const runtime::RequestContext& context) const override {
    const auto member = members_.find(prefix_ + file.path);
    if (member == members_.end()) {
      return base::internal_error(fmt::format("no such member: {}", file.path));
    }
    if (member->second.kept) return memory_source(member->second.bytes);
    MIDWATCH_TRY(auto reader, Reader::open(path_, compression_, context));
    for (std::size_t at = 0;; ++at) {
      MIDWATCH_TRY(const bool more, reader->next());
      if (!more)
        return base::user_error(base::ErrorCode::kMalformed, "the archive changed while it was read");
      if (at == member->second.position) break;
    }
    return std::unique_ptr<ByteSource>(std::make_unique<MemberSource>(std::move(reader)));
  }

 private:
  struct Member {
    std::size_t position = 0;
    std::uint64_t size = 0;
    bool kept = false;
    std::string bytes;
  };

  /// Takes member after member; what ended it before the end, or nothing.
  std::optional<base::Error> take_all(Reader& reader) {
    while (true) {
      auto more = reader.next();
      if (!more) return std::move(more).error();
      if (!*more) break;
      if (position_ >= kMaxMembers) {
        too_many_ = true;
        return base::user_error(
            base::ErrorCode::kResourceExhausted,
            fmt::format("an archive of more than {} members, which no bundle has", kMaxMembers));
      }
      take(reader);
    }
    auto more = reader.drain();
    if (!more) return std::move(more).error();
    if (*more) problems_.add(kBehind, "archive");
    return std::nullopt;
  }

  void take(Reader& reader) {
    archive_entry* entry = reader.entry();
    Member member;
    member.position = position_++;
    const char* raw = archive_entry_pathname_utf8(entry);
    if (raw == nullptr) raw = archive_entry_pathname(entry);  // no UTF-8: what it is, is seen below
    const std::string name = base::repair_utf8(raw ? raw : "");
    std::string plain;
    const ProblemKind* refused = fault_of(clients::archive::make_plain(name, plain));
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFDIR) {
      if (refused == nullptr) folders_.push_back(plain);
      return;
    }
    if (type == AE_IFLNK || archive_entry_hardlink(entry) != nullptr) {
      refused = &problem::kLink;
    } else if (type != AE_IFREG) {
      refused = &problem::kSpecial;
    } else if (archive_entry_sparse_count(entry) > 0) {
      refused = &kSparse;  // its holes would be made up here, without end where it says so
    }
    if (refused == nullptr && members_.contains(plain)) refused = &kRepeated;
    if (refused != nullptr) {
      problems_.add(*refused, name);
      return;
    }
    member.size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
    if (member.size <= kKeepMember && kept_ + member.size <= kKeepTotal) keep(reader, member);
    members_.emplace(std::move(plain), std::move(member));
  }

  /// A member that breaks off is not kept: who opens it meets the damage.
  void keep(Reader& reader, Member& member) {
    std::string bytes(member.size, '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
      const auto got = reader.read(bytes.data() + filled, bytes.size() - filled);
      if (!got || *got == 0) return;
      filled += *got;
    }
    member.bytes = std::move(bytes);
    member.kept = true;
    kept_ += filled;
  }

  /// A bundle is often packed with its folder: the folder that holds the shallowest bundle.json is the root.
  void hand_over(std::vector<model::Gap> damage) {
    const std::string* best = nullptr;
    for (const auto& [name, member] : members_) {
      const std::string_view view = without_compression(name);
      if (view != "bundle.json" && !view.ends_with("/bundle.json")) continue;
      if (!best || std::count(name.begin(), name.end(), '/') < std::count(best->begin(), best->end(), '/'))
        best = &name;
    }
    if (best) prefix_ = best->substr(0, best->rfind('/') + 1);
    std::vector<BundleFile> files;
    for (const auto& [name, member] : members_) {
      if (name.starts_with(prefix_)) {
        std::string path = name.substr(prefix_.size());
        std::string plain(without_compression(path));
        files.push_back({std::move(path), std::move(plain), member.size});
      } else {
        problems_.add(kOutside, name);
      }
    }
    std::vector<std::string> folders;
    for (const auto& folder : folders_) {
      if (folder.size() > prefix_.size() && folder.starts_with(prefix_))
        folders.push_back(folder.substr(prefix_.size()));
    }
    for (auto& gap : problems_.gaps()) damage.push_back(std::move(gap));
    set_members(std::move(files), std::move(folders), std::move(damage));
  }

  std::string path_;
  Compression compression_;
  std::string prefix_;
  std::map<std::string, Member> members_;
  std::vector<std::string> folders_;
  MemberProblems problems_;
  std::size_t position_ = 0;
  std::uint64_t kept_ = 0;
  bool too_many_ = false;
};

/// What a file is that is no tar archive, as advice; empty where nobody knows.
std::string_view advice_about(std::string_view head) {
  const std::size_t text = head.find_first_not_of(" \t\r\n");
  if (head.empty()) return "it is empty";
  if (head.starts_with("PK\x03\x04")) return "it is a zip archive: unpack it and give its folder";
  if (head.starts_with("7z\xBC\xAF")) return "it is a 7z archive: unpack it and give its folder";
  if (head.starts_with("\xFD"
                       "7zXZ") ||
      head.starts_with("BZh"))
    return "it is compressed with xz or bzip2: pack it as .tar.gz or .tar.zst";
  if (text != std::string_view::npos && head[text] == '{')
    return "it is a JSON file: give the folder that holds bundle.json";
  return {};
}

}  // namespace

base::Result<std::unique_ptr<BundleFiles>> open_archive(const std::string& path,
                                                        const runtime::RequestContext& context) {
  MIDWATCH_TRY(const auto file, open_file(path));
  std::string head(kHead, '\0');
  MIDWATCH_TRY(const std::size_t got, file->read(head.data(), head.size()));
  head.resize(got);
  auto files = std::make_unique<ArchiveFiles>(path, compression_of_content(head));
  const std::string_view advice = advice_about(head);
  if (!advice.empty()) {
    return base::user_error(base::ErrorCode::kMalformed,
                            fmt::format("{} is no incident bundle: {}", path, advice));
  }
  if (auto listed = files->list(context); !listed) return std::move(listed).error().with(path);
  return std::unique_ptr<BundleFiles>(std::move(files));
}

}  // namespace midwatch::connectors::bundle

#include "src/clients/archive/zip_files.h"

#include <algorithm>
#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/clients/archive/member_name.h"

namespace midwatch::clients::archive {
namespace {

constexpr std::size_t kReasonBytes = 200;

using Handle = std::unique_ptr<::archive, decltype(&archive_read_free)>;

class Reading {
 public:
  Reading(std::string_view bytes, const ZipLimits& limits) : bytes_(bytes), limits_(limits) {}

  base::Result<ZipFiles> run(const std::function<bool(std::string_view path)>& wanted) {
    archive_read_support_format_zip_seekable(zip_.get());
    if (archive_read_open_memory(zip_.get(), bytes_.data(), bytes_.size()) != ARCHIVE_OK) return damaged();
    while (true) {
      archive_entry* entry = nullptr;
      const int status = archive_read_next_header(zip_.get(), &entry);
      if (status == ARCHIVE_EOF) return std::move(out_);
      if (status < ARCHIVE_WARN) return damaged();
      MIDWATCH_TRY_VOID(take(entry, wanted));
    }
  }

 private:
  base::Error damaged() const {
    const char* why = archive_error_string(zip_.get());
    return base::external_error(
        base::ErrorCode::kMalformed,
        fmt::format("a damaged zip archive, or none ({})",
                    base::printable(why != nullptr ? why : "no reason given", kReasonBytes)));
  }

  base::Result<> take(archive_entry* entry, const std::function<bool(std::string_view path)>& wanted) {
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFDIR) return {};
    const auto size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
    all_ += size;
    if (++out_.members > limits_.members || all_ > limits_.all_bytes) {
      return base::external_error(base::ErrorCode::kResourceExhausted,
                                  fmt::format("an archive of more than {} files or {} MB unpacked",
                                              limits_.members, limits_.all_bytes / 1'000'000));
    }
    const char* raw = archive_entry_pathname_utf8(entry);
    if (raw == nullptr) raw = archive_entry_pathname(entry);  // no UTF-8: what it is, is seen below
    const std::string name = raw != nullptr ? raw : "";
    std::string plain;
    const bool regular = type == AE_IFREG && archive_entry_hardlink(entry) == nullptr;
    if (!regular || make_plain(name, plain) != NameFault::kNone || !is_ordinary(plain) || collides(plain)) {
      ++out_.refused;
      return {};
    }
    if (!wanted(plain)) return {};
    if (size > limits_.file_bytes || kept_ + size > limits_.kept_bytes) {
      ++out_.too_large;
      return {};
    }
    return unpack(std::move(plain), size);
  }

  /// A file is as long as the archive says, with the sum that it says, or it is damaged: nothing grows while
  /// it is unpacked.
  base::Result<> unpack(std::string plain, std::uint64_t size) {
    std::string content(size + 1, '\0');  // one more: only at its end is the sum of a file compared
    std::size_t filled = 0;
    while (filled < content.size()) {
      const la_ssize_t got = archive_read_data(zip_.get(), content.data() + filled, content.size() - filled);
      if (got < 0) return damaged();
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    if (filled != size) {
      return base::external_error(base::ErrorCode::kMalformed,
                                  fmt::format("a damaged zip archive ({} is not as long as it says)",
                                              base::printable(plain, kReasonBytes)));
    }
    content.resize(filled);
    kept_ += filled;
    out_.files.emplace(std::move(plain), std::move(content));
    return {};
  }

  /// Text of a name, without what would be a separator elsewhere.
  static bool is_ordinary(std::string_view plain) {
    constexpr std::size_t kNoBound = 4 * kMaxPathBytes;
    return plain.find_first_of("\\:") == std::string_view::npos && base::repair_utf8(plain) == plain &&
           base::printable(plain, kNoBound) == plain;
  }

  /// True where a file has the name, or the name is a folder of a file, or the other way round.
  bool collides(const std::string& plain) const {
    if (out_.files.contains(plain)) return true;
    for (std::size_t slash = plain.find('/'); slash != std::string::npos;
         slash = plain.find('/', slash + 1)) {
      if (out_.files.contains(plain.substr(0, slash))) return true;
    }
    const auto inside = out_.files.lower_bound(plain + "/");
    return inside != out_.files.end() && inside->first.starts_with(plain + "/");
  }

  std::string_view bytes_;
  const ZipLimits& limits_;
  Handle zip_{archive_read_new(), archive_read_free};
  ZipFiles out_;
  std::uint64_t all_ = 0;
  std::uint64_t kept_ = 0;
};

}  // namespace

base::Result<ZipFiles> read_zip(std::string_view bytes, const ZipLimits& limits,
                                const std::function<bool(std::string_view path)>& wanted) {
  return Reading(bytes, limits).run(wanted);
}

}  // namespace midwatch::clients::archive

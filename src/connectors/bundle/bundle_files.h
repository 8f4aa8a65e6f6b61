#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/clients/archive/member_name.h"
#include "src/connectors/bundle/byte_source.h"
#include "src/model/investigation_record.h"

namespace midwatch::connectors::bundle {

/// One member of a bundle.
struct BundleFile {
  std::string path;  ///< relative to the bundle, with `/`, as stored (with `.gz` or `.zst`)
  std::string name;  ///< the same without `.gz` or `.zst`: how people and evidence call it
  std::uint64_t stored_bytes = 0;
};

/// The files of a bundle: a folder, or an archive (.tar, .tar.gz, .tar.zst) that is never unpacked to disk.
///
/// Members that could reach outside (absolute names, `..`, links, devices) are refused and listed; a damaged
/// archive gives what came before the damage. What a file is called and in which order files come depends
/// neither on the container nor on compression. Threads: open() may be called from several threads at once.
class BundleFiles {
 public:
  virtual ~BundleFiles() = default;

  /// Opens a bundle. Errors: kNotFound; kPermissionDenied; kMalformed (neither a folder nor an archive, or
  /// without a bundle.json); kCancelled, kTimeout.
  static base::Result<std::unique_ptr<BundleFiles>> open_bundle(const std::string& path,
                                                                const runtime::RequestContext& context);

  /// Opens one member, decompressed. Errors: those of ByteSource.
  base::Result<std::unique_ptr<ByteSource>> open(const BundleFile& file,
                                                 const runtime::RequestContext& context) const;

  /// All members, ordered by name; no two have the same name.
  const std::vector<BundleFile>& files() const { return files_; }
  /// What was refused, damaged or left out.
  const std::vector<model::Gap>& gaps() const { return gaps_; }

  /// The members that make up one signal: `stem.ext`, and the parts in the folder `stem/`.
  std::vector<BundleFile> signal(std::string_view stem, std::string_view extension) const;
  /// True where the folder `stem/` is there, even if it is empty.
  bool has_folder(std::string_view stem) const;
  /// The position of a member in files().
  std::uint32_t position(const BundleFile& file) const;

 protected:
  /// Opens one member as it is stored.
  virtual base::Result<std::unique_ptr<ByteSource>> open_stored(
      const BundleFile& file, const runtime::RequestContext& context) const = 0;

  /// To be called once by who lists the members.
  void set_members(std::vector<BundleFile> files, std::vector<std::string> folders,
                   std::vector<model::Gap> gaps);

 private:
  std::vector<BundleFile> files_;
  std::vector<std::string> folders_;  // ordered
  std::vector<model::Gap> gaps_;
};

/// `path` without `.gz` or `.zst`.
std::string_view without_compression(std::string_view path);

/// A bundle has at most so many members; what is beyond is no bundle, or an attack.
inline constexpr std::size_t kMaxMembers = 100'000;
using clients::archive::kMaxPathBytes;
using clients::archive::kMaxPathDepth;

}  // namespace midwatch::connectors::bundle

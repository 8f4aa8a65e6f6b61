#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/connectors/bundle/byte_source.h"

namespace midwatch::connectors::bundle {

/// One member of a bundle. `path` is relative to the bundle, with `/`, as stored (with `.gz` or `.zst`).
struct BundleFile {
  std::string path;
  std::uint64_t stored_bytes = 0;
};

/// The files of a bundle: a folder, or an archive (.tar, .tar.gz, .tar.zst) that is never unpacked to disk.
///
/// Members that could reach outside (absolute names, `..`, links, devices) are refused and listed; a damaged
/// archive gives what came before the damage. Threads: open() may be called from several threads at once.
class BundleFiles {
 public:
  virtual ~BundleFiles() = default;

  /// Opens a bundle. Errors: kNotFound, kMalformed (neither a folder nor an archive that holds a
  /// bundle.json).
  static base::Result<std::unique_ptr<BundleFiles>> open_bundle(const std::string& path);

  /// All members, ordered by path.
  virtual const std::vector<BundleFile>& files() const = 0;
  /// What was refused or damaged, as sentences for people.
  virtual const std::vector<std::string>& problems() const = 0;
  /// Opens one member, decompressed.
  virtual base::Result<std::unique_ptr<ByteSource>> open(const BundleFile& file) const = 0;

  /// The members that make up one signal: `stem.ext`, `stem.ext.gz`, `stem.ext.zst`, and the parts in the
  /// folder `stem/`.
  std::vector<BundleFile> signal(std::string_view stem, std::string_view extension) const;
};

}  // namespace midwatch::connectors::bundle

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "src/base/result.h"

namespace midwatch::clients::archive {

struct ZipLimits {
  std::uint64_t all_bytes;   ///< of all members, unpacked, as the archive says; more is refused as a whole
  std::uint64_t file_bytes;  ///< of one file that is unpacked
  std::uint64_t kept_bytes;  ///< of all files that are unpacked together
  std::size_t members = 100'000;
};

struct ZipFiles {
  std::map<std::string, std::string> files;  ///< content by plain path, of those that were wanted
  std::size_t members = 0;                   ///< regular files, wanted or not
  std::size_t refused = 0;                   ///< links, devices, names that lead elsewhere or occur twice
  std::size_t too_large = 0;                 ///< wanted, but beyond the limits
};

/// Unpacks the wanted files of a zip archive in memory.
///
/// Errors: kMalformed: no zip archive, a damaged one, an encrypted one; kResourceExhausted: it is beyond
///         `all_bytes` or `members`.
base::Result<ZipFiles> read_zip(std::string_view bytes, const ZipLimits& limits,
                                const std::function<bool(std::string_view path)>& wanted);

}  // namespace midwatch::clients::archive

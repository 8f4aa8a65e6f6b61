#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "src/base/result.h"

namespace midwatch::connectors::bundle {

/// Gives bytes in order, a piece at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Reads at most `size` bytes; 0 means the end. Errors: kMalformed (a damaged archive), kUnavailable (I/O),
  /// kResourceExhausted (a decompression bomb).
  virtual base::Result<std::size_t> read(char* into, std::size_t size) = 0;
};

/// Opens a plain file. Errors: kNotFound, kPermissionDenied, kUnavailable.
base::Result<std::unique_ptr<ByteSource>> open_file(const std::string& path);

/// Undoes gzip or zstd, by the name's ending (`.gz`, `.zst`); other names give `source` unchanged.
/// Output of more than 1000 times the input beyond the first 64 MiB is refused as a decompression bomb.
std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, const std::string& name);

/// Reads everything, at most `limit` bytes. Errors: kResourceExhausted where there is more.
base::Result<std::string> read_all(ByteSource& source, std::size_t limit);

}  // namespace midwatch::connectors::bundle

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/runtime/request_context.h"

namespace midwatch::connectors::bundle {

/// Gives bytes in order, a piece at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Reads at most `size` bytes; 0 means the end. Errors: kMalformed (a damaged archive), kUnavailable (I/O),
  /// kResourceExhausted (a decompression bomb), kCancelled and kTimeout (of the RequestContext).
  virtual base::Result<std::size_t> read(char* into, std::size_t size) = 0;
};

enum class Compression { kNone, kGzip, kZstd };

/// By the ending of a name: `.gz` and `.zst`, and the short forms of archives `.tgz` and `.tzst`.
Compression compression_of_name(std::string_view name);
/// By the first four bytes of the content (RFC 1952 section 2.3.1, RFC 8878 sections 3.1.1 and 3.1.2).
Compression compression_of_content(std::string_view first_bytes);

/// Opens a plain file. Errors: kNotFound, kPermissionDenied, kUnavailable.
base::Result<std::unique_ptr<ByteSource>> open_file(const std::string& path);

/// Gives bytes that somebody else keeps.
std::unique_ptr<ByteSource> memory_source(std::string_view bytes);

/// The same bytes, but asks `context` before each piece whether the reader should still go on.
std::unique_ptr<ByteSource> cancellable(std::unique_ptr<ByteSource> source,
                                        const runtime::RequestContext& context);

/// Undoes a compression. Several gzip members or zstd frames in a row are one text; zeros behind them are
/// padding. Output of more than 1000 times the input beyond the first 64 MiB is refused as a decompression
/// bomb; a zstd frame may ask for at most 128 MiB of memory.
std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, Compression compression);

/// Reads everything, at most `limit` bytes. Errors: kResourceExhausted where there is more.
base::Result<std::string> read_all(ByteSource& source, std::size_t limit);

}  // namespace midwatch::connectors::bundle

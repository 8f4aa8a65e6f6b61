#include "src/connectors/bundle/byte_source.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "src/base/try.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kInputPiece = 256UL * 1024;
constexpr std::uint64_t kBombFloor = 64ULL * 1024 * 1024;
constexpr std::uint64_t kBombRatio = 1000;

class FileSource final : public ByteSource {
 public:
  explicit FileSource(int descriptor) : descriptor_(descriptor) {}
  ~FileSource() override { ::close(descriptor_); }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  base::Result<std::size_t> read(char* into, std::size_t size) override {
    while (true) {
      const ssize_t got = ::read(descriptor_, into, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) {
        return base::environment_error(base::ErrorCode::kUnavailable,
                                       fmt::format("cannot read: {}", std::strerror(errno)));
      }
    }
  }

 private:
  int descriptor_;
};

/// Compressed input, and the account that tells a bomb from a good ratio.
class Inflow {
 public:
  explicit Inflow(std::unique_ptr<ByteSource> source) : source_(std::move(source)), buffer_(kInputPiece) {}

  base::Result<std::size_t> refill() {
    MIDWATCH_TRY(const std::size_t got, source_->read(buffer_.data(), buffer_.size()));
    in_ += got;
    return got;
  }
  char* data() { return buffer_.data(); }

  base::Result<> produced(std::size_t bytes) {
    out_ += bytes;
    if (out_ > kBombFloor && out_ > in_ * kBombRatio) {
      return base::user_error(
          base::ErrorCode::kResourceExhausted,
          fmt::format("looks like a decompression bomb: {} bytes from {}; it is not read further", out_,
                      in_));
    }
    return {};
  }

 private:
  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::uint64_t in_ = 0;
  std::uint64_t out_ = 0;
};

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> source) : in_(std::move(source)) {
    inflateInit2(&stream_, 15 + 16);  // 16: a gzip header is expected
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  base::Result<std::size_t> read(char* into, std::size_t size) override {
    if (done_) return 0;
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size) {
      if (stream_.avail_in == 0) {
        MIDWATCH_TRY(const std::size_t got, in_.refill());
        if (got == 0) {
          if (at_member_start_) {
            done_ = true;
            return 0;
          }
          return base::user_error(base::ErrorCode::kMalformed,
                                  "gzip data ends in the middle; the file is cut");
        }
        stream_.next_in = reinterpret_cast<Bytef*>(in_.data());
        stream_.avail_in = static_cast<uInt>(got);
      }
      at_member_start_ = false;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {  // another gzip member may follow
        inflateReset(&stream_);
        at_member_start_ = true;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return base::user_error(base::ErrorCode::kMalformed, "not valid gzip data");
      }
    }
    const std::size_t made = size - stream_.avail_out;
    MIDWATCH_TRY_VOID(in_.produced(made));
    return made;
  }

 private:
  Inflow in_;
  z_stream stream_{};
  bool at_member_start_ = true;
  bool done_ = false;
};

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> source)
      : in_(std::move(source)), stream_(ZSTD_createDStream()) {
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax,
                           27);  // 128 MiB: bounds the memory a frame may ask for
  }
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

  base::Result<std::size_t> read(char* into, std::size_t size) override {
    ZSTD_outBuffer out{into, size, 0};
    while (out.pos == 0) {
      if (pending_.pos == pending_.size) {
        MIDWATCH_TRY(const std::size_t got, in_.refill());
        if (got == 0) {
          if (frame_open_) {
            return base::user_error(base::ErrorCode::kMalformed,
                                    "zstd data ends in the middle; the file is cut");
          }
          return 0;
        }
        pending_ = {in_.data(), got, 0};
      }
      const std::size_t status = ZSTD_decompressStream(stream_, &out, &pending_);
      if (ZSTD_isError(status)) {
        return base::user_error(base::ErrorCode::kMalformed,
                                fmt::format("not valid zstd data: {}", ZSTD_getErrorName(status)));
      }
      frame_open_ = status != 0;
    }
    MIDWATCH_TRY_VOID(in_.produced(out.pos));
    return out.pos;
  }

 private:
  Inflow in_;
  ZSTD_DStream* stream_;
  ZSTD_inBuffer pending_{nullptr, 0, 0};
  bool frame_open_ = false;
};

}  // namespace

base::Result<std::unique_ptr<ByteSource>> open_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const base::ErrorCode code = errno == ENOENT                     ? base::ErrorCode::kNotFound
                                 : errno == EACCES || errno == EPERM ? base::ErrorCode::kPermissionDenied
                                                                     : base::ErrorCode::kUnavailable;
    return base::user_error(code, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  }
  return std::unique_ptr<ByteSource>(std::make_unique<FileSource>(descriptor));
}

std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, const std::string& name) {
  if (name.ends_with(".gz")) return std::make_unique<GzipSource>(std::move(source));
  if (name.ends_with(".zst")) return std::make_unique<ZstdSource>(std::move(source));
  return source;
}

base::Result<std::string> read_all(ByteSource& source, std::size_t limit) {
  std::string all;
  std::vector<char> piece(kInputPiece);
  while (true) {
    MIDWATCH_TRY(const std::size_t got, source.read(piece.data(), piece.size()));
    if (got == 0) return all;
    if (all.size() + got > limit) {
      return base::user_error(base::ErrorCode::kResourceExhausted,
                              fmt::format("larger than {} bytes", limit));
    }
    all.append(piece.data(), got);
  }
}

}  // namespace midwatch::connectors::bundle

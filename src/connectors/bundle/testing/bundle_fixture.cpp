#include "src/connectors/bundle/testing/bundle_fixture.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

namespace midwatch::connectors::bundle::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTarBlock = 512;

void put(std::string& block, std::size_t at, std::string_view text) {
  block.replace(at, text.size(), text);
}

std::string tar_header(const TarMember& member) {
  std::string block(kTarBlock, '\0');
  put(block, 0, std::string_view(member.name).substr(0, 100));
  put(block, 100, "0000644");
  put(block, 108, "0000000");
  put(block, 116, "0000000");
  put(block, 124, fmt::format("{:011o}", member.declared.value_or(member.content.size())));
  put(block, 136, "00000000000");
  block[156] = member.type;
  put(block, 157, std::string_view(member.link).substr(0, 100));
  put(block, 257, std::string_view("ustar\00000", 8));
  put(block, 148, "        ");
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(block, 148, fmt::format("{:06o}", sum));
  block[154] = '\0';
  return block;
}

void write_file(const fs::path& path, std::string_view content) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "midwatch-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

std::string TemporaryFolder::write(std::string_view name, std::string_view content) const {
  const fs::path path = fs::path(path_) / name;
  write_file(path, content);
  return path.string();
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib");
  std::string out(deflateBound(&stream, text.size()), '\0');
  std::string in(text);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view text) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);  // as the zstd command does
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

std::string tar(const std::vector<TarMember>& members) {
  std::string out;
  for (const TarMember& member : members) {
    out += tar_header(member);
    out += member.content;
    out.append((kTarBlock - member.content.size() % kTarBlock) % kTarBlock, '\0');
  }
  out.append(2 * kTarBlock, '\0');
  return out;
}

std::string write_bundle(const TemporaryFolder& folder, const Files& files, Container container,
                         Members members) {
  Files stored;
  for (const auto& [name, content] : files) {
    if (members == Members::kPlain || name == "bundle.json") stored[name] = content;
    if (members == Members::kGzip && name != "bundle.json") stored[name + ".gz"] = gzip(content);
    if (members == Members::kZstd && name != "bundle.json") stored[name + ".zst"] = zstd(content);
  }
  if (container == Container::kFolder) {
    for (const auto& [name, content] : stored) folder.write("bundle/" + name, content);
    return folder.path() + "/bundle";
  }
  std::vector<TarMember> packed;
  for (const auto& [name, content] : stored) packed.push_back({name, content});
  const std::string archive = tar(packed);
  if (container == Container::kTarGz) return folder.write("bundle.tar.gz", gzip(archive));
  if (container == Container::kTarZst) return folder.write("bundle.tar.zst", zstd(archive));
  return folder.write("bundle.tar", archive);
}

std::string bundle_json(std::string_view more) {
  return fmt::format(
      R"({{"format":"midwatch.bundle/v1","id":"t1","alarm":{{"name":"errors","entity":"web","time":1767574800}},)"
      R"("window":{{"start":1767574500,"end":1767575400}},"baseline":{{"start":1767571200,"end":1767574500}}{}{}}})",
      more.empty() ? "" : ",", more);
}

}  // namespace midwatch::connectors::bundle::testing

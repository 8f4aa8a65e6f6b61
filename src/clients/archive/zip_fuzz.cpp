#include <cstdint>
#include <cstdlib>
#include <string>

#include "src/base/utf8.h"
#include "src/clients/archive/zip_files.h"

// Any bytes are an archive or an error. What comes out has plain names and is within its limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  constexpr clients::archive::ZipLimits kLimits{1U << 24U, 1U << 16U, 1U << 18U, 1000};
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto read = clients::archive::read_zip(bytes, kLimits, [](std::string_view) { return true; });
  if (!read) return 0;
  std::size_t kept = 0;
  for (const auto& [path, content] : read->files) {
    const std::string around = "/" + path + "/";
    if (path.empty() || around.find("/../") != std::string::npos || around.find("//") != std::string::npos ||
        path.find('\\') != std::string::npos || base::repair_utf8(path) != path ||
        content.size() > kLimits.file_bytes)
      std::abort();
    kept += content.size();
  }
  if (kept > kLimits.kept_bytes || read->files.size() + read->refused + read->too_large > read->members)
    std::abort();
  return 0;
}

#include <cstdint>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "src/base/clock.h"
#include "src/connectors/bundle/archive_files.h"

// Any bytes are an archive or an error. No member's name reaches outside, and every member can be read or
// says why not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  using namespace midwatch::connectors::bundle;
  static const base::ManualClock kClock{base::Timestamp{}};
  const auto context = runtime::RequestContext::unlimited(kClock);
  const int file = ::memfd_create("archive", MFD_CLOEXEC);
  if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
  const auto files = open_archive("/proc/self/fd/" + std::to_string(file), context);
  if (files) {
    std::size_t opened = 0;
    for (const auto& member : (*files)->files()) {
      const std::string path = "/" + member.path + "/";
      if (member.path.empty() || path.find("/../") != std::string::npos ||
          path.find("//") != std::string::npos)
        std::abort();
      if (++opened > 64) break;
      if (const auto source = (*files)->open(member, context)) (void)read_all(**source, 1U << 20U);
    }
  }
  ::close(file);
  return 0;
}

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/observe/lines/header.h"
#include "src/observe/templates/template_miner.h"

/// Mines any bytes, a line each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::observe::templates;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  TemplateMiner miner;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    miner.add(midwatch::observe::lines::split_header(text.substr(0, end)).message);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  const Templates templates = miner.finish();
  for (const ClusterId cluster : templates.cluster_of) {
    if (cluster >= templates.text.size()) std::abort();
  }
  return 0;
}

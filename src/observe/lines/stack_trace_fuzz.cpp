#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/observe/lines/stack_trace.h"
#include "src/observe/lines/trace_lines.h"

/// Reads any bytes as a stack trace, whole and line by line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::observe::lines;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  read_stack_trace(text);
  TraceLines trace;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    trace.continues(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return 0;
}

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/observe/lines/code_place.h"
#include "src/observe/lines/log_line.h"
#include "src/observe/lines/request_id.h"

/// Takes any bytes apart as a log body: JSON, logfmt, or words behind a header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::observe::lines;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  LogLineReader reader;
  const LogLine line = reader.read(body);
  if (line.message.find('\n') != std::string_view::npos) std::abort();
  severity_of(line, line.level);
  request_id_in(body);
  code_place(body);
  return 0;
}

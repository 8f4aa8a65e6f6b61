#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/observe/lines/access_line.h"
#include "src/observe/lines/lambda_line.h"
#include "src/observe/lines/statement_line.h"

/// Reads any bytes as a line of each known grammar.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::observe::lines;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  read_lambda_line(line);
  read_access_line(line);
  read_statement_line(line);
  return 0;
}

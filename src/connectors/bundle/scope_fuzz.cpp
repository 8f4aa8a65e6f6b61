#include <cstdint>
#include <cstdlib>

#include "src/connectors/bundle/scope_reader.h"

// Any bytes are a scope with a window that is not empty, or an error that names the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch::connectors::bundle;
  ReadProblems problems("bundle.json");
  const auto scope = read_scope({reinterpret_cast<const char*>(data), size}, problems);
  if (scope) {
    if (scope->window.empty() || (scope->baseline && scope->baseline->empty())) std::abort();
  } else if (!scope.error().message.starts_with("bundle.json: ")) {
    std::abort();
  }
  (void)problems.gaps();
  return 0;
}

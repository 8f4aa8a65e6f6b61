#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/clients/kubernetes/kubernetes_decoder.h"
#include "src/clients/kubernetes/owner_links.h"
#include "src/clients/kubernetes/reference_links.h"
#include "src/clients/kubernetes/tool_output.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  // NUL separates documents, so that links between them are reached as well.
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  telemetry::TelemetryBatch batch;
  std::uint32_t source = 0;
  while (true) {
    const std::size_t end = rest.find('\0');
    if (rest.starts_with("# argocd") || rest.starts_with("# helm")) {
      const std::string_view text = rest.substr(0, end);
      clients::kubernetes::decode_tool_output(text[2] == 'a' ? "argocd" : "helm", {text, {source, 0}, {}},
                                              batch);
    }
    clients::kubernetes::decode_kubectl_output(
        {rest.substr(0, end), {source++, 0}, base::parse_rfc3339("2030-05-01T12:00:00Z")}, batch);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  clients::kubernetes::link_owners(batch);
  clients::kubernetes::link_references(batch);
  return 0;
}

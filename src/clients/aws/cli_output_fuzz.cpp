#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/clients/aws/aws_decoder.h"
#include "src/clients/aws/resource_links.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  midwatch::telemetry::TelemetryBatch batch;
  midwatch::clients::aws::decode_cli_output({text, {}, {}}, batch);
  midwatch::clients::aws::link_resources(batch);
  return 0;
}

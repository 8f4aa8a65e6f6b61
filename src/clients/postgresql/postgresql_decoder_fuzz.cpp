#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/clients/postgresql/postgresql_decoder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  telemetry::TelemetryBatch batch;
  clients::postgresql::decode_psql_output({{reinterpret_cast<const char*>(data), size},
                                           std::string(clients::postgresql::kUnnamed),
                                           {0, 0},
                                           1,
                                           base::parse_rfc3339("2030-05-01T12:00:00Z")},
                                          batch);
  clients::postgresql::link_databases(batch);
  return 0;
}

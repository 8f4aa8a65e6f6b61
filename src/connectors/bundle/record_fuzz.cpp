#include <cstdint>
#include <cstdlib>

#include "src/base/utf8.h"
#include "src/connectors/bundle/record_reader.h"

// Any bytes, read as each kind of record, become records or are counted as lost.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  using namespace midwatch::connectors::bundle;
  for (const auto read : {&read_changes, &read_events, &read_entities, &read_relations}) {
    const auto source = memory_source({reinterpret_cast<const char*>(data), size});
    LineReader lines(*source);
    ReadProblems problems("records.ndjson");
    RecordBudget budget;
    telemetry::TelemetryBatch batch;
    const auto records = read(lines, 0, problems, budget, batch);
    if (!records) continue;
    const std::size_t kept =
        batch.changes.size() + batch.events.size() + batch.entities.size() + batch.relations.size();
    if (*records != kept + problems.lost()) std::abort();
    for (const auto& gap : problems.gaps()) {
      if (!base::is_valid_utf8(gap.what.en) || !base::is_valid_utf8(gap.what.ja)) std::abort();
    }
  }
  return 0;
}

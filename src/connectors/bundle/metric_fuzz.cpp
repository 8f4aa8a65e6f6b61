#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "src/base/utf8.h"
#include "src/connectors/bundle/metric_reader.h"

// Any bytes are rows, problems or an error; what is kept is bounded, finite, ascending and printable as
// UTF-8.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  using namespace midwatch::connectors::bundle;
  const auto source = memory_source({reinterpret_cast<const char*>(data), size});
  LineReader lines(*source);
  ReadProblems problems("metrics.csv");
  MetricReader reader({16, 32, 64});
  const auto records = reader.read(lines, problems);
  if (records && *records < problems.lost()) std::abort();
  std::vector<model::Gap> gaps;
  std::size_t points = 0;
  for (const auto& series : reader.finish("metrics.csv", gaps)) {
    if (series.points.empty() || series.key.entity.empty() || !base::is_valid_utf8(series.key.entity))
      std::abort();
    points += series.points.size();
    for (std::size_t i = 0; i < series.points.size(); ++i) {
      if (!std::isfinite(series.points[i].value)) std::abort();
      if (i > 0 && series.points[i].time <= series.points[i - 1].time) std::abort();
    }
  }
  // Each series may hold one point more: what waited for its neighbours.
  if (points > 64 + 16) std::abort();
  return 0;
}

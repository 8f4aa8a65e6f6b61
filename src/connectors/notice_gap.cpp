#include "src/connectors/notice_gap.h"

#include <fmt/format.h>

namespace midwatch::connectors {

model::Gap gap_of_notice(std::string_view source, const telemetry::DecodeNotice& notice) {
  model::Gap gap;
  gap.source = std::string(source);
  gap.query = notice.query.empty() ? gap.source : notice.query;
  gap.what.en = fmt::format("{}: {}", source, notice.message);
  gap.what.ja = notice.message_ja.empty()
                    ? fmt::format("{} を解釈できない部分があります: {}", source, notice.message)
                    : fmt::format("{}: {}", source, notice.message_ja);
  return gap;
}

std::size_t records_in(const telemetry::TelemetryBatch& batch) {
  return batch.entities.size() + batch.relations.size() + batch.instances.size() + batch.events.size() +
         batch.changes.size() + batch.metrics.size() + batch.logs.size() + batch.spans.size() +
         batch.listings.size() + batch.absences.size();
}

}  // namespace midwatch::connectors

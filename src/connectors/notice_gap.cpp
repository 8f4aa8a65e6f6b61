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

}  // namespace midwatch::connectors

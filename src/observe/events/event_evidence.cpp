#include "src/observe/events/event_evidence.h"

#include <fmt/format.h>

#include "src/base/digest.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::observe::events {
namespace {

constexpr std::size_t kExcerpt = 400;

}  // namespace

model::Evidence event_evidence(const telemetry::PlatformEvent& event, const SourceName& source_name) {
  model::Evidence evidence;
  evidence.kind = model::EvidenceKind::kRecord;
  evidence.source = source_name(event.ref.source);
  evidence.query = fmt::format("{}:{}", evidence.source, event.ref.line);
  evidence.entity = event.entity;
  evidence.ref = event.ref;
  std::string text = event.source;
  for (const std::string* part : {&event.type, &event.reason, &event.message}) {
    if (!part->empty()) text += (text.empty() ? "" : " · ") + *part;
  }
  evidence.excerpt = base::printable(base::redact(text), kExcerpt);
  evidence.digest = base::sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", event.entity, event.source,
                                                 event.type, event.reason, event.message, event.count));
  evidence.id = model::evidence_id(evidence);
  return evidence;
}

}  // namespace midwatch::observe::events

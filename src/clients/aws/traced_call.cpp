#include "src/clients/aws/traced_call.h"

#include <utility>

#include "src/clients/aws/document.h"

namespace midwatch::clients::aws {

void add_traced_call(TracedCall call, telemetry::TelemetryBatch& out) {
  // Whoever answers with spans is called by them, under its own name.
  if (call.answered_by_spans || call.callee.empty() || call.callee == call.seen.entity) return;
  relate(out, call.seen.entity, call.callee, telemetry::RelationKind::kCalls, call.seen.ref);
  if (call.outside) {
    telemetry::Entity host;
    host.id = call.callee;
    host.type = "remote";
    host.ref = call.seen.ref;
    out.entities.push_back(std::move(host));
  }
  telemetry::OwnedSpan span = std::move(call.seen);
  span.parent_span_id = span.span_id;
  span.span_id += "/called";
  span.entity = std::move(call.callee);
  if (!call.operation.empty()) span.name = std::move(call.operation);
  span.status = call.failed ? telemetry::SpanStatus::kError : telemetry::SpanStatus::kOk;
  out.spans.push_back(std::move(span));
}

std::string_view host_of_address(std::string_view address) {
  if (const std::size_t scheme = address.find("://"); scheme != std::string_view::npos)
    address.remove_prefix(scheme + 3);
  address = address.substr(0, address.find_first_of("/?#"));
  if (const std::size_t user = address.rfind('@'); user != std::string_view::npos)
    address.remove_prefix(user + 1);
  return address.substr(0, address.find(':'));
}

}  // namespace midwatch::clients::aws

#pragma once

#include <string>
#include <string_view>

#include "src/telemetry/telemetry_batch.h"

// What a trace tells of somebody who records no spans of their own: a table, a partner, a database. X-Ray
// shows such a node on its map; here it gets the span that it would have written.

namespace midwatch::clients::aws {

/// A call as its caller saw it.
struct TracedCall {
  telemetry::OwnedSpan seen;       ///< the caller's span
  std::string callee;              ///< empty: nobody says who is called
  std::string operation;           ///< what was asked of it: "GetItem", "POST"
  bool outside = false;            ///< a host that nobody says to be a resource of AWS or a database
  bool failed = false;             ///< the callee itself answered with a failure (5xx)
  bool answered_by_spans = false;  ///< the callee's own spans are there
};

/// Where the callee wrote no span itself: relates caller and callee, and adds the span that the callee would
/// have written, all the time that the call took, beneath the caller's span.
void add_traced_call(TracedCall call, telemetry::TelemetryBatch& out);

/// The host of an address: "https://user@api.example:443/v1" and "postgresql://db.example:5432/app" give
/// "api.example" and "db.example". A bare host stays.
std::string_view host_of_address(std::string_view address);

}  // namespace midwatch::clients::aws

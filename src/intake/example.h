#pragma once

#include <string_view>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/http/server/server.h"
#include "src/intake/webhook.h"

namespace midwatch::intake {

/// The name of the alarm in an example, by which people know it again.
inline constexpr std::string_view kExampleAlarm = "midwatch-rehearsal";

/// A message of a made-up alarm, as the sender of a webhook would send it now, with the first of its secrets:
/// to see whether the webhook is set up rightly. Pure. Errors: kUnsupported: nobody but the sender can sign.
base::Result<http::ServerRequest> example_request(const Webhook& webhook, base::Timestamp now);

}  // namespace midwatch::intake

#pragma once

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/http/server/server.h"
#include "src/intake/certificate_source.h"
#include "src/intake/decoded.h"
#include "src/intake/webhook.h"

namespace midwatch::intake {

/// Checks who sent a request to a webhook, and reads it.
///
/// Shape:  alarms without `id`; where the sender said no time, `since` is when they came. The confirmation
///         that SNS asks for has been checked to be an address of SNS.
/// Errors: kInvalidArgument: the webhook is configured wrongly, see check(); kUnauthenticated: nothing proves
///         the sender; kMalformed: the body is no message of this dialect; kResourceExhausted: it is too
///         large, or holds too many alarms; kUnavailable: the signing certificate could not be had.
base::Result<Decoded> receive(const Webhook& webhook, const http::ServerRequest& request,
                              CertificateSource& certificates, const base::Clock& clock);

}  // namespace midwatch::intake

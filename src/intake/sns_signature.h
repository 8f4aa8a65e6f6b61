#pragma once

#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/base/time.h"
#include "src/intake/certificate_source.h"
#include "src/intake/webhook.h"

namespace midwatch::intake {

/// Checks that SNS signed a message, that it is of an accepted topic, and that it is not old.
///
/// Errors: kUnauthenticated; kUnavailable where the certificate cannot be had.
/// Source: SNS Developer Guide, "Verifying the signatures of Amazon SNS messages".
base::Result<> check_sns_signature(const base::Json& message, const Webhook& webhook,
                                   CertificateSource& certificates, base::Timestamp now);

/// True for an address of SNS itself, https://sns.REGION.amazonaws.com/…, or of a host that the webhook
/// allows.
bool is_sns_address(std::string_view url, const Webhook& webhook);

}  // namespace midwatch::intake

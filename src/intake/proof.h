#pragma once

#include <optional>
#include <string_view>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/http/server/server.h"

namespace midwatch::intake {

struct Webhook;

/// How a sender shows that it is the one that was configured.
enum class Proof {
  kBasic,               ///< the password of `Authorization: Basic`
  kBearer,              ///< the token of `Authorization: Bearer`
  kHeader,              ///< a header of its own that holds the secret
  kEventHmac,           ///< `x-amzn-event-signature`: base64 of HMAC-SHA256 over `timestamp:body`
  kGrafanaHmac,         ///< `X-Grafana-Alerting-Signature`: hex of HMAC-SHA256 over `[timestamp:]body`
  kPagerDutySignature,  ///< `X-PagerDuty-Signature`: `v1=` and hex of HMAC-SHA256 over the body, several
                        ///< times
  kSlackSignature,  ///< `X-Slack-Signature`: `v0=` and hex of HMAC-SHA256 over `v0:timestamp:body`, of what
                    ///< people press and write in Slack
  kSnsSignature,    ///< RSA, over some members of the message; no secret
};

std::string_view to_string(Proof proof);
std::optional<Proof> proof_of(std::string_view word);

/// Checks a request against the secrets of its webhook, by one proof. False where the request does not try
/// this proof. Errors: kUnauthenticated where it tries and fails.
///
/// Compares in a time that says nothing of the secrets. Not for kSnsSignature.
base::Result<bool> shows(Proof proof, const Webhook& webhook, const http::ServerRequest& request,
                         base::Timestamp now);

}  // namespace midwatch::intake

#include "src/intake/proof.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "src/base/ascii.h"
#include "src/base/base64.h"
#include "src/base/digest.h"
#include "src/base/try.h"
#include "src/intake/webhook.h"
#include "src/model/words_of.h"

namespace midwatch::intake {
namespace {

constexpr std::array<std::pair<Proof, std::string_view>, 8> kProofWords{{
    {Proof::kBasic, "basic"},
    {Proof::kBearer, "bearer"},
    {Proof::kHeader, "header"},
    {Proof::kEventHmac, "event-hmac"},
    {Proof::kGrafanaHmac, "grafana-hmac"},
    {Proof::kPagerDutySignature, "pagerduty-signature"},
    {Proof::kSlackSignature, "slack-signature"},
    {Proof::kSnsSignature, "sns-signature"},
}};

constexpr std::string_view kEventSignature = "x-amzn-event-signature";
constexpr std::string_view kEventTime = "x-amzn-event-timestamp";
constexpr std::string_view kGrafanaSignature = "X-Grafana-Alerting-Signature";
constexpr std::string_view kGrafanaTime = "X-Grafana-Alerting-Timestamp";
constexpr std::string_view kPagerDuty = "X-PagerDuty-Signature";
constexpr std::string_view kPagerDutyVersion = "v1=";
constexpr std::string_view kSlackSignature = "X-Slack-Signature";
constexpr std::string_view kSlackTime = "X-Slack-Request-Timestamp";

base::Error refused(std::string message) {
  return base::external_error(base::ErrorCode::kUnauthenticated, std::move(message));
}

/// True where both are the same. Digests are compared: they are equally long whatever the secret is, so the
/// time tells neither where the two differ nor how long the secret is.
bool same(std::string_view a, std::string_view b) {
  const std::string x = base::sha256_hex(a);
  const std::string y = base::sha256_hex(b);
  return CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

/// True where one of the secrets gives one of what was shown; all are tried, whichever it is.
template <class Make>
bool any_gives(const Webhook& webhook, const std::vector<std::string_view>& shown, Make make) {
  bool found = false;
  for (const std::string& secret : webhook.secrets) {
    const std::string made = make(secret);
    for (const std::string_view one : shown) {
      const bool gives = !secret.empty() && same(made, one);
      found = gives || found;
    }
  }
  return found;
}

/// What follows a scheme in the Authorization header; nothing for another scheme.
std::optional<std::string_view> credentials(const http::ServerRequest& request, std::string_view scheme) {
  const std::string_view value = base::trim(request.header("Authorization"));
  const auto space = value.find(' ');
  if (space == std::string_view::npos || base::to_lower(value.substr(0, space)) != scheme)
    return std::nullopt;
  return base::trim(value.substr(space + 1));
}

base::Result<> in_window(std::string_view time, const Webhook& webhook, base::Timestamp now) {
  const auto signed_at = base::parse_timestamp(base::trim(time));
  if (!signed_at) return refused("the time that the sender signed is missing or no time");
  // Taken apart so that no difference of two far times overflows.
  if (*signed_at < now - webhook.replay_window || *signed_at > now + webhook.replay_window) {
    return refused(
        fmt::format("the message was signed more than {} ago or ahead: it is a replay, or a clock is wrong",
                    base::format_duration(webhook.replay_window)));
  }
  return {};
}

base::Result<bool> decided(bool right, std::string_view what) {
  if (!right) return refused(fmt::format("{} is wrong", what));
  return true;
}

base::Result<bool> shows_basic(const Webhook& webhook, const http::ServerRequest& request) {
  const auto shown = credentials(request, "basic");
  if (!shown) return false;
  const std::string pair = base::from_base64(*shown).value_or("");
  const auto colon = std::min(pair.find(':'), pair.size());
  const std::string_view user = std::string_view(pair).substr(0, colon);
  const std::string_view password = std::string_view(pair).substr(std::min(colon + 1, pair.size()));
  const bool known = webhook.user.empty() || same(user, webhook.user);
  const bool right = any_gives(webhook, {password}, [](const std::string& secret) { return secret; });
  return decided(known && right, "the user name or password");
}

base::Result<bool> shows_event_hmac(const Webhook& webhook, const http::ServerRequest& request,
                                    base::Timestamp now) {
  const std::string_view shown = base::trim(request.header(kEventSignature));
  if (shown.empty()) return false;
  const std::string time(request.header(kEventTime));
  const std::string bytes = base::from_base64(shown).value_or("");
  const bool right = any_gives(webhook, {bytes}, [&](const std::string& secret) {
    return base::hmac_sha256(secret, time + ":" + request.body);
  });
  if (!right) return decided(right, kEventSignature);
  MIDWATCH_TRY_VOID(in_window(time, webhook, now));
  return true;
}

base::Result<bool> shows_grafana_hmac(const Webhook& webhook, const http::ServerRequest& request,
                                      base::Timestamp now) {
  const std::string_view shown = base::trim(request.header(kGrafanaSignature));
  if (shown.empty()) return false;
  const std::string time(request.header(kGrafanaTime));
  const std::string digits = base::to_lower(shown);
  const bool right = any_gives(webhook, {digits}, [&](const std::string& secret) {
    return base::to_hex(base::hmac_sha256(secret, time.empty() ? request.body : time + ":" + request.body));
  });
  if (right && !time.empty()) {
    MIDWATCH_TRY_VOID(in_window(time, webhook, now));
  }
  return decided(right, kGrafanaSignature);
}

/// Source: docs.slack.dev, "Verifying requests from Slack"
base::Result<bool> shows_slack(const Webhook& webhook, const http::ServerRequest& request,
                               base::Timestamp now) {
  const std::string_view shown = base::trim(request.header(kSlackSignature));
  if (shown.empty()) return false;
  const std::string time(request.header(kSlackTime));
  const bool right = any_gives(webhook, {shown}, [&](const std::string& secret) {
    return "v0=" + base::to_hex(base::hmac_sha256(secret, fmt::format("v0:{}:{}", time, request.body)));
  });
  if (!right) return decided(right, kSlackSignature);
  MIDWATCH_TRY_VOID(in_window(time, webhook, now));
  return true;
}

base::Result<bool> shows_pagerduty(const Webhook& webhook, const http::ServerRequest& request) {
  const std::string_view header = request.header(kPagerDuty);
  if (header.empty()) return false;
  // One for each of the sender's secrets; more than a rotation has are no signatures.
  constexpr std::size_t kMostSignatures = 16;
  std::vector<std::string_view> shown;
  for (const std::string_view one : base::split(header, ',')) {
    if (one.starts_with(kPagerDutyVersion) && shown.size() < kMostSignatures)
      shown.push_back(one.substr(kPagerDutyVersion.size()));
  }
  const bool right = any_gives(webhook, shown, [&](const std::string& secret) {
    return base::to_hex(base::hmac_sha256(secret, request.body));
  });
  return decided(right, kPagerDuty);
}

}  // namespace

std::string_view to_string(Proof proof) {
  return model::word_of(kProofWords, proof);
}

std::optional<Proof> proof_of(std::string_view word) {
  return model::of_word(kProofWords, word);
}

base::Result<bool> shows(Proof proof, const Webhook& webhook, const http::ServerRequest& request,
                         base::Timestamp now) {
  const auto itself = [](const std::string& secret) { return secret; };
  switch (proof) {
    case Proof::kBasic:
      return shows_basic(webhook, request);
    case Proof::kBearer: {
      const auto token = credentials(request, "bearer");
      if (!token) return false;
      return decided(any_gives(webhook, {*token}, itself), "the bearer token");
    }
    case Proof::kHeader: {
      const std::string_view shown = request.header(webhook.secret_header);
      if (shown.empty()) return false;
      return decided(any_gives(webhook, {shown}, itself), webhook.secret_header);
    }
    case Proof::kEventHmac:
      return shows_event_hmac(webhook, request, now);
    case Proof::kGrafanaHmac:
      return shows_grafana_hmac(webhook, request, now);
    case Proof::kSlackSignature:
      return shows_slack(webhook, request, now);
    case Proof::kPagerDutySignature:
      return shows_pagerduty(webhook, request);
    case Proof::kSnsSignature:
      break;
  }
  return false;
}

}  // namespace midwatch::intake

#include "src/intake/receive.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/intake/dialects.h"
#include "src/intake/said.h"
#include "src/intake/sns_signature.h"

namespace midwatch::intake {
namespace {

/// Senders bound their messages to 256 KiB (SNS, EventBridge) or a few MiB of grouped alerts.
constexpr std::size_t kMostBytes = std::size_t{4} * 1024 * 1024;
/// A storm fits into one message; what makes more of four MiB says nothing of each.
constexpr std::size_t kMostAlarms = 10'000;

base::Error wrong(const Webhook& webhook, std::string_view what) {
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          fmt::format("webhook '{}': {}", webhook.name, what));
}

std::string names_of(const std::vector<Proof>& proofs) {
  std::string names;
  for (const Proof proof : proofs) names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(proof));
  return names;
}

bool has(const std::vector<Proof>& proofs, Proof proof) {
  return std::find(proofs.begin(), proofs.end(), proof) != proofs.end();
}

/// Checks the request by each proof that may be shown. One that is tried must hold, even where another does.
base::Result<> check_sender(const Webhook& webhook, const Dialect& dialect,
                            const http::ServerRequest& request, CertificateSource& certificates,
                            base::Timestamp now) {
  if (has(dialect.proofs, Proof::kSnsSignature)) {
    MIDWATCH_TRY(const base::Json message, read_message(request.body));
    return check_sns_signature(message, webhook, certificates, now);
  }
  const std::vector<Proof> accepted = webhook.proof ? std::vector{*webhook.proof} : dialect.proofs;
  bool proven = false;
  for (const Proof proof : accepted) {
    MIDWATCH_TRY(const bool shown, shows(proof, webhook, request, now));
    proven = shown || proven;
  }
  if (proven) return {};
  return base::external_error(
      base::ErrorCode::kUnauthenticated,
      fmt::format("the request shows no proof of its sender; accepted: {}", names_of(accepted)));
}

}  // namespace

base::Result<> check(const Webhook& webhook) {
  const Dialect* dialect = dialect_of(webhook.dialect);
  if (dialect == nullptr) {
    std::string names;
    for (const Dialect& one : dialects()) names += fmt::format("{}{}", names.empty() ? "" : ", ", one.name);
    return wrong(webhook, fmt::format("no such dialect: '{}'; there are {}", said(webhook.dialect), names));
  }
  const bool of_sns = has(dialect->proofs, Proof::kSnsSignature);
  if (webhook.unauthenticated) {
    if (webhook.secrets.empty() && webhook.topics.empty()) return {};
    return wrong(webhook, "'unauthenticated: true' stands beside a secret or topic: say one of them");
  }
  if (of_sns && webhook.topics.empty()) {
    return wrong(webhook,
                 "SNS signs for every customer: say the topics (ARNs), the accounts, or \"*\" for all, whose "
                 "messages are accepted");
  }
  if (!of_sns && webhook.secrets.empty())
    return wrong(webhook,
                 "it has no secret; say one, or 'unauthenticated: true' to accept anybody's messages");
  if (std::any_of(webhook.secrets.begin(), webhook.secrets.end(), [](const auto& s) { return s.empty(); }))
    return wrong(webhook, "a secret is empty");
  if (webhook.proof && !has(dialect->proofs, *webhook.proof)) {
    return wrong(webhook, fmt::format("{} does not show the proof '{}'; it shows {}", dialect->title,
                                      to_string(*webhook.proof), names_of(dialect->proofs)));
  }
  return {};
}

base::Result<Decoded> receive(const Webhook& webhook, const http::ServerRequest& request,
                              CertificateSource& certificates, const base::Clock& clock) {
  MIDWATCH_TRY_VOID(check(webhook));
  if (request.body.size() > kMostBytes) {
    return base::external_error(base::ErrorCode::kResourceExhausted,
                                fmt::format("the message is larger than {} bytes", kMostBytes));
  }
  const Dialect& dialect = *dialect_of(webhook.dialect);
  const base::Timestamp now = clock.now();
  if (!webhook.unauthenticated) {
    MIDWATCH_TRY_VOID(check_sender(webhook, dialect, request, certificates, now));
  }
  MIDWATCH_TRY(Decoded decoded, dialect.decode(request.body));
  if (decoded.alarms.size() > kMostAlarms) {
    return base::external_error(base::ErrorCode::kResourceExhausted,
                                fmt::format("the message holds more than {} alarms", kMostAlarms));
  }
  if (decoded.confirmation && !is_sns_address(*decoded.confirmation, webhook)) {
    return base::external_error(base::ErrorCode::kMalformed,
                                fmt::format("the subscription is to be confirmed elsewhere than at SNS: {}",
                                            said(*decoded.confirmation)));
  }
  for (model::IncomingAlarm& alarm : decoded.alarms) {
    alarm.space = webhook.space;
    alarm.sender = webhook.name;
    alarm.dialect = webhook.dialect;
    alarm.received = now;
    if (alarm.since == base::Timestamp{}) alarm.since = now;
    if (alarm.name.empty())
      alarm.name = alarm.summary.empty() ? std::string("?") : base::clip_utf8(alarm.summary, kNameBytes);
  }
  return decoded;
}

}  // namespace midwatch::intake

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/intake/proof.h"

namespace midwatch::intake {

/// An address at which a sender tells of alarms, as it is configured.
struct Webhook {
  std::string name;     ///< the last part of the address
  std::string dialect;  ///< one of dialects()
  std::string space;
  /// Each of them proves the sender: during a rotation the old and the new one.
  std::vector<std::string> secrets{};
  /// Accepts what comes without any proof. Said with no secret and no topic only.
  bool unauthenticated = false;
  /// Narrows what is accepted to one of the dialect's proofs; all of them where it is empty.
  std::optional<Proof> proof{};
  std::string secret_header = "X-Midwatch-Secret";  ///< of Proof::kHeader
  std::string user{};                               ///< of Proof::kBasic; empty: any
  /// How far the time that a sender signed may be from ours. The sender's own guard is five minutes.
  base::Duration replay_window = std::chrono::minutes(5);
  /// Of Proof::kSnsSignature, which proves only that *somebody's* topic sent it: ARNs of topics, or accounts
  /// (twelve digits), whose messages are accepted; "*" for all.
  std::vector<std::string> topics{};
  /// Hosts, with port, that may serve signing certificates and confirm subscriptions beside SNS itself: those
  /// of a sandbox or a test. Plain http is accepted of them.
  std::vector<std::string> certificate_hosts{};
};

/// Says what is wrong with a configured webhook. Errors: kInvalidArgument.
base::Result<> check(const Webhook& webhook);

}  // namespace midwatch::intake

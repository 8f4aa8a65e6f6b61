#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "src/base/clock.h"
#include "src/base/json.h"
#include "src/http/http_client.h"
#include "src/http/server/server.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/message_signer.h"

namespace midwatch::sandbox::wire {

/// Who hears of alarms.
struct NotifierOptions {
  std::vector<std::string> endpoints{};  ///< http and https addresses, subscribed to every topic of an alarm
  int signature_version = 1;             ///< 1 or 2
  std::string region = "us-east-1";      ///< whose alarms are told
  /// Is told of a message that nobody took, in a line; may be empty.
  std::function<void(const std::string&)> undelivered{};
};

/// The topics of an account: who subscribes to them, and what they are told when an alarm changes its state.
/// A subscriber must confirm first, as with SNS; then it hears of the alarms that fire now, too.
///
/// Source:  SNS Developer Guide, "Parsing message formats", "Verifying the signatures of messages".
/// Threads: any number at once; `deliver` waits for another one to end.
class Notifier {
 public:
  /// `world_clock` is the time that the account is asked about. All but the options must outlive it.
  Notifier(Account& account, const base::Clock& clock, const base::Clock& world_clock, http::HttpClient& http,
           std::string secret, NotifierOptions options);

  /// Where the sandbox is reached, for the addresses in messages: `http://127.0.0.1:PORT`
  void serve_at(std::string address);

  /// Answers what an account says nothing of: Subscribe, ConfirmSubscription, Unsubscribe and the lists.
  tl::expected<base::Json, AccountError> answer(const AccountCall& call);

  /// True for the address of the certificate.
  bool asks_for_certificate(const http::ServerRequest& request) const;
  http::ServerResponse answer_certificate();

  /// Sends what is due: requests to confirm, and alarms that changed since a subscriber was told.
  void deliver(const std::stop_token& stop);

 private:
  enum class Stage { kNew, kAsked, kConfirmed };
  struct Subscription {
    std::string arn, topic, protocol, endpoint, token;
    Stage stage = Stage::kNew;
    int failures = 0;                           ///< of what is due now
    std::map<std::string, std::string> told{};  ///< alarm → when the state began that it was told
  };

  tl::expected<base::Json, AccountError> subscribe(const AccountCall& call);
  tl::expected<base::Json, AccountError> confirm(const AccountCall& call);
  base::Json listed(const std::string& topic) const;
  Subscription& add(const std::string& topic, const std::string& endpoint);
  void subscribe_endpoints(const base::Json& alarms);
  std::optional<base::Json> ask(const std::string& operation, base::Json input) const;
  std::string old_state(const base::Json& alarm) const;
  void ask_to_confirm(const Subscription& subscription, const std::stop_token& stop);
  void tell(const Subscription& subscription, const base::Json& alarms, const std::stop_token& stop);
  bool post(const Subscription& subscription, base::Json message, const std::stop_token& stop);
  /// Counts one more failure; true where it was the last that is borne.
  bool gives_up(Subscription& subscription, const std::string& what) const;
  std::string address() const;
  /// Applies a change to a subscription that may be gone by now.
  template <class Change>
  void update(const std::string& arn, Change change);
  const MessageSigner& signer();

  Account& account_;
  const base::Clock& clock_;
  const base::Clock& world_clock_;
  http::HttpClient& http_;
  const std::string secret_;
  const NotifierOptions options_;
  std::string address_;
  mutable std::mutex mutex_;  ///< of the subscriptions, the address and the signer
  std::mutex delivering_;
  std::vector<Subscription> subscriptions_;
  std::unique_ptr<MessageSigner> signer_;  ///< made when it is first needed
  std::atomic<std::uint64_t> made_ = 0;
};

}  // namespace midwatch::sandbox::wire

#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "src/api/api.h"
#include "src/base/json_value.h"
#include "src/http/curl_client.h"

namespace midwatch::api::testing {

/// A running server that remembers what it was told.
class FakeWatch final : public Watch {
 public:
  std::vector<std::string> spaces() const override { return {"shop", "other"}; }
  base::Result<Receipt> receive(const std::string& webhook, const http::ServerRequest& request) override;
  /// The body says what was pressed: by, space, key, investigation, says, judgement.
  base::Result<Pressed> pressed(const std::string& target, const http::ServerRequest& request) override;
  void answer_press(const Pressed& /*pressed*/, const std::string& text) override { answered = text; }
  void investigation_queued() override;
  void investigation_changed(const std::string& investigation) override;
  base::Result<base::Json> topology(const std::string& space, const std::string& entity) override;
  base::Result<std::string> topology_as_mermaid(const std::string& space, const std::string& entity) override;
  base::Result<base::Json> sources(const std::string& space, model::Language language) override;
  base::Json settings() const override;
  base::Result<Rehearsal> rehearse(const std::string& webhook) override;
  base::Result<std::string> announce_test(store::Session& session, const std::string& target,
                                          const std::string& space, const std::string& by) override;
  std::size_t polling_failing() const override { return failing; }
  std::vector<SandboxWorld> worlds() const override { return {{"full-disk", "A disk fills up", "shop"}}; }
  base::Result<std::string> break_something(const std::string& incident, const std::string& world,
                                            std::uint64_t seed) override;

  int queued() const;
  /// For which incidents something broke.
  std::vector<std::string> broken() const;
  std::vector<std::string> changed() const;

  std::size_t failing = 0;
  std::string answered;  ///< to whoever pressed

 private:
  mutable std::mutex mutex_;
  int queued_ = 0;
  std::vector<std::string> broken_;
  std::vector<std::string> changed_;
};

/// Sequential ids for several threads.
class SharedIds final : public base::IdGenerator {
 public:
  std::string next_uuid() override {
    const std::lock_guard lock(mutex_);
    return ids_.next_uuid();
  }

 private:
  std::mutex mutex_;
  base::SequentialIdGenerator ids_;
};

struct Request {
  std::string method = "GET";
  std::string target;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
};

/// The API over a store that is given, with callers whose token is their name: `vera` (viewer), `olga`
/// (operator) and `ada` (admin) of the space `shop`; `eve` (admin) of `other`; `nils` (admin) of none. In the
/// store are the users `sam` (admin of `shop`), `rita` (viewer of `shop`, admin of `other`) and in each space
/// `bob-SPACE` (viewer), all with the password `kPassword` and signed in.
///
/// Both spaces hold the same things; their ids end in the name of their space: an incident `inc-SPACE` with
/// the alarms `alm-SPACE` (which opened it) and `linked-SPACE`, and the ended investigation `inv-SPACE` with
/// three steps, report and recording; `run-SPACE` is running; `dlv-SPACE` is the sender's message,
/// `tok-SPACE` a token.
class ApiUnderTest {
 public:
  static constexpr const char* kPassword = "correct horse battery";

  explicit ApiUnderTest(std::unique_ptr<store::Store> store, ApiOptions options = {},
                        const identity::OidcConfig* vouches = nullptr);

  /// Sends a request as olga, from this machine.
  http::ServerResponse send(const Request& request) const { return send_as("olga", request); }
  http::ServerResponse send_as(const std::string& who, Request request) const;
  /// Sends a request from the browser of somebody who is signed in.
  http::ServerResponse send_signed_in(const std::string& user, Request request) const;
  /// Sends a request from this machine, with no word of who asks but its headers.
  http::ServerResponse send_plain(const Request& request) const;
  /// Sends exactly this.
  http::ServerResponse send_raw(const http::ServerRequest& request) const { return handler_(request); }
  const http::ServerHandler& handler() const { return handler_; }

  base::ManualClock clock{*base::parse_rfc3339("2026-03-01T10:00:00Z")};
  SharedIds ids;
  std::unique_ptr<store::Store> store;
  FakeWatch watch;
  ChangeFeed feed;
  knowledge::KnowledgeBase knowledge;
  identity::Passwords passwords{identity::PasswordCost{1, 8192}};
  identity::SignIns sign_ins;
  http::CurlClient http;
  std::optional<identity::OidcProvider> provider;

 private:
  http::ServerHandler handler_;
};

/// The sign-in that the browser of a user has by `session_headers`, for the store.
store::SignIn sign_in_of(const std::string& user, base::Timestamp now);

/// What the browser of a user sends who is signed in: the cookie, and what a change must carry.
std::vector<std::pair<std::string, std::string>> session_headers(const std::string& user);

/// The body of an answer as JSON; null where it is none.
base::Json json_body(const http::ServerResponse& response);
/// A header of an answer; empty where it is absent.
std::string header_of(const http::ServerResponse& response, std::string_view name);

}  // namespace midwatch::api::testing

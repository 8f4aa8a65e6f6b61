#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "src/base/json_value.h"
#include "src/clients/aws/api/api.h"
#include "src/clients/aws/api/aws_client.h"
#include "src/http/testing/scripted_client.h"

namespace midwatch::clients::aws::api::testing {

/// Credentials that are always the same; counts how often they were refused.
class FixedCredentials final : public CredentialSource {
 public:
  base::Result<Credentials> credentials(const runtime::RequestContext& /*context*/) override {
    return Credentials{.access_key_id = "AKIDEXAMPLE",
                       .secret_access_key = "planted-secret-key",
                       .session_token = "planted-session-token",
                       .expires_at = {},
                       .source = "test"};
  }
  void forget() override { ++forgotten; }

  int forgotten = 0;
};

/// Does not wait, but moves the clock on, and remembers for how long.
class ManualWaiter final : public Waiter {
 public:
  explicit ManualWaiter(base::ManualClock& clock) : clock_(clock) {}
  base::Result<> wait(const runtime::RequestContext& context, base::Duration duration) override {
    waits.push_back(duration);
    clock_.advance(duration);
    return context.check();
  }

  std::vector<base::Duration> waits;

 private:
  base::ManualClock& clock_;
};

/// A client over a scripted transport, in 2025-12-17T01:39:00Z.
class ClientFixture : public ::testing::Test {
 protected:
  base::Result<base::Json> call(const std::string& service, const std::string& operation,
                                base::Json input = base::Json::object()) {
    return call_in(context(), service, operation, std::move(input));
  }
  base::Result<base::Json> call_in(const runtime::RequestContext& context, const std::string& service,
                                   const std::string& operation, base::Json input = base::Json::object()) {
    return client_->call(
        context,
        {.service = service, .operation = operation, .region = "eu-west-1", .input = std::move(input)});
  }
  runtime::RequestContext context() const { return runtime::RequestContext::unlimited(clock_); }

  base::ManualClock clock_{*base::parse_rfc3339("2025-12-17T01:39:00Z")};
  http::testing::ScriptedClient http_;
  FixedCredentials credentials_;
  ManualWaiter waiter_{clock_};
  base::SequentialIdGenerator ids_;
  std::unique_ptr<Api> client_ =
      make_aws_client({http_, credentials_, waiter_, ids_, [] { return 0.5; }}, ClientSettings{});
};

}  // namespace midwatch::clients::aws::api::testing

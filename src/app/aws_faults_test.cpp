// What becomes of an investigation when the account, or the way there, fails: over HTTP, on loopback.
#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/app/aws_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/app/sandbox_hosting.h"
#include "src/clients/aws/api/credentials/open_account.h"

namespace midwatch::app {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr const char* kMemory = "lambda-memory-exhaustion";
constexpr milliseconds kAmple{60'000};
constexpr milliseconds kShort{1'200};
/// What is left to do at the deadline is to weigh what is there; sanitizers take their time for it.
constexpr milliseconds kWeighing{20'000};

/// Does something before one of the calls, while others are on their way.
class Interrupted final : public clients::aws::api::Api {
 public:
  Interrupted(clients::aws::api::Api& inner, std::size_t before, std::function<void()> act)
      : inner_(inner), before_(before), act_(std::move(act)) {}

  base::Result<base::Json> call(const runtime::RequestContext& context,
                                const clients::aws::api::ApiRequest& request) override {
    if (++calls_ == before_) act_();
    return inner_.call(context, request);
  }
  base::Result<clients::aws::api::CodePackage> fetch_code(
      const runtime::RequestContext& context, const clients::aws::api::ApiRequest& request) override {
    if (++calls_ == before_) act_();
    return inner_.fetch_code(context, request);
  }

 private:
  clients::aws::api::Api& inner_;
  std::size_t before_;
  std::function<void()> act_;
  std::atomic<std::size_t> calls_ = 0;
};

/// An account in which a function runs out of memory, and one investigation of it.
class FailingAccount {
 public:
  FailingAccount() { start(0); }

  void start(std::uint16_t port) {
    sandbox_ = std::make_unique<HostedSandbox>();
    const auto started = sandbox_->start({.world = "lambda-memory", .port = port}, clock_);
    ASSERT_TRUE(started) << started.error().describe();
  }
  /// Hangs up on whoever waits, and listens no more.
  std::uint16_t kill() {
    const std::string address = sandbox_->address();
    sandbox::wire::Fault hang_up;
    hang_up.kind = sandbox::wire::FaultKind::kClosed;
    sandbox_->set_faults({hang_up});
    sandbox_.reset();
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  HostedSandbox& sandbox() { return *sandbox_; }
  /// How often a call is tried; once, where a test says nothing, so that it does not wait.
  void set_attempts(std::string attempts) { attempts_ = std::move(attempts); }

  /// Investigates the latest alarm; `act` runs before a call, counted from 1.
  base::Result<model::InvestigationRecord> investigate(std::size_t before, milliseconds deadline,
                                                       std::function<void()> act) {
    static const auto kKnowledge = load_knowledge("");
    auto variables = sandbox_->environment();
    variables["AWS_MAX_ATTEMPTS"] = attempts_;
    const auto account =
        clients::aws::api::open_account(runtime::RequestContext::unlimited(clock_), clock_,
                                        clients::aws::api::Environment(std::move(variables)), {});
    EXPECT_TRUE(account);
    Interrupted api(**account, before, std::move(act));
    AwsInvestigation what;
    what.wanted.latest = true;
    what.options.limits.time = deadline;
    const auto begun = clock_.steady_now();
    auto record = investigate_aws(what, api, *kKnowledge, clock_);
    EXPECT_LT(clock_.steady_now() - begun, deadline + kWeighing) << "the report comes by its deadline";
    return record;
  }

 private:
  base::SystemClock clock_;
  std::string attempts_ = "1";
  std::unique_ptr<HostedSandbox> sandbox_;
};

bool names_gap(const model::InvestigationRecord& record, const std::string& part) {
  return part.empty() || std::any_of(record.gaps.begin(), record.gaps.end(), [&](const model::Gap& gap) {
           return gap.what.en.find(part) != std::string::npos && !gap.what.ja.empty();
         });
}

std::string first_mode(const model::InvestigationRecord& record) {
  return record.root_causes.empty() ? "" : record.root_causes.front().mode;
}

TEST(AwsFaults, BecomeGapsOfAReportThatComesInTime) {
  struct Row {
    const char* fault;      ///< as a fault plan has it
    std::size_t from_call;  ///< 1: from the start
    milliseconds deadline;
    const char* gap;   ///< what is missing in the end; empty: nothing of it
    const char* mode;  ///< of the cause; empty: whatever is known by then
  };
  // The first rows end long before their deadline.
  for (const Row& row : {
           Row{"fault: server-error, calls: 1-2", 1, kAmple, "", kMemory},
           Row{"fault: truncated, operations: [cloudwatch GetMetricData]", 1, kAmple,
               "aws cloudwatch get-metric-data", kMemory},
           Row{"fault: server-error, operations: [cloudtrail]", 1, kAmple, "the service could not be reached",
               kMemory},
           Row{"fault: stalled, operations: [cloudtrail], for: 1h", 1, milliseconds(6000),
               "no answer came before the deadline", kMemory},
           Row{"fault: throttled", 4, kShort, "AWS throttled the question", ""},
           Row{"fault: throttled, status: 429, retry_after: 60s", 4, kShort, "AWS throttled the question",
               ""},
           Row{"fault: truncated, bytes: 7", 4, kShort, "the service could not be reached", ""},
           Row{"fault: closed", 4, kShort, "the service could not be reached", ""},
           Row{"fault: server-error, status: 503", 4, kShort, "the service could not be reached", ""},
           Row{"fault: stalled, for: 1h", 4, kShort, "no answer came before the deadline", ""},
       }) {
    const auto plan = sandbox::wire::read_fault_plan("faults: [{" + std::string(row.fault) + "}]", "plan");
    ASSERT_TRUE(plan) << plan.error().describe();
    FailingAccount account;
    const auto record =
        account.investigate(row.from_call, row.deadline, [&] { account.sandbox().set_faults(*plan); });
    ASSERT_TRUE(record) << row.fault << ": " << record.error().describe();
    EXPECT_TRUE(names_gap(*record, row.gap)) << row.fault;
    EXPECT_FALSE(record->scope.alarm.name.empty()) << row.fault;
    if (*row.mode != '\0') {
      EXPECT_EQ(first_mode(*record), row.mode) << row.fault;
    }
  }
}

TEST(AwsFaults, AnAccountThatDiesAndComesBackIsAskedOn) {
  FailingAccount account;
  account.set_attempts("6");  // none of those on their way may give up before it is back
  const auto record = account.investigate(5, kAmple, [&] { account.start(account.kill()); });
  ASSERT_TRUE(record) << record.error().describe();
  EXPECT_EQ(first_mode(*record), kMemory);
}

TEST(AwsFaults, AnAccountThatDiesLeavesWhatIsKnown) {
  FailingAccount account;
  const auto record = account.investigate(5, kAmple, [&] { account.kill(); });
  ASSERT_TRUE(record) << record.error().describe();
  EXPECT_TRUE(names_gap(*record, "the service could not be reached"));
  EXPECT_FALSE(record->scope.alarm.name.empty());
}

TEST(AwsFaults, AnAccountThatIsNotThereIsTold) {
  FailingAccount account;
  const auto record = account.investigate(1, kAmple, [&] { account.kill(); });
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().code, base::ErrorCode::kUnavailable);
  EXPECT_THAT(record.error().describe(), HasSubstr("aws cloudwatch describe-alarms"));
  EXPECT_THAT(record.error().describe(), HasSubstr("127.0.0.1"));
}

}  // namespace
}  // namespace midwatch::app

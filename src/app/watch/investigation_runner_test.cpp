#include "src/app/watch/investigation_runner.h"

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/knowledge_loading.h"
#include "src/app/sandbox_hosting.h"
#include "src/app/watch/worker_pool.h"
#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/clients/aws/api/credentials/open_account.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::app {
namespace {

/// Passes on what is asked, and ends whoever asks after so many answers.
class InterruptedApi final : public clients::aws::api::Api {
 public:
  explicit InterruptedApi(clients::aws::api::Api& inner) : inner_(inner) {}

  base::Result<base::Json> call(const runtime::RequestContext& context,
                                const clients::aws::api::ApiRequest& request) override {
    return counted(inner_.call(context, request));
  }
  base::Result<clients::aws::api::CodePackage> fetch_code(
      const runtime::RequestContext& context, const clients::aws::api::ApiRequest& request) override {
    return counted(inner_.fetch_code(context, request));
  }

  void interrupt_at(std::size_t answers) {
    stop_ = std::stop_source();
    answered_ = 0;
    interrupt_at_ = answers;
  }
  std::stop_token token() const { return stop_.get_token(); }
  std::size_t answered() const { return answered_; }

 private:
  template <class Answer>
  Answer counted(Answer answer) {
    if (answer && ++answered_ == interrupt_at_) stop_.request_stop();
    return answer;
  }

  clients::aws::api::Api& inner_;
  std::stop_source stop_;
  std::atomic<std::size_t> answered_ = 0;
  std::size_t interrupt_at_ = 0;
};

/// Passes on what is asked; after the first answer another worker has the investigation.
class StealingApi final : public clients::aws::api::Api {
 public:
  StealingApi(clients::aws::api::Api& inner, store::Store& store, const base::Clock& clock)
      : inner_(inner), store_(store), clock_(clock) {}

  base::Result<base::Json> call(const runtime::RequestContext& context,
                                const clients::aws::api::ApiRequest& request) override {
    auto answer = inner_.call(context, request);
    std::call_once(once_, [this] {
      EXPECT_TRUE(store_.write([this](store::Session& s) -> base::Result<> {
        const auto late = clock_.now() + 2 * kLeaseTime;
        auto taken = s.lease({"another", late + kLeaseTime}, late);
        EXPECT_TRUE(taken && *taken);
        return {};
      }));
      stolen_.set_value();
    });
    return answer;
  }
  base::Result<clients::aws::api::CodePackage> fetch_code(
      const runtime::RequestContext& context, const clients::aws::api::ApiRequest& request) override {
    return inner_.fetch_code(context, request);
  }
  std::future<void> stolen() { return stolen_.get_future(); }

 private:
  clients::aws::api::Api& inner_;
  store::Store& store_;
  const base::Clock& clock_;
  std::once_flag once_;
  std::promise<void> stolen_;
};

class Opener final : public SpaceOpener {
 public:
  explicit Opener(std::shared_ptr<clients::aws::api::Api> api) : api_(std::move(api)) {}
  base::Result<OpenedSpace> open(const model::Investigation& /*investigation*/) override {
    if (!api_) return base::user_error(base::ErrorCode::kNotFound, "the space file shop.yaml cannot be read");
    return OpenedSpace{api_, {}};
  }

 private:
  std::shared_ptr<clients::aws::api::Api> api_;
};

/// A simulated account, and a store with one investigation of its alarm.
class InvestigationRunner : public testing::Test {
 protected:
  void SetUp() override {
    SandboxHosting what;
    what.world = "lambda-timeout";
    ASSERT_TRUE(sandbox_.start(what, clock_));
    auto account =
        clients::aws::api::open_account(runtime::RequestContext::unlimited(clock_), clock_,
                                        clients::aws::api::Environment(sandbox_.environment()), {});
    ASSERT_TRUE(account);
    account_ = *std::move(account);
    auto store = store::sqlite::open_sqlite(":memory:");
    ASSERT_TRUE(store);
    store_ = *std::move(store);
    auto knowledge = load_knowledge("");
    ASSERT_TRUE(knowledge);
    knowledge_ = *std::move(knowledge);
    model::Incident incident;
    incident.id = "inc-1";
    incident.space = "shop";
    ASSERT_TRUE(store_->write([&](store::Session& s) { return s.add_incident(incident); }));
    add_investigation("inv-1", std::nullopt);
  }

  void add_investigation(const std::string& id, std::optional<base::Timestamp> started) {
    model::Investigation investigation;
    investigation.id = id;
    investigation.incident = "inc-1";
    investigation.space = "shop";
    investigation.start.latest = true;
    investigation.requested = clock_.now();
    investigation.started = started;
    ASSERT_TRUE(store_->write([&](store::Session& s) { return s.add_investigation(investigation); }));
  }

  base::Result<> run(SpaceOpener& opener, const std::stop_token& stop, const std::string& id = "inv-1") {
    std::optional<model::Investigation> leased;
    const auto now = clock_.now();
    EXPECT_TRUE(store_->write([&](store::Session& s) -> base::Result<> {
      auto taken = s.lease({"worker", now + kLeaseTime}, now);
      if (!taken) return taken.error();
      leased = *taken;
      return {};
    }));
    EXPECT_TRUE(leased);
    const RunnerParts parts{*store_, feed_, knowledge_, clock_, opener};
    auto done = run_investigation(parts, *leased, SpaceConfig(), stop);
    if (done) return done;
    EXPECT_TRUE(store_->write([&](store::Session& s) { return s.release(id, "worker"); }));
    return done;
  }

  template <class Read>
  auto read(const Read& what) {
    decltype(what(std::declval<store::Session&>())) out;
    EXPECT_TRUE(store_->read([&](store::Session& s) -> base::Result<> {
      out = what(s);
      return {};
    }));
    return out;
  }

  model::Investigation investigation() {
    return *read([](store::Session& s) { return s.investigation("inv-1"); });
  }
  /// Without what differs from one run to the next.
  base::Json report(const std::string& id = "inv-1") {
    const auto document = read([&](store::Session& s) { return s.document(id, "report"); });
    EXPECT_TRUE(document);
    base::Json report = *base::parse_json(document->body);
    for (const char* measured : {"id", "duration_ms", "stats", "started"}) report.erase(measured);
    return report;
  }
  std::vector<model::JournalEntry> journal() {
    return *read([](store::Session& s) { return s.journal("inv-1", 0, 1000); });
  }

  base::SystemClock clock_;
  HostedSandbox sandbox_;
  std::unique_ptr<clients::aws::api::Account> account_;
  std::unique_ptr<store::Store> store_;
  knowledge::KnowledgeBase knowledge_;
  api::ChangeFeed feed_;
};

TEST_F(InvestigationRunner, StoresItsStepsAndItsReport) {
  Opener opener(std::make_shared<InterruptedApi>(*account_));
  ASSERT_TRUE(run(opener, {}));
  const auto done = investigation();
  EXPECT_EQ(done.status, model::InvestigationStatus::kDone);
  EXPECT_EQ(done.outcome, "root_cause");
  EXPECT_FALSE(done.mode.empty());
  EXPECT_GT(done.probability, 0.5);
  EXPECT_TRUE(done.started && done.ended);
  std::set<std::string> kinds;
  for (const auto& entry : journal()) kinds.insert(entry.kind);
  EXPECT_TRUE(kinds.contains("answer"));
  EXPECT_TRUE(kinds.contains("finding"));
  EXPECT_TRUE(kinds.contains("status"));
  const base::Json both = report();
  EXPECT_NE(both["headline"]["en"], both["headline"]["ja"]);
  for (const char* name : {"report.en.html", "report.ja.md", "report.ja.txt", "recording"})
    EXPECT_TRUE(read([&](store::Session& s) { return s.document("inv-1", name); })) << name;
  EXPECT_GT(feed_.last(), 10U);
}

TEST_F(InvestigationRunner, TakenUpAgainItAsksNothingTwiceAndEndsTheSame) {
  auto api = std::make_shared<InterruptedApi>(*account_);
  Opener opener(api);
  std::size_t asked = 0;
  for (const std::size_t answers : {1U, 3U, 5U}) {
    api->interrupt_at(answers);
    const auto ended = run(opener, api->token());
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, base::ErrorCode::kCancelled);
    asked += api->answered();
  }
  api->interrupt_at(0);
  ASSERT_TRUE(run(opener, api->token()));
  asked += api->answered();
  std::size_t answers = 0;
  for (const auto& entry : journal())
    if (entry.kind == "answer" && (*base::parse_json(entry.data))["answered"] == true) ++answers;
  EXPECT_EQ(answers, asked) << "each answer is told once";
  const base::Json interrupted = report();
  EXPECT_EQ(investigation().attempt, 4U);

  // Once more from its answers alone, and once more from the account, without any interruption.
  auto again = investigation();
  again.status = model::InvestigationStatus::kQueued;
  ASSERT_TRUE(store_->write([&](store::Session& s) { return s.update_investigation(again); }));
  api->interrupt_at(0);
  ASSERT_TRUE(run(opener, api->token()));
  EXPECT_EQ(api->answered(), 0U) << "everything was answered before";
  EXPECT_EQ(report(), interrupted);
  const auto started = investigation().started;
  add_investigation("inv-2", started);
  ASSERT_TRUE(run(opener, api->token(), "inv-2"));
  EXPECT_GT(api->answered(), 0U);
  EXPECT_EQ(report("inv-2"), interrupted);
}

TEST_F(InvestigationRunner, WhoLostItsLeaseWritesNothingMore) {
  auto api = std::make_shared<StealingApi>(*account_, *store_, clock_);
  Opener opener(api);
  const RunnerParts parts{*store_, feed_, knowledge_, clock_, opener};
  WorkerPool::Options options;
  options.name = "slow";
  options.workers = 1;
  options.limits = [](const std::string&) { return nullptr; };
  options.on_trouble = [](const std::string& what) { ADD_FAILURE() << what; };
  auto stolen = api->stolen();
  WorkerPool pool(parts, options);
  stolen.wait();
  pool.stop();
  EXPECT_EQ(investigation().status, model::InvestigationStatus::kRunning);
  EXPECT_EQ(investigation().attempt, 2U);
  for (const auto& entry : journal()) EXPECT_NE(entry.kind, "answer") << "told after the lease was lost";
}

TEST_F(InvestigationRunner, WhatCannotBeReadIsAFailureWithItsReason) {
  Opener opener(nullptr);
  ASSERT_TRUE(run(opener, {}));
  const auto failed = investigation();
  EXPECT_EQ(failed.status, model::InvestigationStatus::kFailed);
  EXPECT_NE(failed.failure.en.find("the space file shop.yaml cannot be read"), std::string::npos);
  EXPECT_NE(failed.failure.ja.find("調査できなかった"), std::string::npos);
}

TEST_F(InvestigationRunner, ABugEndsItOnceAndForAll) {
  class Broken final : public SpaceOpener {
    base::Result<OpenedSpace> open(const model::Investigation& /*investigation*/) override {
      throw std::logic_error("no such state");
    }
  } broken;
  ASSERT_TRUE(run(broken, {}));
  EXPECT_EQ(investigation().status, model::InvestigationStatus::kFailed);
  EXPECT_NE(investigation().failure.en.find("no such state"), std::string::npos);
}

}  // namespace
}  // namespace midwatch::app

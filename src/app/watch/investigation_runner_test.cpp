#include "src/app/watch/investigation_runner.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/api/steering.h"
#include "src/app/knowledge_loading.h"
#include "src/app/sandbox_hosting.h"
#include "src/app/watch/worker_pool.h"
#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/testing/jumping_clock.h"
#include "src/clients/aws/api/credentials/open_account.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::app {
namespace {

using base::Json;

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
  void on_answer(std::function<void()> listener) { on_answer_ = std::move(listener); }
  std::stop_token token() const { return stop_.get_token(); }
  std::size_t answered() const { return answered_; }

 private:
  template <class Answer>
  Answer counted(Answer answer) {
    if (answer && ++answered_ == interrupt_at_) stop_.request_stop();
    if (answer && on_answer_) on_answer_();
    return answer;
  }

  clients::aws::api::Api& inner_;
  std::stop_source stop_;
  std::atomic<std::size_t> answered_ = 0;
  std::size_t interrupt_at_ = 0;
  std::function<void()> on_answer_;
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
class InvestigationRunner : public ::testing::Test {
 protected:
  void SetUp() override {
    SandboxHosting what;
    what.world = "lambda-timeout";
    ASSERT_TRUE(sandbox_.start(what, real_));
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

  /// Tells it something, as the API does.
  std::uint64_t tell(const std::string& text, const std::string& id = "inv-1", bool again = true) {
    std::uint64_t sequence = 0;
    EXPECT_TRUE(store_->write([&](store::Session& s) -> base::Result<> {
      auto now = *s.investigation(id);
      const auto kept = s.document(id, "report");
      const base::Json report = kept ? *base::parse_json(kept->body) : base::Json();
      const api::Message message{text, std::nullopt, {"ada", told_at_}};
      const auto understood = api::understand_message(message, now, report);
      EXPECT_TRUE(understood.directive) << text << ": " << understood.answer.en;
      sequence = *s.append(api::journal_entry_of(message, understood, id));
      if (!again) return {};
      now.status = model::InvestigationStatus::kQueued;
      now.ended.reset();
      return s.update_investigation(now);
    }));
    return sequence;
  }

  std::vector<base::Json> replies(const std::string& id = "inv-1") {
    std::vector<base::Json> found;
    const auto entries = read([&](store::Session& s) { return s.journal(id, 0, 1000); });
    for (const auto& entry : *entries) {
      if (entry.kind != "reply") continue;
      found.push_back(*base::parse_json(entry.data));
      found.back()["en"] = entry.what.en;
      found.back()["ja"] = entry.what.ja;
    }
    return found;
  }

  const base::Timestamp told_at_ = base::parse_rfc3339("2026-01-05T01:02:03Z").value();
  base::SystemClock real_;  ///< of the account
  base::testing::JumpingClock clock_{real_};
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
  options.log = [](const base::LogRecord& record) {
    if (record.level >= base::LogLevel::kWarning)
      ADD_FAILURE() << base::log_line(record, {}, base::LogFormat::kText);
  };
  auto stolen = api->stolen();
  WorkerPool pool(parts, options);
  stolen.wait();
  pool.stop();
  EXPECT_EQ(investigation().status, model::InvestigationStatus::kRunning);
  EXPECT_EQ(investigation().attempt, 2U);
  for (const auto& entry : journal()) EXPECT_NE(entry.kind, "answer") << "told after the lease was lost";
}

/// Its clock is set forward and back while it runs, by more than its lease takes and by more than the account
/// bears in a signature; two threads look for work meanwhile.
TEST_F(InvestigationRunner, AClockThatIsSetTellsNothingTwiceAndChangesNoAnswer) {
  auto undisturbed = std::make_shared<InterruptedApi>(*account_);
  Opener opener(undisturbed);
  ASSERT_TRUE(run(opener, {}));
  add_investigation("inv-2", investigation().started);

  auto api = std::make_shared<InterruptedApi>(*account_);
  Opener jumping(api);
  std::atomic<int> answers = 0;
  std::atomic<WorkerPool*> looking = nullptr;
  api->on_answer([&] {
    const std::map<int, std::chrono::hours> ahead_after{{2, std::chrono::hours(5)},
                                                        {8, std::chrono::hours(0)},
                                                        {12, std::chrono::hours(-5)},
                                                        {16, std::chrono::hours(0)}};
    const auto jump = ahead_after.find(++answers);
    if (jump != ahead_after.end()) clock_.set_ahead(jump->second);
    if (WorkerPool* const pool = looking) pool->wake();
  });
  const RunnerParts parts{*store_, feed_, knowledge_, clock_, jumping};
  WorkerPool::Options options;
  options.name = "looking";
  options.workers = 2;
  options.limits = [](const std::string&) { return nullptr; };
  options.log = [](const base::LogRecord& record) {
    if (record.level >= base::LogLevel::kWarning)
      ADD_FAILURE() << base::log_line(record, {}, base::LogFormat::kText);
  };
  std::promise<void> ended;
  std::once_flag once;
  options.on_ended = [&](const std::string&) { std::call_once(once, [&] { ended.set_value(); }); };
  {
    WorkerPool pool(parts, options);
    looking = &pool;
    ended.get_future().wait();
    pool.stop();
  }
  clock_.set_ahead({});
  EXPECT_GT(answers, 16) << "it was set four times";
  const auto count = [&](const std::string& id, const std::string& kind, const char* member, const Json& is) {
    const auto entries = read([&](store::Session& s) { return s.journal(id, 0, 1000); });
    return std::count_if(entries->begin(), entries->end(), [&](const auto& entry) {
      const auto data = base::parse_json(entry.data);
      return entry.kind == kind && data && data->is_object() && data->value(member, Json()) == is;
    });
  };
  EXPECT_EQ(count("inv-2", "status", "status", "done"), 1);
  EXPECT_LE(count("inv-2", "answer", "answered", true), count("inv-1", "answer", "answered", true))
      << "nothing is told twice, whoever had to leave it to another";
  EXPECT_EQ(report("inv-2"), report());
}

TEST_F(InvestigationRunner, RulingOutWhatLeadsChangesTheVerdictAndAsksNothingTwice) {
  auto api = std::make_shared<InterruptedApi>(*account_);
  Opener opener(api);
  ASSERT_TRUE(run(opener, {}));
  const auto before = investigation();
  ASSERT_EQ(before.outcome, "root_cause");
  const std::uint64_t told = tell("rule this out");
  ASSERT_TRUE(run(opener, {}));
  const auto after = investigation();
  EXPECT_EQ(after.status, model::InvestigationStatus::kDone);
  EXPECT_NE(after.mode + after.entity, before.mode + before.entity);

  const auto said = replies();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0]["to"], told);
  EXPECT_EQ(said[0]["changed"], true);
  EXPECT_EQ(said[0]["before"]["mode"], before.mode);
  EXPECT_NE(said[0]["after"]["mode"], before.mode);
  EXPECT_NE(said[0]["en"].get<std::string>().find(before.headline.en), std::string::npos);
  EXPECT_NE(said[0]["ja"].get<std::string>().find(before.headline.ja), std::string::npos);

  const base::Json steered = report();
  const auto on_board = [&](const base::Json& h) {
    return h["mode"] == before.mode && h["entity"] == before.entity && h["status"] == "refuted" &&
           h["excluded"]["by"] == "ada" && h["probability"] == 0;
  };
  EXPECT_TRUE(std::any_of(steered["hypotheses"].begin(), steered["hypotheses"].end(), on_board));
  EXPECT_EQ(steered["ruled_out"][0]["mode"], before.mode);
  EXPECT_EQ(steered["ruled_out"][0]["because"]["en"], "ruled out by ada at 2026-01-05T01:02:03Z");
  EXPECT_EQ(steered["steering"][0]["action"], "rule_out");
  for (const char* page : {"report.en.txt", "report.ja.md", "report.en.html", "report.ja.html"}) {
    const auto document = read([&](store::Session& s) { return s.document("inv-1", page); });
    EXPECT_NE(document->body.find("rule this out"), std::string::npos) << page;
  }

  // Put back, everything is as it was, and only the journal tells of it.
  const std::uint64_t undone = tell("put it back");
  api->interrupt_at(0);
  ASSERT_TRUE(run(opener, api->token()));
  EXPECT_EQ(api->answered(), 0U);
  EXPECT_EQ(investigation().mode + investigation().entity, before.mode + before.entity);
  EXPECT_EQ(investigation().probability, before.probability);
  EXPECT_EQ(replies().back()["to"], undone);
  EXPECT_EQ(replies().back()["after"]["mode"], before.mode);
  const base::Json restored = report();
  for (const auto& h : restored["hypotheses"]) EXPECT_FALSE(h.contains("excluded"));
  EXPECT_EQ(restored["steering"][1]["action"], "put_back");

  // Once more from the same journal.
  auto once_more = investigation();
  once_more.status = model::InvestigationStatus::kQueued;
  ASSERT_TRUE(store_->write([&](store::Session& s) { return s.update_investigation(once_more); }));
  api->interrupt_at(0);
  ASSERT_TRUE(run(opener, api->token()));
  EXPECT_EQ(api->answered(), 0U);
  EXPECT_EQ(report(), restored);
  EXPECT_EQ(replies().size(), 2U) << "each message has one reply";

  // Told before it began and interrupted, it ends as told after its end and uninterrupted.
  add_investigation("inv-2", before.started);
  ASSERT_TRUE(store_->write([&](store::Session& s) -> base::Result<> {
    auto message = s.journal("inv-1", told - 1, 1)->front();
    message.investigation = "inv-2";
    EXPECT_TRUE(s.append(message));
    return {};
  }));
  api->interrupt_at(4);
  ASSERT_FALSE(run(opener, api->token(), "inv-2"));
  api->interrupt_at(0);
  ASSERT_TRUE(run(opener, api->token(), "inv-2"));
  EXPECT_EQ(report("inv-2"), steered);
}

TEST_F(InvestigationRunner, TakesUpWhatItIsToldWhileItRuns) {
  auto api = std::make_shared<InterruptedApi>(*account_);
  Opener opener(api);
  ASSERT_TRUE(run(opener, {}));
  const auto first = investigation();
  add_investigation("inv-2", first.started);
  bool told = false;
  api->on_answer([&] {
    const auto so_far = read([](store::Session& s) { return s.document("inv-2", "report"); });
    if (told || !so_far || so_far->body.find(first.mode) == std::string::npos) return;
    told = true;
    tell("rule out " + first.mode, "inv-2", false);
  });
  ASSERT_TRUE(run(opener, {}, "inv-2"));
  ASSERT_TRUE(told);
  const auto second = *read([](store::Session& s) { return s.investigation("inv-2"); });
  EXPECT_EQ(second.attempt, 1U);
  EXPECT_NE(second.mode, first.mode);
  ASSERT_EQ(replies("inv-2").size(), 1U);
}

TEST_F(InvestigationRunner, RepliesToEachKindOfSteering) {
  Opener opener(std::make_shared<InterruptedApi>(*account_));
  ASSERT_TRUE(run(opener, {}));
  const auto window = *base::parse_rfc3339(report()["window"]["start"].get<std::string>());
  const std::string wider = "look at " + base::format_rfc3339(window - std::chrono::hours(1)) + " to " +
                            base::format_rfc3339(window + std::chrono::hours(1));
  for (const std::string& text : {std::string("other causes?"), std::string("コードを読んで"), wider})
    tell(text);
  ASSERT_TRUE(run(opener, {}));
  const auto said = replies();
  ASSERT_EQ(said.size(), 3U);
  EXPECT_NE(said[0]["en"].get<std::string>().find("The next ones: "), std::string::npos);
  for (const auto& reply : said) {
    EXPECT_FALSE(reply["ja"].get<std::string>().empty());
    EXPECT_TRUE(reply["after"]["probability"].is_number()) << reply;
  }
  EXPECT_EQ(report()["window"]["start"], base::format_rfc3339(window - std::chrono::hours(1)));
  EXPECT_EQ(report()["steering"].size(), 3U);
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

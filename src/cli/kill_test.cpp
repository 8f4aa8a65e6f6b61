// `kill -9` of the program at random moments while it investigates: it resumes, tells nothing twice, and ends
// in the report that it would have given. MIDWATCH_KILLS says how often (else 200 times, or as often as in a
// minute), MIDWATCH_KILL_SEED from which seed.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

#include "src/app/sandbox_hosting.h"
#include "src/app/watch/folder_archive.h"
#include "src/app/watch/store_opening.h"
#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::cli {
namespace {

using base::Json;
using model::InvestigationStatus;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// One `midwatch worker` as a process of its own.
class Worker {
 public:
  Worker(const std::string& config, const std::string& log, const std::vector<std::string>& environment) {
    std::vector<std::string> words{MIDWATCH_PROGRAM, "worker", "--config", config};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> all;
      for (std::string& text : texts) all.push_back(text.data());
      all.push_back(nullptr);
      return all;
    };
    auto variables = environment;
    if (::posix_spawn(&process_, MIDWATCH_PROGRAM, &actions, nullptr, pointers(words).data(),
                      pointers(variables).data()) != 0)
      process_ = 0;
    posix_spawn_file_actions_destroy(&actions);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { kill(); }

  /// False where it had ended by itself.
  bool kill() {
    if (process_ <= 0) return false;
    int status = 0;
    ::kill(process_, SIGKILL);
    const bool ended = ::waitpid(process_, &status, 0) == process_;
    process_ = 0;
    return ended && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

 private:
  pid_t process_ = 0;
};

class KillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto folder = app::TemporaryFolder::make();
    ASSERT_TRUE(folder);
    folder_.emplace(*std::move(folder));
    app::SandboxHosting what;
    what.world = "lambda-timeout";
    what.latency = std::chrono::milliseconds(5);
    ASSERT_TRUE(account_.start(what, clock_));
    for (const auto& [name, value] : account_.environment()) environment_.push_back(name + "=" + value);
    const std::string where = folder_->path() + "/midwatch.db";
    std::ofstream(folder_->path() + "/midwatch.yaml")
        << "format: midwatch.serve/v1\nstore: midwatch.db\nworkers: 1\nspaces: [{ name: shop }]\n";
    auto store = app::open_store(where);
    ASSERT_TRUE(store) << store.error().describe();
    store_ = *std::move(store);
    write([](store::Session& session) {
      model::Incident incident;
      incident.id = "inc-1";
      incident.space = "shop";
      return session.add_incident(incident);
    });
  }

  void write(const store::Work& work) {
    const auto done = store_->write(work);
    EXPECT_TRUE(done) << done.error().describe();
  }

  void add(const std::string& id, std::optional<base::Timestamp> started = std::nullopt) {
    model::Investigation investigation;
    investigation.id = id;
    investigation.incident = "inc-1";
    investigation.space = "shop";
    investigation.start.latest = true;
    investigation.requested = clock_.now();
    investigation.started = started;
    write([&](store::Session& session) { return session.add_investigation(investigation); });
  }

  model::Investigation get(const std::string& id) {
    std::optional<model::Investigation> found;
    write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(found, session.investigation(id));
      return {};
    });
    return *found;
  }

  Worker worker() const {
    return {folder_->path() + "/midwatch.yaml", folder_->path() + "/log", environment_};
  }

  /// Looks until an investigation has ended; the time that it took.
  base::Duration wait_for(const std::string& id) {
    const auto begun = clock_.steady_now();
    while (get(id).status != InvestigationStatus::kDone &&
           clock_.steady_now() - begun < std::chrono::minutes(1))
      ::poll(nullptr, 0, 5);
    return clock_.steady_now() - begun;
  }

  /// What a killed worker held is free at once, as if its lease had run out.
  void free_leases() {
    const auto later = clock_.now() + std::chrono::hours(1);
    write([&](store::Session& session) -> base::Result<> {
      std::vector<std::string> taken;
      while (true) {
        MIDWATCH_TRY(const auto held, session.lease({"test", later + std::chrono::hours(1)}, later));
        if (!held) break;
        taken.push_back(held->id);
      }
      for (const auto& id : taken) MIDWATCH_TRY_VOID(session.release(id, "test"));
      return {};
    });
  }

  /// Without what differs from one run to the next, and what the account refused because it was asked too
  /// often.
  Json report(const std::string& id) {
    Json report;
    write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto document, session.document(id, "report"));
      MIDWATCH_TRY(report, base::parse_json(document.body));
      return {};
    });
    for (const char* measured : {"id", "duration_ms", "stats", "started"}) report.erase(measured);
    Json gaps = Json::array();
    for (const Json& gap : report["gaps"])
      if (gap.dump().find("cloudtrail lookup-events") == std::string::npos) gaps.push_back(gap);
    report["gaps"] = gaps;
    return report;
  }

  /// How often each question, by its whole command, was told as answered, and how often the end was.
  std::map<std::string, int> told(const std::string& id) {
    std::map<std::string, int> count;
    write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto entries, session.journal(id, 0, 10'000));
      for (const auto& entry : entries) {
        const auto data = base::parse_json(entry.data);
        if (!data) continue;
        const std::string status = base::text_at(*data, "status");
        if (entry.kind == "status" && (status == "done" || status == "failed")) ++count["ended " + status];
        if (entry.kind == "answer" && base::text_at(*data, "answered") == "true")
          ++count[base::text_at(*data, "command")];
      }
      return {};
    });
    return count;
  }

  const base::SystemClock clock_;
  app::HostedSandbox account_;
  std::vector<std::string> environment_;
  std::optional<app::TemporaryFolder> folder_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(KillTest, AKilledInvestigationEndsAsItWouldHave) {
  const std::uint64_t kills = from_environment("MIDWATCH_KILLS", 200);
  const bool is_bounded = std::getenv("MIDWATCH_KILLS") == nullptr;
  const std::uint64_t seed = from_environment("MIDWATCH_KILL_SEED", std::random_device()());
  std::cout << "MIDWATCH_KILL_SEED=" << seed << "\n";
  add("inv-0");
  base::Duration whole{};
  {
    const Worker undisturbed = worker();
    whole = wait_for("inv-0");
  }
  ASSERT_EQ(get("inv-0").status, InvestigationStatus::kDone);
  ASSERT_EQ(get("inv-0").outcome, "root_cause");

  std::mt19937_64 random(seed);
  const auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(whole).count();
  std::uniform_int_distribution<std::int64_t> moment(0, longest);
  std::vector<std::string> names;
  std::uint64_t killed = 0;
  const auto begun = clock_.steady_now();
  while (killed < kills && !(is_bounded && clock_.steady_now() - begun > std::chrono::minutes(1))) {
    if (names.empty() || get(names.back()).status == InvestigationStatus::kDone) {
      names.push_back(fmt::format("inv-{}", names.size() + 1));
      add(names.back());
    }
    Worker victim = worker();
    ::poll(nullptr, 0, static_cast<int>(moment(random)));
    EXPECT_TRUE(victim.kill()) << "it ended by itself";
    ++killed;
    free_leases();
  }
  for (const auto& name : names) add("again-" + name, get(name).started.value_or(clock_.now()));
  {
    const Worker undisturbed = worker();
    for (const auto& name : names) wait_for("again-" + name);
    wait_for(names.back());
  }
  std::uint32_t attempts = 0;
  for (const auto& name : names) {
    const auto ended = get(name);
    attempts += ended.attempt;
    ASSERT_EQ(ended.status, InvestigationStatus::kDone) << name;
    const auto as_told = told(name);
    const auto otherwise = told("again-" + name);
    for (const auto& [what, times] : as_told) {
      const auto at = otherwise.find(what);
      // What CloudTrail refuses for its rate differs from run to run, and so does what is answered in the
      // end.
      const int once = what.find("cloudtrail lookup-events") == std::string::npos ? 0 : 1;
      EXPECT_LE(times, at == otherwise.end() ? once : at->second) << name << ": " << what;
    }
    EXPECT_EQ(as_told.at("ended done"), 1) << name;
    EXPECT_EQ(report(name), report("again-" + name)) << name;
  }
  std::cout << killed << " kills, " << names.size() << " investigations, " << attempts
            << " attempts; one takes " << longest << " ms undisturbed\n";
}

}  // namespace
}  // namespace midwatch::cli

#include "src/store/sqlite/sqlite_store.h"

#include <array>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/try.h"
#include "src/store/contract/store_checks.h"
#include "src/store/contract/store_items.h"
#include "src/store/sql_session.h"
#include "src/store/sqlite/sqlite_connection.h"
#include "src/store/sqlite/testing/temporary_folder.h"

namespace midwatch::store::sqlite {
namespace {

using base::ErrorCode;
using contract::at;
using contract::ids;
using contract::incident_of;
using contract::investigation_of;
using contract::whole_writes;
using contract::write_whole;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

std::unique_ptr<Store> opened(const std::string& path) {
  auto store = open_sqlite(path);
  if (!store) throw std::runtime_error(store.error().describe());
  return *std::move(store);
}

std::unique_ptr<SqliteConnection> connected(const std::string& path) {
  auto connection = SqliteConnection::open(path);
  if (!connection) throw std::runtime_error(connection.error().describe());
  return *std::move(connection);
}

void expect_works(const base::Result<>& result) {
  EXPECT_TRUE(result) << result.error().describe();
}

/// All texts that a query gives, a line each.
std::string lines_of(SqlConnection& connection, const std::string& sql,
                     const std::vector<SqlValue>& parameters = {}) {
  const auto found = connection.run(sql, parameters);
  if (!found) return found.error().describe();
  std::string lines;
  for (const auto& row : found->rows)
    for (const auto& value : row)
      if (const auto* text = std::get_if<std::string>(&value)) lines += *text + "\n";
  return lines;
}

TEST(SqliteStoreTest, SaysWhyItDoesNotOpen) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("text")) << "this is no database, however long it is made to be";
  expect_works(connected(folder.file("other"))->run_script("CREATE TABLE theirs (a)"));
  opened(folder.file("newer"));
  expect_works(connected(folder.file("newer"))->run_script("PRAGMA user_version = 999"));
  struct Row {
    std::string path;
    ErrorCode code;
    std::string says;
  };
  const std::vector<Row> rows{
      {"", ErrorCode::kInvalidArgument, "path"},
      {folder.file(""), ErrorCode::kPermissionDenied, "it is a folder"},
      {folder.file("no/store.db"), ErrorCode::kPermissionDenied, "no does not exist; make it"},
      {folder.file("text/store.db"), ErrorCode::kPermissionDenied, "text is no folder"},
      {"/proc/midwatch.db", ErrorCode::kPermissionDenied, "the folder /proc cannot be written"},
      {folder.file("text"), ErrorCode::kMalformed, "no database"},
      {folder.file("other"), ErrorCode::kMalformed, "belongs to another program"},
      {folder.file("newer"), ErrorCode::kUnsupported,
       "a newer Midwatch wrote it (its tables have version 999"},
  };
  for (const auto& row : rows) {
    const auto store = open_sqlite(row.path);
    ASSERT_FALSE(store) << row.path;
    EXPECT_EQ(store.error().code, row.code) << row.path << ": " << store.error().describe();
    EXPECT_THAT(store.error().describe(), HasSubstr(row.says));
  }
  EXPECT_EQ(lines_of(*connected(folder.file("other")), "PRAGMA journal_mode"), "delete\n")
      << "the file of another program was changed";
}

TEST(SqliteStoreTest, TheFileIsForItsOwnerAlone) {
  const TemporaryFolder folder;
  const auto store = opened(folder.file("store.db"));
  expect_works(store->write([](Session& session) { return session.add_incident(incident_of("a", 1)); }));
  using std::filesystem::perms;
  for (const std::string name : {"store.db", "store.db-wal"})
    EXPECT_EQ(std::filesystem::status(folder.file(name)).permissions(),
              perms::owner_read | perms::owner_write)
        << name;
}

/// Lets no file of this process grow beyond `bytes`, as a full disk does.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : before_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit full{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }

 private:
  rlimit limit_{};
  void (*before_)(int);
};

TEST(SqliteStoreTest, AFullDiskLosesNothingThatWasKept) {
  const TemporaryFolder folder;
  const auto store = opened(folder.file("store.db"));
  const auto add = [&store](const std::string& id, std::size_t size) {
    return store->write([&](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.add_incident(incident_of(id, 1)));
      MIDWATCH_TRY_VOID(session.add_investigation(investigation_of(id, id, 1)));
      return session.put_document({id, "recording", "", std::string(size, 'x')});
    });
  };
  expect_works(add("a", 10));
  {
    const FullDisk full(rlim_t{256} * 1024);
    const auto failed = add("b", std::size_t{4} * 1024 * 1024);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::kResourceExhausted) << failed.error().describe();
    EXPECT_THAT(failed.error().describe(), HasSubstr("the disk is full"));
  }
  expect_works(add("c", 10));
  expect_works(store->read([](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto kept, session.incidents({}, "", 9));
    EXPECT_EQ(ids(kept.items), "c a");
    return {};
  }));
}

TEST(SqliteStoreTest, SaysWhatItCannotRead) {
  const TemporaryFolder folder;
  const auto store = opened(folder.file("store.db"));
  expect_works(store->write([](Session& session) { return session.add_incident(incident_of("a", 1)); }));
  expect_works(connected(folder.file("store.db"))->run_script("UPDATE incidents SET status = 'asleep'"));
  const auto read = store->read([](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto incident, session.incident("a"));
    return incident.id.empty() ? base::Result<>() : base::Result<>(base::internal_error("it was read"));
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kMalformed);
  EXPECT_THAT(read.error().describe(), HasSubstr("incidents: asleep"));
}

// ---- what a process that is killed leaves
// -------------------------------------------------------------------

/// Asks the system to kill this process after so many microseconds, wherever it is then.
void be_killed_after(std::int64_t microseconds) {
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGKILL;
  timer_t timer{};
  if (::timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) ::_exit(3);
  itimerspec when{};
  when.it_value.tv_nsec = microseconds * 1000;
  if (::timer_settime(timer, 0, &when, nullptr) != 0) ::_exit(4);
}

/// Writes without end in two threads and tells each number that was kept; never returns.
[[noreturn]] void write_until_killed(const std::string& path, int round, int tell,
                                     std::int64_t microseconds) {
  auto store = open_sqlite(path);
  if (!store) ::_exit(1);
  const auto write_all = [&](std::int32_t first, bool arms) {
    for (std::int32_t i = first;; i += 2) {
      if (!write_whole(**store, fmt::format("{}-{}", round, i))) ::_exit(2);
      if (::write(tell, &i, sizeof i) != sizeof i) ::_exit(5);
      if (i == first && arms) be_killed_after(microseconds);
    }
  };
  std::thread other([&] { write_all(1, false); });
  write_all(0, true);
  ::_exit(6);
}

TEST(SqliteStoreTest, AKilledProcessLosesNothingItTold) {
  constexpr int kKills = 40;
  constexpr std::int64_t kLongestMicroseconds = 20'000;
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  std::mt19937 random(7);
  std::uniform_int_distribution<std::int64_t> moment(1, kLongestMicroseconds);
  std::set<std::string> told;
  for (int round = 0; round < kKills; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const std::int64_t microseconds = moment(random);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_until_killed(path, round, ends[1], microseconds);
    ::close(ends[1]);
    std::int32_t number = 0;
    while (::read(ends[0], &number, sizeof number) == sizeof number)
      told.insert(fmt::format("{}-{}", round, number));
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it ended by itself: " << status;
  }
  EXPECT_EQ(lines_of(*connected(path), "PRAGMA integrity_check"), "ok\n");
  const auto store = opened(path);
  const auto found = whole_writes(*store);
  for (const auto& id : told) EXPECT_TRUE(found.contains(id)) << id << " was told to be kept";
  EXPECT_GE(told.size(), std::size_t{kKills});
  expect_works(write_whole(*store, "after"));
}

TEST(SqliteStoreTest, BacksUpOneStateWhileOthersWrite) {
  const TemporaryFolder folder;
  const auto store = opened(folder.file("store.db"));
  expect_works(write_whole(*store, "first"));
  std::atomic<bool> enough = false;
  std::thread writer([&] {
    for (int i = 0; !enough; ++i) expect_works(write_whole(*store, fmt::to_string(i)));
  });
  for (int i = 0; i < 5; ++i)
    expect_works(back_up_sqlite(folder.file("store.db"), folder.file(fmt::format("copy-{}", i))));
  enough = true;
  writer.join();
  for (int i = 0; i < 5; ++i) {
    const auto copy = opened(folder.file(fmt::format("copy-{}", i)));
    EXPECT_TRUE(whole_writes(*copy).contains("first"));
    expect_works(write_whole(*copy, "into the copy"));
  }
  const auto again = back_up_sqlite(folder.file("store.db"), folder.file("copy-0"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  const auto nothing = back_up_sqlite(folder.file("none.db"), folder.file("copy"));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder.file("none.db")));
}

// ---- upgrades
// -----------------------------------------------------------------------------------------------

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

constexpr std::string_view kSchema = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";

TEST(SqliteStoreTest, BringsEveryEarlierVersionToThisOne) {
  const std::filesystem::path fixtures =
      std::filesystem::path(MIDWATCH_SOURCE_DIR) / "src/store/sqlite/testdata";
  const TemporaryFolder folder;
  opened(folder.file("fresh"));
  const auto fresh = connected(folder.file("fresh"));
  const auto newest = fresh->number("PRAGMA user_version");
  ASSERT_TRUE(newest);
  std::string fixture;  // of a version and all before it
  for (std::int64_t version = 1; version <= *newest; ++version) {
    SCOPED_TRACE(fmt::format("version {}", version));
    const std::string path = folder.file(fmt::to_string(version));
    const auto added = text_of(fixtures / fmt::format("version_{}.sql", version));
    ASSERT_THAT(added, Not(IsEmpty())) << "every version of the tables needs its fixture";
    fixture += added;
    expect_works(connected(path)->run_script(
        fmt::format("{}; PRAGMA application_id = 0x4d574348; PRAGMA user_version = {}", fixture, version)));
    const auto store = opened(path);
    EXPECT_EQ(lines_of(*connected(path), std::string(kSchema)), lines_of(*fresh, std::string(kSchema)));
    contract::expect_fixture(*store);
  }
}

TEST(SqliteStoreTest, ForgetsOldChangesAndSaysSo) {
  const TemporaryFolder folder;
  const auto store = opened(folder.file("store.db"));
  expect_works(connected(folder.file("store.db"))->run_script(contract::kManyChanges));
  contract::expect_few_changes(*store);
}

// ---- how it finds what it is asked
// --------------------------------------------------------------------------

/// Notes the plan of every statement that it passes on.
class PlanNotes final : public SqlConnection {
 public:
  explicit PlanNotes(SqlConnection& connection) : connection_(connection) {}
  base::Result<SqlRows> run(std::string_view sql, const std::vector<SqlValue>& parameters) override {
    plans[std::string(sql)] = lines_of(connection_, fmt::format("EXPLAIN QUERY PLAN {}", sql), parameters);
    return connection_.run(sql, parameters);
  }
  base::Result<> begin_reading() override { return connection_.begin_reading(); }
  base::Result<> begin_writing() override { return connection_.begin_writing(); }
  base::Result<> commit() override { return connection_.commit(); }
  void roll_back() override { connection_.roll_back(); }
  bool lost_transaction() const override { return connection_.lost_transaction(); }
  bool worth_again() const override { return connection_.worth_again(); }
  std::string contains(std::string_view column, std::string_view parameter) const override {
    return connection_.contains(column, parameter);
  }
  std::string_view audit_space() const override { return connection_.audit_space(); }
  std::string_view skip_locked() const override { return connection_.skip_locked(); }
  std::string describe() const override { return connection_.describe(); }

  std::map<std::string, std::string> plans;

 private:
  SqlConnection& connection_;
};

TEST(SqliteStoreTest, LooksAtNoWholeTable) {
  const TemporaryFolder folder;
  opened(folder.file("store.db"));
  const auto connection = connected(folder.file("store.db"));
  PlanNotes notes(*connection);
  SqlSession session(notes);
  const auto ask = [&]() -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("i", 1)));
    MIDWATCH_TRY_VOID(session.add_delivery(contract::delivery_of("d", 1)));
    MIDWATCH_TRY_VOID(session.add_alarm(contract::alarm_of("a", "i", 1)));
    MIDWATCH_TRY_VOID(session.add_investigation(investigation_of("v", "i", 1)));
    MIDWATCH_TRY_VOID(session.deliveries({{{"shop"}}}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.alarms_of("i"));
    MIDWATCH_TRY_VOID(session.latest_alarms_of("i", 9));
    MIDWATCH_TRY_VOID(session.again("shop", at(1), 9));
    MIDWATCH_TRY_VOID(session.latest_alarm("shop", "pager", "k"));
    MIDWATCH_TRY_VOID(session.alarms({{{"shop"}}}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.alarms({}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.alarms({{{"bank", "shop"}}, model::TriageDecision::kSkipped}, "1.a", 9));
    const Scope narrow{{"bank", "shop"}, base::TimeRange{at(1), at(2)}, "service", "oom-kill"};
    MIDWATCH_TRY_VOID(session.alarms({narrow, {}, model::AlarmState::kFiring}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.deliveries({narrow}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.deliveries({narrow, "", false}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.deliveries({narrow, "pager", true}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.investigations({}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.investigations({narrow}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.investigations({{narrow.spaces}, model::InvestigationStatus::kFailed}, "", 9));
    MIDWATCH_TRY_VOID(session.judgements({narrow, model::Judgement::kWrong}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.outbox({narrow}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.journal("v", 1, 9, {narrow.time, "status"}));
    MIDWATCH_TRY_VOID(session.audit_lines({{"", "shop"}, narrow.time, "ada", "signIn"}, 1, 9));
    MIDWATCH_TRY_VOID(session.incidents({}, "1.a", 9));
    IncidentFilter filter;
    filter.spaces = {"shop"};
    filter.mode = "oom-kill";
    filter.time = base::TimeRange{at(1), at(2)};
    MIDWATCH_TRY_VOID(session.incidents(filter, "1.a", 9));
    filter.status = model::IncidentStatus::kOpen;
    MIDWATCH_TRY_VOID(session.incidents(filter, "1.a", 9));
    filter.spaces = {"bank", "shop"};
    MIDWATCH_TRY_VOID(session.incidents(filter, "1.a", 9));
    MIDWATCH_TRY_VOID(session.recent_incidents("shop", at(1), 9));
    MIDWATCH_TRY_VOID(session.investigations_of("i"));
    MIDWATCH_TRY_VOID(session.count_active("shop"));
    MIDWATCH_TRY_VOID(session.lease({"w", at(2), {"shop"}}, at(1)));
    MIDWATCH_TRY_VOID(session.last_change());
    MIDWATCH_TRY_VOID(session.changes(0, 9));
    MIDWATCH_TRY_VOID(session.append({"v", 0, at(1), "", {}, ""}));
    MIDWATCH_TRY_VOID(session.journal("v", 1, 9));
    MIDWATCH_TRY_VOID(session.feedback({"shop"}));
    MIDWATCH_TRY_VOID(session.count_answers({"shop"}));
    MIDWATCH_TRY_VOID(session.idempotent("a", "b"));
    MIDWATCH_TRY_VOID(session.forget_answers(at(1)));
    MIDWATCH_TRY_VOID(session.due({}, at(1), 9));
    MIDWATCH_TRY_VOID(session.due({"mail", "slack"}, at(1), 9));
    MIDWATCH_TRY_VOID(session.outbox({{{"shop"}}, "", "slack", {}}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.outbox({{{"shop"}}, "i", "", OutboxState::kFailed}, "", 9));
    MIDWATCH_TRY_VOID(session.outbox({{{"bank", "shop"}}, "", "", OutboxState::kFailed}, "1.a", 9));
    MIDWATCH_TRY_VOID(session.first_receipt("i", "slack"));
    MIDWATCH_TRY_VOID(session.add_user({"ada", "", {}, false, at(1), at(1)}));
    MIDWATCH_TRY_VOID(session.update_user({"ada", "", {}, false, at(1), at(1)}));
    MIDWATCH_TRY_VOID(session.user("ada"));
    MIDWATCH_TRY_VOID(session.users());
    MIDWATCH_TRY_VOID(session.add_sign_in({"s", "ada", "", {}, at(1), at(1), at(1)}));
    MIDWATCH_TRY_VOID(session.use_sign_in("s", at(1)));
    MIDWATCH_TRY_VOID(session.sign_in("s"));
    MIDWATCH_TRY_VOID(session.end_sign_in("s"));
    MIDWATCH_TRY_VOID(session.end_sign_ins("ada"));
    MIDWATCH_TRY_VOID(session.forget_sign_ins(at(1)));
    MIDWATCH_TRY_VOID(session.add_token({"t", "", "", {}, "", at(1), {}, {}}));
    MIDWATCH_TRY_VOID(session.token("t"));
    MIDWATCH_TRY_VOID(session.token_of(""));
    MIDWATCH_TRY_VOID(session.revoke_token("t", at(1)));
    MIDWATCH_TRY_VOID(session.tokens());
    MIDWATCH_TRY_VOID(session.has_accounts());
    MIDWATCH_TRY_VOID(session.put_attempts({"k", 1, at(1)}));
    MIDWATCH_TRY_VOID(session.attempts("k"));
    MIDWATCH_TRY_VOID(session.forget_attempts(at(1)));
    MIDWATCH_TRY_VOID(session.audit({}));
    MIDWATCH_TRY_VOID(session.audit_after(1, 9));
    MIDWATCH_TRY_VOID(session.first_to_forget("shop", 9));
    MIDWATCH_TRY_VOID(session.forget("shop", at(9), 9));
    return {};
  };
  expect_works(ask());
  for (const auto& [sql, plan] : notes.plans) {
    std::istringstream lines(plan);
    for (std::string line; std::getline(lines, line);) {
      const bool in_order = line.find("USING INDEX") != std::string::npos ||
                            line.find("USING COVERING INDEX") != std::string::npos || line == "SCAN audit";
      EXPECT_TRUE(!line.starts_with("SCAN ") || in_order) << sql << "\n" << plan;
      EXPECT_FALSE(line.starts_with("USE TEMP B-TREE") && sql.find("UNION") == std::string::npos)
          << sql << "\n"
          << plan;
    }
  }
}

}  // namespace
}  // namespace midwatch::store::sqlite

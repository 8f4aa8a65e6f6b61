// How many alarms a second a store keeps durably, against what SQLite itself can do on the same disk in the
// same run.
//
// usage: bench_store FOLDER [SECONDS] [POSTGRES_ADDRESS]     FOLDER: on the disk to measure
//
// A write is what a webhook costs: a delivery and its alarm, told as kept only when they are on the disk. The
// raw figures are the same two rows over SQLite's C API, one commit each and 256 to a commit.
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "src/base/clock.h"
#include "src/base/try.h"
#include "src/store/postgres/postgres_store.h"
#include "src/store/sql_rows.h"
#include "src/store/sqlite/sqlite_store.h"

namespace {

using namespace midwatch;

constexpr double kSecondsEach = 2;
constexpr int kBatch = 256;

const std::string kBody(1500, 'b');  // as long as an Alertmanager message of one alert

store::Delivery delivery_of(const std::string& id) {
  return {"dlv-" + id, "shop", "pager", id, base::Timestamp(), kBody, ""};
}

store::StoredAlarm alarm_of(const std::string& id) {
  store::StoredAlarm stored;
  stored.alarm.id = "alm-" + id;
  stored.alarm.space = "shop";
  stored.alarm.sender = "pager";
  stored.alarm.key = id;
  stored.alarm.name = "p99 of checkout is high";
  stored.alarm.entity = "service/checkout";
  stored.alarm.labels = {{"alertname", "HighLatency"}, {"severity", "critical"}, {"team", "payments"}};
  stored.triage.decision = model::TriageDecision::kSkipped;
  stored.delivery = "dlv-" + id;
  return stored;
}

/// Calls `write` with new ids from several threads for a while; writes a second.
double measure(double seconds, int threads, const std::function<void(const std::string&)>& write) {
  const base::SystemClock clock;
  const auto start = clock.steady_now();
  const auto end = start + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                               base::duration_from_seconds(seconds));
  std::atomic<std::uint64_t> done = 0;
  static std::atomic<std::uint64_t> next = 0;
  const auto work = [&] {
    while (clock.steady_now() < end) {
      write(fmt::format("{:012}", next++));
      ++done;
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (auto& other : others) other.join();
  const std::chrono::duration<double> took = clock.steady_now() - start;
  return static_cast<double>(done) / took.count();
}

void check(const base::Result<>& result) {
  if (!result) throw std::runtime_error(result.error().describe());
}

std::unique_ptr<store::Store> opened(base::Result<std::unique_ptr<store::Store>> store) {
  if (!store) throw std::runtime_error(store.error().describe());
  return *std::move(store);
}

double measure_store(store::Store& store, double seconds, int threads) {
  return measure(seconds, threads, [&](const std::string& id) {
    check(store.write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.add_delivery(delivery_of(id)));
      return session.add_alarm(alarm_of(id));
    }));
  });
}

/// SQLite as bare as it can be used.
class RawSqlite {
 public:
  explicit RawSqlite(const std::string& path) {
    expect(sqlite3_open(path.c_str(), &database_));
    expect(sqlite3_exec(database_, "PRAGMA synchronous = FULL", nullptr, nullptr, nullptr));
    delivery_ = prepare(store::Table<store::Delivery>::kName, store::Table<store::Delivery>::kColumns, 7);
    alarm_ = prepare(store::Table<store::StoredAlarm>::kName, store::Table<store::StoredAlarm>::kColumns, 24);
  }
  RawSqlite(const RawSqlite&) = delete;
  RawSqlite& operator=(const RawSqlite&) = delete;
  ~RawSqlite() {
    sqlite3_finalize(delivery_);
    sqlite3_finalize(alarm_);
    sqlite3_close(database_);
  }

  void exec(const char* sql) { expect(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
  void add(const std::string& id) {
    insert(delivery_, store::Table<store::Delivery>::values(delivery_of(id)));
    insert(alarm_, store::Table<store::StoredAlarm>::values(alarm_of(id)));
  }

 private:
  void expect(int code) const {
    if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database_));
  }
  sqlite3_stmt* prepare(std::string_view table, std::string_view columns, int count) {
    std::string places = "?";
    for (int i = 1; i < count; ++i) places += ", ?";
    const std::string sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table, columns, places);
    sqlite3_stmt* statement = nullptr;
    expect(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr));
    return statement;
  }
  void insert(sqlite3_stmt* statement, const store::SqlRow& values) const {
    int place = 0;
    for (const auto& value : values) {
      ++place;
      if (const auto* integer = std::get_if<std::int64_t>(&value))
        sqlite3_bind_int64(statement, place, *integer);
      if (const auto* text = std::get_if<std::string>(&value))
        sqlite3_bind_text(statement, place, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
      if (const auto* bytes = std::get_if<store::SqlBytes>(&value))
        sqlite3_bind_blob(statement, place, bytes->bytes.data(), static_cast<int>(bytes->bytes.size()),
                          SQLITE_STATIC);
    }
    expect(sqlite3_step(statement));
    sqlite3_reset(statement);
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* delivery_ = nullptr;
  sqlite3_stmt* alarm_ = nullptr;
};

double measure_raw(RawSqlite& raw, double seconds, int batch) {
  int in_batch = 0;
  const double rate = measure(seconds, 1, [&](const std::string& id) {
    if (in_batch == 0) raw.exec("BEGIN IMMEDIATE");
    raw.add(id);
    if (++in_batch == batch) {
      raw.exec("COMMIT");
      in_batch = 0;
    }
  });
  if (in_batch > 0) raw.exec("COMMIT");
  return rate;
}

void print(const std::string& what, double rate, double raw) {
  fmt::print("{:<44}{:>10.0f}{:>10.2f}\n", what, rate, rate / raw);
}

int run(const std::vector<std::string>& words) {
  const std::filesystem::path folder = words.at(0);
  const double seconds = words.size() > 1 ? std::strtod(words[1].c_str(), nullptr) : kSecondsEach;
  const std::string path = (folder / "bench_store.db").string();
  if (std::filesystem::exists(path)) throw std::runtime_error(path + " exists; remove it first");
  const auto sqlite = opened(store::sqlite::open_sqlite(path));
  RawSqlite raw(path);
  fmt::print("{:<44}{:>10}{:>10}\n", "", "writes/s", "ratio");
  const double one = measure_raw(raw, seconds, 1);
  print("raw SQLite, 1 to a commit", one, one);
  print("SQLite, 1 thread", measure_store(*sqlite, seconds, 1), one);
  const double many = measure_raw(raw, seconds, kBatch);
  print(fmt::format("raw SQLite, {} to a commit", kBatch), many, many);
  for (const int threads : {4, 16, 64})
    print(fmt::format("SQLite, {} threads", threads), measure_store(*sqlite, seconds, threads), many);
  if (words.size() > 2) {
    const auto postgres = opened(store::postgres::open_postgres(words[2]));
    print("PostgreSQL, 1 thread", measure_store(*postgres, seconds, 1), one);
    for (const int threads : {4, 16, 64})
      print(fmt::format("PostgreSQL, {} threads", threads), measure_store(*postgres, seconds, threads), many);
  }
  for (const char* const end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count < 2) {
      fmt::print(stderr, "usage: bench_store FOLDER [SECONDS] [POSTGRES_ADDRESS]\n");
      return 2;
    }
    return run({arguments + 1, arguments + count});
  } catch (const std::exception& problem) {
    fmt::print(stderr, "bench_store: {}\n", problem.what());
    return 1;
  }
}

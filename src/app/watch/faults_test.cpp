// What a server tells its senders while its store fails: 202 for what is kept, and for nothing else.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include "src/app/watch/folder_archive.h"
#include "src/app/watch/store_opening.h"
#include "src/app/watch/watch_server.h"
#include "src/base/try.h"
#include "src/http/curl_client.h"
#include "src/store/postgres/testing/postgres_server.h"

namespace midwatch::app {
namespace {

using store::postgres::testing::PostgresServer;
using ::testing::AnyOf;
using ::testing::HasSubstr;

/// A file system of its own in memory, so small that it can be filled.
class SmallDisk {
 public:
  /// Nothing where nothing may be mounted.
  static std::optional<SmallDisk> make(const std::string& size) {
    auto folder = TemporaryFolder::make();
    if (!folder || ::mount("midwatch", folder->path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV,
                           fmt::format("size={},mode=0777", size).c_str()) != 0)
      return std::nullopt;
    return SmallDisk(*std::move(folder));
  }
  SmallDisk(SmallDisk&&) = default;
  ~SmallDisk() {
    if (folder_) ::umount2(path().c_str(), MNT_DETACH);
  }

  std::string path() const { return folder_->path(); }
  void fill() const {
    std::ofstream ballast(path() + "/ballast", std::ios::binary);
    const std::string block(4096, 'x');
    while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) continue;
  }
  void make_room() const { std::filesystem::remove(path() + "/ballast"); }

 private:
  explicit SmallDisk(TemporaryFolder folder) : folder_(std::move(folder)) {}
  std::optional<TemporaryFolder> folder_;
};

/// Sends alarms to a server from several threads without end, each under another key.
class Senders {
 public:
  explicit Senders(std::string url) : url_(std::move(url)) {
    for (int thread = 0; thread < 4; ++thread)
      threads_.emplace_back([thread, this] {
        http::CurlClient client;
        for (int i = 0; !enough_; ++i) send(client, fmt::format("{}-{}", thread, i));
      });
  }
  ~Senders() { stop(); }
  Senders(const Senders&) = delete;
  Senders& operator=(const Senders&) = delete;

  void wait_for_accepted() { wait_for_more(accepted_); }
  void wait_for_refused() { wait_for_more(refused_); }
  void stop() {
    enough_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }

  std::set<std::string> keys;                ///< that were answered with 202
  std::map<int, std::string> other_answers;  ///< by status, with the last body

 private:
  static void wait_for_more(const std::atomic<int>& count) {
    constexpr int kSome = 40;
    for (int before = count, now = before; now < before + kSome; now = count) count.wait(now);
  }

  void send(http::CurlClient& client, const std::string& key) {
    http::HttpRequest request;
    request.method = "POST";
    request.url = url_;
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = fmt::format(
        R"({{"version":"4","status":"firing","alerts":[{{"status":"firing","fingerprint":"{}","labels":)"
        R"({{"alertname":"Errors","service":"orders","severity":"low"}},"annotations":{{"summary":"{}"}}}}]}})",
        key, std::string(500, 'x'));
    const auto answer = client.send(runtime::RequestContext::unlimited(clock_), request);
    const std::lock_guard lock(mutex_);
    if (answer && answer->status == 202) {
      keys.insert(key);
      ++accepted_;
      accepted_.notify_all();
      return;
    }
    other_answers[answer ? answer->status : 0] = answer ? answer->body : answer.error().describe();
    ++refused_;
    refused_.notify_all();
  }

  const base::SystemClock clock_;
  std::string url_;
  std::mutex mutex_;
  std::atomic<bool> enough_ = false;
  std::atomic<int> accepted_ = 0;
  std::atomic<int> refused_ = 0;
  std::vector<std::thread> threads_;
};

std::string address_of(const std::string& hosts) {
  return fmt::format("postgresql:///postgres?host={}&user=midwatch", hosts);
}

class Faults : public ::testing::Test {
 protected:
  void start(const std::string& store) {
    WatchServer::Options options;
    options.config.listen = "127.0.0.1:0";
    options.config.store = store;
    options.config.workers = 0;
    options.config.spaces.emplace_back().name = "shop";
    options.config.spaces.back().skip.push_back({.name = "all", .alarm = "*", .reason = "a test"});
    WebhookConfig& webhook = options.config.webhooks.emplace_back();
    webhook.name = "alerts";
    webhook.dialect = "alertmanager";
    webhook.space = "shop";
    webhook.unauthenticated = true;
    auto server = WatchServer::start(std::move(options), clock_);
    ASSERT_TRUE(server) << server.error().describe();
    server_ = *std::move(server);
    senders_.emplace(server_->address() + "/webhooks/alerts");
  }

  int status_of(const std::string& path) {
    http::HttpRequest request;
    request.url = server_->address() + path;
    const auto answer = http::CurlClient().send(runtime::RequestContext::unlimited(clock_), request);
    return answer ? answer->status : 0;
  }

  /// Ends the server, and looks for every key that was accepted.
  void expect_all_kept(const std::string& where) {
    senders_->stop();
    server_.reset();
    const auto store = open_store(where);
    ASSERT_TRUE(store) << store.error().describe();
    std::set<std::string> kept;
    ASSERT_TRUE((*store)->read([&](store::Session& session) -> base::Result<> {
      std::string after;
      do {
        MIDWATCH_TRY(const auto page, session.alarms({{{"shop"}}}, after, 500));
        for (const auto& stored : page.items) kept.insert(stored.alarm.key);
        after = page.next;
      } while (!after.empty());
      return {};
    }));
    for (const auto& key : senders_->keys) EXPECT_TRUE(kept.contains(key)) << key << " was accepted";
  }

  const base::SystemClock clock_;
  std::unique_ptr<WatchServer> server_;
  std::optional<Senders> senders_;
};

TEST_F(Faults, AFullFileSystemTakesNothingThatItDoesNotKeep) {
  const auto disk = SmallDisk::make("6m");
  if (!disk) GTEST_SKIP() << "a file system to fill can be mounted by root only";
  const std::string store = disk->path() + "/midwatch.db";
  start(store);
  for (int round = 0; round < 2; ++round) {
    senders_->wait_for_accepted();
    disk->fill();
    senders_->wait_for_refused();
    EXPECT_EQ(status_of("/api/v1/alarms"), 200) << "what is there can be read";
    disk->make_room();
    senders_->wait_for_accepted();
  }
  expect_all_kept(store);
  for (const auto& [status, body] : senders_->other_answers) {
    EXPECT_EQ(status, 507) << body;
    EXPECT_THAT(body, HasSubstr("the disk is full"));
  }
}

TEST_F(Faults, AFullDiskOfPostgresqlTakesNothingThatItDoesNotKeep) {
  const auto disk = SmallDisk::make("96m");
  if (!disk) GTEST_SKIP() << "a file system to fill can be mounted by root only";
  const auto database = PostgresServer::start(disk->path());
  if (!database) GTEST_SKIP() << "PostgreSQL is not installed on this machine";
  const std::string store = address_of(database->host());
  start(store);
  senders_->wait_for_accepted();
  disk->fill();
  senders_->wait_for_refused();
  disk->make_room();
  // Where its log could not be written, PostgreSQL ends by itself, and whoever looks after it starts it
  // again.
  database->stop(PostgresServer::Stop::kCrash);
  database->start_again();
  senders_->wait_for_accepted();
  expect_all_kept(store);
  for (const auto& [status, body] : senders_->other_answers) EXPECT_THAT(status, AnyOf(503, 507)) << body;
}

TEST_F(Faults, AFailoverOfPostgresqlLosesNothingThatWasAccepted) {
  const auto primary = PostgresServer::start();
  if (!primary) GTEST_SKIP() << "PostgreSQL is not installed on this machine";
  const auto standby = primary->start_standby();
  const std::string both = address_of(primary->host() + "," + standby->host());
  start(both);
  senders_->wait_for_accepted();
  primary->stop(PostgresServer::Stop::kCrash);
  senders_->wait_for_refused();
  EXPECT_EQ(status_of("/healthz"), 200) << "nobody restarts a server for its database";
  EXPECT_EQ(status_of("/readyz"), 503);
  standby->promote();
  senders_->wait_for_accepted();
  EXPECT_EQ(status_of("/readyz"), 200);
  expect_all_kept(both);
  for (const auto& [status, body] : senders_->other_answers) EXPECT_EQ(status, 503) << body;
}

}  // namespace
}  // namespace midwatch::app

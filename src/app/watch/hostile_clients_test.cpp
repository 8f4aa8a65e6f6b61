#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include "src/app/watch/folder_archive.h"
#include "src/app/watch/testing/hostile_requests.h"
#include "src/app/watch/watch_server.h"
#include "src/base/json_access.h"
#include "src/base/utf8.h"
#include "src/intake/dialects.h"

namespace midwatch::app {
namespace {

using app::testing::hostile_requests;
using app::testing::HostileRequest;
using base::Json;

/// A connection to loopback that waits for bytes no longer than a hanging server would need.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{kPatience.count(), 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(socket_); }

  bool connected() const { return connected_; }

  void send(const HostileRequest& request) const {
    std::string_view left = request.bytes;
    for (const std::size_t size : request.pieces) left.remove_prefix(write(left.substr(0, size)));
    while (!left.empty()) {
      const std::size_t sent = write(left);
      if (sent == 0) return;
      left.remove_prefix(sent);
    }
  }

  /// No more is sent: a server that waits for the rest hears that there is none.
  void finish() const { ::shutdown(socket_, SHUT_WR); }
  /// Closing it sends a reset, whatever is on its way.
  void reset_at_end() const {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  }

  /// What comes until the server hangs up, or the head of a stream; nothing where it hangs.
  std::optional<std::string> answer() const {
    std::string text;
    std::array<char, 16384> buffer{};
    while (true) {
      const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
      if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
      if (count <= 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(count));
      if (text.find("text/event-stream") != std::string::npos && text.find("\r\n\r\n") != std::string::npos)
        return text;
    }
  }

 private:
  static constexpr std::chrono::seconds kPatience{20};

  std::size_t write(std::string_view bytes) const {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }

  int socket_;
  bool connected_ = false;
};

/// One answer of several that came over a connection.
struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

/// Reads answers as a strict client does; nothing where they are none.
std::optional<std::vector<Answer>> answers_in(std::string_view text, bool without_body = false) {
  std::vector<Answer> all;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n\r\n");
    if (!text.starts_with("HTTP/1.") || end == std::string_view::npos) return std::nullopt;
    Answer answer;
    answer.head = text.substr(0, end + 2);
    answer.status = std::atoi(answer.head.substr(9, 3).c_str());
    text.remove_prefix(end + 4);
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    const std::size_t at = answer.head.find(kLength);
    const std::size_t length =
        at == std::string::npos ? 0 : std::strtoul(answer.head.c_str() + at + kLength.size(), nullptr, 10);
    if (answer.head.find("\r\nTransfer-Encoding: chunked") != std::string::npos) text = {};
    if (!without_body || !text.starts_with("HTTP/1.")) {
      answer.body = text.substr(0, length);
      text.remove_prefix(std::min(length, text.size()));
    }
    all.push_back(std::move(answer));
  }
  return all;
}

/// What many hostile clients saw.
class Findings {
 public:
  void judge(const HostileRequest& request, const std::optional<std::string>& text) {
    const std::lock_guard lock(mutex_);
    if (!text) return wrong("no answer and no end", request, "");
    const bool is_head = request.bytes.find("HEAD ") != std::string::npos;
    const auto answers = answers_in(*text, is_head);
    if (!answers) return wrong("no HTTP", request, *text);
    if (answers->empty()) ++statuses_[0];
    for (const Answer& answer : *answers) {
      ++statuses_[answer.status];
      const bool announced = answer.status < 500 || answer.status == 503 || answer.status == 507;
      if (answer.status < 100 || !announced) wrong("not to be answered so", request, *text);
      if (answer.status >= 400 && answer.head.find("problem+json") != std::string::npos) {
        const auto problem = base::parse_json(answer.body);
        if (!is_head && (!problem || base::at(*problem, "status") != answer.status))
          wrong("no problem details", request, *text);
      }
      if (answer.status == 202) remember(answer.body);
    }
  }

  const std::vector<std::string>& troubles() const { return troubles_; }
  const std::map<int, std::size_t>& statuses() const { return statuses_; }
  const std::set<std::string>& stored() const { return stored_; }

 private:
  void wrong(std::string_view what, const HostileRequest& request, std::string_view answer) {
    constexpr std::size_t kShown = 2000;
    troubles_.push_back(fmt::format("{}: {}\n-> {}", what, base::printable(request.bytes, kShown),
                                    base::printable(answer, kShown)));
  }
  void remember(const std::string& body) {
    const auto receipt = base::parse_json(body);
    if (receipt && base::at(*receipt, "duplicate") == false)
      stored_.insert(base::text_at(*receipt, "delivery"));
  }

  std::mutex mutex_;
  std::vector<std::string> troubles_;
  std::map<int, std::size_t> statuses_;
  std::set<std::string> stored_;
};

/// A server that takes messages of every dialect, from anybody and from those who prove who they are.
class HostileClients : public ::testing::Test {
 protected:
  void SetUp() override {
    // The account of the space `shop`: nobody answers, and nothing but loopback is asked.
    setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "nothing", 1);
    setenv("AWS_REGION", "us-east-1", 1);
    setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1", 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    auto folder = TemporaryFolder::make();
    ASSERT_TRUE(folder);
    folder_.emplace(*std::move(folder));
    std::ofstream(folder_->path() + "/secret") << "opensesame";
    WatchServer::Options options;
    options.config.listen = "127.0.0.1:0";
    options.config.store = folder_->path() + "/midwatch.db";
    options.config.workers = 0;
    options.config.sandbox = true;
    options.config.spaces.emplace_back().name = "shop";
    for (const intake::Dialect& dialect : intake::dialects())
      add_webhooks(options.config, std::string(dialect.name));
    options.log = [](const base::LogRecord& record) {
      if (record.level >= base::LogLevel::kWarning)
        ADD_FAILURE() << base::log_line(record, {}, base::LogFormat::kText);
    };
    auto server = WatchServer::start(std::move(options), clock_);
    ASSERT_TRUE(server) << server.error().describe();
    server_ = *std::move(server);
    const std::string address = server_->address();
    port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }

  void add_webhooks(ServeConfig& config, const std::string& dialect) const {
    WebhookConfig open;
    open.name = dialect;
    open.dialect = dialect;
    open.space = "shop";
    WebhookConfig closed = open;
    open.unauthenticated = true;
    config.webhooks.push_back(std::move(open));
    closed.name = "proven-" + dialect;
    if (dialect == "cloudwatch-sns")
      closed.topics = {"*"};
    else
      closed.secrets.push_back({"", folder_->path() + "/secret"});
    config.webhooks.push_back(std::move(closed));
  }

  /// Sends a request as a client does that means well.
  Answer ask(const std::string& method, const std::string& target, const std::string& body = "") const {
    const Connection connection(port_);
    HostileRequest request;
    request.bytes = fmt::format(
        "{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: "
        "application/json\r\nContent-Length: {}\r\n\r\n{}",
        method, target, body.size(), body);
    connection.send(request);
    const auto text = connection.answer();
    const auto answers = text ? answers_in(*text) : std::nullopt;
    return answers && answers->size() == 1 ? answers->front() : Answer{};
  }
  Json get(const std::string& target) const {
    const Answer answer = ask("GET", target);
    EXPECT_EQ(answer.status, 200) << target << answer.body;
    return base::parse_json(answer.body).value_or(Json());
  }

  /// An alarm of a well-meaning sender; the number tells it apart.
  Answer tell(std::size_t number) const {
    return ask(
        "POST", "/webhooks/generic",
        fmt::format(R"({{"eventType":"incident","incidentId":"well-{}","action":"created","title":"t"}})",
                    number));
  }

  std::set<std::string> deliveries() const {
    std::set<std::string> ids;
    std::string target = "/api/v1/deliveries?space=shop&limit=500";
    while (true) {
      const Json page = get(target);
      for (const auto& item : base::list_at(page, "items")) ids.insert(base::text_at(item, "id"));
      if (base::text_at(page, "next").empty()) return ids;
      target = "/api/v1/deliveries?space=shop&limit=500&cursor=" + base::text_at(page, "next");
    }
  }

  base::SystemClock clock_;
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<WatchServer> server_;
  std::uint16_t port_ = 0;
};

/// `MIDWATCH_HOSTILE_REQUESTS` in the environment makes it another number, and `MIDWATCH_HOSTILE_SEED`
/// others.
std::size_t number_of(const char* variable, std::size_t otherwise) {
  const char* given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoul(given, nullptr, 10);
}

TEST_F(HostileClients, AreAnsweredOrHungUpOnAndNothingIsLost) {
  constexpr std::size_t kClients = 4;
  constexpr std::size_t kKeptOpen = 16;
  constexpr std::size_t kBetween = 100;
  const std::size_t requests = number_of("MIDWATCH_HOSTILE_REQUESTS", 5200) / kClients;
  const std::size_t seed = number_of("MIDWATCH_HOSTILE_SEED", 1);
  const Json receipt = base::parse_json(tell(0).body).value_or(Json());
  const std::string incident = base::text_at(get("/api/v1/incidents")["items"].front(), "id");
  const std::string investigation =
      base::text_at(get("/api/v1/incidents/" + incident), "investigation", "id");
  const std::vector<std::string> ids{incident, investigation,
                                     base::text_at(receipt["alarms"].front(), "alarm"), "shop"};

  Findings findings;
  std::vector<std::thread> clients;
  for (std::size_t client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      const auto next = hostile_requests(seed * kClients + client, ids);
      std::deque<Connection> open;
      for (std::size_t i = 0; i < requests; ++i) {
        const HostileRequest request = next();
        Connection& connection = open.emplace_back(port_);
        connection.send(request);
        if (request.end == HostileRequest::End::kKeepOpen) {
          if (open.size() > kKeptOpen) open.pop_front();
          continue;
        }
        if (request.end == HostileRequest::End::kReset) {
          connection.reset_at_end();
        } else {
          connection.finish();
          findings.judge(request, connection.answer());
        }
        open.pop_back();
        if (i % kBetween == 0) {
          EXPECT_EQ(tell(1 + i * kClients + client).status, 202);
        }
      }
    });
  }
  for (auto& client : clients) client.join();

  const auto& troubles = findings.troubles();
  EXPECT_TRUE(troubles.empty()) << troubles.size() << " of " << requests * kClients << ", the first:\n"
                                << troubles.front();
  // It came as far as the handlers of messages and of the API, and did not only turn everything away.
  for (const int status : {200, 201, 202, 400, 401, 404, 405, 413, 415, 428, 431})
    EXPECT_GT(findings.statuses().count(status), 0U) << status;
  const auto stored = deliveries();
  for (const std::string& told : findings.stored()) EXPECT_TRUE(stored.contains(told)) << told;
  EXPECT_GT(findings.stored().size(), requests / 20);
  EXPECT_EQ(ask("GET", "/readyz").status, 200);
}

}  // namespace
}  // namespace midwatch::app

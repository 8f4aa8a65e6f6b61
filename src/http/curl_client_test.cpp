#include "src/http/curl_client.h"

#include <cstdlib>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include "src/http/testing/imposter_server.h"

namespace midwatch::http {
namespace {

using runtime::RequestContext;
using testing::ImposterAnswer;
using testing::ImposterServer;
using testing::ReceivedRequest;

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class CurlClientTest : public ::testing::Test {
 protected:
  RequestContext unlimited() const { return RequestContext::unlimited(clock_); }

  base::SystemClock clock_;
  CurlClient client_;
};

TEST_F(CurlClientTest, SendsTheBytesItWasGivenAndReadsTheAnswer) {
  const ImposterServer server([](const ReceivedRequest&) {
    return ImposterAnswer{.status = 404, .headers = {{"X-Kind", "none"}}, .body = "nothing here"};
  });
  const auto answer = client_.send(unlimited(), {.method = "POST",
                                                 .url = server.url() + "/a/../b%2Fc//d?x=%3a&y",
                                                 .headers = {{"X-One", "1"}, {"X-Empty", ""}},
                                                 .body = "body"});
  ASSERT_TRUE(answer.has_value()) << answer.error().describe();
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->body, "nothing here");
  EXPECT_EQ(answer->header("x-kind"), "none");
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].target, "/a/../b%2Fc//d?x=%3a&y");
  EXPECT_EQ(requests[0].body, "body");
  EXPECT_EQ(requests[0].header("X-One"), "1");
  EXPECT_TRUE(requests[0].header("Expect").empty());
  EXPECT_TRUE(requests[0].header("Content-Type").empty()) << "only the caller says what the body is";
}

TEST_F(CurlClientTest, SendsEveryMethodAsItIs) {
  const ImposterServer server([](const ReceivedRequest&) { return ImposterAnswer{}; });
  for (const char* method : {"GET", "PUT", "POST", "DELETE", "HEAD"}) {
    const auto answer = client_.send(unlimited(), {.method = method, .url = server.url() + "/"});
    ASSERT_TRUE(answer.has_value()) << method << ": " << answer.error().describe();
    EXPECT_EQ(server.requests().back().method, method);
  }
}

TEST_F(CurlClientTest, KeepsConnectionsOpenForAllCallers) {
  const ImposterServer server([](const ReceivedRequest&) { return ImposterAnswer{.body = "x"}; });
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(client_.send(unlimited(), {.url = server.url() + "/"}).has_value());
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlClientTest, ServesManyThreads) {
  const ImposterServer server(
      [](const ReceivedRequest& request) { return ImposterAnswer{.body = request.target}; });
  std::vector<std::thread> threads;
  std::array<int, 8> right{};
  for (std::size_t i = 0; i < right.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 10; ++n) {
        const std::string path = "/" + std::to_string(i) + "/" + std::to_string(n);
        const auto answer = client_.send(unlimited(), {.url = server.url() + path});
        if (answer.has_value() && answer->body == path) ++right[i];
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : right) EXPECT_EQ(count, 10);
}

TEST_F(CurlClientTest, UnpacksGzipAndBoundsWhatItUnpacks) {
  const std::string text(1 << 20, 'a');
  const std::string packed = gzip(text);
  const ImposterServer server([&](const ReceivedRequest&) {
    return ImposterAnswer{.headers = {{"Content-Encoding", "gzip"}}, .body = packed};
  });
  const auto whole = client_.send(unlimited(), {.url = server.url() + "/"});
  ASSERT_TRUE(whole.has_value()) << whole.error().describe();
  EXPECT_EQ(whole->body, text);
  EXPECT_EQ(server.requests().back().header("Accept-Encoding"), "gzip");
  const auto bounded =
      client_.send(unlimited(), {.url = server.url() + "/", .max_body_bytes = text.size() - 1});
  ASSERT_FALSE(bounded.has_value());
  EXPECT_EQ(bounded.error().code, base::ErrorCode::kResourceExhausted);
}

TEST_F(CurlClientTest, DoesNotFollowRedirects) {
  const ImposterServer server([](const ReceivedRequest&) {
    return ImposterAnswer{.status = 302, .headers = {{"Location", "/elsewhere"}}};
  });
  const auto answer = client_.send(unlimited(), {.url = server.url() + "/"});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(CurlClientTest, SaysWhatWentWrongOnTheWay) {
  const struct {
    const char* name;
    ImposterAnswer answer;
  } cases[] = {
      {"the body is cut", {.body = "0123456789", .cut_after_bytes = 4}},
      {"no HTTP at all", {.garbage = true}},
  };
  for (const auto& each : cases) {
    const ImposterServer server([&](const ReceivedRequest&) { return each.answer; });
    const auto answer = client_.send(unlimited(), {.url = server.url() + "/secret-path?token=secret"});
    ASSERT_FALSE(answer.has_value()) << each.name;
    EXPECT_EQ(answer.error().code, base::ErrorCode::kUnavailable) << each.name;
    EXPECT_EQ(answer.error().describe().find("secret"), std::string::npos) << answer.error().describe();
  }
}

TEST_F(CurlClientTest, SaysThatNobodyListens) {
  std::string url;
  {
    const ImposterServer server([](const ReceivedRequest&) { return ImposterAnswer{}; });
    url = server.url();
  }
  const auto answer = client_.send(unlimited(), {.url = url + "/"});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kUnavailable);
  EXPECT_NE(answer.error().message.find("127.0.0.1"), std::string::npos);
}

TEST_F(CurlClientTest, EndsAtTheEarlierOfBothTimeouts) {
  const ImposterServer server([](const ReceivedRequest&) { return ImposterAnswer{.never = true}; });
  const auto own =
      client_.send(unlimited(), {.url = server.url() + "/", .timeout = std::chrono::milliseconds(20)});
  ASSERT_FALSE(own.has_value());
  EXPECT_EQ(own.error().code, base::ErrorCode::kTimeout);
  const auto callers =
      client_.send(unlimited().within(std::chrono::milliseconds(20)), {.url = server.url() + "/"});
  ASSERT_FALSE(callers.has_value());
  EXPECT_EQ(callers.error().code, base::ErrorCode::kTimeout);
}

TEST_F(CurlClientTest, AStopEndsTheWait) {
  std::stop_source stop;
  const ImposterServer server([&](const ReceivedRequest&) {
    stop.request_stop();  // while the client waits for the answer
    return ImposterAnswer{.never = true};
  });
  const auto answer =
      client_.send(RequestContext(clock_, std::nullopt, stop.get_token()), {.url = server.url() + "/"});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kCancelled);
}

TEST_F(CurlClientTest, RefusesWhatMustNotBeSent) {
  const struct {
    const char* name;
    HttpRequest request;
  } cases[] = {
      {"plain http over the network", {.url = "http://service.example/"}},
      {"a name that only looks like loopback", {.url = "http://127.0.0.1.service.example/"}},
      {"plain http to a link-local address without saying so", {.url = "http://169.254.169.254/"}},
      {"plain http to another host as local link",
       {.url = "http://10.0.0.1/", .destination = Destination::kLocalLink}},
      {"another scheme", {.url = "file:///etc/passwd"}},
      {"a password", {.url = "https://user:secret@service.example/"}},
      {"two headers in one", {.url = "https://service.example/", .headers = {{"A", "1\r\nB: 2"}}}},
      {"a header without a name", {.url = "https://service.example/", .headers = {{"", "1"}}}},
  };
  for (const auto& each : cases) {
    const auto answer = client_.send(unlimited(), each.request);
    ASSERT_FALSE(answer.has_value()) << each.name;
    EXPECT_EQ(answer.error().code, base::ErrorCode::kInvalidArgument) << each.name;
    EXPECT_EQ(answer.error().describe().find("secret"), std::string::npos) << each.name;
  }
}

/// What a guard lets through is known from whether anybody connected.
TEST_F(CurlClientTest, AGuardLetsNothingReachThisMachine) {
  const ImposterServer server([](const ReceivedRequest&) { return ImposterAnswer{.body = "secret"}; });
  const std::string port = server.url().substr(server.url().rfind(':'));
  CurlClient client({.resolve = [](const std::string& host) {
    if (host == "rebinding.example") return "127.0.0.1";
    if (host == "mapped.example") return "[::ffff:127.0.0.1]";
    if (host == "both.example") return "127.0.0.1,[::1]";
    return "";
  }});
  const AddressGuard guard;
  const std::pair<std::string, base::ErrorCode> rows[] = {
      {"https://127.0.0.1", base::ErrorCode::kPermissionDenied},
      {"https://localhost", base::ErrorCode::kPermissionDenied},
      {"https://[::1]", base::ErrorCode::kPermissionDenied},
      {"https://[::ffff:127.0.0.1]", base::ErrorCode::kPermissionDenied},
      {"https://2130706433", base::ErrorCode::kPermissionDenied},
      {"https://0x7f.1", base::ErrorCode::kPermissionDenied},
      {"https://0177.0.0.1", base::ErrorCode::kPermissionDenied},
      {"https://0.0.0.0", base::ErrorCode::kPermissionDenied},
      {"https://rebinding.example", base::ErrorCode::kPermissionDenied},
      {"https://mapped.example", base::ErrorCode::kPermissionDenied},
      {"https://both.example", base::ErrorCode::kPermissionDenied},
      {"http://127.0.0.1", base::ErrorCode::kInvalidArgument},
      {"http://rebinding.example", base::ErrorCode::kInvalidArgument},
  };
  // A connection that is kept open for somebody else opens no way around the guard.
  ASSERT_TRUE(client.send(unlimited(), {.url = server.url() + "/"}));
  const int before = server.connections();
  for (const auto& [origin, code] : rows) {
    bool departed = true;
    const auto answer =
        client.send(unlimited(), {.url = origin + port + "/", .guard = &guard, .departed = &departed});
    ASSERT_FALSE(answer) << origin;
    EXPECT_EQ(answer.error().code, code) << origin << ": " << answer.error().describe();
    EXPECT_FALSE(departed) << origin;
  }
  EXPECT_EQ(server.connections(), before);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(CurlClientTest, AGuardAllowsAHostByItsName) {
  const ImposterServer server([](const ReceivedRequest&) { return ImposterAnswer{.status = 302}; });
  const std::string port = server.url().substr(server.url().rfind(':'));
  CurlClient client({.resolve = [](const std::string&) { return "127.0.0.1"; }});
  const AddressGuard guard{{"hooks.example", "127.0.0.1"}};
  for (const char* host : {"hooks.example", "127.0.0.1"}) {
    const auto answer =
        client.send(unlimited(), {.url = fmt::format("http://{}{}/", host, port), .guard = &guard});
    ASSERT_TRUE(answer) << answer.error().describe();
    EXPECT_EQ(answer->status, 302) << "no redirect is followed";
  }
  const auto other =
      client.send(unlimited(), {.url = fmt::format("https://other.example{}/", port), .guard = &guard});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, base::ErrorCode::kPermissionDenied);
}

TEST_F(CurlClientTest, SaysWhetherARequestMayHaveArrived) {
  std::string nobody;
  {
    const ImposterServer server([](const ReceivedRequest&) { return ImposterAnswer{}; });
    nobody = server.url();
  }
  const ImposterServer silent([](const ReceivedRequest&) { return ImposterAnswer{.never = true}; });
  const ImposterServer broken([](const ReceivedRequest&) { return ImposterAnswer{.garbage = true}; });
  const ImposterServer well([](const ReceivedRequest&) { return ImposterAnswer{}; });
  const std::pair<std::string, bool> rows[] = {
      {nobody, false}, {silent.url(), true}, {broken.url(), true}, {well.url(), true}, {"https://", false}};
  for (const auto& [url, expected] : rows) {
    bool departed = !expected;
    const auto answer = client_.send(
        unlimited(), {.url = url + "/", .timeout = std::chrono::milliseconds(50), .departed = &departed});
    EXPECT_EQ(answer.has_value(), url == well.url());
    EXPECT_EQ(departed, expected) << url;
  }
}

/// A mail server on a free port of loopback that takes one connection, and what it was told.
class MailServer {
 public:
  /// `refused`: a command that is answered with this code; `mute`: it says nothing to the end of the message.
  MailServer(std::string refused, int code, bool mute)
      : refused_(std::move(refused)), code_(code), mute_(mute), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool listens = ::bind(listener_, generic, size) == 0 && ::listen(listener_, 1) == 0 &&
                         ::getsockname(listener_, generic, &size) == 0;
    if (!listens) throw std::runtime_error("no mail server on loopback");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(::accept(listener_, nullptr, nullptr)); });
  }
  ~MailServer() { end(); }
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  std::string url(const std::string& scheme = "smtp") const {
    return fmt::format("{}://127.0.0.1:{}", scheme, port_);
  }
  /// What it was told; ends it.
  std::string heard() {
    end();
    return heard_;
  }

 private:
  void end() {
    if (!thread_.joinable()) return;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  void serve(int connection) {
    if (connection < 0) return;
    const auto say = [&](const std::string& line) {
      (void)!::send(connection, line.data(), line.size(), MSG_NOSIGNAL);
    };
    say("220 here\r\n");
    std::string pending;
    bool data = false;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::recv(connection, buffer, sizeof(buffer), 0)) > 0;) {
      pending.append(buffer, static_cast<std::size_t>(got));
      heard_.append(buffer, static_cast<std::size_t>(got));
      const std::string_view end = data ? "\r\n.\r\n" : "\r\n";
      while (pending.find(end) != std::string::npos) {
        const std::string command = data ? "END" : pending.substr(0, 4);
        pending.erase(0, pending.find(end) + end.size());
        data = command == "DATA" && command != refused_;
        if (command == "END" && mute_) continue;
        say(command == refused_ ? fmt::format("{} no\r\n", code_) : data ? "354 go on\r\n" : "250 well\r\n");
        if (data) break;
      }
    }
    ::close(connection);
  }

  std::string refused_;
  int code_;
  bool mute_;
  int listener_;
  int port_ = 0;
  std::string heard_;
  std::thread thread_;
};

TEST_F(CurlClientTest, HandsAMailOver) {
  const struct {
    const char* refused;
    int code;
    bool mute;
    int answer;  ///< 0: none
    bool departed;
  } rows[] = {
      {"", 0, false, 250, true},        {"MAIL", 451, false, 451, false}, {"RCPT", 550, false, 550, false},
      {"DATA", 554, false, 554, false}, {"END", 452, false, 452, true},   {"", 0, true, 0, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(fmt::format("{} {} {}", row.refused, row.code, row.mute));
    MailServer server(row.refused, row.code, row.mute);
    bool departed = !row.departed;
    Mail mail;
    mail.server = server.url();
    mail.from = "watch@example.com";
    mail.to = {"on-call@example.com", "lead@example.com"};
    mail.message = "Subject: x\r\n\r\n.a line with a point\r\n";
    mail.timeout = std::chrono::milliseconds(row.mute ? 100 : 5000);
    mail.departed = &departed;
    const auto code = client_.post(unlimited(), mail);
    EXPECT_EQ(code ? *code : 0, row.answer);
    EXPECT_EQ(departed, row.departed);
    const std::string heard = server.heard();
    EXPECT_NE(heard.find("MAIL FROM:<watch@example.com>"), std::string::npos) << heard;
    if (row.answer != 250) continue;
    EXPECT_NE(heard.find("RCPT TO:<on-call@example.com>\r\n"), std::string::npos);
    EXPECT_NE(heard.find("RCPT TO:<lead@example.com>\r\n"), std::string::npos);
    EXPECT_NE(heard.find("\r\n..a line with a point\r\n.\r\n"), std::string::npos) << heard;
  }
}

TEST_F(CurlClientTest, HandsNoMailOverWithoutTlsOrToWhatIsGuarded) {
  MailServer server("", 0, false);
  const AddressGuard guard;
  const AddressGuard by_name{{"mail.example"}};
  CurlClient client({.resolve = [](const std::string&) { return "127.0.0.1"; }});
  const std::string port = server.url().substr(server.url().rfind(':'));
  const struct {
    const char* name;
    std::string server;
    std::string to;
    const AddressGuard* guard;
    base::ErrorCode code;
  } rows[] = {
      {"no mail server", "https://mail.example", "a@example.com", nullptr, base::ErrorCode::kInvalidArgument},
      {"a password in it", "smtp://u:p@mail.example", "a@example.com", nullptr,
       base::ErrorCode::kInvalidArgument},
      {"two receivers in one", server.url(), "a@example.com>\r\nRCPT TO:<b@example.com", nullptr,
       base::ErrorCode::kInvalidArgument},
      {"this machine", server.url(), "a@example.com", &guard, base::ErrorCode::kPermissionDenied},
      {"this machine over TLS", server.url("smtps"), "a@example.com", &guard,
       base::ErrorCode::kPermissionDenied},
      {"a name without TLS behind it", "smtp://mail.example" + port, "a@example.com", &by_name,
       base::ErrorCode::kUnauthenticated},
  };
  for (const auto& row : rows) {
    bool departed = true;
    Mail mail;
    mail.server = row.server;
    mail.from = "watch@example.com";
    mail.to = {row.to};
    mail.guard = row.guard;
    mail.departed = &departed;
    const auto code = client.post(unlimited(), mail);
    ASSERT_FALSE(code) << row.name;
    EXPECT_EQ(code.error().code, row.code) << row.name << ": " << code.error().describe();
    EXPECT_FALSE(departed) << row.name;
  }
  EXPECT_EQ(server.heard().find("MAIL"), std::string::npos) << "nothing is said before there is TLS";
}

TEST_F(CurlClientTest, DoesNotAskAProxyForLoopback) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  const ImposterServer server([](const ReceivedRequest&) { return ImposterAnswer{.body = "direct"}; });
  const auto answer = client_.send(unlimited(), {.url = server.url() + "/"});
  ::unsetenv("http_proxy");
  ASSERT_TRUE(answer.has_value()) << answer.error().describe();
  EXPECT_EQ(answer->body, "direct");
}

TEST_F(CurlClientTest, AsksTheProxyOfTheEnvironmentForOtherHosts) {
  const ImposterServer proxy([](const ReceivedRequest&) { return ImposterAnswer{.status = 403}; });
  ::setenv("https_proxy", proxy.url().c_str(), 1);
  const auto answer = client_.send(unlimited(), {.url = "https://service.example/"});
  ::unsetenv("https_proxy");
  ASSERT_FALSE(answer.has_value());
  ASSERT_EQ(proxy.requests().size(), 1U);
  EXPECT_EQ(proxy.requests()[0].method, "CONNECT");
  EXPECT_EQ(proxy.requests()[0].target, "service.example:443");
}

}  // namespace
}  // namespace midwatch::http

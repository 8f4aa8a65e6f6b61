#include "src/http/curl_client.h"

#include <cstdlib>
#include <stop_token>
#include <string>
#include <thread>

#include <gtest/gtest.h>
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

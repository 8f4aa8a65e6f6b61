#include "src/http/server/server.h"

#include <future>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/http/server/testing/raw_client.h"

namespace midwatch::http {
namespace {

using ::testing::HasSubstr;
using testing::RawClient;

ServerResponse echo(const ServerRequest& request) {
  if (request.path() == "/throw") throw std::runtime_error("a secret detail");
  ServerResponse response;
  response.set("X-Method", request.method);
  response.set("X-Split", "a\r\nX-Injected: b");
  response.body = request.target + "|" + std::string(request.header("X-ASKED")) + "|" + request.body;
  return response;
}

std::unique_ptr<Server> start(const ServerHandler& handler, ServerOptions options = {}) {
  options.grace = std::chrono::milliseconds(300);
  auto server = Server::start(options, handler);
  EXPECT_TRUE(server) << server.error().describe();
  return server ? *std::move(server) : nullptr;
}

std::string response_to(const Server& server, const std::string& bytes) {
  RawClient client(server.port());
  client.send(bytes);
  return client.read_all();
}

TEST(Server, HandsOverTheBytesOfARequest) {
  const auto server = start(echo);
  const std::string answer = response_to(*server,
                                         "POST /a%2Fb/../c?x=1&y HTTP/1.1\r\nHost: h\r\nx-asked: yes\r\n"
                                         "Connection: close\r\nContent-Length: 4\r\n\r\nbody");
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer, HasSubstr("/a%2Fb/../c?x=1&y|yes|body"));
}

TEST(Server, NeverLetsAHeaderBecomeTwo) {
  const auto server = start(echo);
  EXPECT_THAT(response_to(*server, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
              ::testing::Not(HasSubstr("Injected")));
}

TEST(Server, KeepsAConnectionForTheNextRequest) {
  const auto server = start(echo);
  RawClient client(server->port());
  client.send("GET /one HTTP/1.1\r\nHost: h\r\n\r\nGET /two HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.read_until("/one||"), HasSubstr("200 OK"));
  EXPECT_THAT(client.read_until("/two||"), HasSubstr("200 OK"));
}

TEST(Server, SendsNoBodyForHead) {
  const auto server = start(echo);
  RawClient client(server->port());
  client.send("HEAD /one HTTP/1.1\r\nHost: h\r\n\r\nGET /two HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string both = client.read_until("/two||");
  EXPECT_THAT(both, HasSubstr("Content-Length: 6\r\n"));
  EXPECT_THAT(both, ::testing::Not(HasSubstr("/one||")));
}

TEST(Server, RefusesWhatIsTooLongOrNoHttp) {
  ServerOptions small;
  small.header_bytes = 512;
  small.body_bytes = 16;
  const auto server = start(echo, small);
  EXPECT_THAT(response_to(*server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 17\r\n\r\n"),
              HasSubstr("HTTP/1.1 413"));
  EXPECT_THAT(
      response_to(*server, "GET / HTTP/1.1\r\nHost: h\r\nX-Long: " + std::string(600, 'x') + "\r\n\r\n"),
      HasSubstr("HTTP/1.1 431"));
  EXPECT_THAT(response_to(*server, "no http at all\r\n\r\n"), HasSubstr("HTTP/1.1 400"));
}

/// A proxy in front of the server may take what follows for the body, or the body for what follows.
TEST(Server, RefusesWhatTwoReadersUnderstandDifferently) {
  const auto server = start(echo);
  const std::string next = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string plain = "HTTP/1.1\r\nHost: h\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const std::string& rest : {
           plain + "Content-Length: 5\r\n" + chunked + "\r\n0\r\n\r\n",
           plain + chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n",
           plain + "Content-Length: 0\r\nContent-Length: 9\r\n\r\n",
           plain + "Content-Length: 0, 9\r\n\r\n",
           plain + "Content-Length: +0\r\n\r\n",
           plain + "Transfer-Encoding: xchunked\r\n\r\n",
           plain + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n",
           plain + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
           plain + chunked + "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
           plain + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
           "HTTP/1.0\r\nHost: h\r\n" + chunked + "Connection: keep-alive\r\n\r\n0\r\n\r\n",
           plain + "Host: other\r\nContent-Length: 0\r\n\r\n",
           std::string("HTTP/1.1\r\nContent-Length: 0\r\n\r\n"),
           std::string("HTTP/1.1\nHost: h\nContent-Length: 0\n\n"),
       }) {
    const std::string answer = response_to(*server, "POST / " + rest + next);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << rest << answer;
    EXPECT_THAT(answer, ::testing::Not(HasSubstr("/next"))) << rest;
  }
}

/// Neither who never ends a request nor who never reads an answer holds up others, or stays.
TEST(Server, HangsUpOnSlowAndHalfOpenClients) {
  constexpr std::size_t kLarge = 64UL * 1024 * 1024;
  ServerOptions impatient;
  impatient.idle = std::chrono::milliseconds(400);
  impatient.connections = 4;
  const auto server = start(
      [](const ServerRequest& request) {
        ServerResponse response;
        response.body = request.path() == "/large" ? std::string(kLarge, 'x') : std::string("small");
        return response;
      },
      impatient);
  const std::string small = "GET /small HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  RawClient never_reads(server->port());
  never_reads.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  RawClient in_headers(server->port());
  in_headers.send("GET /small HTTP/1.1\r\nHost: h\r\nX-");
  RawClient in_body(server->port());
  in_body.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_THAT(response_to(*server, small), HasSubstr("small"));
  RawClient silent(server->port());
  EXPECT_EQ(in_headers.read_all(), "");
  EXPECT_EQ(in_body.read_all(), "");
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_LT(never_reads.read_all().size(), kLarge);
  for (std::size_t i = 0; i < impatient.connections; ++i)
    EXPECT_THAT(response_to(*server, small), HasSubstr("small")) << "their places are free again";
}

TEST(Server, TellsNobodyWhatAHandlerThrew) {
  const auto server = start(echo);
  const std::string answer =
      response_to(*server, "GET /throw HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 500"));
  EXPECT_THAT(answer, ::testing::Not(HasSubstr("secret")));
}

TEST(Server, StreamsInChunks) {
  const auto server = start([](const ServerRequest&) {
    ServerResponse response;
    response.set("Content-Type", "text/event-stream");
    response.stream = [](BodySink& sink) {
      sink.write("data: 1\n\n");
      sink.write("data: 2\n\n");
    };
    return response;
  });
  const std::string answer = response_to(*server, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("chunked"));
  EXPECT_THAT(answer, HasSubstr("9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n"));
}

TEST(Server, EndsAStreamWhenItStops) {
  std::promise<void> ended;
  auto server = start([&ended](const ServerRequest&) {
    ServerResponse response;
    response.stream = [&ended](BodySink& sink) {
      while (sink.write("tick\n")) {
      }
      ended.set_value();
    };
    return response;
  });
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  client.read_until("tick");
  std::future<std::string> rest = std::async(std::launch::async, [&client] { return client.read_all(); });
  server->stop();
  EXPECT_EQ(ended.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  rest.get();
}

TEST(Server, HangsUpInTheMiddleWhereItIsTold) {
  const auto server = start([](const ServerRequest&) {
    ServerResponse response;
    response.body = "0123456789";
    response.cut_after = 4;
    return response;
  });
  const std::string answer = response_to(*server, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 10"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n0123")) << answer;
}

TEST(Server, HangsUpWithoutAnAnswerWhereItIsToldTo) {
  const auto server = start([](const ServerRequest&) {
    ServerResponse response;
    response.body = "0123456789";
    response.hang_up = true;
    return response;
  });
  EXPECT_EQ(response_to(*server, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"), "");
}

TEST(Server, FinishesWhatRunsWhenItStops) {
  std::promise<void> entered;
  std::promise<void> released;
  auto server = start([&](const ServerRequest&) {
    entered.set_value();
    released.get_future().wait();
    ServerResponse response;
    response.body = "finished";
    return response;
  });
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  entered.get_future().wait();
  std::future<void> stopped = std::async(std::launch::async, [&server] { server->stop(); });
  released.set_value();
  EXPECT_THAT(client.read_all(), HasSubstr("finished"));
  stopped.get();
  EXPECT_FALSE(RawClient(server->port()).connected());
}

TEST(Server, HoldsNothingBackWhenItStops) {
  std::promise<void> entered;
  auto server = start([&](const ServerRequest&) {
    entered.set_value();
    ServerResponse response;
    response.delay = std::chrono::hours(1);
    return response;
  });
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  entered.get_future().wait();
  server->stop();
  EXPECT_EQ(client.read_all(), "");
}

TEST(Server, SaysWhichAddressOrPortItCannotTake) {
  const auto server = start(echo);
  ServerOptions taken;
  taken.port = server->port();
  const auto second = Server::start(taken, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::ErrorCode::kConflict);
  ServerOptions nowhere;
  nowhere.address = "not an address";
  const auto third = Server::start(nowhere, echo);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace midwatch::http

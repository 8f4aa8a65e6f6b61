#include <chrono>
#include <random>

#include <gtest/gtest.h>

#include "src/api/routes.h"
#include "src/api/testing/api_fixture.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::api {
namespace {

using testing::ApiUnderTest;

/// Writes requests that are nearly right: an operation's path, parameters and body, with something of each
/// put wrong. The same seed gives the same requests.
class RequestWriter {
 public:
  explicit RequestWriter(std::uint64_t seed) : random_(seed) {}

  http::ServerRequest next() {
    const Route& route = routes()[pick(routes().size())];
    http::ServerRequest request;
    request.method = chance(10) ? one_of({"PUT", "DELETE", "HEAD", "OPTIONS", "", "G\x01T", "get"})
                                : std::string(route.method);
    request.target = path(route) + query(route);
    request.headers = headers();
    if (route.method != "GET" || chance(20)) request.body = body();
    if (chance(5)) mutate(request.target);
    return request;
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }
  bool chance(std::size_t one_in) { return pick(one_in) == 0; }
  std::string one_of(std::vector<std::string> texts) { return texts[pick(texts.size())]; }

  std::string word() {
    static const std::vector<std::string> kWords{
        "inc-shop",
        "inv-shop",
        "run-shop",
        "linked-shop",
        "inc-other",
        "pager",
        "storage-full",
        "shop",
        "other",
        "",
        "..",
        "%2e%2e",
        "%2F",
        "%00",
        "%",
        "%zz",
        "%c3%28",
        "\xff\xfe",
        "'",
        "\";--",
        "<script>",
        "$(id)",
        "null",
        "-1",
        "0",
        "501",
        "18446744073709551616",
        "9223372036854775807",
        "1e999",
        "2026-13-99T99:99:99Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "shop-sns",
        "shop-chat",
        "json",
        "html",
        "ja",
        "open",
        "\xe2\x80\xae",
    };
    return chance(12) ? std::string(pick(3000), 'A') : kWords[pick(kWords.size())];
  }

  std::string path(const Route& route) {
    std::string text;
    for (std::size_t at = 0; at < route.pattern.size(); ++at) {
      if (route.pattern[at] != '{') {
        text += route.pattern[at];
        continue;
      }
      text += word();
      at = route.pattern.find('}', at);
    }
    return text;
  }

  std::string query(const Route& route) {
    std::string text;
    std::string name;
    for (const char c : std::string(route.query) + " ") {
      if (c != ' ') {
        name += c;
        continue;
      }
      if (!name.empty() && chance(2))
        text += (text.empty() ? "?" : "&") + name + one_of({"=", "==", "", "=&"}) + word();
      name.clear();
    }
    return chance(15) ? text + "?&&=" + word() : text;
  }

  std::vector<std::pair<std::string, std::string>> headers() {
    std::vector<std::pair<std::string, std::string>> all;
    if (!chance(20)) all.emplace_back("Host", chance(20) ? word() : "localhost");
    if (!chance(20))
      all.emplace_back("Authorization", "Bearer " + one_of({"olga", "ada", "eve", "nils", "vera", word()}));
    if (!chance(10))
      all.emplace_back("Content-Type", chance(10) ? word() : "application/json; charset=utf-8");
    for (const char* name : {"If-Match", "If-None-Match", "Last-Event-ID", "Idempotency-Key", "X-Request-Id",
                             "Origin", "X-Secret"}) {
      if (chance(6)) all.emplace_back(name, chance(3) ? "\"" + word() + "\"" : word());
    }
    return all;
  }

  std::string value(int depth) {
    if (depth > 0 && chance(4)) return object(depth - 1);
    return one_of({"true",        "false",       "null",          "-1",
                   "1",           "1.5",         "1e999",         "18446744073709551616",
                   "[]",          "{}",          "\"\"",          "\"shop\"",
                   "\"right\"",   "\"open\"",    "\"full-disk\"", "\"2026-01-01T00:00:00Z\"",
                   "\"\\ud800\"", "\"\\u0000\"", "\"\xff\"",      "\"" + std::string(pick(5000), 'x') + "\"",
                   "[[[[",        "\"unfinished"});
  }

  std::string object(int depth) {
    std::string text = "{";
    for (std::size_t i = pick(5); i > 0; --i) {
      text += (text.size() > 1 ? ",\"" : "\"") +
              one_of({"space", "start", "title", "latest", "alarm", "entity", "question", "from", "to",
                      "region", "status", "text", "judgement", "mitigation_helped", "actual", "world", "seed",
                      "__proto__", ""}) +
              "\":" + value(depth);
    }
    return text + "}";
  }

  std::string body() {
    if (chance(25)) return std::string(500, '[');
    if (chance(40)) return std::string(pick(100'000), '{');
    std::string text =
        one_of({object(3), object(3), R"({"space":"shop","start":{"latest":true}})", R"({"text":"look"})",
                R"({"judgement":"right"})", R"({"status":"resolved"})", R"({"world":"full-disk"})"});
    if (chance(4)) mutate(text);
    return text;
  }

  void mutate(std::string& text) {
    for (std::size_t i = 1 + pick(4); i > 0 && !text.empty(); --i) {
      const std::size_t at = pick(text.size());
      if (chance(2)) {
        text[at] = static_cast<char>(pick(256));
      } else {
        text.erase(at, 1 + pick(4));
      }
    }
  }

  std::mt19937_64 random_;
};

TEST(MalformedRequests, NeverBreakTheServer) {
  constexpr int kRequests = 5000;
  constexpr auto kLongest = std::chrono::seconds(5);
  ApiOptions options;
  options.active_per_space = 20;
  ApiUnderTest api(*store::sqlite::open_sqlite(":memory:"), options);
  RequestWriter writer(7);
  std::map<int, int> statuses;
  for (int i = 0; i < kRequests; ++i) {
    const http::ServerRequest request = writer.next();
    const auto before = std::chrono::steady_clock::now();
    const http::ServerResponse answer = api.send_raw(request);
    ASSERT_LT(std::chrono::steady_clock::now() - before, kLongest) << request.method << " " << request.target;
    ++statuses[answer.status];
    ASSERT_GE(answer.status, 200);
    ASSERT_NE(answer.status, 500) << request.method << " " << request.target << "\n"
                                  << request.body << answer.body;
    ASSERT_FALSE(testing::header_of(answer, "X-Request-Id").empty());
    if (answer.status >= 400) {
      ASSERT_EQ(testing::json_body(answer)["status"], answer.status) << answer.body;
    }
  }
  // It reached handlers, and did not only turn everything away at the door.
  for (const int status : {200, 201, 400, 401, 403, 404, 405, 409, 415, 421})
    EXPECT_GT(statuses[status], 0) << status;
  EXPECT_EQ(api.send({"GET", "/healthz"}).status, 200);
}

}  // namespace
}  // namespace midwatch::api

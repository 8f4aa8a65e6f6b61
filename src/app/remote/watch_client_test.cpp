#include "src/app/remote/watch_client.h"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/remote/incident_text.h"
#include "src/base/json.h"

namespace midwatch::app {
namespace {

using base::Json;
using model::Language;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kServer = "https://midwatch.test";

/// A server of which each path has its answers, the last of them for ever.
class FakeServer final : public http::HttpClient {
 public:
  struct Reply {
    int status = 200;
    std::string body;
  };

  void answer(const std::string& path, std::vector<Reply> replies) { replies_[path] = std::move(replies); }

  base::Result<http::HttpResponse> send(const runtime::RequestContext&,
                                        const http::HttpRequest& request) override {
    asked.push_back(request);
    const auto known = replies_.find(request.url.substr(kServer.size() + std::string("/api/v1").size()));
    if (known == replies_.end()) return http::HttpResponse{404, {}, R"({"title":"Not found","status":404})"};
    const Reply reply = known->second.front();
    if (known->second.size() > 1) known->second.erase(known->second.begin());
    return http::HttpResponse{reply.status, {}, reply.body};
  }

  std::vector<http::HttpRequest> asked;

 private:
  std::map<std::string, std::vector<Reply>> replies_;
};

class WatchClientTest : public testing::Test {
 protected:
  base::SystemClock clock_;
  FakeServer server_;
  WatchClient client_{server_, {kServer, "secret"}, clock_};
};

TEST_F(WatchClientTest, FindsTheLatestInvestigationOfAnIncidentOrItself) {
  server_.answer("/incidents/inc", {{200, R"({"id":"inc","investigation":{"id":"inv"}})"}});
  server_.answer("/incidents/new", {{200, R"({"id":"new"})"}});
  server_.answer("/investigations/inv", {{200, R"({"id":"inv"})"}});
  EXPECT_EQ((*client_.investigation("inc"))["id"], "inv");
  EXPECT_EQ((*client_.investigation("inv"))["id"], "inv");
  EXPECT_THAT(client_.investigation("new").error().message, HasSubstr("never investigated"));
  EXPECT_THAT(client_.investigation("../x\n").error().message, HasSubstr("midwatch incident list"));
  EXPECT_EQ(server_.asked.back().url, kServer + "/api/v1/incidents/..%2Fx%0A") << "an id is never a path";
  for (const auto& request : server_.asked)
    EXPECT_EQ(http::header_value(request.headers, "Authorization"), "Bearer secret");
}

TEST_F(WatchClientTest, TellsEachStepOnceAndEndsWhenNothingIsLeft) {
  const std::string journal = "/investigations/inv/journal?limit=500&after=";
  const std::string none = R"({"items":[]})";
  server_.answer(
      "/investigations/inv",
      {{200, R"({"status":"running"})"}, {200, R"({"status":"running"})"}, {200, R"({"status":"done"})"}});
  server_.answer(journal + "0", {{200, R"({"items":[{"sequence":1},{"sequence":4}]})"}});
  server_.answer(journal + "4", {{200, none}, {200, R"({"items":[{"sequence":5}]})"}});
  server_.answer(journal + "5", {{200, none}});
  std::vector<int> told;
  int pauses = 0;
  const auto ended = client_.follow(
      "inv", 0, [&](const Json& entry) { told.push_back(entry["sequence"].get<int>()); },
      [&] { return ++pauses < 10; });
  ASSERT_TRUE(ended) << ended.error().describe();
  EXPECT_EQ((*ended)["status"], "done");
  EXPECT_THAT(told, ElementsAre(1, 4, 5));
  EXPECT_EQ(pauses, 1);
}

TEST_F(WatchClientTest, SaysWhatTheServerSaidAndWhatToDo) {
  server_.answer("/incidents", {{401, R"({"title":"Unauthorized","detail":"no token","request_id":"r-1"})"},
                                {200, "<html>"},
                                {503, ""}});
  const auto problem = [&] { return client_.get("/incidents").error(); };
  const auto refused = problem();
  EXPECT_EQ(refused.code, base::ErrorCode::kUnauthenticated);
  EXPECT_THAT(refused.message, HasSubstr("no token; a token is read from --token-file"));
  EXPECT_THAT(refused.message, HasSubstr("r-1"));
  EXPECT_THAT(problem().message, HasSubstr("no Midwatch"));
  EXPECT_THAT(problem().message, HasSubstr("status 503"));
}

TEST(IncidentText, SaysWhatIsThereInBothLanguagesAndNothingThatATerminalObeys) {
  const Json incidents = *base::parse_json(
      "[{\"id\":\"i1\",\"opened\":\"2026-01-05T02:11:00.123456789Z\",\"status\":\"open\",\"severity\":"
      "\"critical\","
      "\"entity\":\"orders\\u001b[31m\",\"investigation\":{\"status\":\"done\",\"probability\":0.934,"
      "\"headline\":{\"en\":\"orders: out of memory\",\"ja\":\"orders: メモリ不足\"}}},"
      "{\"id\":\"i2\",\"status\":\"resolved\",\"severity\":\"unknown\",\"investigation\":{\"status\":"
      "\"running\"}}]");
  const std::string en = incident_table(incidents, Language::kEnglish);
  EXPECT_THAT(en, HasSubstr("orders: out of memory"));
  EXPECT_THAT(en, HasSubstr("2026-01-05T02:11:00Z"));
  EXPECT_THAT(en, HasSubstr("93 %"));
  EXPECT_THAT(en, HasSubstr("running"));
  EXPECT_THAT(en, Not(HasSubstr("\x1b")));
  const std::string ja = incident_table(incidents, Language::kJapanese);
  EXPECT_THAT(ja, HasSubstr("メモリ不足"));
  EXPECT_THAT(ja, HasSubstr("調査中"));
  EXPECT_EQ(incident_table(Json::array(), Language::kJapanese), "該当するインシデントはありません。\n");
  EXPECT_EQ(journal_line(*base::parse_json(R"({"time":"T","kind":"finding","what":{"en":"a","ja":"い"}})"),
                         Language::kJapanese),
            "T 見立て: い\n");
  EXPECT_EQ(outcome_line(incidents[0]["investigation"], Language::kEnglish),
            "done: orders: out of memory (93 %)\n");
  EXPECT_EQ(outcome_line(*base::parse_json(R"({"status":"cancelled"})"), Language::kEnglish), "cancelled\n");
}

}  // namespace
}  // namespace midwatch::app

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/api/testing/api_fixture.h"
#include "src/api/testing/openapi_document.h"
#include "src/base/json_access.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::api {
namespace {

using testing::ApiUnderTest;
using testing::json_body;
using testing::OpenApiDocument;
using testing::Operation;

const OpenApiDocument& document() {
  static const auto kDocument = OpenApiDocument::read(MIDWATCH_SOURCE_DIR "/src/api/openapi.yaml");
  return *kDocument;
}

std::unique_ptr<store::Store> empty_store() {
  return *store::sqlite::open_sqlite(":memory:");
}

bool takes(const Operation& operation, std::string_view parameter) {
  return std::find(operation.query.begin(), operation.query.end(), parameter) != operation.query.end();
}

/// The lists of what lies in spaces.
std::vector<Operation> lists() {
  std::vector<Operation> found;
  for (const auto& operation : document().operations())
    if (operation.id.starts_with("list") && takes(operation, "space")) found.push_back(operation);
  return found;
}

/// The API with something in each list of the space `shop`, and of `other`.
class Lists : public ::testing::Test {
 protected:
  Lists() {
    for (const auto& [who, space] : {std::pair("ada", "shop"), {"eve", "other"}}) {
      const std::string at = std::string("/api/v1/investigations/inv-") + space + "/feedback";
      EXPECT_EQ(api.send_as(who, {"POST", at, R"({"judgement":"right"})"}).status, 201);
    }
  }

  std::size_t count(const Operation& list, const std::string& query, const std::string& who = "ada") const {
    const auto answer = api.send_as(who, {"GET", list.path + "?" + query});
    EXPECT_EQ(answer.status, 200) << list.id << " " << query << answer.body;
    return base::list_at(json_body(answer), "items").size();
  }

  ApiUnderTest api{empty_store()};
};

TEST(ListsOfTheDocument, AreNarrowedOrSayWhyNot) {
  std::size_t narrowed = 0;
  for (const auto& operation : document().operations()) {
    if (!operation.id.starts_with("list")) continue;
    bool all = true;
    for (const char* parameter : {"space", "from", "to", "entity", "mode"})
      all = all && takes(operation, parameter);
    EXPECT_TRUE(all || !operation.description.empty()) << operation.id << " does not say what it has not";
    if (all) ++narrowed;
  }
  EXPECT_EQ(narrowed, 6U) << "incidents, alarms, investigations, deliveries, notifications, feedback";
}

TEST_F(Lists, AreNarrowedByEachOfTheirParameters) {
  struct Narrowing {
    const char* parameter;
    const char* fits;
    const char* fits_not;
  };
  const std::vector<Narrowing> narrowings{
      {"space", "shop", nullptr},
      {"from", "2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"},
      {"to", "2026-03-01T10:00:01Z", "2026-03-01T10:00:00Z"},
      {"entity", "CHECKOUT", "cart"},
      {"mode", "storage-full", "storage"},
  };
  for (const auto& list : lists()) {
    const std::size_t all = count(list, "");
    EXPECT_GT(all, 0U) << list.id;
    for (const auto& [parameter, fits, fits_not] : narrowings) {
      if (!takes(list, parameter)) continue;
      const std::string name = parameter;
      EXPECT_GT(count(list, name + "=" + fits), 0U) << list.id << " " << name;
      if (fits_not != nullptr) {
        EXPECT_EQ(count(list, name + "=" + fits_not), 0U) << list.id << " " << name;
      }
    }
  }
}

TEST_F(Lists, AreNarrowedByTheStateOfTheirItems) {
  struct Narrowing {
    const char* list;
    const char* parameter;
    std::vector<std::pair<const char*, std::size_t>> counts;
  };
  const std::vector<Narrowing> narrowings{
      {"listIncidents", "status", {{"open", 1}, {"resolved", 0}}},
      {"listAlarms", "state", {{"firing", 2}, {"resolved", 0}}},
      {"listAlarms", "decision", {{"linked", 1}, {"proceed", 1}, {"skipped", 0}}},
      {"listInvestigations", "status", {{"done", 1}, {"queued", 1}, {"failed", 0}}},
      {"listDeliveries", "made_alarms", {{"true", 1}, {"false", 0}}},
      {"listDeliveries", "sender", {{"pager", 1}, {"mail", 0}}},
      {"listNotifications", "state", {{"sent", 1}, {"failed", 1}, {"waiting", 0}}},
      {"listFeedback", "judgement", {{"right", 1}, {"wrong", 0}}},
      {"listUsers", "disabled", {{"false", 3}, {"true", 0}}},
      {"listTokens", "status", {{"open", 1}, {"ended", 0}, {"revoked", 0}}},
      {"listAudit", "who", {{"ada", 1}, {"eve", 0}}},
      {"listAudit", "action", {{"giveFeedback", 1}, {"steer", 0}}},
  };
  for (const auto& narrowing : narrowings)
    for (const auto& [value, expected] : narrowing.counts)
      EXPECT_EQ(count(document().operation(narrowing.list), std::string(narrowing.parameter) + "=" + value),
                expected)
          << narrowing.list << " " << value;
  EXPECT_EQ(api.send_as("ada", {"DELETE", "/api/v1/tokens/tok-shop"}).status, 200);
  EXPECT_EQ(count(document().operation("listTokens"), "status=revoked"), 1U);
}

TEST_F(Lists, EndAtTheWallsOfSpacesHoweverTheyAreNarrowed) {
  for (const auto& list : lists()) {
    EXPECT_EQ(api.send_as("ada", {"GET", list.path + "?space=other"}).status, 404) << list.id;
    for (const char* query : {"", "space=shop", "from=2026-01-01T00:00:00Z", "to=2027-01-01T00:00:00Z",
                              "entity=check", "mode=storage-full", "who=eve", "sender=pager"}) {
      const std::string_view parameter(query);
      if (!parameter.empty() && !takes(list, parameter.substr(0, parameter.find('=')))) continue;
      const auto answer = api.send_as("ada", {"GET", list.path + "?" + query});
      EXPECT_EQ(answer.status, 200) << list.id << " " << query;
      // rita, who has a role in both spaces, is no secret to the admin of one.
      for (const char* theirs : {"inc-other", "inv-other", "run-other", "alm-other", "linked-other",
                                 "dlv-other", "ntf-other", "tok-other", "bob-other", "\"space\":\"other\""})
        EXPECT_EQ(answer.body.find(theirs), std::string::npos) << list.id << " " << query << answer.body;
    }
  }
}

TEST_F(Lists, OfAuditReadOnWhereTheyEnded) {
  for (int i = 0; i < 5; ++i)
    api.send_as(i % 2 == 0 ? "ada" : "eve",
                {"POST", std::string("/api/v1/incidents/inc-") + (i % 2 == 0 ? "shop" : "other") +
                             "/investigations"});
  std::vector<std::string> actions;
  std::string after = "0";
  for (bool more = true; more;) {
    const base::Json page =
        json_body(api.send_as("ada", {"GET", "/api/v1/audit?space=shop&limit=2&after=" + after}));
    more = !base::list_at(page, "items").empty();
    for (const auto& line : base::list_at(page, "items")) {
      actions.push_back(base::text_at(line, "action"));
      after = base::text_at(line, "sequence");
    }
  }
  EXPECT_EQ(actions, (std::vector<std::string>{"giveFeedback", "investigateAgain", "investigateAgain",
                                               "investigateAgain"}));
}

}  // namespace
}  // namespace midwatch::api

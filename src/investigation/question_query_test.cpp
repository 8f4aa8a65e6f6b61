#include "src/investigation/question_query.h"

#include <gtest/gtest.h>

namespace midwatch::investigation {
namespace {

telemetry::Entity entity(const char* id, const char* type, const char* name) {
  telemetry::Entity e;
  e.id = id;
  e.type = type;
  e.name = name;
  return e;
}

std::string query(const telemetry::Entity& e, std::string_view signal, std::string_view quantity = {}) {
  const base::Timestamp start{std::chrono::hours(24 * 365)};
  return question_query({signal, quantity, &e, {start, start + std::chrono::hours(1)}}).value_or("");
}

TEST(QuestionQuery, NamesTheWindowAndTheAddress) {
  const auto f = entity("arn:aws:lambda:eu-west-1:1:function:resize", "AWS::Lambda::Function", "resize");
  EXPECT_EQ(
      query(f, "logs"),
      "aws logs filter-log-events --log-group-name /aws/lambda/resize --start-time 31536000000 --end-time "
      "31539600000");
  EXPECT_EQ(
      query(f, "changes"),
      "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=resize "
      "--start-time 1971-01-01T00:00:00Z --end-time 1971-01-01T01:00:00Z");
  EXPECT_NE(query(f, "metrics", "throttles").find("Throttles"), std::string::npos);
}

TEST(QuestionQuery, AsksAClusterForItsOwnKindsOfObjects) {
  auto w = entity("shop/deployment/cart", "Deployment", "cart");
  w.attributes.set("platform.kind", "workload");
  w.attributes.set("metadata.namespace", "shop");
  EXPECT_EQ(query(w, "configuration"), "kubectl -n shop get deployment/cart -o yaml");
  EXPECT_EQ(query(w, "logs"),
            "kubectl -n shop logs deployment/cart --all-containers --since-time=1971-01-01T00:00:00Z");
}

TEST(QuestionQuery, SaysNothingWhereTheAddressIsNotKnown) {
  EXPECT_EQ(question_query({"logs", {}, nullptr, {}}), std::nullopt);
  EXPECT_EQ(query(entity("cart", "", "cart"), "logs"), "");
  EXPECT_EQ(query(entity("arn:x", "AWS::ECS::Service", "cart"), "events"), "") << "no cluster";
  EXPECT_EQ(query(entity("f", "AWS::Lambda::Function", "a; reboot"), "logs"), "") << "no plain argument";
}

}  // namespace
}  // namespace midwatch::investigation

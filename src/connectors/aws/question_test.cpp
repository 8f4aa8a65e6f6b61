#include "src/connectors/aws/question.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/clients/aws/command_line.h"
#include "src/connectors/aws/resource_questions.h"

namespace midwatch::connectors::aws {
namespace {

TEST(Question, NamesAsTheCliHasThem) {
  struct Row {
    const char* api;
    const char* cli;
  };
  for (const Row& row :
       {Row{"DescribeTasks", "describe-tasks"}, Row{"DescribeDBInstances", "describe-db-instances"},
        Row{"logGroupName", "log-group-name"}, Row{"DBInstanceIdentifier", "db-instance-identifier"},
        Row{"TargetGroupArns", "target-group-arns"}, Row{"cluster", "cluster"}, Row{"", ""}}) {
    EXPECT_EQ(cli_word(row.api), row.cli);
  }
}

TEST(Question, ACommandIsReadBackAsItWasMeant) {
  const clients::aws::api::ApiRequest request{
      "cloudwatch",
      "GetMetricData",
      "us-east-1",
      {{"MetricDataQueries", base::Json::array({{{"Id", "m0"}, {"Label", "it's \"so\" \\ $HOME"}}})},
       {"Names", {"a b", "c"}},
       {"StartTime", "2026-01-05T02:00:00Z"},
       {"limit", 10},
       {"descending", false}}};
  const std::string text = command_text(request);
  const auto command = clients::aws::parse_command_line(text);
  EXPECT_EQ(command.service, "cloudwatch");
  EXPECT_EQ(command.operation, "get-metric-data");
  EXPECT_EQ(command.option("region"), "us-east-1");
  EXPECT_EQ(command.option("metric-data-queries"), base::dump_json(request.input["MetricDataQueries"]));
  EXPECT_EQ(command.options.at("names"), (std::vector<std::string>{"a b", "c"}));
  EXPECT_EQ(command.option("start-time"), "2026-01-05T02:00:00Z");
  EXPECT_EQ(command.option("limit"), "10");
  EXPECT_TRUE(command.options.contains("no-descending"));
}

TEST(Question, LinesThatTellOfLostNamesAskWhoChangedNames) {
  struct Row {
    const char* region;
    const char* line;
    const char* asked;  ///< the region whose trail is asked; empty: none
  };
  for (const Row& row : {Row{"eu-west-1", "getaddrinfo ENOTFOUND db.core.example", "us-east-1"},
                         Row{"cn-north-1", "lookup db: no such host", "cn-northwest-1"},
                         Row{"us-gov-east-1", "getaddrinfo EAI_AGAIN db", "us-gov-west-1"},
                         Row{"eu-west-1", "connect ECONNREFUSED 10.0.0.1:5432", ""}}) {
    Question lines;
    lines.request = {"logs", "FilterLogEvents", row.region, {{"logGroupName", "/aws/lambda/a"}}};
    const auto more = questions_after(
        lines, {{"events", base::Json::array({{{"message", row.line}, {"timestamp", 1}}})}}, AskedTimes{});
    ASSERT_EQ(more.empty(), std::string(row.asked).empty()) << row.line;
    if (!more.empty()) {
      EXPECT_EQ(more.front().request.region, row.asked);
    }
  }
}

}  // namespace
}  // namespace midwatch::connectors::aws

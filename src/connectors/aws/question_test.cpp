#include "src/connectors/aws/question.h"

#include <gtest/gtest.h>

#include "src/clients/aws/command_line.h"

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

}  // namespace
}  // namespace midwatch::connectors::aws

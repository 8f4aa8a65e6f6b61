#include "src/report/topology_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace midwatch::report {
namespace {

using telemetry::RelationKind;
using ::testing::HasSubstr;
using ::testing::Not;

telemetry::Entity entity(const std::string& id, const std::string& type = {}, const std::string& name = {}) {
  telemetry::Entity out;
  out.id = id;
  out.type = type;
  out.name = name;
  return out;
}

TopologyView chain() {
  topology::TopologyBuilder builder;
  builder.add(entity("a", "AWS::Lambda::Function"));
  builder.add(entity("d", "AWS::RDS::DBInstance", "books"));
  builder.add(entity("lonely"));
  builder.relate({"a", "b", RelationKind::kCalls, {}});
  builder.relate({"b", "c", RelationKind::kRoutesTo, {}});
  builder.relate({"c", "d", RelationKind::kReadsSecret, {}});
  TopologyView view;
  view.topology = std::move(builder).build();
  return view;
}

TEST(TopologyView, MermaidDrawsNodesAndRelations) {
  EXPECT_EQ(mermaid_topology(chain(), model::Language::kEnglish),
            R"(flowchart LR
  n0(["a<br/>AWS#58;#58;Lambda#58;#58;Function"])
  n1["b"]
  n2["c"]
  n3[("books<br/>AWS#58;#58;RDS#58;#58;DBInstance")]
  n0 -->|calls| n1
  n1 -->|routes to| n2
  n2 -->|reads secret| n3
%% 1 more without any relation
)");
  EXPECT_THAT(mermaid_topology(chain(), model::Language::kJapanese), HasSubstr("-->|呼び出し|"));
}

TEST(TopologyView, NoNameBecomesMarkup) {
  for (const char* name :
       {"x\"]; click n0 \"javascript:alert(1)\"", "<img src=x onerror=alert(1)>", "`**bold**`",
        "a\nn9 --> n8", "#quot;", "\xe2\x80\xaeZ", "]]]))}}|;%%{init: {}}%%"}) {
    topology::TopologyBuilder builder;
    builder.add(entity(name, name));
    builder.relate({name, "b", RelationKind::kCalls, {}});
    TopologyView view;
    view.topology = std::move(builder).build();
    const std::string text = mermaid_topology(view, model::Language::kEnglish);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4) << text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '"'), 4) << text;
    for (const char* forbidden : {"<img", "`", "javascript:", "%%{", "\xe2\x80\xae"})
      EXPECT_THAT(text, Not(HasSubstr(forbidden))) << name;
  }
}

TEST(TopologyView, JsonAndTextNameEverythingAndTheGaps) {
  TopologyView view = chain();
  model::Gap gap;
  gap.what = {"no permission", "権限がありません"};
  view.gaps.push_back(gap);
  view.focus = "a";
  const auto json = json_topology(view, model::Language::kJapanese);
  EXPECT_EQ(json["format"], "midwatch.topology/v1");
  EXPECT_EQ(json["entities"].size(), 5U);
  EXPECT_EQ(json["relations"][0], (base::Json{{"from", "a"}, {"to", "b"}, {"kind", "calls"}}));
  EXPECT_EQ(json["gaps"][0], "権限がありません");
  EXPECT_EQ(json["focus"], "a");
  const std::string text = text_topology(view, model::Language::kEnglish);
  EXPECT_THAT(text, HasSubstr("5 resources, 3 relations"));
  EXPECT_THAT(text, HasSubstr("c\n  reads secret → d"));
  EXPECT_THAT(text, HasSubstr("What could not be seen:\n- no permission"));
}

TEST(TopologyView, AroundAnEntityGoesEitherWay) {
  const auto view = chain();
  const auto near = around(view.topology, *view.topology.find("b"), 1);
  EXPECT_EQ(near.size(), 3U);
  EXPECT_TRUE(near.find("a") && near.find("c"));
  EXPECT_FALSE(near.find("lonely"));
  EXPECT_EQ(around(view.topology, *view.topology.find("b"), 2).size(), 4U);
}

}  // namespace
}  // namespace midwatch::report

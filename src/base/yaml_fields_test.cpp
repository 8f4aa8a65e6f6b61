#include "src/base/yaml_fields.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace midwatch::base {
namespace {

struct Read {
  std::uint64_t count = 0;
  Duration span{};
  bool flag = false;
  std::vector<std::string> names;
};

Result<Read> read(std::string_view yaml) {
  Read out;
  const YamlFields fields("f.yaml");
  const auto done = read_yaml_file(yaml, "f.yaml", [&](const YAML::Node& root) {
    return fields.map(
        root, "a file",
        {{"count", [&](const YAML::Node& n) { return fields.count(n, "count", 1, 9, out.count); }},
         {"span", [&](const YAML::Node& n) { return fields.duration(n, "span", out.span); }},
         {"flag", [&](const YAML::Node& n) { return fields.boolean(n, "flag", out.flag); }},
         {"names", [&](const YAML::Node& n) { return fields.texts(n, "names", out.names); }}});
  });
  if (!done) return done.error();
  return out;
}

TEST(YamlFields, ReadsEachKind) {
  const auto file = read("count: 3\nspan: 90s\nflag: true\nnames: [a, b]\n");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->count, 3U);
  EXPECT_EQ(file->span, std::chrono::seconds(90));
  EXPECT_TRUE(file->flag);
  EXPECT_EQ(file->names, (std::vector<std::string>{"a", "b"}));
}

TEST(YamlFields, ATimeSpanMayHaveItsUnitOrBeInSeconds) {
  for (const char* yaml : {"span: 90\n", "span: 90s\n", "span: 1m30s\n"}) {
    const auto file = read(yaml);
    ASSERT_TRUE(file) << yaml;
    EXPECT_EQ(file->span, std::chrono::seconds(90)) << yaml;
  }
}

TEST(YamlFields, SaysWhatIsWrongAndWhere) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"count: 3\nsize: 4\n", "f.yaml:2: 'size' is no key of a file; known are: count, span, flag, names"},
      {"count: 3\ncount: 4\n", "f.yaml:2: 'count' occurs twice"},
      {"count: 10\n", "f.yaml:1: 'count' must be a whole number of 1 to 9"},
      {"count: -1\n", "f.yaml:1: 'count' must be a whole number of 1 to 9"},
      {"span: soon\n",
       "f.yaml:1: 'span' must be a time span like 500ms, 90s, 15m, 12h or 30d, or seconds; it is 'soon'"},
      {"span: [1s]\n",
       "f.yaml:1: 'span' must be a time span like 500ms, 90s, 15m, 12h or 30d, or seconds; it is ''"},
      {"span: 99999999999999999999d\n",
       "f.yaml:1: 'span' must be a time span like 500ms, 90s, 15m, 12h or 30d, or seconds; it is "
       "'99999999999999999999d'"},
      {"flag: yes\n", "f.yaml:1: 'flag' must be true or false"},
      {"names: a\n", "f.yaml:1: 'names' must be a list"},
      {"- a\n", "f.yaml:1: a file must be a map of keys and values"},
      {"count: [\n", "f.yaml:2: not valid YAML: end of sequence flow not found"},
  };
  for (const auto& [yaml, message] : cases) {
    const auto file = read(yaml);
    ASSERT_FALSE(file) << yaml;
    EXPECT_EQ(file.error().code, ErrorCode::kMalformed);
    EXPECT_EQ(file.error().message, message);
  }
}

}  // namespace
}  // namespace midwatch::base

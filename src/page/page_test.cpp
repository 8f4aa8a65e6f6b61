#include "src/page/page.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/page/page_table.h"

namespace midwatch::page {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Page, PlacesInsideThePageAreItsIndex) {
  for (const std::string_view path : {"/", "/index.html", "/incidents/inc-1", "/investigations/inv-1",
                                      "/knowledge/oom-kill", "/knowledge/v1.2", "/settings", "/apiary"}) {
    const auto file = page_file(path);
    ASSERT_TRUE(file) << path;
    EXPECT_EQ(file->media_type, "text/html; charset=utf-8") << path;
    EXPECT_THAT(std::string(file->content), HasSubstr("Midwatch")) << path;
    EXPECT_FALSE(file->immutable) << path;
  }
}

TEST(Page, OperationsOfTheApiAndUnknownFilesHaveNone) {
  for (const std::string_view path :
       {"/api/v1/none", "/api", "/webhooks/x", "/healthz", "/readyz", "/metrics", "/none.js",
        "/assets/none.js", "/assets", "", "incidents", "/favicon.ico"}) {
    EXPECT_FALSE(page_file(path)) << path;
  }
}

TEST(Page, APathIsOnlyANameInTheTable) {
  EXPECT_EQ(page_file("/x/../../etc/passwd")->content, page_file("/")->content);
  EXPECT_FALSE(page_file("/assets/../index.html"));
}

TEST(Page, EveryFileThatWasBuiltInIsServedAsItIs) {
  for (const auto& embedded : embedded_files()) {
    const auto file = page_file(embedded.path);
    ASSERT_TRUE(file) << embedded.path;
    EXPECT_EQ(file->content, embedded.content) << embedded.path;
    EXPECT_FALSE(file->content.empty()) << embedded.path;
    EXPECT_NE(file->media_type, "application/octet-stream") << embedded.path;
    EXPECT_EQ(file->immutable, embedded.path.substr(0, 8) == "/assets/") << embedded.path;
    // A gzip file begins with these bytes. Source: RFC 1952, 2.3.1
    if (file->gzip.empty()) continue;
    EXPECT_THAT(std::string(file->gzip), StartsWith("\x1f\x8b\x08")) << embedded.path;
  }
}

TEST(Page, TheIndexNamesOnlyFilesThatAreThere) {
  const std::string index(page_file("/")->content);
  EXPECT_EQ(index.find("<script>"), std::string::npos) << "the policy lets no script run that stands in it";
  EXPECT_EQ(index.find("style="), std::string::npos);
  for (std::size_t at = index.find("\"/assets/"); at != std::string::npos;
       at = index.find("\"/assets/", at + 1)) {
    const std::string name = index.substr(at + 1, index.find('"', at + 1) - at - 1);
    EXPECT_TRUE(page_file(name)) << name;
  }
  EXPECT_EQ(is_built(), index.find("/assets/") != std::string::npos);
}

}  // namespace
}  // namespace midwatch::page

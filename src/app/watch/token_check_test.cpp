#include "src/app/watch/token_check.h"

#include <gtest/gtest.h>

namespace midwatch::app {
namespace {

http::ServerRequest request_with(const std::string& authorization) {
  http::ServerRequest request;
  if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization);
  return request;
}

TEST(TokenCheck, WithoutTokensEverybodyMayDoEverything) {
  const TokenCheck check({}, {"a", "b"});
  const auto caller = check(request_with(""));
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->role, api::Role::kAdmin);
  EXPECT_EQ(caller->spaces.size(), 2U);
}

TEST(TokenCheck, ATokenOpensItsSpacesInItsRole) {
  const auto viewer = make_token();
  const auto admin = make_token();
  ASSERT_TRUE(viewer && admin);
  EXPECT_NE(viewer->token, admin->token);
  const TokenCheck check({{"v", "viewer", {"a"}, viewer->sha256}, {"root", "admin", {}, admin->sha256}},
                         {"a", "b"});
  const auto seen = check(request_with("Bearer " + viewer->token));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->name, "v");
  EXPECT_EQ(seen->role, api::Role::kViewer);
  EXPECT_EQ(seen->spaces, std::vector<std::string>{"a"});
  EXPECT_EQ(check(request_with("Bearer " + admin->token))->spaces.size(), 2U);
  for (const std::string& wrong :
       {std::string(), std::string("Bearer "), "Bearer " + viewer->sha256, "Basic " + viewer->token,
        "Bearer " + viewer->token + " ", viewer->token}) {
    const auto nobody = check(request_with(wrong));
    ASSERT_FALSE(nobody) << wrong;
    EXPECT_EQ(nobody.error().code, base::ErrorCode::kUnauthenticated);
    EXPECT_EQ(nobody.error().message.find(viewer->token), std::string::npos);
  }
}

}  // namespace
}  // namespace midwatch::app

#include "src/app/watch/token_check.h"

#include <gtest/gtest.h>

#include "src/identity/tokens.h"

namespace midwatch::app {
namespace {

http::ServerRequest request_with(const std::string& authorization) {
  http::ServerRequest request;
  if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization);
  return request;
}

TEST(TokenCheck, WithoutTokensEverybodyMayDoEverything) {
  bool open = true;
  const TokenCheck check({}, {"a", "b"}, [&] { return open; });
  const auto caller = check(request_with(""));
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->role, api::Role::kAdmin);
  EXPECT_EQ(caller->spaces.size(), 2U);
  EXPECT_EQ(caller->everywhere, api::Role::kAdmin);
  EXPECT_TRUE(caller->is_anybody);
  open = false;
  EXPECT_EQ(check(request_with("")).error().code, base::ErrorCode::kUnauthenticated);
}

TEST(TokenCheck, ATokenOpensItsSpacesInItsRole) {
  const auto viewer = identity::make_token();
  const auto admin = identity::make_token();
  ASSERT_TRUE(viewer && admin);
  EXPECT_NE(viewer->token, admin->token);
  const TokenCheck check({{"v", "viewer", {"a"}, viewer->sha256}, {"root", "admin", {}, admin->sha256}},
                         {"a", "b"}, [] { return true; });
  const auto seen = check(request_with("Bearer " + viewer->token));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->name, "v");
  EXPECT_EQ(seen->role, api::Role::kViewer);
  EXPECT_EQ(seen->spaces, std::vector<std::string>{"a"});
  EXPECT_FALSE(seen->everywhere);
  EXPECT_FALSE(seen->is_anybody);
  const auto root = check(request_with("Bearer " + admin->token));
  ASSERT_TRUE(root);
  EXPECT_EQ(root->spaces.size(), 2U);
  EXPECT_EQ(root->everywhere, api::Role::kAdmin);
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

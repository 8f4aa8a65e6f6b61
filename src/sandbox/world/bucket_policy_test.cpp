#include "src/sandbox/world/bucket_policy.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace midwatch::sandbox::world {
namespace {

using base::Json;

const PolicyRequest kRequest{"arn:aws:iam::1:role/reader", "s3:GetObject", "arn:aws:s3:::acme/a.json"};

/// A policy of one statement that denies everybody everything, with some members replaced.
Json denying(const Json& members) {
  Json statement{{"Effect", "Deny"}, {"Principal", "*"}, {"Action", "s3:*"}, {"Resource", "*"}};
  statement.update(members);
  return {{"Statement", Json::array({statement})}};
}

TEST(BucketPolicy, DeniesWhomWhatAndWhereItSays) {
  const std::vector<std::pair<Json, bool>> cases{
      {Json::object(), true},
      {{{"Effect", "Allow"}}, false},
      {{{"Principal", {{"AWS", "arn:aws:iam::1:role/reader"}}}}, true},
      {{{"Principal", {{"AWS", {"arn:aws:iam::1:role/writer", "arn:aws:iam::2:root"}}}}}, false},
      {{{"Action", {"s3:PutObject", "s3:Get*"}}}, true},
      {{{"Action", "s3:DeleteBucket"}}, false},
      {{{"Resource", "arn:aws:s3:::acme/*"}}, true},
      {{{"Resource", "arn:aws:s3:::acme"}}, false},
      {{{"Condition", {{"Bool", {{"aws:SecureTransport", "false"}}}}}}, false},
      {{{"Condition", {{"ArnNotLike", {{"aws:PrincipalArn", {"arn:aws:iam::1:role/admin"}}}}}}}, true},
      {{{"Condition", {{"ArnNotLike", {{"aws:PrincipalArn", "arn:aws:iam::1:role/*"}}}}}}, false},
      {{{"Condition", {{"StringEquals", {{"aws:PrincipalArn", "arn:aws:iam::1:role/reader"}}}}}}, true},
      {{{"Condition", {{"IpAddress", {{"aws:SourceIp", "10.0.0.0/8"}}}}}}, false},
  };
  for (const auto& [members, denied] : cases)
    EXPECT_EQ(denies(denying(members), kRequest), denied) << members;
  EXPECT_FALSE(denies(Json(), kRequest)) << "no policy denies nothing";
}

}  // namespace
}  // namespace midwatch::sandbox::world

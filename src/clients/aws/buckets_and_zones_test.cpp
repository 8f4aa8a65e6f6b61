#include <gtest/gtest.h>

#include "src/clients/aws/resource_links.h"
#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

using telemetry::RelationKind;

constexpr const char* kBucket = "arn:aws:s3:::acme-receipts";
constexpr const char* kFunction = "arn:aws:lambda:eu-west-1:1:function:importer";

telemetry::Attributes bucket(std::string_view text) {
  const auto batch = decode_text(text);
  EXPECT_TRUE(has_alias(batch, "s3/acme-receipts", kBucket));
  return entity_in(batch, kBucket).attributes;
}

TEST(S3, APolicySaysWhomItDeniesWhat) {
  const auto attributes = bucket(
      "# aws s3api get-bucket-policy --bucket acme-receipts --region eu-west-1\n"
      R"({"Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::2:root\"},\"Action\":\"s3:GetObject\",\"Resource\":\"r\"},{\"Sid\":\"Admins\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"r\",\"Condition\":{\"ArnNotLike\":{\"aws:PrincipalArn\":[\"arn:a\",\"arn:b\"]}}},{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"arn:c\"},\"Action\":\"s3:*\",\"Resource\":\"r\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"r\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalArn\":\"arn:d\"}}}]}"})");
  EXPECT_EQ(attributes.get("policy.bucket.0"), "Allow s3:GetObject on r to arn:aws:iam::2:root");
  EXPECT_EQ(attributes.get("deny.0.id"), "Admins");
  EXPECT_EQ(attributes.get("deny.0.principal"), "*");
  EXPECT_EQ(attributes.get("deny.0.except"), "arn:a, arn:b");
  EXPECT_EQ(attributes.get("deny.0.action"), "s3:GetObject, s3:PutObject");
  EXPECT_EQ(attributes.find("deny.0.condition"), nullptr);
  EXPECT_EQ(attributes.get("deny.1.principal"), "*");
  EXPECT_EQ(attributes.get("deny.1.except"), "arn:c");
  EXPECT_EQ(attributes.get("deny.1.condition"), "aws:SecureTransport Bool false");
  EXPECT_EQ(attributes.get("deny.2.principal"), "arn:d");
  EXPECT_EQ(attributes.find("deny.3.principal"), nullptr);
}

TEST(S3, NoPolicyIsSaidToBeNone) {
  EXPECT_EQ(bucket("# aws s3api get-bucket-policy --bucket acme-receipts\n{}").get("policy.bucket"), "none");
  EXPECT_TRUE(decode_text("{\"ServerSideEncryptionConfiguration\":{}}").entities.empty());
}

TEST(S3, NotificationsNameWhomTheBucketTells) {
  const auto batch = decode_text(
      "# aws s3api get-bucket-notification-configuration --bucket acme-receipts\n"
      R"({"LambdaFunctionConfigurations":[{"LambdaFunctionArn":"arn:aws:lambda:eu-west-1:1:function:importer:live","Events":["s3:ObjectCreated:*"],"Filter":{"Key":{"FilterRules":[{"Name":"prefix","Value":"in/"}]}}}],"QueueConfigurations":[{"QueueArn":"arn:aws:sqs:eu-west-1:1:q","Events":["s3:ObjectRemoved:*"]}]})");
  const auto attributes = entity_in(batch, kBucket).attributes;
  EXPECT_EQ(attributes.get("notification.count"), "2");
  EXPECT_EQ(attributes.get("notification.0"), std::string("s3:ObjectCreated:* (prefix in/) to ") + kFunction);
  EXPECT_TRUE(has_relation(batch, kFunction, kBucket, RelationKind::kReadsFrom));
  EXPECT_TRUE(has_relation(batch, kBucket, "arn:aws:sqs:eu-west-1:1:q", RelationKind::kWritesTo));
  EXPECT_EQ(bucket("# aws s3api get-bucket-notification-configuration --bucket acme-receipts\n{}")
                .get("notification.count"),
            "0");
}

TEST(S3, WhatElseIsConfigured) {
  EXPECT_EQ(
      bucket("# aws s3api get-public-access-block --bucket acme-receipts\n"
             R"({"PublicAccessBlockConfiguration":{"RestrictPublicBuckets":true,"IgnorePublicAcls":false}})")
          .get("public_access.policies"),
      "blocked");
  const auto batch = decode_text(
      "# aws s3api get-bucket-encryption --bucket acme-receipts\n"
      R"({"ServerSideEncryptionConfiguration":{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"arn:aws:kms:r:1:key/k"}}]}})");
  EXPECT_TRUE(has_relation(batch, kBucket, "arn:aws:kms:r:1:key/k", RelationKind::kReadsSecret));
  EXPECT_EQ(bucket("# aws s3api get-bucket-location --bucket acme-receipts\n{\"LocationConstraint\":null}")
                .get("region"),
            "us-east-1");
}

TEST(Lambda, ABucketThatMayCallIsWhereItsLoadComesFrom) {
  const auto batch = decode_text(
      "# aws lambda get-policy --function-name arn:aws:lambda:eu-west-1:1:function:importer\n"
      R"({"Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s3.amazonaws.com\"},\"Action\":\"lambda:InvokeFunction\",\"Condition\":{\"ArnLike\":{\"AWS:SourceArn\":\"arn:aws:s3:::acme-receipts\"}}},{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"apigateway.amazonaws.com\"}}]}","RevisionId":"r"})");
  EXPECT_EQ(entity_in(batch, kFunction).attributes.get("permission.0.source"), kBucket);
  EXPECT_TRUE(has_relation(batch, kFunction, kBucket, RelationKind::kReadsFrom));
  EXPECT_TRUE(decode_text("# aws lambda get-policy --function-name importer\n{}").entities.empty());
}

TEST(Links, AVariableThatNamesABucketIsACallOfIt) {
  auto batch = decode_text("# aws s3api get-bucket-policy --bucket acme-receipts\n{}");
  const auto more = decode_text(
      R"({"FunctionArn":"arn:aws:lambda:eu-west-1:1:function:importer","FunctionName":"importer","Environment":{"Variables":{"BUCKET":"acme-receipts"}}})");
  batch.entities.insert(batch.entities.end(), more.entities.begin(), more.entities.end());
  link_resources(batch);
  EXPECT_TRUE(has_relation(batch, kFunction, kBucket, RelationKind::kCalls));
}

TEST(Route53, RecordsSayWhatNamesLeadTo) {
  const auto batch = decode_text(
      "# aws route53 list-resource-record-sets --hosted-zone-id /hostedzone/Z1\n"
      R"({"ResourceRecordSets":[{"Name":"Stock.Core.example.","Type":"A","ResourceRecords":[{"Value":"10.0.0.1"},{"Value":"10.0.0.2"}]},{"Name":"www.core.example.","Type":"A","AliasTarget":{"DNSName":"front.elb.amazonaws.com."},"HealthCheckId":"h"}]})");
  const auto stock = entity_in(batch, "route53/stock.core.example");
  EXPECT_EQ(stock.attributes.get("record.values"), "A 10.0.0.1, 10.0.0.2");
  EXPECT_EQ(stock.attributes.get("record.zone"), "Z1");
  EXPECT_EQ(entity_in(batch, "route53/www.core.example").attributes.get("record.values"),
            "A front.elb.amazonaws.com");
  EXPECT_EQ(entity_in(batch, "route53/www.core.example").attributes.get("record.health_check"), "h");
}

TEST(Route53, ANameThatWasAskedForAndIsNotThere) {
  const auto batch = decode_text(
      "# aws route53 list-resource-record-sets --hosted-zone-id Z1 --start-record-name stock.core.example "
      "--max-items 1\n"
      R"({"ResourceRecordSets":[{"Name":"www.core.example.","Type":"A","ResourceRecords":[{"Value":"10.0.0.9"}]}]})");
  const auto stock = entity_in(batch, "route53/stock.core.example");
  ASSERT_NE(stock.attributes.find("record.values"), nullptr);
  EXPECT_EQ(stock.attributes.get("record.values"), "");
  EXPECT_EQ(entity_in(batch, "route53/www.core.example").id, "") << "it was not asked for";
}

TEST(Route53, ZonesAndChecks) {
  auto batch = decode_text(
      R"({"HostedZones":[{"Id":"/hostedzone/Z1","Name":"core.example.","Config":{"PrivateZone":true}}]})");
  EXPECT_EQ(entity_in(batch, "route53/zone/Z1").attributes.get("zone.private"), "true");
  batch = decode_text(
      "# aws route53 get-health-check-status --health-check-id h\n"
      R"({"HealthCheckObservations":[{"StatusReport":{"Status":"Success: HTTP Status Code 200"}},{"StatusReport":{"Status":"Failure: Connection timed out"}}]})");
  EXPECT_EQ(entity_in(batch, "route53/healthcheck/h").attributes.get("health_check.failing"), "1");
}

}  // namespace
}  // namespace midwatch::clients::aws

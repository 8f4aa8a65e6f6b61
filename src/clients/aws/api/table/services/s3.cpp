// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "GetBucketPolicy",
     .action = "s3:GetBucketPolicy",
     .method = "GET",
     .path = "/{Bucket}",
     .query = "policy",
     .payload = "Policy",
     .payload_is_text = true},
    {.name = "GetPublicAccessBlock",
     .action = "s3:GetBucketPublicAccessBlock",
     .method = "GET",
     .path = "/{Bucket}",
     .query = "publicAccessBlock",
     .payload = "PublicAccessBlockConfiguration"},
    {.name = "GetBucketNotificationConfiguration",
     .action = "s3:GetBucketNotification",
     .method = "GET",
     .path = "/{Bucket}",
     .query = "notification"},
    {.name = "GetBucketEncryption",
     .action = "s3:GetEncryptionConfiguration",
     .method = "GET",
     .path = "/{Bucket}",
     .query = "encryption",
     .payload = "ServerSideEncryptionConfiguration"},
    {.name = "GetBucketLocation",
     .action = "s3:GetBucketLocation",
     .method = "GET",
     .path = "/{Bucket}",
     .query = "location",
     .payload = "LocationConstraint"},
};

constexpr Field kOutputs[] = {
    {"", "BlockPublicAcls", "BlockPublicAcls", FieldKind::kBoolean},
    {"", "BlockPublicPolicy", "BlockPublicPolicy", FieldKind::kBoolean},
    {"", "BucketKeyEnabled", "BucketKeyEnabled", FieldKind::kBoolean},
    {"", "CloudFunction", "LambdaFunctionArn"},
    {"", "CloudFunctionConfiguration", "LambdaFunctionConfigurations", FieldKind::kFlatList},
    {"", "EncryptionType", "EncryptionType", FieldKind::kFlatList},
    {"", "Event", "Events", FieldKind::kFlatList},
    {"", "FilterRule", "FilterRules", FieldKind::kFlatList},
    {"", "IgnorePublicAcls", "IgnorePublicAcls", FieldKind::kBoolean},
    {"", "Queue", "QueueArn"},
    {"", "QueueConfiguration", "QueueConfigurations", FieldKind::kFlatList},
    {"", "RestrictPublicBuckets", "RestrictPublicBuckets", FieldKind::kBoolean},
    {"", "Rule", "Rules", FieldKind::kFlatList},
    {"", "S3Key", "Key"},
    {"", "Topic", "TopicArn"},
    {"", "TopicConfiguration", "TopicConfigurations", FieldKind::kFlatList},
};

constexpr Service kService{.name = "s3api",
                           .id = "S3",
                           .protocol = Protocol::kRestXml,
                           .endpoint_prefix = "s3",
                           .signing_name = "s3",
                           .s3 = true,
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& s3() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services

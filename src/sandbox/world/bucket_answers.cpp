#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

constexpr int kNotFound = 404;

constexpr int kMoved = 301;

const std::string& region_of(const View& view, const BucketSpec& bucket) {
  return bucket.region.empty() ? view.world.region : bucket.region;
}

/// The bucket that is asked for, as it is now. Errors: there is none of that name; it lies in another region.
/// Source: S3 API reference, "Error responses": PermanentRedirect
tl::expected<const BucketSpec*, AccountError> bucket_of(const View& view, const Json& input) {
  const std::string name = text_at(input, "Bucket");
  const auto found = std::find_if(view.world.buckets.begin(), view.world.buckets.end(),
                                  [&name](const auto& bucket) { return bucket.first == name; });
  if (found == view.world.buckets.end())
    return refuse("NoSuchBucket", "The specified bucket does not exist", kNotFound);
  const BucketSpec& bucket = found->second.at(view.time);
  const std::string& region = region_of(view, bucket);
  if (view.region.empty() || view.region == region) return &bucket;
  return tl::unexpected(AccountError{"PermanentRedirect",
                                     "The bucket you are attempting to access must be addressed using the "
                                     "specified endpoint. Please send all future requests to this endpoint.",
                                     kMoved, region});
}

Answer get_policy(const View& view, const Json& input) {
  const auto asked = bucket_of(view, input);
  if (!asked) return tl::unexpected(asked.error());
  const BucketSpec& bucket = **asked;
  if (bucket.policy.is_null())
    return refuse("NoSuchBucketPolicy", "The bucket policy does not exist", kNotFound);
  return Json{{"Policy", base::dump_json(bucket.policy)}};
}

Answer get_public_access_block(const View& view, const Json& input) {
  const auto asked = bucket_of(view, input);
  if (!asked) return tl::unexpected(asked.error());
  const BucketSpec& bucket = **asked;
  const bool blocks = bucket.blocks_public;
  return Json{{"PublicAccessBlockConfiguration",
               {{"BlockPublicAcls", blocks},
                {"IgnorePublicAcls", blocks},
                {"BlockPublicPolicy", blocks},
                {"RestrictPublicBuckets", blocks}}}};
}

Answer get_notifications(const View& view, const Json& input) {
  const auto asked = bucket_of(view, input);
  if (!asked) return tl::unexpected(asked.error());
  const BucketSpec& bucket = **asked;
  Json functions = Json::array();
  for (const std::string& function : bucket.notifies) {
    functions.push_back({{"Id", "new-object-" + function},
                         {"LambdaFunctionArn", arn(view.world, "lambda", "function:" + function)},
                         {"Events", {"s3:ObjectCreated:*"}}});
  }
  Json answer = Json::object();
  if (!functions.empty()) answer["LambdaFunctionConfigurations"] = std::move(functions);
  return answer;
}

Answer get_encryption(const View& view, const Json& input) {
  const auto asked = bucket_of(view, input);
  if (!asked) return tl::unexpected(asked.error());
  const BucketSpec& bucket = **asked;
  Json by_default{{"SSEAlgorithm", bucket.key.empty() ? "AES256" : "aws:kms"}};
  if (!bucket.key.empty()) by_default["KMSMasterKeyID"] = bucket.key;
  return Json{{"ServerSideEncryptionConfiguration",
               {{"Rules", Json::array({{{"ApplyServerSideEncryptionByDefault", by_default},
                                        {"BucketKeyEnabled", !bucket.key.empty()}}})}}}};
}

Answer get_location(const View& view, const Json& input) {
  const auto bucket = bucket_of(view, input);
  if (!bucket) return tl::unexpected(bucket.error());
  return Json{{"LocationConstraint", region_of(view, **bucket)}};
}

}  // namespace

std::vector<Operation> bucket_operations() {
  return {{"s3", "GetBucketPolicy", get_policy},
          {"s3", "GetPublicAccessBlock", get_public_access_block},
          {"s3", "GetBucketNotificationConfiguration", get_notifications},
          {"s3", "GetBucketEncryption", get_encryption},
          {"s3", "GetBucketLocation", get_location}};
}

}  // namespace midwatch::sandbox::world

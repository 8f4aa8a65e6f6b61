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

/// The bucket that is asked for, as it is now; null where there is none of that name.
const BucketSpec* bucket_of(const View& view, const Json& input) {
  const std::string name = text_at(input, "Bucket");
  const auto found = std::find_if(view.world.buckets.begin(), view.world.buckets.end(),
                                  [&name](const auto& bucket) { return bucket.first == name; });
  return found == view.world.buckets.end() ? nullptr : &found->second.at(view.time);
}

Answer no_bucket() {
  return refuse("NoSuchBucket", "The specified bucket does not exist", kNotFound);
}

Answer get_policy(const View& view, const Json& input) {
  const BucketSpec* bucket = bucket_of(view, input);
  if (bucket == nullptr) return no_bucket();
  if (bucket->policy.is_null())
    return refuse("NoSuchBucketPolicy", "The bucket policy does not exist", kNotFound);
  return Json{{"Policy", base::dump_json(bucket->policy)}};
}

Answer get_public_access_block(const View& view, const Json& input) {
  const BucketSpec* bucket = bucket_of(view, input);
  if (bucket == nullptr) return no_bucket();
  const bool blocks = bucket->blocks_public;
  return Json{{"PublicAccessBlockConfiguration",
               {{"BlockPublicAcls", blocks},
                {"IgnorePublicAcls", blocks},
                {"BlockPublicPolicy", blocks},
                {"RestrictPublicBuckets", blocks}}}};
}

Answer get_notifications(const View& view, const Json& input) {
  const BucketSpec* bucket = bucket_of(view, input);
  if (bucket == nullptr) return no_bucket();
  Json functions = Json::array();
  for (const std::string& function : bucket->notifies) {
    functions.push_back({{"Id", "new-object-" + function},
                         {"LambdaFunctionArn", arn(view.world, "lambda", "function:" + function)},
                         {"Events", {"s3:ObjectCreated:*"}}});
  }
  Json answer = Json::object();
  if (!functions.empty()) answer["LambdaFunctionConfigurations"] = std::move(functions);
  return answer;
}

Answer get_encryption(const View& view, const Json& input) {
  const BucketSpec* bucket = bucket_of(view, input);
  if (bucket == nullptr) return no_bucket();
  Json by_default{{"SSEAlgorithm", bucket->key.empty() ? "AES256" : "aws:kms"}};
  if (!bucket->key.empty()) by_default["KMSMasterKeyID"] = bucket->key;
  return Json{{"ServerSideEncryptionConfiguration",
               {{"Rules", Json::array({{{"ApplyServerSideEncryptionByDefault", by_default},
                                        {"BucketKeyEnabled", !bucket->key.empty()}}})}}}};
}

Answer get_location(const View& view, const Json& input) {
  if (bucket_of(view, input) == nullptr) return no_bucket();
  return Json{{"LocationConstraint", view.world.region}};
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

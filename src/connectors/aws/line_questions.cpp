#include "src/connectors/aws/line_questions.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/route53.h"
#include "src/connectors/aws/question_values.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;
using base::list_at;
using base::text_at;

/// What clients say of a name that nobody answers. Source: resolver errors of Node.js, glibc, Go and Java.
constexpr std::array<std::string_view, 6> kUnresolved{"ENOTFOUND",
                                                      "EAI_AGAIN",
                                                      "NXDOMAIN",
                                                      "no such host",
                                                      "UnknownHostException",
                                                      "Name or service not known"};

constexpr std::size_t kMostNames = 2;  ///< of one group's lines: more fail for one reason

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/// The first text after `from` that looks like a host name; empty where none does.
std::string host_after(std::string_view message, std::size_t from) {
  while (from < message.size()) {
    const std::size_t start = message.find_first_of("abcdefghijklmnopqrstuvwxyz0123456789", from);
    if (start == std::string_view::npos) return {};
    std::size_t end = start;
    while (end < message.size() && is_name_character(message[end])) ++end;
    std::string_view name = message.substr(start, end - start);
    while (name.ends_with('.')) name.remove_suffix(1);
    const bool letters = name.find_first_not_of("0123456789.") != std::string_view::npos;
    if (letters && name.find('.') != std::string_view::npos) return std::string(name);
    from = end;
  }
  return {};
}

/// The names that lines say nobody answers; the word for it stands before or behind the name.
std::set<std::string> lost_names(const Json& body, bool& told) {
  constexpr std::size_t kBefore = 120;
  std::set<std::string> names;
  for (const Json& event : list_at(body, "events")) {
    const std::string message = text_at(event, "message");
    for (const std::string_view word : kUnresolved) {
      const std::size_t at = message.find(word);
      if (at == std::string::npos) continue;
      told = true;
      std::string name = host_after(message, at + word.size());
      if (name.empty()) name = host_after(message, at - std::min(at, kBefore));
      if (!name.empty() && names.size() < kMostNames) names.insert(std::move(name));
    }
  }
  return names;
}

/// The buckets that lines say somebody may not read or write.
std::set<std::string> denied_buckets(const Json& body) {
  constexpr std::string_view kBucket = ":s3:::";
  std::set<std::string> buckets;
  for (const Json& event : list_at(body, "events")) {
    const std::string message = text_at(event, "message");
    const std::size_t denied = message.find("not authorized to perform: s3:");
    const std::size_t at = denied == std::string::npos ? denied : message.find(kBucket, denied);
    if (at == std::string::npos) continue;
    std::size_t end = at + kBucket.size();
    while (end < message.size() && is_name_character(message[end])) ++end;
    if (buckets.size() < kMostNames)
      buckets.insert(message.substr(at + kBucket.size(), end - at - kBucket.size()));
  }
  return buckets;
}

/// Whether the bucket itself denies: its policy, what it keeps from the public, and who changed that.
std::vector<Question> questions_about_bucket(const Question& asked, const std::string& bucket,
                                             const AskedTimes& times) {
  const base::TimeRange when = times.changes();
  std::vector<Question> out{
      following(asked, "s3api", "GetBucketPolicy", {{"Bucket", bucket}}, kDefinition),
      following(asked, "s3api", "GetPublicAccessBlock", {{"Bucket", bucket}}, kRarely),
      following(asked, "cloudtrail", "LookupEvents",
                {{"LookupAttributes",
                  Json::array({{{"AttributeKey", "ResourceName"}, {"AttributeValue", bucket}}})},
                 {"StartTime", base::format_rfc3339(when.start)},
                 {"EndTime", base::format_rfc3339(when.end)}},
                kChange * kSlow)};
  out.back().cost = kSlow;
  for (Question& question : out) question.subject = "s3/" + bucket;
  return out;
}

/// The zones of the account, one of which may answer the names.
Question question_about_zones(const Question& asked, const std::set<std::string>& names) {
  constexpr std::size_t kMostZones = 1000;
  Question question = following(asked, "route53", "ListHostedZones",
                                {{"PaginationConfig", {{"MaxItems", kMostZones}}}}, kReference);
  question.names.assign(names.begin(), names.end());
  return question;
}

/// Who changed names lately. Route 53 is one for a partition, and its calls are recorded in one region.
/// Source: Route 53 developer guide, "Logging Amazon Route 53 API calls with AWS CloudTrail".
Question question_about_records(const Question& asked, const AskedTimes& times) {
  const std::string& region = asked.request.region;
  const base::TimeRange when = times.changes();
  Question question;
  question.request = {
      "cloudtrail",
      "LookupEvents",
      region.starts_with("cn-")       ? "cn-northwest-1"
      : region.starts_with("us-gov-") ? "us-gov-west-1"
                                      : "us-east-1",
      {{"LookupAttributes",
        Json::array({{{"AttributeKey", "EventName"}, {"AttributeValue", "ChangeResourceRecordSets"}}})},
       {"StartTime", base::format_rfc3339(when.start)},
       {"EndTime", base::format_rfc3339(when.end)}},
      asked.request.account};
  question.subject = asked.subject;
  question.value = kChange;
  question.cost = kSlow;
  return question;
}

}  // namespace

std::vector<Question> questions_about_names(const Question& asked, const Json& body) {
  std::vector<Question> out;
  for (const std::string& name : asked.names) {
    std::string best;
    std::string best_name;
    for (const Json& zone : list_at(body, "HostedZones")) {
      const std::string zone_name = clients::aws::looked_up_name(text_at(zone, "Name"));
      const bool answers = name == zone_name || name.ends_with("." + zone_name);
      if (zone_name.empty() || !answers || zone_name.size() <= best_name.size()) continue;
      best_name = zone_name;
      best = text_at(zone, "Id");
    }
    if (best.empty()) continue;
    out.push_back(following(asked, "route53", "ListResourceRecordSets",
                            {{"HostedZoneId", best.substr(best.rfind('/') + 1)},
                             {"StartRecordName", name},
                             {"PaginationConfig", {{"MaxItems", 1}}}},
                            kDefinition));
    out.back().subject = "route53/" + name;
  }
  return out;
}

std::vector<Question> questions_about_checks(const Question& asked, const Json& body) {
  std::vector<Question> out;
  for (const Json& set : list_at(body, "ResourceRecordSets")) {
    const std::string check = text_at(set, "HealthCheckId");
    if (!check.empty())
      out.push_back(following(asked, "route53", "GetHealthCheckStatus", {{"HealthCheckId", check}}, kHealth));
  }
  return out;
}

std::vector<Question> questions_from_lines(const Question& asked, const Json& body, const AskedTimes& times) {
  std::vector<Question> out;
  bool told = false;
  const std::set<std::string> names = lost_names(body, told);
  if (told) out.push_back(question_about_records(asked, times));
  if (!names.empty()) out.push_back(question_about_zones(asked, names));
  for (const std::string& bucket : denied_buckets(body)) {
    for (Question& question : questions_about_bucket(asked, bucket, times))
      out.push_back(std::move(question));
  }
  return out;
}

}  // namespace midwatch::connectors::aws

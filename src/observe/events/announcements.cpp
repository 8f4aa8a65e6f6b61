#include "src/observe/events/announcements.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/observe/events/detections.h"

namespace midwatch::observe::events {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

/// What was announced this long before the alarm has had its effect before; it keeps this share of its
/// weight.
constexpr base::Duration kStale = std::chrono::minutes(60);
constexpr double kStaleShare = 0.25;
/// An ordinary remark stays below what counts as trouble (0.5).
constexpr double kRemark = 0.45;
/// What a platform announces of its own doing is no trouble as such either.
constexpr double kAnnounced = 0.9;
/// What was said of something that is in order by now.
const char* const kOver = "event.recovered.measured";
constexpr std::size_t kShownMessages = 5;
constexpr std::size_t kMessageBytes = 300;

using Rule = std::pair<std::string_view, std::string_view>;

/// Signatures that are an announcement of the shared vocabulary; an empty type: an ordinary remark.
constexpr std::array<Rule, 6> kAnnouncements{{{"db_failover", "event.failover"},
                                              {"db_restart", "event.restart"},
                                              {"db_maintenance", "event.maintenance"},
                                              {"db_scaling", "event.scaling"},
                                              {"db_recovered", "event.recovered"},
                                              {"db_backup", ""}}};

/// Sources of AWS events (src/clients/aws, and the same words in a bundle's events).
constexpr std::array<std::string_view, 20> kAwsSources{"ecs",
                                                       "lambda",
                                                       "rds",
                                                       "elasticache",
                                                       "elasticloadbalancing",
                                                       "cloudformation",
                                                       "health",
                                                       "ec2",
                                                       "states",
                                                       "events",
                                                       "iam",
                                                       "cloudtrail",
                                                       "xray",
                                                       "docdb",
                                                       "autoscaling",
                                                       "dynamodb",
                                                       "sqs",
                                                       "kms",
                                                       "kinesis",
                                                       "eks"};

std::string type_of(const knowledge::Signature& signature) {
  const std::string_view id = signature.id;
  const auto* rule = std::find_if(kAnnouncements.begin(), kAnnouncements.end(),
                                  [&](const Rule& r) { return id == r.first; });
  return rule == kAnnouncements.end() ? "sign." + signature.id : std::string(rule->second);
}

/// Categories of RDS and ElastiCache events that mean something whatever the message says.
/// Source: Amazon RDS User Guide, "Amazon RDS event categories and event messages".
constexpr std::array<Rule, 3> kCategories{{{"failover", "event.failover"},
                                           {"maintenance", "event.maintenance"},
                                           {"low storage", "sign.db_storage_low"}}};

/// What an event is by its source and type, whatever its words.
std::string_view vocabulary_of(const PlatformEvent& event) {
  if (event.source == "autoscaling") return "event.scaling";
  if (event.source == "health") {
    if (event.type == "issue") return "event.provider_incident";
    return event.type == "scheduledChange" ? "event.maintenance" : std::string_view{};
  }
  if (event.source != "rds" && event.source != "elasticache" && event.source != "docdb") return {};
  const auto* rule = std::find_if(kCategories.begin(), kCategories.end(), [&](const Rule& r) {
    return event.type.find(r.first) != std::string::npos;
  });
  return rule == kCategories.end() ? std::string_view{} : rule->second;
}

/// The signature that a type stands for; what is no sign has its own type as subject.
std::string_view subject_of(std::string_view type) {
  constexpr std::string_view kSign = "sign.";
  return type.starts_with(kSign) ? type.substr(kSign.size()) : type;
}

class Reader {
 public:
  explicit Reader(const AnnouncementInput& input) : input_(input) {}

  std::vector<Observation> run() {
    for (const PlatformEvent* event : input_.events) read(*event);
    std::vector<Observation> out;
    out.reserve(found_.size());
    for (auto& [key, o] : found_) out.push_back(std::move(o));
    return out;
  }

 private:
  void read(const PlatformEvent& event) {
    if (const std::string_view type = vocabulary_of(event); !type.empty()) {
      const bool over = input_.is_over && input_.is_over(subject_of(type));
      add(event, over ? kOver : std::string(type), std::string(subject_of(type)), kAnnounced,
          {{"provider", "AWS"}, {"status", event.reason}});
    }
    std::vector<signs::SignatureMatch> matches = input_.matcher.match(event.message);
    for (auto& match : input_.matcher.match_reason(event.reason)) {
      const bool twice = std::any_of(matches.begin(), matches.end(),
                                     [&](const auto& m) { return m.signature == match.signature; });
      if (!twice) matches.push_back(std::move(match));
    }
    for (const auto& match : matches) {
      std::string type = type_of(*match.signature);
      if (type.empty()) continue;
      double strength = match.signature->strength;
      if (!match.signature->alarming) strength = std::min(strength, kRemark);
      if (input_.is_over && input_.is_over(match.signature->id)) type = kOver;
      add(event, std::move(type), match.signature->id, strength, match.facts);
    }
  }

  void add(const PlatformEvent& event, std::string type, std::string subject, double strength,
           const model::Facts& facts) {
    if (is_stale(event.time)) strength *= kStaleShare;
    std::string entity = entity_of(event);
    Observation& o = found_[{entity, type}];
    if (o.evidence.size() < kShownMessages)
      o.evidence.push_back(model::record_evidence(event, input_.source_name));
    o.facts.insert(facts.begin(), facts.end());
    const bool dated = event.time != base::Timestamp{};
    if (dated && (!o.onset || event.time < *o.onset)) o.onset = event.time;
    if (strength <= o.strength && !o.type.empty()) return;
    o.entity = std::move(entity);
    o.type = std::move(type);
    o.subject = std::move(subject);
    o.strength = strength;
    o.facts["message"] = base::printable(base::redact(event.message), kMessageBytes);
    o.facts["sample"] = o.facts["message"];
    o.facts["seen_in"] = "event";
  }

  bool is_stale(base::Timestamp time) const {
    if (time == base::Timestamp{}) return false;  // nobody knows when
    const base::Timestamp reference = input_.scope.alarm.time.value_or(input_.scope.window.start);
    return time + kStale < reference && time < input_.scope.window.start;
  }

  std::string entity_of(const PlatformEvent& event) const {
    const auto index = input_.topology.find(event.entity);
    return index ? input_.topology.id(*index) : event.entity;
  }

  const AnnouncementInput& input_;
  std::map<std::pair<std::string, std::string>, Observation> found_;
};

}  // namespace

std::vector<Observation> read_announcements(const AnnouncementInput& input) {
  return Reader(input).run();
}

bool is_aws_event(const PlatformEvent& event) {
  const bool known = std::find(kAwsSources.begin(), kAwsSources.end(), event.source) != kAwsSources.end();
  return known && !is_detection(event);
}

}  // namespace midwatch::observe::events

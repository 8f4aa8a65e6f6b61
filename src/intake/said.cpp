#include "src/intake/said.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/digest.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/http/url.h"

namespace midwatch::intake {
namespace {

using base::Json;
using model::IncomingAlarm;
using model::Severity;

/// What is looked at of a text before it is bounded: a secret that begins within the bound ends within this.
constexpr std::size_t kReadBytes = std::size_t{8} * 1024;
constexpr std::size_t kLinkBytes = 2048;
/// Of an alarm. Senders allow fewer: CloudWatch 30 dimensions, Datadog and Alertmanager some dozens.
constexpr std::size_t kMostLabels = 64;
constexpr int kDeepestLabel = 4;
constexpr std::size_t kNoteBytes = 1000;

constexpr auto kSeverityWords = std::to_array<std::pair<std::string_view, Severity>>({
    {"critical", Severity::kCritical},
    {"crit", Severity::kCritical},
    {"emergency", Severity::kCritical},
    {"fatal", Severity::kCritical},
    {"disaster", Severity::kCritical},
    {"p0", Severity::kCritical},
    {"p1", Severity::kCritical},
    {"sev0", Severity::kCritical},
    {"sev1", Severity::kCritical},
    {"high", Severity::kHigh},
    {"error", Severity::kHigh},
    {"major", Severity::kHigh},
    {"page", Severity::kHigh},
    {"p2", Severity::kHigh},
    {"sev2", Severity::kHigh},
    {"medium", Severity::kMedium},
    {"warning", Severity::kMedium},
    {"warn", Severity::kMedium},
    {"moderate", Severity::kMedium},
    {"p3", Severity::kMedium},
    {"sev3", Severity::kMedium},
    {"low", Severity::kLow},
    {"minor", Severity::kLow},
    {"minimal", Severity::kLow},
    {"info", Severity::kLow},
    {"informational", Severity::kLow},
    {"notice", Severity::kLow},
    {"p4", Severity::kLow},
    {"p5", Severity::kLow},
    {"sev4", Severity::kLow},
    {"sev5", Severity::kLow},
});

/// Labels that name what an alarm is about, the narrower workload before the wider, and the kind that stands
/// before the name in the entity.
struct EntityLabel {
  std::string_view label;
  std::string_view kind;
  bool namespaced;
};
constexpr auto kEntityLabels = std::to_array<EntityLabel>({
    {"deployment", "deployment", true},
    {"statefulset", "statefulset", true},
    {"daemonset", "daemonset", true},
    {"cronjob", "cronjob", true},
    {"job_name", "job", true},
    {"functionname", "lambda", false},
    {"function_name", "lambda", false},
    {"dbinstanceidentifier", "rds", false},
    {"service", "service", false},
    {"service_name", "service", false},
    {"servicename", "service", false},
    {"app_kubernetes_io_name", "service", false},
    {"app", "service", false},
    {"pod", "pod", true},
    {"pod_name", "pod", true},
    {"persistentvolumeclaim", "persistentvolumeclaim", true},
    {"node", "node", false},
    {"host", "host", false},
    {"hostname", "host", false},
    {"instance", "instance", false},
    {"container", "container", true},
    {"job", "job", false},
});

/// The last part of a label's name, in lower case: "data.metadata.Region" is "region".
std::string short_label(std::string_view name) {
  const auto dot = name.rfind('.');
  return base::to_lower(dot == std::string_view::npos ? name : name.substr(dot + 1));
}

/// The labels by their short names; of two with the same, the one with the shorter full name.
std::map<std::string, std::string> by_short_name(const IncomingAlarm& alarm) {
  std::map<std::string, std::pair<std::size_t, std::string>> chosen;
  for (const auto& [name, value] : alarm.labels) {
    if (value.empty() || value == base::kRedacted) continue;
    const auto [at, added] = chosen.try_emplace(short_label(name), name.size(), value);
    if (!added && name.size() < at->second.first) at->second = {name.size(), value};
  }
  std::map<std::string, std::string> labels;
  for (auto& [name, one] : chosen) labels.emplace(name, std::move(one.second));
  return labels;
}

std::string first_of(const std::map<std::string, std::string>& labels,
                     std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto at = labels.find(std::string(name));
    if (at != labels.end()) return at->second;
  }
  return {};
}

constexpr std::size_t kArnParts = 6;
constexpr std::size_t kArnService = 2;
constexpr std::size_t kArnRegion = 3;
constexpr std::size_t kArnAccount = 4;

bool is_arn(std::string_view text) {
  return text.starts_with("arn:") && base::split(text, ':').size() >= kArnParts &&
         text.find_first_of(" \t\"'<>") == std::string_view::npos;
}

/// True for an ARN of what can be at fault: not the alarm itself, nor the topic that told of it.
bool is_resource(std::string_view arn) {
  const auto service = base::split(arn, ':')[kArnService];
  return service != "cloudwatch" && service != "sns" && service != "events" && service != "iam";
}

std::string entity_in(const std::map<std::string, std::string>& labels) {
  for (const auto& [name, value] : labels) {
    if (is_arn(value) && is_resource(value)) return value;
  }
  const std::string space = first_of(labels, {"namespace", "kube_namespace"});
  for (const EntityLabel& rule : kEntityLabels) {
    const auto at = labels.find(std::string(rule.label));
    if (at == labels.end()) continue;
    std::string entity(rule.kind);
    if (rule.namespaced && !space.empty()) entity += "/" + space;
    return entity + "/" + at->second;
  }
  return {};
}

void flatten(const std::string& path, const Json& value, int depth, IncomingAlarm& alarm, bool& all) {
  if (!value.is_structured()) {
    if (!value.is_null()) all = add_label(path, base::text(value), alarm) && all;
    return;
  }
  if (depth == kDeepestLabel) {
    all = false;
    return;
  }
  const bool list = value.is_array();
  std::size_t index = 0;
  for (const auto& item : value.items()) {
    if (alarm.labels.size() >= kMostLabels) {
      all = false;
      return;
    }
    const std::string part = list ? std::to_string(index++) : item.key();
    flatten(path.empty() ? part : path + "." + part, item.value(), depth + 1, alarm, all);
  }
}

}  // namespace

base::Result<Json> read_message(std::string_view body) {
  auto message = base::parse_json(body);
  if (!message) {
    if (const auto repaired = base::repair_surrogates(body)) message = base::parse_json(*repaired);
  }
  if (!message) return std::move(message).error().with("reading the message of a sender");
  if (!message->is_object())
    return base::external_error(base::ErrorCode::kMalformed, "the message of a sender is no JSON object");
  return message;
}

std::string said(std::string_view text, std::size_t most_bytes) {
  const std::string_view read = text.substr(0, kReadBytes);
  return base::printable(base::redact(read), most_bytes);
}

std::string key_said(std::string_view text) {
  if (text.size() <= kNameBytes && said(text) == text) return std::string(text);
  return "sha256:" + base::sha256_hex(text);
}

std::string key_of_body(std::string_view body) {
  return "sha256:" + base::sha256_hex(body);
}

std::string link_said(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte < 0x7F && c != '<' && c != '>' && c != '"' && c != '`' && c != '\\';
  });
  if (!plain || text.size() > kLinkBytes) return {};
  // A page's place (#…) belongs to a link, though no request could carry it.
  if (!http::parse_url(text.substr(0, text.find('#')))) return {};
  return base::redact(text);
}

Severity severity_said(std::string_view word) {
  std::string plain = base::to_lower(word);
  std::erase_if(plain, [](char c) { return c == '-' || c == '_' || c == ' '; });
  const auto* found = std::find_if(kSeverityWords.begin(), kSeverityWords.end(),
                                   [&](const auto& row) { return row.first == plain; });
  return found == kSeverityWords.end() ? Severity::kUnknown : found->second;
}

std::optional<base::Timestamp> time_said(const Json& value) {
  const std::string text = base::text(value);
  if (const auto time = base::parse_rfc3339(text)) return time;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size()) return base::parse_epoch_seconds(text);
  // Each unit reaches from 1973 to 5138 before the next one begins.
  constexpr std::int64_t kSecondsEnd = 100'000'000'000;
  constexpr std::int64_t kStep = 1000;
  if (count < 0) return std::nullopt;
  if (count < kSecondsEnd) return base::parse_epoch_seconds(text);
  if (count < kSecondsEnd * kStep) {
    constexpr std::int64_t kLastMillisecond = 9'000'000'000'000;  // 2255: what nanoseconds can hold
    if (count > kLastMillisecond) return std::nullopt;
    return base::Timestamp(std::chrono::milliseconds(count));
  }
  if (count < kSecondsEnd * kStep * kStep) {
    constexpr std::int64_t kLastMicrosecond = 9'000'000'000'000'000;
    if (count > kLastMicrosecond) return std::nullopt;
    return base::Timestamp(std::chrono::microseconds(count));
  }
  return base::Timestamp(std::chrono::nanoseconds(count));
}

bool add_label(std::string_view name, std::string_view value, IncomingAlarm& alarm) {
  std::string key = said(name);
  if (key.empty()) return true;
  if (alarm.labels.size() >= kMostLabels && !alarm.labels.contains(key)) return false;
  alarm.labels.insert_or_assign(
      std::move(key), base::is_secret_key(name) ? std::string(base::kRedacted) : said(value, kSentenceBytes));
  return true;
}

void add_labels(const Json& object, IncomingAlarm& alarm, std::string& note) {
  if (!object.is_object()) return;
  bool all = true;
  flatten("", object, 0, alarm, all);
  if (!all) add_note(note, "more labels than an alarm keeps: the rest is left out");
}

void fill_from_labels(IncomingAlarm& alarm) {
  const auto labels = by_short_name(alarm);
  if (alarm.entity.empty()) alarm.entity = said(entity_in(labels));
  if (alarm.region.empty()) alarm.region = said(first_of(labels, {"region", "aws_region"}));
  if (alarm.account.empty())
    alarm.account = said(first_of(labels, {"account_id", "aws_account_id", "awsaccountid", "aws_account"}));
  if (alarm.metric.empty()) alarm.metric = said(first_of(labels, {"metric", "metric_name", "metricname"}));
  if (alarm.severity == Severity::kUnknown)
    alarm.severity = severity_said(first_of(labels, {"severity", "priority", "level"}));
  std::string arn = is_arn(alarm.entity) ? alarm.entity : std::string();
  for (const auto& [name, value] : labels) {
    if (arn.empty() && is_arn(value)) arn = value;
  }
  if (arn.empty()) return;
  const auto parts = base::split(arn, ':');
  if (alarm.region.empty()) alarm.region = parts[kArnRegion];
  if (alarm.account.empty()) alarm.account = parts[kArnAccount];
}

void add_note(std::string& note, std::string_view sentence) {
  if (note.find(sentence) != std::string::npos) return;
  if (!note.empty()) note += "; ";
  note += sentence;
  note = base::clip_utf8(note, kNoteBytes);
}

}  // namespace midwatch::intake

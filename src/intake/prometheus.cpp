#include <cctype>
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/http/url.h"
#include "src/intake/decoders.h"
#include "src/intake/said.h"

namespace midwatch::intake {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using model::AlarmState;
using model::IncomingAlarm;

/// The expression of a rule, from the address of its graph: `…/graph?g0.expr=EXPRESSION&g0.tab=1`.
std::string expression_in(const std::string& address) {
  const std::string marker = "g0.expr=";
  const auto begin = address.find(marker);
  if (begin == std::string::npos) return {};
  const auto from = begin + marker.size();
  std::string written = address.substr(from, address.find('&', from) - from);
  for (char& c : written) c = c == '+' ? ' ' : c;
  return http::percent_decode(written);
}

/// The first metric that an expression reads: the first name before `{` or `[`.
std::string metric_in(std::string_view expression) {
  const auto belongs = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
  };
  const auto end = expression.find_first_of("{[");
  if (end == std::string_view::npos) return {};
  auto begin = end;
  while (begin > 0 && belongs(expression[begin - 1])) --begin;
  return std::string(expression.substr(begin, end - begin));
}

/// The alarm's own key: its fingerprint, or a digest of the labels, which it is made of.
std::string key_of(const Json& alert) {
  const std::string fingerprint = text_at(alert, "fingerprint");
  if (!fingerprint.empty()) return key_said(fingerprint);
  std::map<std::string, std::string> sorted;
  const Json& labels = at(alert, "labels");
  if (labels.is_object()) {
    for (const auto& label : labels.items()) sorted.emplace(label.key(), base::text(label.value()));
  }
  std::string all;
  for (const auto& [name, value] : sorted) all += fmt::format("{}\n{}\n", name, value);
  return key_of_body(all);
}

/// The first address that is one; Grafana names its panel and dashboard, Prometheus its graph.
std::string link_of(const Json& alert, const Json& message) {
  for (const char* member : {"panelURL", "dashboardURL", "generatorURL"}) {
    std::string link = link_said(text_at(alert, member));
    if (!link.empty()) return link;
  }
  return link_said(text_at(message, "externalURL"));
}

std::string summary_of(const Json& alert) {
  const Json& annotations = at(alert, "annotations");
  for (const char* member : {"summary", "description", "message", "title"}) {
    std::string text = said(text_at(annotations, member), kSentenceBytes);
    if (!text.empty()) return text;
  }
  return said(text_at(alert, "valueString"), kSentenceBytes);
}

IncomingAlarm read_alert(const Json& alert, const Json& message, std::string& note) {
  IncomingAlarm alarm;
  const Json& labels = at(alert, "labels");
  alarm.state = text_at(alert, "status") == "resolved" ? AlarmState::kResolved : AlarmState::kFiring;
  alarm.key = key_of(alert);
  alarm.name = said_at(labels, "alertname", "rulename");
  alarm.summary = summary_of(alert);
  alarm.link = link_of(alert, message);
  const char* moment = alarm.state == AlarmState::kResolved ? "endsAt" : "startsAt";
  // An alert that has not ended says the year 1.
  const auto since = time_said(at(alert, moment));
  if (since && *since > base::Timestamp{}) alarm.since = *since;
  add_labels(labels, alarm, note);
  const std::string expression = expression_in(text_at(alert, "generatorURL"));
  if (!expression.empty()) {
    alarm.metric = said(metric_in(expression));
    add_label("expression", expression, alarm);
  }
  fill_from_labels(alarm);
  return alarm;
}

}  // namespace

bool is_alertmanager_message(const Json& message) {
  return at(message, "alerts").is_array() && at(message, "status").is_string();
}

Decoded alertmanager_alarms(const Json& message) {
  Decoded decoded;
  std::size_t empty = 0;
  for (const Json& alert : list_at(message, "alerts")) {
    if (!at(alert, "labels").is_object()) {
      ++empty;
      continue;
    }
    decoded.alarms.push_back(read_alert(alert, message, decoded.note));
  }
  if (empty > 0) add_note(decoded.note, fmt::format("{} alerts have no labels and are left out", empty));
  const double cut = base::number_at(message, "truncatedAlerts").value_or(0);
  if (cut > 0) add_note(decoded.note, fmt::format("the sender left out {} further alerts (max_alerts)", cut));
  if (decoded.alarms.empty() && decoded.note.empty()) decoded.note = "the message holds no alert";
  return decoded;
}

base::Result<Decoded> decode_alertmanager(std::string_view body) {
  auto message = read_message(body);
  if (!message) return std::move(message).error();
  if (!is_alertmanager_message(*message)) {
    return base::external_error(base::ErrorCode::kMalformed,
                                "no message of Alertmanager: it has no status and list of alerts");
  }
  const std::string version = text_at(*message, "version");
  if (!version.empty() && version != "4" && version != "1") {
    return base::external_error(
        base::ErrorCode::kMalformed,
        fmt::format("a version of Alertmanager's message that nobody knows here: '{}'", said(version)));
  }
  Decoded decoded = alertmanager_alarms(*message);
  // A retry has the same bytes; a repeat of a group that did not change has them too, and says nothing new.
  decoded.key = key_of_body(body);
  return decoded;
}

}  // namespace midwatch::intake

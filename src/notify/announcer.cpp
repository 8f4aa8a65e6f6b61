#include "src/notify/announcer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "src/base/digest.h"
#include "src/base/try.h"
#include "src/http/url.h"

namespace midwatch::notify {
namespace {

constexpr std::size_t kKeyDigits = 16;  // of a digest: 64 bits tell the causes of one investigation apart

std::string key_of(const Notice& notice) {
  switch (notice.event) {
    case Event::kCause:
      return fmt::format(
          "{}/cause/{}", notice.investigation,
          base::sha256_hex(fmt::format("{}\n{}", notice.mode, notice.entity)).substr(0, kKeyDigits));
    case Event::kResolved:
      return fmt::format("{}/resolved/{}", notice.incident, base::format_rfc3339(notice.time));
    case Event::kEnded:  // again where it went on with what it was told
      return fmt::format("{}/ended/{}", notice.investigation, base::format_rfc3339(notice.time));
    case Event::kStarted:
      break;
  }
  return fmt::format("{}/started", notice.investigation);
}

bool wants(const Target& target, const Notice& notice) {
  const auto& spaces = target.spaces;
  return std::find(target.events.begin(), target.events.end(), notice.event) != target.events.end() &&
         (spaces.empty() || std::find(spaces.begin(), spaces.end(), notice.space) != spaces.end());
}

bool has_own_records(const Target& target) {
  return target.kind == TargetKind::kPagerDuty || target.kind == TargetKind::kServiceNow;
}

/// What the receiver calls the incident; empty where none of its alarms says it.
base::Result<std::string> reference_in(store::Session& session, const Target& target,
                                       const std::string& incident) {
  MIDWATCH_TRY(const auto alarms, session.alarms_of(incident));
  for (const store::StoredAlarm& stored : alarms) {
    if (!target.label.empty()) {
      const auto label = stored.alarm.labels.find(target.label);
      if (label != stored.alarm.labels.end()) return label->second;
    } else if (stored.alarm.dialect == to_string(target.kind)) {
      return stored.alarm.key;
    }
  }
  return std::string();
}

}  // namespace

base::Result<> Announcer::announce(store::Session& session, Notice notice) const {
  if (!address_.empty())
    notice.link = fmt::format("{}/incidents/{}", address_, http::percent_encode(notice.incident));
  for (const Target& target : targets_) {
    if (!wants(target, notice)) continue;
    notice.reference.clear();
    if (has_own_records(target)) {
      MIDWATCH_TRY(notice.reference, reference_in(session, target, notice.incident));
      if (notice.reference.empty()) continue;
    }
    store::OutboxMessage message;
    message.id = "ntf-" + ids_.next_uuid();
    message.target = target.name;
    message.key = key_of(notice);
    message.body = to_json(notice);
    message.due = message.created = notice.time;
    message.incident = notice.incident;
    message.space = notice.space;
    MIDWATCH_TRY_VOID(session.add_outbox(message));
  }
  return {};
}

}  // namespace midwatch::notify

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
    case Event::kTest:
      return fmt::format("test/{}", base::format_rfc3339(notice.time));
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

store::OutboxMessage message_of(const Notice& notice, const std::string& target, std::string id) {
  store::OutboxMessage message;
  message.id = std::move(id);
  message.target = target;
  message.key = key_of(notice);
  message.body = to_json(notice);
  message.due = message.created = notice.time;
  message.incident = notice.incident;
  message.space = notice.space;
  return message;
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
    MIDWATCH_TRY_VOID(session.add_outbox(message_of(notice, target.name, "ntf-" + ids_.next_uuid())));
  }
  return {};
}

base::Result<std::string> Announcer::announce_test(store::Session& session, const std::string& target,
                                                   const std::string& space, const std::string& by,
                                                   base::Timestamp now) const {
  const auto known =
      std::find_if(targets_.begin(), targets_.end(), [&](const Target& t) { return t.name == target; });
  if (known == targets_.end())
    return base::user_error(base::ErrorCode::kNotFound, "there is no target of this name");
  if (has_own_records(*known))
    return base::user_error(
        base::ErrorCode::kUnsupported,
        "this receiver takes notes of incidents that it knows itself, so there is nothing to "
        "test without one; look at what became of its last message");
  Notice notice;
  notice.event = Event::kTest;
  notice.space = space;
  notice.title = "Midwatch";
  notice.time = notice.since = now;
  notice.what = {fmt::format("{} asks whether messages arrive here. Nothing is wrong.", by),
                 fmt::format("{} さんが通知の到達を確認しています。異常はありません。", by)};
  notice.link = address_;
  std::string id = "ntf-" + ids_.next_uuid();
  MIDWATCH_TRY_VOID(session.add_outbox(message_of(notice, target, id)));
  return id;
}

}  // namespace midwatch::notify

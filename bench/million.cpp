// What a store of a million rows costs to ask, to write and to clear.
//
// usage: bench_million STORE [ROWS]     STORE: the path of a file, or postgresql://USER@HOST/DATABASE; it is
// kept
//
// ROWS (a million) is the number of alarms, deliveries, lines of the journal and lines of the audit, each; a
// tenth as many are incidents, investigations, reports and messages of the outbox. Nine of ten lie in one
// space. A store that holds them already is measured as it is. Each figure is the median of seven, in
// milliseconds; what clears comes last.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "src/api/change_feed.h"
#include "src/app/watch/alarm_intake.h"
#include "src/app/watch/housekeeping.h"
#include "src/app/watch/store_opening.h"
#include "src/base/clock.h"
#include "src/base/ids.h"
#include "src/base/try.h"

namespace {

using namespace midwatch;
using namespace std::chrono_literals;
using store::Session;

constexpr std::size_t kMillion = 1'000'000;
constexpr std::size_t kPerIncident = 10;
constexpr std::size_t kAtOnce = 500;  // incidents in one transaction while it is filled
constexpr std::size_t kPage = 50;
constexpr std::size_t kRepeats = 7;
constexpr std::size_t kOpenEvery = 100;
constexpr std::size_t kResources = 2000;
constexpr std::size_t kModes = 40;
constexpr std::size_t kSpaceOfRest = 10;  // one incident in so many lies in another space
const base::Timestamp kNow = *base::parse_rfc3339("2026-01-05T00:00:00Z");
constexpr base::Duration kSpan = 90 * 24h;

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().describe());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

std::string space_of(std::size_t i) {
  return i % kSpaceOfRest != 0 ? "shop" : (i % (kSpaceOfRest * kSpaceOfRest) != 0 ? "bank" : "rare");
}

std::string incident_id(std::size_t i) {
  return fmt::format("inc-{:09}", i);
}

/// One incident with all that belongs to it.
base::Result<> add(Session& session, std::size_t i, std::size_t incidents) {
  const base::Timestamp opened =
      kNow - kSpan + kSpan / static_cast<std::int64_t>(incidents) * static_cast<std::int64_t>(i);
  const std::string space = space_of(i);
  model::Incident incident;
  incident.id = incident_id(i);
  incident.space = space;
  incident.title = fmt::format("p99 of service-{} is high", i % kResources);
  incident.entity = fmt::format("service/service-{}", i % kResources);
  incident.alarm = fmt::format("HighLatency-{}", i % kResources);
  incident.severity = model::Severity::kHigh;
  incident.opened = opened;
  incident.changed = opened + 10min;
  incident.alarms = kPerIncident - 2;
  incident.investigation = fmt::format("inv-{:09}", i);
  if (i % kOpenEvery != 0) {
    incident.status = model::IncidentStatus::kResolved;
    incident.resolved = opened + 10min;
  }
  MIDWATCH_TRY_VOID(session.add_incident(incident));
  model::Investigation investigation;
  investigation.id = incident.investigation;
  investigation.incident = incident.id;
  investigation.space = space;
  investigation.status = model::InvestigationStatus::kDone;
  investigation.start.alarm = incident.alarm;
  investigation.requested = opened;
  investigation.started = opened + 1s;
  investigation.ended = opened + 30s;
  investigation.outcome = "root_cause";
  investigation.mode = i == incidents / 2 ? "seldom" : fmt::format("mode-{}", i % kModes);
  MIDWATCH_TRY_VOID(session.add_investigation(investigation));
  MIDWATCH_TRY_VOID(
      session.put_document({investigation.id, "report", "application/json", std::string(4000, 'r')}));
  for (std::size_t k = 0; k < kPerIncident; ++k) {
    const std::string id = fmt::format("{:09}-{}", i, k);
    const base::Timestamp received = opened + 1s * static_cast<int>(k);
    MIDWATCH_TRY_VOID(
        session.add_delivery({"dlv-" + id, space, "pager", id, received, std::string(1500, 'b'), ""}));
    store::StoredAlarm stored;
    stored.alarm.id = "alm-" + id;
    stored.alarm.space = space;
    stored.alarm.sender = "pager";
    stored.alarm.key = fmt::format("key-{}", i % kResources);
    stored.alarm.name = incident.alarm;
    stored.alarm.entity = incident.entity;
    stored.alarm.summary = incident.title;
    stored.alarm.received = received;
    stored.alarm.since = received;
    stored.alarm.labels = {{"alertname", incident.alarm}, {"team", "payments"}};
    stored.delivery = "dlv-" + id;
    const bool skipped = k + 2 >= kPerIncident;
    stored.triage.decision = skipped  ? model::TriageDecision::kSkipped
                             : k == 0 ? model::TriageDecision::kProceed
                                      : model::TriageDecision::kLinked;
    if (!skipped) stored.triage.incident = incident.id;
    stored.triage.reason = {"the same resource and symptom", "同じ対象と症状"};
    MIDWATCH_TRY_VOID(session.add_alarm(stored));
    MIDWATCH_TRY_VOID(
        session.append({investigation.id, 0, received, "answer", {"asked", "照会"}, std::string(200, 'j')}));
    MIDWATCH_TRY_VOID(session.audit(
        {0, received, "ada", "startIncident", incident.id, fmt::format(R"({{"space":"{}"}})", space), ""}));
  }
  store::OutboxMessage message;
  message.id = fmt::format("ntf-{:09}", i);
  message.target = i % 2 == 0 ? "on-call" : "tickets";
  message.key = incident.id;
  message.body = "{}";
  message.incident = incident.id;
  message.space = space;
  message.created = opened;
  message.due = opened;
  message.state = i == incidents / 2 ? store::OutboxState::kFailed : store::OutboxState::kSent;
  return session.add_outbox(message);
}

class Bench {
 public:
  Bench(store::Store& store, std::size_t rows) : store_(store), incidents_(rows / kPerIncident) {}

  void run() {
    fill();
    ask();
    triage();
    clear();
  }

 private:
  double once(const std::function<void()>& work) const {
    const auto begun = clock_.steady_now();
    work();
    return std::chrono::duration<double, std::milli>(clock_.steady_now() - begun).count();
  }
  static void print(const std::string& what, double milliseconds) {
    fmt::print("{:<72}{:>12.2f}\n", what, milliseconds);
  }

  void measure(const std::string& what, const store::Work& work) const {
    std::vector<double> took;
    for (std::size_t i = 0; i < kRepeats; ++i) took.push_back(once([&] { must(store_.read(work)); }));
    std::nth_element(took.begin(), took.begin() + kRepeats / 2, took.end());
    print(what, took[kRepeats / 2]);
  }

  void fill() const {
    bool filled = false;
    must(store_.read([&](Session& session) -> base::Result<> {
      filled = session.incident(incident_id(incidents_ - 1)).has_value();
      return {};
    }));
    if (filled) return;
    const double took = once([&] {
      for (std::size_t first = 0; first < incidents_; first += kAtOnce)
        must(store_.write([&](Session& session) -> base::Result<> {
          for (std::size_t i = first; i < std::min(first + kAtOnce, incidents_); ++i)
            MIDWATCH_TRY_VOID(add(session, i, incidents_));
          return {};
        }));
    });
    print("filled, seconds", took / 1000);
  }

  void ask() const {
    const std::vector<std::string> one{"shop"};
    const std::vector<std::string> rare{"rare"};
    const std::vector<std::string> three{"shop", "bank", "rare"};
    const std::string middle = fmt::format("{}.", (kNow - kSpan / 2).time_since_epoch().count());
    const auto of = [](const std::vector<std::string>& spaces,
                       const std::function<void(store::IncidentFilter&)>& narrow = {}) {
      store::IncidentFilter filter;
      filter.spaces = spaces;
      if (narrow) narrow(filter);
      return filter;
    };
    const auto incidents = [](store::IncidentFilter filter, const std::string& after = "") {
      return [filter = std::move(filter), after](Session& session) -> base::Result<> {
        MIDWATCH_TRY_VOID(session.incidents(filter, after, kPage));
        return {};
      };
    };
    measure("incidents of a space, newest", incidents(of(one)));
    measure("incidents of a space, a page in the middle", incidents(of(one), middle));
    measure("incidents of three spaces, newest", incidents(of(three)));
    measure("incidents of three spaces, a page in the middle", incidents(of(three), middle));
    measure("incidents of a small space, newest", incidents(of(rare)));
    measure("incidents that are open",
            incidents(of(three, [](auto& f) { f.status = model::IncidentStatus::kOpen; })));
    measure("incidents of a time", incidents(of(three, [](auto& f) {
              f.time = base::TimeRange{kNow - kSpan / 2, kNow - kSpan / 2 + 1h};
            })));
    measure("incidents of an entity, of which there are 50",
            incidents(of(three, [](auto& f) { f.entity = "service-1999"; })));
    measure("incidents of an entity that never was",
            incidents(of(three, [](auto& f) { f.entity = "nowhere"; })));
    measure("incidents of a mode, frequent", incidents(of(three, [](auto& f) { f.mode = "mode-7"; })));
    measure("incidents of a mode, once", incidents(of(three, [](auto& f) { f.mode = "seldom"; })));
    measure("incidents with words that never were",
            incidents(of(three, [](auto& f) { f.words = "nowhere"; })));
    const auto alarms = [](const std::vector<std::string>& spaces,
                           std::optional<model::TriageDecision> decision, const std::string& after = "") {
      return [=](Session& session) -> base::Result<> {
        MIDWATCH_TRY_VOID(session.alarms({{spaces}, decision}, after, kPage));
        return {};
      };
    };
    measure("alarms of a space, newest", alarms(one, {}));
    measure("alarms of three spaces, newest", alarms(three, {}));
    measure("alarms of three spaces, a page in the middle", alarms(three, {}, middle));
    measure("alarms of a small space that were skipped", alarms(rare, model::TriageDecision::kSkipped));
    measure("alarms to be decided again, of which there is none", [](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.again("shop", kNow, kPage));
      return {};
    });
    measure("deliveries of a space, a page in the middle", [&](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.deliveries({{{"shop"}}}, middle, kPage));
      return {};
    });
    const auto outbox = [](const store::OutboxFilter& filter) {
      return [=](Session& session) -> base::Result<> {
        MIDWATCH_TRY_VOID(session.outbox(filter, "", kPage));
        return {};
      };
    };
    measure("messages of three spaces, newest", outbox({{three}, "", "", {}}));
    measure("messages that failed: one", outbox({{three}, "", "", store::OutboxState::kFailed}));
    measure("messages to a target", outbox({{three}, "", "tickets", {}}));
    measure("messages of an incident", outbox({{three}, incident_id(incidents_ / 2), "", {}}));
    measure("messages that are due", [](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.due({"on-call", "tickets"}, kNow, 1));
      return {};
    });
    measure("an incident with its alarms and investigations", [&](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.alarms_of(incident_id(incidents_ / 2)));
      MIDWATCH_TRY_VOID(session.investigations_of(incident_id(incidents_ / 2)));
      return {};
    });
    measure("a journal", [&](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.journal(fmt::format("inv-{:09}", incidents_ / 2), 0, kPage));
      return {};
    });
    measure("fifty lines of the audit", [&](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.audit_after(incidents_ * kPerIncident / 2, kPage));
      return {};
    });
    const store::Scope hour{three, base::TimeRange{kNow - kSpan / 2, kNow - kSpan / 2 + 1h}};
    measure("alarms, deliveries, investigations, messages of an hour",
            [&](Session& session) -> base::Result<> {
              MIDWATCH_TRY_VOID(session.alarms({hour}, "", kPage));
              MIDWATCH_TRY_VOID(session.deliveries({hour}, "", kPage));
              MIDWATCH_TRY_VOID(session.investigations({hour}, "", kPage));
              MIDWATCH_TRY_VOID(session.outbox({hour}, "", kPage));
              return {};
            });
    measure("deliveries of a sender that sent nothing, and those without alarms",
            [&](Session& session) -> base::Result<> {
              MIDWATCH_TRY_VOID(session.deliveries({{three}, "nobody", {}}, "", kPage));
              MIDWATCH_TRY_VOID(session.deliveries({{three}, "", false}, "", kPage));
              return {};
            });
    const auto investigations = [](const store::InvestigationFilter& filter) {
      return [=](Session& session) -> base::Result<> {
        MIDWATCH_TRY_VOID(session.investigations(filter, "", kPage));
        return {};
      };
    };
    measure("investigations that failed: none",
            investigations({{three}, model::InvestigationStatus::kFailed}));
    measure("investigations of a mode, once", investigations({{three, {}, "", "seldom"}, {}}));
    measure("alarms of a mode, once", [&](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.alarms({{three, {}, "", "seldom"}}, "", kPage));
      return {};
    });
    measure("alarms of an entity that never was", [&](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.alarms({{three, {}, "nowhere", ""}}, "", kPage));
      return {};
    });
    measure("fifty lines of the audit of a small space, and of none",
            [&](Session& session) -> base::Result<> {
              MIDWATCH_TRY_VOID(session.audit_lines({{"rare", ""}, {}, "", ""}, 0, kPage));
              return {};
            });
    measure("how many answers there are, for the accuracy", [&](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.count_answers(three));
      return {};
    });
    measure("work to take, of which there is none", [](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.count_active("shop"));
      return {};
    });
    measure("how much a space holds", [](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.size_of("shop"));
      return {};
    });
  }

  /// A webhook from its bytes to its stored alarm, as the server does it.
  void triage() const {
    class NoCertificates final : public intake::CertificateSource {
      base::Result<std::string> certificate(const std::string& /*url*/) override {
        return base::external_error(base::ErrorCode::kUnavailable, "no certificate here");
      }
    } certificates;
    app::ServeConfig config;
    config.spaces.emplace_back().name = "shop";
    app::WebhookConfig& webhook = config.webhooks.emplace_back();
    webhook.name = "prometheus";
    webhook.dialect = "alertmanager";
    webhook.space = "shop";
    webhook.unauthenticated = true;
    const base::ManualClock clock(kNow);
    base::Uuid7Generator ids(clock);
    api::ChangeFeed feed;
    const auto intake = must(app::AlarmIntake::make(config, {store_, feed, clock, ids, certificates}));
    std::vector<double> took;
    for (int i = 0; i < 101; ++i) {
      http::ServerRequest request;
      request.method = "POST";
      request.target = "/webhooks/prometheus";
      request.body = fmt::format(
          R"({{"version":"4","groupKey":"{}","status":"firing","alerts":[{{"status":"firing","fingerprint":"{}",)"
          R"("startsAt":"2026-01-05T00:00:00Z","labels":{{"alertname":"Errors{}","service":"new-{}","severity":"low"}}}}]}})",
          ids.next_uuid(), i, i % 3, i % 3);
      took.push_back(once([&] { must(intake->take("prometheus", request)); }));
    }
    print("an alarm, from its bytes until it is decided and stored: the first", took.front());
    std::sort(took.begin(), took.end());
    print("an alarm: p50", took[took.size() / 2]);
    print("an alarm: longest", took.back());
  }

  void clear() const {
    app::SpaceConfigs spaces;
    spaces["shop"].keep = kSpan - 9 * 24h;  // a tenth of it is older
    app::Forgotten forgotten;
    const auto forget = [&] { forgotten = must(app::forget_old(store_, spaces, kNow)); };
    const double aged = once(forget);
    print(fmt::format("{} incidents deleted for their age, each", forgotten.incidents),
          aged / static_cast<double>(std::max<std::size_t>(forgotten.incidents, 1)));
    std::uint64_t size = 0;
    must(store_.read([&](Session& session) -> base::Result<> {
      MIDWATCH_TRY(size, session.size_of("shop"));
      return {};
    }));
    spaces["shop"].keep = base::Duration::zero();
    spaces["shop"].keep_megabytes = size / 1'000'000 * 99 / 100;
    const double large = once(forget);
    print(fmt::format("{} incidents deleted because the space was too large, each", forgotten.incidents),
          large / static_cast<double>(std::max<std::size_t>(forgotten.incidents, 1)));
  }

  store::Store& store_;
  std::size_t incidents_;
  base::SystemClock clock_;
};

int run(const std::vector<std::string>& words) {
  const std::size_t rows = words.size() > 1 ? std::strtoull(words[1].c_str(), nullptr, 10) : kMillion;
  if (rows < kPerIncident) throw std::runtime_error("a store of so few rows shows nothing");
  const base::SystemClock clock;
  const auto begun = clock.steady_now();
  const auto store = must(app::open_store(words.at(0)));
  fmt::print("{}, opened in {:.2f} ms\n", store->describe(),
             std::chrono::duration<double, std::milli>(clock.steady_now() - begun).count());
  Bench(*store, rows).run();
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count < 2) {
      fmt::print(stderr, "usage: bench_million STORE [ROWS]\n");
      return 2;
    }
    return run({arguments + 1, arguments + count});
  } catch (const std::exception& problem) {
    fmt::print(stderr, "bench_million: {}\n", problem.what());
    return 1;
  }
}

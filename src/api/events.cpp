#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/json_of.h"
#include "src/api/resources.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

using Steady = std::chrono::steady_clock;

/// Journal entries that are read at once.
constexpr std::size_t kEntriesAtOnce = 200;
/// A browser waits so long before it asks again for a stream that broke.
constexpr std::string_view kGreeting = "retry: 2000\n\n";
constexpr std::string_view kSignOfLife = ": alive\n\n";

std::string event_text(std::string_view name, const base::Json& data) {
  return fmt::format("event: {}\ndata: {}\n\n", name, base::dump_json(data));
}

/// A request that stays open. It knows what news it has seen, and when it has to say that it lives; each time
/// it does, it asks again whether its caller still may.
class Stream {
 public:
  Stream(const ApiDependencies& api, const Call& call)
      : api_(api),
        request_{call.request.method, call.request.target, call.request.headers, {}},
        caller_(call.caller),
        seen_(api.feed.last()) {}

  enum class Woken { kByNews, kByTime, kByTheEnd };

  /// Waits for changes, and writes the sign of life when it is due.
  Woken wait(http::BodySink& sink) {
    const auto now = api_.clock.steady_now();
    if (now >= due_) due_ = now + api_.options.heartbeat;
    news_ = api_.feed.wait(seen_, std::chrono::ceil<std::chrono::milliseconds>(due_ - now));
    seen_ = news_.last;
    if (news_.closed) return Woken::kByTheEnd;
    if (!news_.changes.empty() && api_.clock.steady_now() < due_) return Woken::kByNews;
    due_ = Steady::time_point{};
    const auto again = api_.authenticate(request_);
    if (!again || again->name != caller_.name) return Woken::kByTheEnd;
    caller_ = *again;
    return sink.write(kSignOfLife) ? Woken::kByTime : Woken::kByTheEnd;
  }

  const ChangeFeed::News& news() const { return news_; }
  const Caller& caller() const { return caller_; }
  const ApiDependencies& api() const { return api_; }

 private:
  const ApiDependencies& api_;
  http::ServerRequest request_;
  Caller caller_;
  std::uint64_t seen_;
  Steady::time_point due_{};
  ChangeFeed::News news_;
};

/// The steps of one investigation as they come.
class InvestigationStream {
 public:
  InvestigationStream(const ApiDependencies& api, const Call& call, std::uint64_t after)
      : stream_(api, call), id_(call.part("id")), after_(after) {}

  void run(http::BodySink& sink) {
    if (!sink.write(kGreeting)) return;
    while (write_new(sink) && wait_for_own_news(sink)) {
    }
  }

 private:
  struct State {
    model::Investigation investigation;
    std::vector<model::JournalEntry> entries;
  };

  base::Result<State> read() {
    return reading(stream_.api().store, [&](store::Session& session) -> base::Result<State> {
      State state;
      MIDWATCH_TRY(state.investigation, visible_investigation(session, stream_.caller(), id_));
      MIDWATCH_TRY(state.entries, session.journal(id_, after_, kEntriesAtOnce));
      return state;
    });
  }

  /// Writes all that is new. False: it was the last, or the client is gone.
  bool write_new(http::BodySink& sink) {
    while (true) {
      const auto state = read();
      // A store that cannot be reached now may be later; what is gone is not.
      if (!state) return state.error().code != base::ErrorCode::kNotFound;
      std::string text;
      for (const auto& entry : state->entries) {
        text += fmt::format("id: {}\n{}", entry.sequence, event_text("journal", json_of(entry)));
        after_ = entry.sequence;
        new_report_ = new_report_ || entry.kind == "finding";
      }
      const bool more = state->entries.size() == kEntriesAtOnce;
      const bool ended = state->investigation.status != model::InvestigationStatus::kQueued &&
                         state->investigation.status != model::InvestigationStatus::kRunning;
      if (!more && state->investigation.version != version_) {
        version_ = state->investigation.version;
        text += event_text("investigation", json_of(state->investigation));
        new_report_ = new_report_ || ended;
      }
      if (!more && new_report_) {
        text += event_text("report", base::Json::object());
        new_report_ = false;
      }
      if (!text.empty() && !sink.write(text)) return false;
      if (!more) return !ended;
    }
  }

  bool wait_for_own_news(http::BodySink& sink) {
    while (true) {
      const auto woken = stream_.wait(sink);
      if (woken == Stream::Woken::kByTheEnd) return false;
      // By time too: news may have been lost while the store could not be read.
      bool own = woken == Stream::Woken::kByTime || !stream_.news().complete;
      for (const auto& change : stream_.news().changes) {
        if (change.id != id_) continue;
        own = true;
        new_report_ = new_report_ || change.kind == Change::Kind::kReport;
      }
      if (own) return true;
    }
  }

  Stream stream_;
  std::string id_;
  std::uint64_t after_;
  std::uint64_t version_ = 0;
  bool new_report_ = false;
};

/// What changes in some spaces.
class SpacesStream {
 public:
  SpacesStream(const ApiDependencies& api, const Call& call, std::vector<std::string> spaces)
      : stream_(api, call), spaces_(std::move(spaces)) {}

  void run(http::BodySink& sink) {
    if (!sink.write(kGreeting)) return;
    while (stream_.wait(sink) != Stream::Woken::kByTheEnd) {
      std::string text;
      if (!stream_.news().complete) text += event_text("reload", base::Json::object());
      text += changes();
      if (!text.empty() && !sink.write(text)) return;
    }
  }

 private:
  bool is_shown(const std::string& space) const {
    return std::find(spaces_.begin(), spaces_.end(), space) != spaces_.end() &&
           may_see(stream_.caller(), space);
  }

  /// Each thing that changed, once and as it is now.
  std::string changes() {
    std::set<std::string> told;
    std::string text;
    for (const auto& change : stream_.news().changes) {
      const bool incident = change.kind == Change::Kind::kIncident;
      if (!incident && change.kind != Change::Kind::kInvestigation) continue;
      if (is_shown(change.space) && told.insert(change.id).second)
        text += incident ? incident_event(change.id) : investigation_event(change.id);
    }
    return text;
  }

  std::string incident_event(const std::string& id) {
    const auto json = reading(stream_.api().store, [&](store::Session& session) -> base::Result<base::Json> {
      MIDWATCH_TRY(const auto incident, visible_incident(session, stream_.caller(), id));
      return incident_json(session, incident);
    });
    return json ? event_text("incident", *json) : std::string();
  }

  std::string investigation_event(const std::string& id) {
    const auto json = reading(stream_.api().store, [&](store::Session& session) -> base::Result<base::Json> {
      MIDWATCH_TRY(const auto investigation, visible_investigation(session, stream_.caller(), id));
      return json_of(investigation);
    });
    return json ? event_text("investigation", *json) : std::string();
  }

  Stream stream_;
  std::vector<std::string> spaces_;
};

/// The answer whose body `source` writes.
template <class Source>
http::ServerResponse stream_answer(std::shared_ptr<Source> source) {
  http::ServerResponse answer;
  answer.set("Content-Type", "text/event-stream");
  answer.set("Cache-Control", "no-store");
  answer.set("X-Accel-Buffering", "no");  // a proxy that collects it would hold it back
  answer.stream = [source = std::move(source)](http::BodySink& sink) { source->run(sink); };
  return answer;
}

/// The sequence after which a stream goes on.
base::Result<std::uint64_t> last_event(const Call& call) {
  const std::string_view text = call.request.header("Last-Event-ID");
  std::uint64_t sequence = 0;
  if (text.empty()) return sequence;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (error == std::errc() && end == text.data() + text.size() && sequence < std::uint64_t{1} << 62U)
    return sequence;
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          "the header Last-Event-ID is no sequence of a journal");
}

}  // namespace

Answer follow_investigation(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY(const std::uint64_t after, last_event(call));
  bool over = false;
  const auto look = [&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto investigation, visible_investigation(session, call.caller, call.part("id")));
    MIDWATCH_TRY(const auto rest, session.journal(investigation.id, after, 1));
    over = after > 0 && rest.empty() && investigation.status != model::InvestigationStatus::kQueued &&
           investigation.status != model::InvestigationStatus::kRunning;
    return {};
  };
  MIDWATCH_TRY_VOID(api.store.read(look));
  if (over) {
    // A browser that was told all of it would ask again forever; this makes it stop.
    http::ServerResponse answer;
    answer.status = 204;
    return answer;
  }
  return stream_answer(std::make_shared<InvestigationStream>(api, call, after));
}

Answer follow_incidents(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY(auto spaces, listed_spaces(call));
  return stream_answer(std::make_shared<SpacesStream>(api, call, std::move(spaces)));
}

}  // namespace midwatch::api

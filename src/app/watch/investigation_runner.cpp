#include "src/app/watch/investigation_runner.h"

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/app/aws_investigation.h"
#include "src/app/metered_api.h"
#include "src/app/watch/bilingual_report.h"
#include "src/app/watch/folder_archive.h"
#include "src/app/watch/investigation_journal.h"
#include "src/app/watch/journaled_api.h"
#include "src/app/watch/repeatable_clock.h"
#include "src/app/watch/steering_reply.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/aws/question.h"
#include "src/report/html_report.h"
#include "src/report/text_report.h"

namespace midwatch::app {
namespace {

using base::Json;
using model::InvestigationStatus;

constexpr std::size_t kShownBytes = 400;
constexpr std::size_t kShownHypotheses = 5;
/// Of the journal: far more than is written between two looks at it.
constexpr std::size_t kAtOnce = 500;
/// Of which the journal tells what speaks for them.
constexpr std::size_t kWatchedHypotheses = 3;
/// Below even odds a leading hypothesis is one of several: nobody is woken for it.
constexpr double kWorthTelling = 0.5;

struct Face {
  std::string_view ending;
  std::string_view media_type;
  std::string (*render)(const model::InvestigationRecord&, model::Language);
};

std::string as_text(const model::InvestigationRecord& record, model::Language language) {
  return report::text_report(record, {language, false, true});
}

constexpr std::array<Face, 3> kFaces{{
    {"html", "text/html; charset=utf-8", report::html_report},
    {"md", "text/markdown; charset=utf-8", report::markdown_report},
    {"txt", "text/plain; charset=utf-8", as_text},
}};

constexpr std::array<std::pair<std::string_view, model::Language>, 2> kLanguages{{
    {"en", model::Language::kEnglish},
    {"ja", model::Language::kJapanese},
}};

/// One investigation while it runs.
class Run {
 public:
  Run(const RunnerParts& parts, model::Investigation investigation, const SpaceConfig& limits,
      const std::stop_token& stop)
      : parts_(parts),
        investigation_(std::move(investigation)),
        limits_(limits),
        stop_(stop),
        journal_(parts.store, parts.feed, parts.clock, investigation_) {}

  base::Result<> run() {
    try {
      return attempt();
    } catch (const std::exception& e) {
      // A bug, which another attempt would meet again.
      told_in_pass_ = told_.size();
      MIDWATCH_TRY_VOID(fail(base::internal_error(fmt::format("it broke off: {}", e.what()))));
      return {};
    }
  }

 private:
  base::Result<> attempt() {
    MIDWATCH_TRY_VOID(listen());
    MIDWATCH_TRY_VOID(begin());
    while (true) {
      MIDWATCH_TRY(const bool ended, pass());
      if (ended) return {};
    }
  }

  /// Investigates with all that it was told by now. False where it was told something meanwhile: then another
  /// pass begins, which asks nothing twice.
  base::Result<bool> pass() {
    MIDWATCH_TRY_VOID(listen());
    weighed_ = 0;
    told_in_pass_ = told_.size();
    pass_ = std::stop_source();
    const std::stop_callback pass_on(stop_, [this] { pass_.request_stop(); });
    auto opened = parts_.opener.open(investigation_);
    if (!opened) return fail(opened.error());
    MeteredApi metered(*opened->api);
    const auto record = ask(metered, opened->space);
    calls_ += metered.calls();
    dollars_ += metered.dollars();
    // What the store did not keep does not count: another attempt asks it again.
    if (problem_) return *problem_;
    if (!record && (pass_.stop_requested() || record.error().code == base::ErrorCode::kCancelled)) {
      if (stop_.stop_requested() || told_.size() == told_in_pass_) return cancelled(record.error());
      return false;
    }
    if (!record) return fail(record.error());
    return end(*record, opened->space.read_code);
  }

  /// Reads what the journal says further.
  base::Result<> listen() {
    MIDWATCH_TRY(const auto entries, journal_.after(heard_));
    for (const auto& entry : entries) {
      heard_ = entry.sequence;
      if (entry.kind == "finding") ++already_told_;
      if (entry.kind == "reply") {
        const auto data = base::parse_json(entry.data);
        if (data) replied_to_.insert(base::text_at(*data, "to"));
      }
      if (auto told = api::read_told(entry)) told_.push_back(*std::move(told));
    }
    return {};
  }

  bool was_replied_to(const api::Told& told) const {
    return replied_to_.contains(fmt::format("{}", told.sequence));
  }

  /// Whatever a question that was broken off calls it: another attempt asks it again.
  static base::Error cancelled(base::Error error) {
    error.code = base::ErrorCode::kCancelled;
    return error;
  }

  base::Result<> begin() {
    const bool again = investigation_.attempt > 1;
    if (!investigation_.started) investigation_.started = parts_.clock.now();
    MIDWATCH_TRY_VOID(save([this](store::Session& session) { return announce_start(session); }));
    const Json data{{"status", "running"}, {"attempt", investigation_.attempt}};
    const bool steered =
        std::any_of(told_.begin(), told_.end(), [this](const auto& told) { return !was_replied_to(told); });
    if (again && steered)
      return journal_.add("status",
                          {"taken up again with what it was told; what was answered is not asked again",
                           "指示を踏まえて再開。回答済みの照会は繰り返さない"},
                          data);
    if (again)
      return journal_.add("status",
                          {"taken up again where it was left; what was answered is not asked again",
                           "中断したところから再開。回答済みの照会は繰り返さない"},
                          data);
    MIDWATCH_TRY_VOID(journal_.add("status", {"the investigation begins", "調査を開始"}, data));
    return tell_plan();
  }

  base::Result<> tell_plan() {
    const model::InvestigationStart& start = investigation_.start;
    std::string from = start.latest ? std::string() : start.alarm + start.entity + start.question;
    from = base::printable(from, kShownBytes);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limits_.deadline).count();
    const model::Text what = from.empty() ? model::Text{"the alarm that fired last", "最後に発報したアラーム"}
                                          : model::Text{from, from};
    return journal_.add(
        "planning",
        {fmt::format("begins at: {}; asks in rounds what separates the leading hypotheses most, at most {} "
                     "calls in {} s",
                     what.en, limits_.calls, seconds),
         fmt::format("起点: {}。有力な仮説を最もよく見分ける照会から順に、最大 {} 回、{} 秒以内で実施",
                     what.ja, limits_.calls, seconds)},
        {{"calls", limits_.calls}, {"deadline_s", seconds}});
  }

  connectors::aws::Wanted wanted() const {
    const model::InvestigationStart& start = investigation_.start;
    auto window = start.window;
    for (std::size_t i = 0; i < told_in_pass_; ++i) {
      if (told_[i].directive.window) window = told_[i].directive.window;
    }
    return {start.alarm, start.latest, start.entity, start.question, window, start.region};
  }

  base::Result<model::InvestigationRecord> ask(clients::aws::api::Api& account,
                                               const connectors::aws::AgentSpace& space) {
    MIDWATCH_TRY(const auto folder, TemporaryFolder::make());
    JournaledApi api(account, parts_.store, investigation_.id, parts_.clock,
                     [this](const JournaledApi::Asked& asked) { tell_answer(asked); });
    const RepeatableClock clock(parts_.clock, *investigation_.started);
    AwsInvestigation what;
    what.wanted = wanted();
    what.options.space = space;
    what.options.limits.time = limits_.deadline;
    what.options.limits.calls = limits_.calls;
    what.record_folder = folder.path() + "/recording";
    what.threads = 1;
    for (std::size_t i = 0; i < told_in_pass_; ++i) what.directives.push_back(told_[i].directive);
    what.stop = pass_.get_token();
    what.on_weighed = [this](const model::InvestigationRecord& record) { tell_weighed(record); };
    auto done = investigate_aws(what, api, parts_.knowledge, clock);
    keep_problem(api.kept_all());
    MIDWATCH_TRY(auto record, std::move(done));
    record.id = investigation_.id;
    MIDWATCH_TRY(std::string recording, archive_folder(what.record_folder));
    MIDWATCH_TRY_VOID(store({{investigation_.id, "recording", "application/gzip", std::move(recording)}}));
    return record;
  }

  void tell_answer(const JournaledApi::Asked& asked) {
    const auto& request = asked.request;
    const std::string what = fmt::format("{} {}", request.service, request.operation);
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(asked.took).count();
    Json data{{"service", request.service},
              {"operation", request.operation},
              {"region", request.region},
              {"command", base::printable(connectors::aws::command_text(request), kShownBytes)},
              {"milliseconds", milliseconds},
              {"answered", !asked.refused.has_value()}};
    model::Text text{fmt::format("{} answered", what), fmt::format("{} の応答を取得", what)};
    if (asked.refused) {
      const std::string why = base::printable(asked.refused->message, kShownBytes);
      data["why"] = why;
      text = {fmt::format("{} was refused: {}", what, why), fmt::format("{} は拒否された: {}", what, why)};
    }
    note("answer", std::move(text), data);
  }

  /// Called by one thread: the collector's.
  void tell_weighed(const model::InvestigationRecord& record) {
    keep_problem(listen());
    if (told_.size() > told_in_pass_) {
      pass_.request_stop();
      return;
    }
    const bool told = ++weighed_ <= already_told_;
    tell_observations(record, told);
    if (told) return;
    Json hypotheses = Json::array();
    for (const auto& h : record.hypotheses) {
      if (hypotheses.size() == kShownHypotheses) break;
      hypotheses.push_back({{"title", {{"en", h.title.en}, {"ja", h.title.ja}}},
                            {"entity", h.entity},
                            {"mode", h.mode},
                            {"status", model::to_string(h.status)},
                            {"probability", h.probability}});
    }
    model::Text text{fmt::format("{} observations; no hypothesis yet", record.observations.size()),
                     fmt::format("観測 {} 件、仮説はまだない", record.observations.size())};
    if (!record.hypotheses.empty()) {
      const auto& first = record.hypotheses.front();
      text = {fmt::format("{:.0f} %: {}", first.probability * 100, first.title.en),
              fmt::format("{:.0f} %: {}", first.probability * 100, first.title.ja)};
    }
    note("finding", std::move(text),
         {{"observations", record.observations.size()}, {"hypotheses", std::move(hypotheses)}});
    if (!record.hypotheses.empty()) keep_problem(announce_cause(record.hypotheses.front()));
    auto so_far = record;
    so_far.id = investigation_.id;
    keep_problem(publish_report(so_far, false));
  }

  /// What newly speaks for the leading hypotheses.
  void tell_observations(const model::InvestigationRecord& record, bool told) {
    for (std::size_t i = 0; i < std::min(kWatchedHypotheses, record.hypotheses.size()); ++i) {
      for (const model::LedgerEntry& entry : record.hypotheses[i].supporting) {
        const auto stated =
            std::find_if(record.observations.begin(), record.observations.end(),
                         [&](const auto& o) { return o.observation.id == entry.observation; });
        if (stated == record.observations.end()) continue;
        const model::Observation& o = stated->observation;
        // Not by its id, which is another in the next round.
        const bool is_new =
            observations_told_.insert(fmt::format("{} {} {}", o.entity, o.type, o.subject)).second;
        if (!is_new || told) continue;
        note("observation", stated->statement, {{"entity", o.entity}, {"type", o.type}});
      }
    }
  }

  base::Result<> publish_report(const model::InvestigationRecord& record, bool with_pages) {
    std::vector<store::Document> documents{
        {investigation_.id, "report", "application/json", base::dump_json(bilingual_report(record))}};
    for (const Face& face : kFaces) {
      if (!with_pages) break;
      for (const auto& [code, language] : kLanguages)
        documents.push_back({investigation_.id, fmt::format("report.{}.{}", code, face.ending),
                             std::string(face.media_type), face.render(record, language)});
    }
    MIDWATCH_TRY_VOID(store(documents));
    publish(api::Change::Kind::kReport, investigation_.id);
    return {};
  }

  base::Result<> store(const std::vector<store::Document>& documents) {
    return parts_.store.write([&](store::Session& session) -> base::Result<> {
      for (const auto& document : documents) MIDWATCH_TRY_VOID(session.put_document(document));
      return {};
    });
  }

  base::Result<bool> end(const model::InvestigationRecord& record, bool may_read_code) {
    MIDWATCH_TRY_VOID(publish_report(record, true));
    const bool named = !record.root_causes.empty();
    const model::RootCause cause = named ? record.root_causes.front() : model::RootCause();
    what_now_ = record.mitigation.summary;
    investigation_.outcome = model::to_string(record.outcome);
    investigation_.headline = record.headline;
    investigation_.entity = cause.entity;
    investigation_.mode = cause.mode;
    investigation_.probability = cause.probability;
    return close(InvestigationStatus::kDone, investigation_.headline,
                 {{"calls", calls_}, {"dollars", dollars_}},
                 [&](const api::Told& told) { return reply_to(told, record, may_read_code); });
  }

  base::Result<bool> fail(const base::Error& error) {
    const std::string why = base::printable(error.describe(), kShownBytes);
    investigation_.failure = {fmt::format("It could not be investigated: {}", why),
                              fmt::format("調査できなかった: {}", why)};
    return close(InvestigationStatus::kFailed, investigation_.failure, Json::object(), reply_of_failure);
  }

  /// Ends it in one transaction, so that it ends once, with a reply to each thing that it was told. False
  /// where it was told one more meanwhile. Lists show the incident with its answer, so it changes too.
  template <class Reply>
  base::Result<bool> close(InvestigationStatus status, const model::Text& what, Json data,
                           const Reply& reply) {
    MIDWATCH_TRY_VOID(listen());
    if (told_.size() > told_in_pass_) return false;
    investigation_.status = status;
    investigation_.ended = parts_.clock.now();
    data["status"] = model::to_string(status);
    std::vector<model::JournalEntry> last;
    for (const api::Told& told : told_) {
      if (was_replied_to(told)) continue;
      const SteeringReply said = reply(told);
      last.push_back(journal_.entry("reply", said.text, said.data));
    }
    last.push_back(journal_.entry("status", what, base::dump_json(data)));
    bool told_more = false;
    const auto closed = parts_.store.write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto further, session.journal(investigation_.id, heard_, kAtOnce));
      told_more = std::any_of(further.begin(), further.end(),
                              [](const auto& entry) { return api::read_told(entry).has_value(); });
      if (told_more) return {};
      for (const auto& entry : last) {
        MIDWATCH_TRY([[maybe_unused]] const auto sequence, session.append(entry));
      }
      MIDWATCH_TRY_VOID(session.update_investigation(investigation_));
      MIDWATCH_TRY(auto incident, session.incident(investigation_.incident));
      incident.changed = *investigation_.ended;
      MIDWATCH_TRY_VOID(session.update_incident(incident));
      return announce_end(session, incident);
    });
    if (!closed) return closed.error();
    if (told_more) return false;
    ++investigation_.version;
    publish(api::Change::Kind::kJournal, investigation_.id);
    publish(api::Change::Kind::kInvestigation, investigation_.id);
    publish(api::Change::Kind::kIncident, investigation_.incident);
    return true;
  }

  base::Result<> announce_start(store::Session& session) const {
    if (parts_.announcer == nullptr) return {};
    MIDWATCH_TRY(const auto incident, session.incident(investigation_.incident));
    auto notice = notify::notice_about(notify::Event::kStarted, incident, *investigation_.started);
    notice.investigation = investigation_.id;
    return parts_.announcer->announce(session, std::move(notice));
  }

  /// Another hypothesis leads than the last one that did, with what is known of it so far.
  base::Result<> announce_cause(const model::Hypothesis& leading) {
    const std::string cause = fmt::format("{} {}", leading.mode, leading.entity);
    if (parts_.announcer == nullptr || cause == leading_ || leading.probability < kWorthTelling) return {};
    leading_ = cause;
    return parts_.store.write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto incident, session.incident(investigation_.incident));
      auto notice = notify::notice_about(notify::Event::kCause, incident, parts_.clock.now());
      notice.investigation = investigation_.id;
      notice.mode = leading.mode;
      notice.entity = leading.entity;
      notice.what = leading.title;
      notice.probability = leading.probability;
      return parts_.announcer->announce(session, std::move(notice));
    });
  }

  base::Result<> announce_end(store::Session& session, const model::Incident& incident) const {
    if (parts_.announcer == nullptr) return {};
    return parts_.announcer->announce(session, notify::notice_about(incident, investigation_, what_now_));
  }

  /// Writes the investigation, and in the same transaction whom that is told.
  base::Result<> save(const store::Work& announcing) {
    const auto saved = parts_.store.write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.update_investigation(investigation_));
      return announcing(session);
    });
    if (!saved) return saved.error();
    ++investigation_.version;
    publish(api::Change::Kind::kInvestigation, investigation_.id);
    return {};
  }

  void publish(api::Change::Kind kind, const std::string& id) {
    parts_.feed.publish({kind, id, investigation_.space});
  }

  void note(std::string kind, model::Text text, const Json& data) {
    keep_problem(journal_.add(std::move(kind), std::move(text), data));
  }

  /// A store that fails in the middle ends the attempt at its end; another one takes it up again.
  void keep_problem(const base::Result<>& result) {
    const std::lock_guard lock(mutex_);
    if (!result && !problem_) problem_ = result.error();
  }

  const RunnerParts& parts_;
  model::Investigation investigation_;
  const SpaceConfig& limits_;
  const std::stop_token& stop_;
  InvestigationJournal journal_;
  std::uint64_t heard_ = 0;       ///< the last entry of the journal that was read
  std::vector<api::Told> told_;   ///< by people, in their order
  std::size_t told_in_pass_ = 0;  ///< of which this pass knows
  std::set<std::string> replied_to_;
  std::stop_source pass_;
  std::size_t calls_ = 0;
  double dollars_ = 0;
  std::size_t already_told_ = 0;  ///< findings that the journal has
  std::size_t weighed_ = 0;       ///< in this pass
  std::set<std::string, std::less<>> observations_told_;
  std::string leading_;  ///< the cause that others were told of last
  model::Text what_now_;
  std::mutex mutex_;
  std::optional<base::Error> problem_;
};

}  // namespace

base::Result<> run_investigation(const RunnerParts& parts, model::Investigation investigation,
                                 const SpaceConfig& limits, const std::stop_token& stop) {
  return Run(parts, std::move(investigation), limits, stop).run();
}

}  // namespace midwatch::app

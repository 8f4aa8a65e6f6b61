#include "src/connectors/aws/collector.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/try.h"
#include "src/base/wildcard.h"
#include "src/clients/aws/alias_map.h"
#include "src/connectors/aws/inquiry.h"
#include "src/connectors/aws/metric_questions.h"
#include "src/connectors/aws/resource.h"
#include "src/connectors/aws/start.h"
#include "src/connectors/aws/trace_questions.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;
using telemetry::RelationKind;

/// One step away from the alarmed entity, an answer is worth this share.
constexpr double kNeighbour = 0.6;
/// Further away, chance has more to say than the incident.
constexpr int kFarthest = 3;
/// What promises less than this (bits a call) is not worth a call.
constexpr double kLeastWorth = 0.15;
/// Questions of one round: few enough that the next round knows what they said.
constexpr std::size_t kRound = 20;
/// Who tells late, by how much at most, and whether a second question is worth its call.
/// Source: CloudTrail user guide, "How CloudTrail works"; CloudWatch user guide, "CloudWatch metrics that are
/// available": most services send their points within three minutes.
struct Late {
  std::string_view operation;
  base::Duration by;
  bool again;
};
constexpr std::array<Late, 2> kLate{
    {{"LookupEvents", std::chrono::minutes(15), true}, {"GetMetricData", std::chrono::minutes(3), false}}};
/// What was asked a moment ago has the same answer.
constexpr base::Duration kWorthAgain = std::chrono::seconds(5);
/// How often the alarm is asked for again where the service is throttled or away; the client waits in
/// between.
constexpr int kInsists = 3;
/// Of the time that is left, one round takes this share at most.
constexpr double kShareOfTime = 0.25;
/// Questions that are named in the report when they could not be asked any more.
constexpr std::size_t kNamedUnasked = 10;

/// Where an answer looks, in the words of the questions that an engine has.
std::string_view signal_of(const Question& question) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kSignals{
      {{"FilterLogEvents", "logs"},
       {"GetFunction", "code"},
       {"LookupEvents", "changes"},
       {"DescribeStackEvents", "changes"},
       {"ListVersionsByFunction", "changes"},
       {"DescribeImages", "changes"},
       {"ListTasks", "events"},
       {"DescribeTasks", "events"},
       {"DescribeEvents", "events"},
       {"DescribeTargetHealth", "events"}}};
  const auto* at = std::find_if(kSignals.begin(), kSignals.end(), [&](const auto& signal) {
    return signal.first == question.request.operation;
  });
  return at == kSignals.end() ? "configuration" : at->second;
}

class Collector {
 public:
  Collector(const runtime::RequestContext& context, clients::aws::api::Api& api, const Wanted& wanted,
            const CollectorOptions& options)
      : context_(context.within(options.limits.time)),
        begun_(context.clock().steady_now()),
        inquiry_(api, context_, options.limits, options.on_answer),
        wanted_(wanted),
        options_(options),
        boundary_(options.space) {}

  base::Result<Collected> run() {
    const base::Timestamp now = context_.clock().now();
    MIDWATCH_TRY_VOID(begin(now));
    if (const auto why = boundary_.refusal(start_.alarm.entity)) {
      return base::user_error(base::ErrorCode::kPermissionDenied,
                              fmt::format("the alarm's resource lies outside the agent space: {}", *why));
    }
    if (!start_.alarm.entity.empty()) distances_[start_.alarm.entity] = 0;
    while (!inquiry_.is_over()) {
      auto round = next_questions(now);
      if (round.empty()) break;
      if (round.size() > round_size()) round.resize(round_size());
      ask(std::move(round));
      weigh();
    }
    if (const auto wanted = context_.check(); !wanted && wanted.error().code == base::ErrorCode::kCancelled)
      return wanted.error();
    tell_unasked(now);
    mind_late_records(now);
    Collected out;
    out.scope = scope();
    out.calls = inquiry_.calls();
    out.answers = std::move(inquiry_).take_answers();
    return out;
  }

 private:
  /// Finds where to begin, in whichever account and region of the space: at the alarm that was last, where
  /// several have such a one. Errors: those of find_start, of the first place.
  base::Result<> begin(base::Timestamp now) {
    const AskOne ask_one = [this](Question question) { return ask_now(std::move(question)); };
    std::optional<base::Error> why;
    std::optional<Start> found;
    Place of_found;
    for (const Place& place : places_of(boundary_.space(), wanted_.region)) {
      inquiry_.turn_to(place.account);
      list_space(inquiry_, place.region, boundary_);
      Wanted here = wanted_;
      here.region = place.region;
      auto start = find_start(here, now, ask_one);
      if (!start) {
        if (!why) why = std::move(start).error();
        continue;
      }
      if (found && start->alarm.time <= found->alarm.time) continue;
      found = std::move(*start);
      of_found = place;
    }
    if (!found) return *std::move(why);
    inquiry_.turn_to(of_found.account);
    start_ = *std::move(found);
    if (start_.region.empty()) start_.region = of_found.region;
    return {};
  }

  void ask(std::vector<Question> questions) {
    const std::size_t first = inquiry_.answers().size();
    inquiry_.ask(std::move(questions));
    const std::size_t end = inquiry_.answers().size();
    ask_where_it_lies(first, end);
    for (std::size_t i = first; i < end; ++i) follow_up(inquiry_.answers()[i]);
  }

  /// What a region says to lie in another one is asked there, with all else that was asked about the same,
  /// where the space lets that region be read. Who changed a bucket is recorded where it lies as well.
  void ask_where_it_lies(std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) {
      const Answer& answer = inquiry_.answers()[i];
      const auto& [request, subject, names, value, cost] = answer.question;
      if (!subject.empty() && !answer.elsewhere.empty() &&
          boundary_.permits(request.account, answer.elsewhere))
        homes_[short_name(subject)] = answer.elsewhere;
    }
    std::vector<std::pair<std::size_t, Question>> moved;
    for (std::size_t i = first; i < end; ++i) {
      const Question& asked = inquiry_.answers()[i].question;
      Question there = asked;
      turn_home(there);
      if (there.request.region != asked.request.region) moved.emplace_back(i, std::move(there));
    }
    if (!moved.empty()) inquiry_.ask_instead(std::move(moved));
  }

  /// Sends a question to the region in which its subject is known to lie.
  void turn_home(Question& question) const {
    const auto home = homes_.find(short_name(question.subject));
    if (home != homes_.end()) question.request.region = home->second;
  }

  /// Asks one question on which all others hang: what passes by itself does not end it.
  base::Result<Json> ask_now(Question question) {
    auto body = inquiry_.ask_now(std::move(question));
    for (int again = 0; again < kInsists && inquiry_.answers().back().passing && !inquiry_.is_over();
         ++again) {
      inquiry_.ask_again({inquiry_.answers().size() - 1});
      body = body_of(inquiry_.answers().back());
    }
    follow_up(inquiry_.answers().back());
    return body;
  }

  /// Fewer where calls are slow: a long round would use up the time before its answers lead anywhere.
  std::size_t round_size() const {
    const auto left = context_.remaining();
    const std::chrono::duration<double> spent = context_.clock().steady_now() - begun_;
    if (!left || spent.count() <= 0) return kRound;
    const double a_second = static_cast<double>(inquiry_.calls()) / spent.count();
    const double fits = a_second * std::chrono::duration<double>(*left).count() * kShareOfTime;
    return std::clamp(static_cast<std::size_t>(fits), std::min<std::size_t>(options_.limits.parallel, kRound),
                      kRound);
  }

  void weigh() {
    if (!options_.weigh || inquiry_.is_over()) return;
    Collected so_far;
    so_far.scope = scope();
    so_far.answers = inquiry_.answers();
    so_far.calls = inquiry_.calls();
    leanings_ = options_.weigh(std::move(so_far));
  }

  /// What a question is worth more by what separates the hypotheses that lead.
  double leaning_to(const Question& question) const {
    const std::string_view signal = signal_of(question);
    double bits = 0;
    for (const Leaning& leaning : leanings_) {
      if (leaning.entity == question.subject && leaning.signal == signal) bits = std::max(bits, leaning.bits);
    }
    return bits;
  }

  void follow_up(const Answer& answer) {
    if (!answer.answered) return;
    const auto body = body_of(answer);
    if (!body) return;
    if (tells_of_span_lines(answer.question, *body)) spans_are_lines_ = true;
    for (Question& more : questions_after(answer.question, *body, start_.times)) {
      if (asks_of_everyone(more) && boundary_.keeps_out()) {
        inquiry_.leave_out(more, "OutsideSpace", "it names every function of the account");
      } else {
        follow_ups_.push_back(std::move(more));
      }
    }
  }

  /// How many steps each entity is from the alarmed one.
  void measure_distances(const telemetry::TelemetryBatch& batch) {
    distances_.clear();
    if (start_.alarm.entity.empty()) return;
    distances_ = distances_from(clients::aws::AliasMap(batch).meant(start_.alarm.entity), batch, kFarthest);
  }

  /// Every question that nobody asked yet and that may be asked, best first.
  std::vector<Question> next_questions(base::Timestamp now) {
    const auto batch = inquiry_.known();
    measure_distances(batch);
    std::vector<Question> all;
    const auto add = [&](std::vector<Question> questions, double share) {
      for (Question& question : questions) {
        if (!question.subject.empty() && refuse(question.subject)) continue;
        if (asks_for_code(question) && !boundary_.space().read_code) continue;
        turn_home(question);
        question.value = question.value * share + leaning_to(question);
        all.push_back(std::move(question));
      }
    };
    std::set<std::string> described;
    for (const auto& entity : batch.entities) {
      const auto at = distances_.find(entity.id);
      if (at == distances_.end() || refuse(entity.id)) continue;
      described.insert(entity.id);
      if (!is_current(entity, batch)) continue;
      add(questions_about(entity, start_.times, region()), share_of(at->second));
    }
    for (const auto& [id, distance] : distances_) {
      if (described.contains(id) || refuse(id)) continue;
      telemetry::Entity unknown;
      unknown.id = id;
      add(questions_about(unknown, start_.times, region()), share_of(distance));
    }
    add(with_span_lines(follow_ups_), 1);
    if (is_balancer_alone(batch)) all.push_back(question_for_clusters(region()));
    auto best = chosen(all);
    // Metrics and traces are asked for in few calls, together, once the neighbours are known.
    if (!best.empty() && ++surveys_ <= kSurveyFirst) return best;
    add(about_traces(), 1);
    add(metrics(batch, now), 1);
    return chosen(std::move(all));
  }

  /// Whose requests are looked for is decided once: who is found later would be asked for all over again.
  std::vector<Question> about_traces() {
    if (!interest_) interest_ = TraceInterest{traced_names(), slow_requests_of(start_.alarm, start_.series)};
    auto questions = questions_about_traces(start_.times, region());
    for (Question& question : questions_about_slow_requests(*interest_, start_.times, region()))
      questions.push_back(std::move(question));
    const bool knows_traces = std::any_of(follow_ups_.begin(), follow_ups_.end(), asks_for_traces);
    if (spans_are_lines_ && interest_->slow_from && !knows_traces) {
      for (Question& question : questions_about_span_lines(*interest_, start_.alarm, start_.times, region()))
        questions.push_back(std::move(question));
    }
    return questions;
  }

  /// Traces know a function by its name: the alarmed one, else those next to who is alarmed. Others have the
  /// names that their programs gave themselves.
  std::vector<std::string> traced_names() const {
    constexpr std::size_t kMost = 5;
    std::vector<std::string> names;
    for (const int steps : {0, 1}) {
      for (const auto& [id, distance] : distances_) {
        const Resource resource = parse_resource(id);
        const bool meant =
            distance == steps && resource.kind == "function" && is_function_name(resource.name);
        const bool known = std::find(names.begin(), names.end(), resource.name) != names.end();
        if (meant && !known && names.size() < kMost) names.push_back(resource.name);
      }
      if (!names.empty()) break;
    }
    return names;
  }

  /// Where the account keeps spans as lines, X-Ray has no segments of a trace.
  std::vector<Question> with_span_lines(std::vector<Question> questions) const {
    if (!spans_are_lines_) return questions;
    for (Question& question : questions) {
      if (asks_for_traces(question)) question = question_about_span_lines(question, start_.times);
    }
    return questions;
  }

  static double share_of(int distance) {
    double share = 1;
    for (int i = 0; i < distance; ++i) share *= kNeighbour;
    return share;
  }

  /// A former revision of a definition is only there to be compared; who nobody runs has nothing to tell.
  static bool is_current(const telemetry::Entity& entity, const telemetry::TelemetryBatch& batch) {
    if (entity.type != "AWS::ECS::TaskDefinition") return true;
    return std::any_of(batch.relations.begin(), batch.relations.end(), [&](const auto& relation) {
      return relation.to == entity.id && relation.kind == RelationKind::kReadsConfig;
    });
  }

  /// Asked for once that the resources around the alarmed one are known, and again for those found later.
  std::vector<Question> metrics(const telemetry::TelemetryBatch& batch, base::Timestamp now) {
    std::vector<WantedSeries> wanted;
    const auto want = [&](const WantedSeries& series) {
      const bool measured = std::find(measured_.begin(), measured_.end(), series) != measured_.end();
      if (!measured && std::find(wanted.begin(), wanted.end(), series) == wanted.end())
        wanted.push_back(series);
    };
    if (start_.series) want(*start_.series);
    for (const auto& entity : batch.entities) {
      if (!distances_.contains(entity.id) || boundary_.refusal(entity.id)) continue;
      for (const auto& series : series_of(entity, batch.relations)) want(series);
    }
    measured_.insert(measured_.end(), wanted.begin(), wanted.end());
    return metric_questions(wanted, start_.times, now, region());
  }

  /// The alarmed entity is a load balancer, and nobody has said yet who runs behind it.
  bool is_balancer_alone(const telemetry::TelemetryBatch& batch) const {
    return parse_resource(start_.alarm.entity).service == "elasticloadbalancing" &&
           std::none_of(batch.entities.begin(), batch.entities.end(),
                        [](const auto& e) { return e.type == "AWS::ECS::Service"; });
  }

  /// Where to ask for what does not say where it is. It is named, so that a resource that is known by its
  /// name first and by its ARN later is asked about once.
  std::string region() const {
    if (!wanted_.region.empty()) return wanted_.region;
    if (!start_.region.empty()) return start_.region;
    return parse_resource(start_.alarm.entity).region;
  }

  /// Not asked before and worth a call; of one text the most valuable; best first, then by text.
  std::vector<Question> chosen(std::vector<Question> all) const {
    std::map<std::string, Question> by_text;
    for (Question& question : all) {
      std::string text = command_text(question.request);
      if (question.worth() < kLeastWorth || inquiry_.was_asked(question)) continue;
      const auto [at, is_new] = by_text.emplace(std::move(text), question);
      if (!is_new && question.worth() > at->second.worth()) at->second = std::move(question);
    }
    std::vector<Question> best;
    for (auto& [text, question] : by_text) best.push_back(std::move(question));
    std::stable_sort(best.begin(), best.end(),
                     [](const Question& a, const Question& b) { return a.worth() > b.worth(); });
    return best;
  }

  /// True where the space keeps the resource out; told once.
  bool refuse(const std::string& id) {
    const auto why = boundary_.refusal(id);
    if (why && refused_.insert(id).second) {
      telemetry::Entity entity;
      entity.id = id;
      auto questions = questions_about(entity, start_.times, region());
      if (!questions.empty()) inquiry_.leave_out(questions.front(), "OutsideSpace", *why);
    }
    return why.has_value();
  }

  /// What the limits left unasked becomes a gap each, up to a few.
  void tell_unasked(base::Timestamp now) {
    auto left = next_questions(now);
    if (left.size() > kNamedUnasked) left.resize(kNamedUnasked);
    if (left.empty() || !inquiry_.is_over()) return;
    const bool late = inquiry_.calls_left() > 0;
    for (const Question& question : left) {
      if (late) {
        inquiry_.leave_out(question, "DeadlineExceeded", "the deadline came before its turn");
      } else {
        inquiry_.leave_out(
            question, "NotAsked",
            fmt::format("the {} calls of this investigation were used up", options_.limits.calls));
      }
    }
  }

  /// What the source tells late is asked again where time is left and some has passed, and told to be late.
  void mind_late_records(base::Timestamp begun) {
    const base::Timestamp now = context_.clock().now();
    for (const Late& late : kLate) {
      const base::Timestamp complete = start_.times.window.end + late.by;
      if (now >= complete) continue;
      std::vector<std::size_t> numbers;
      for (std::size_t i = 0; i < inquiry_.answers().size(); ++i) {
        const Answer& answer = inquiry_.answers()[i];
        if (answer.answered && answer.question.request.operation == late.operation) numbers.push_back(i);
      }
      if (numbers.empty()) continue;
      const Question first = inquiry_.answers()[numbers.front()].question;
      if (late.again && now - begun >= kWorthAgain && numbers.size() <= inquiry_.calls_left() &&
          context_.check())
        inquiry_.ask_again(numbers);
      inquiry_.leave_out(first, "MayBeLate", base::format_rfc3339(complete));
    }
  }

  telemetry::IncidentScope scope() {
    telemetry::IncidentScope scope;
    scope.alarm = start_.alarm;
    scope.window = start_.times.window;
    scope.baseline = start_.times.baseline;
    scope.notes = start_.notes;
    const auto batch = inquiry_.known();
    scope.alarm.entity = clients::aws::AliasMap(batch).meant(start_.alarm.entity);
    const std::string name = start_.alarm.name.empty() ? short_name(start_.alarm.entity) : start_.alarm.name;
    scope.id = fmt::format("{} {}", name, base::format_rfc3339(start_.alarm.time.value_or(scope.window.end)));
    scope.title = start_.alarm.name.empty() ? fmt::format("question about {}", name) : name;
    for (const Maintenance& maintenance : boundary_.space().maintenance) {
      const bool overlaps =
          maintenance.window.start < scope.window.end && scope.window.start < maintenance.window.end;
      if (!overlaps || !concerns(maintenance, scope.alarm.entity)) continue;
      scope.notes += fmt::format("{}planned maintenance from {} to {}: {}", scope.notes.empty() ? "" : "; ",
                                 base::format_rfc3339(maintenance.window.start),
                                 base::format_rfc3339(maintenance.window.end), maintenance.reason);
    }
    return scope;
  }

  static bool concerns(const Maintenance& maintenance, const std::string& entity) {
    const auto& patterns = maintenance.resources;
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
             return base::fits(pattern, entity) || base::fits(pattern, short_name(entity));
           });
  }

  /// Rounds that come before metrics: the entity itself, and what it refers to.
  static constexpr std::size_t kSurveyFirst = 2;

  runtime::RequestContext context_;
  std::chrono::steady_clock::time_point begun_;
  Inquiry inquiry_;
  const Wanted& wanted_;
  const CollectorOptions& options_;
  Boundary boundary_;
  Start start_;
  std::vector<Question> follow_ups_;
  std::vector<Leaning> leanings_;
  std::set<std::string> refused_;
  std::map<std::string, std::string> homes_;  ///< short names of what lies in another region, and in which
  std::vector<WantedSeries> measured_;
  std::map<std::string, int> distances_;
  std::optional<TraceInterest> interest_;
  bool spans_are_lines_ = false;  ///< Transaction Search is on
  std::size_t surveys_ = 0;
};

}  // namespace

base::Result<Collected> collect(const runtime::RequestContext& context, clients::aws::api::Api& api,
                                const Wanted& wanted, const CollectorOptions& options) {
  return Collector(context, api, wanted, options).run();
}

}  // namespace midwatch::connectors::aws

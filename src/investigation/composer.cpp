#include "src/investigation/composer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/investigation/innocent_changes.h"
#include "src/knowledge/statement.h"
#include "src/mitigate/planner.h"

namespace midwatch::investigation {
namespace {

using model::InvestigationRecord;
using model::Text;

/// A statement in the chain shows at most this many observations of a link.
constexpr std::size_t kShownPerLink = 4;
constexpr std::size_t kShownRuledOut = 8;
constexpr std::size_t kShownTimeline = 40;
constexpr std::size_t kShownQuestions = 3;
constexpr std::size_t kShownCharts = 8;
constexpr std::size_t kChartPoints = 240;
constexpr std::size_t kNameBytes = 160;
/// Significant digits of the figures of a record.
constexpr int kDigits = 5;
/// Observations weaker than this are kept for the ledger, but not told.
constexpr double kTold = 0.3;

class Composer {
 public:
  Composer(Gathered gathered, diagnose::Diagnosis diagnosis, const knowledge::KnowledgeBase& knowledge)
      : gathered_(std::move(gathered)), diagnosis_(std::move(diagnosis)), knowledge_(knowledge) {}

  InvestigationRecord run() {
    record_.scope = gathered_.file.scope;
    record_.bundle = record_.scope.id;
    record_.outcome = diagnosis_.outcome;
    rule_out_changes_first();
    record_.hypotheses = std::move(diagnosis_.hypotheses);
    record_.gaps = std::move(gathered_.gaps);
    record_.stats = gathered_.stats;
    state_observations();
    for (const std::size_t position : diagnosis_.root_causes) add_root_cause(record_.hypotheses[position]);
    add_ruled_out();
    add_questions();
    add_impact();
    add_timeline();
    add_charts();
    add_headline();
    return std::move(record_);
  }

 private:
  std::string name_of(const std::string& entity) const {
    const auto index = gathered_.file.topology.find(entity);
    const std::string& name = index ? gathered_.file.topology.entity(*index).name : entity;
    return base::printable(name.empty() ? entity : name, kNameBytes);
  }

  void state_observations() {
    for (auto& o : gathered_.file.observations) {
      // A sentence says what the report's own figures say.
      for (auto* figure : {&o.value, &o.baseline}) {
        if (*figure) *figure = base::round_significant(**figure, kDigits);
      }
      Text statement = knowledge::statement_of(o, name_of(o.entity), knowledge_);
      by_id_[o.id] = record_.observations.size();
      record_.observations.push_back({o, std::move(statement)});
    }
  }

  const model::StatedObservation& stated(const std::string& id) const {
    return record_.observations[by_id_.at(id)];
  }

  const telemetry::ChangeEvent* change_of(const model::Hypothesis& h) const {
    if (h.change.empty()) return nullptr;
    for (const auto& change : gathered_.changes) {
      if (change.id == h.change && change.has_diff) return &change;
    }
    for (const auto& change : gathered_.changes) {
      if (change.id == h.change) return &change;
    }
    return nullptr;
  }

  mitigate::PlanInput plan_input(const model::Hypothesis& h) const {
    mitigate::PlanInput input;
    input.mode = knowledge_.mode(h.mode);
    input.hypothesis = &h;
    const auto index = gathered_.file.topology.find(h.entity);
    if (index) input.entity = &gathered_.file.topology.entity(*index);
    input.change = change_of(h);
    return input;
  }

  void add_root_cause(const model::Hypothesis& h) {
    model::RootCause cause;
    cause.entity = h.entity;
    cause.mode = h.mode;
    cause.kind = h.kind;
    cause.title = h.title;
    cause.probability = h.place_probability;
    cause.change = h.change;
    cause.onset = h.onset;
    cause.location = h.location;
    const auto input = plan_input(h);
    if (input.mode != nullptr) {
      cause.why = model::fill(input.mode->why, mitigate::command_facts(input));
      if (record_.root_causes.empty()) {
        record_.mitigation = mitigate::plan_mitigation(input);
        record_.spec = mitigate::write_spec(input);
      }
    }
    for (const auto& entry : h.supporting) cause.explains.push_back(entry.observation);
    add_chain(h, cause);
    record_.root_causes.push_back(std::move(cause));
  }

  void add_chain(const model::Hypothesis& h, model::RootCause& cause) {
    std::set<std::string> used;
    model::ChainLink first{h.entity, cause.title, {}};
    for (const auto& entry : h.supporting) {
      if (first.observations.size() >= kShownPerLink) break;
      if (stated(entry.observation).observation.strength < kTold) continue;
      first.observations.push_back(entry.observation);
      used.insert(entry.observation);
    }
    cause.chain.push_back(std::move(first));
    for (std::size_t i = 1; i < diagnosis_.path.size(); ++i) {
      model::ChainLink link{diagnosis_.path[i], {}, {}};
      std::vector<const model::Observation*> seen;
      for (const auto& s : record_.observations) {
        if (s.observation.entity == link.entity && s.observation.strength >= kTold &&
            !used.contains(s.observation.id))
          seen.push_back(&s.observation);
      }
      std::stable_sort(seen.begin(), seen.end(), [](auto* a, auto* b) { return a->strength > b->strength; });
      for (const auto* o : seen) {
        if (link.observations.size() >= kShownPerLink) break;
        link.observations.push_back(o->id);
      }
      if (seen.empty()) {
        link.what = {fmt::format("{} depends on {}", name_of(link.entity), name_of(diagnosis_.path[i - 1])),
                     fmt::format("{} は {} に依存", name_of(link.entity), name_of(diagnosis_.path[i - 1]))};
      } else {
        link.what = stated(link.observations.front()).statement;
      }
      for (const auto& id : link.observations) {
        used.insert(id);
        if (std::find(cause.explains.begin(), cause.explains.end(), id) == cause.explains.end())
          cause.explains.push_back(id);
      }
      cause.chain.push_back(std::move(link));
    }
  }

  /// What is known of changes is taken from the diagnosis before its hypotheses move into the record.
  void rule_out_changes_first() {
    innocent_ = rule_out_changes(gathered_.file, diagnosis_, knowledge_);
    for (auto& gap : unread_changes(gathered_.file, diagnosis_, knowledge_))
      gathered_.gaps.push_back(std::move(gap));
  }

  void add_ruled_out() {
    for (const auto& h : record_.hypotheses) {
      if (h.status != model::HypothesisStatus::kRefuted || record_.ruled_out.size() >= kShownRuledOut)
        continue;
      const auto* mode = knowledge_.mode(h.mode);
      if (mode == nullptr || h.opposing.empty()) continue;
      model::RuledOut out;
      out.entity = h.entity;
      out.mode = h.mode;
      out.change = h.change;
      out.title = h.title;
      out.observation = h.opposing.front().observation;
      const auto& against = stated(out.observation);
      for (const auto& refuter : mode->refuted_by) {
        if (knowledge::type_matches(refuter.see, against.observation.type)) out.because = refuter.because;
      }
      if (out.because.empty()) out.because = against.statement;
      record_.ruled_out.push_back(std::move(out));
    }
    for (auto& change : innocent_) record_.ruled_out.push_back(std::move(change));
  }

  /// The questions of the leading hypotheses: what would tell them apart.
  void add_questions() {
    std::set<std::string> asked;
    for (const auto& h : record_.hypotheses) {
      if (record_.next_questions.size() >= kShownQuestions) break;
      if (h.status == model::HypothesisStatus::kRefuted) continue;
      const auto* mode = knowledge_.mode(h.mode);
      if (mode == nullptr || mode->questions.empty()) continue;
      Text question = model::fill(mode->questions.front().what, h.facts);
      if (model::has_open_place(question.en) || !asked.insert(question.en).second) continue;
      const std::string name = name_of(h.entity);
      record_.next_questions.push_back({name + ": " + question.en, name + ": " + question.ja});
    }
  }

  void add_impact() {
    if (record_.outcome == model::Outcome::kNothingWrong) return;
    record_.impact.entities = diagnosis_.affected;
    if (diagnosis_.path.size() > 1) record_.impact.paths.push_back(diagnosis_.path);
    if (!record_.root_causes.empty()) record_.impact.from = record_.root_causes.front().onset;
    if (!record_.impact.from) record_.impact.from = gathered_.file.alarm.onset;
    for (const auto& s : record_.observations) {
      const auto& o = s.observation;
      if (o.entity != record_.scope.alarm.entity || o.strength < kTold || !o.type.starts_with("metric."))
        continue;
      record_.impact.how_much = s.statement;
      break;
    }
  }

  void add_timeline() {
    std::set<std::string> told;
    for (const auto& cause : record_.root_causes) told.insert(cause.explains.begin(), cause.explains.end());
    for (const auto& change : gathered_.changes) {
      model::TimelineEntry entry;
      entry.time = change.time;
      entry.kind = "change";
      entry.entity = change.entity;
      entry.change = change.id;
      const std::string what =
          base::printable(fmt::format("{} {}: {}", to_string(change.kind), change.id, change.summary), 200);
      entry.what = {what, what};
      record_.timeline.push_back(std::move(entry));
    }
    for (const auto& s : record_.observations) {
      if (!s.observation.onset || !told.contains(s.observation.id)) continue;
      record_.timeline.push_back({*s.observation.onset,
                                  s.observation.type.starts_with("event.") ? "event" : "onset",
                                  s.observation.entity,
                                  s.statement,
                                  s.observation.id,
                                  {}});
    }
    if (record_.scope.alarm.time) {
      const std::string name = base::printable(
          record_.scope.alarm.name.empty() ? record_.scope.alarm.metric : record_.scope.alarm.name, 200);
      record_.timeline.push_back({*record_.scope.alarm.time,
                                  "alarm",
                                  record_.scope.alarm.entity,
                                  {"alarm " + name, "アラーム " + name},
                                  {},
                                  {}});
    }
    std::stable_sort(record_.timeline.begin(), record_.timeline.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    if (record_.timeline.size() > kShownTimeline) {
      // The nearest to the alarm stay.
      record_.timeline.erase(record_.timeline.begin(),
                             record_.timeline.end() - static_cast<std::ptrdiff_t>(kShownTimeline));
    }
  }

  void add_charts() {
    std::vector<std::string> wanted;
    for (const auto& cause : record_.root_causes) {
      for (const auto& link : cause.chain)
        wanted.insert(wanted.end(), link.observations.begin(), link.observations.end());
    }
    if (wanted.empty()) {
      for (const auto& s : record_.observations) {
        if (s.observation.entity == record_.scope.alarm.entity) wanted.push_back(s.observation.id);
      }
    }
    for (const auto& id : wanted) {
      if (record_.charts.size() >= kShownCharts) break;
      const auto& s = stated(id);
      if (!s.observation.type.starts_with("metric.") || s.observation.evidence.empty()) continue;
      add_chart(s);
    }
  }

  void add_chart(const model::StatedObservation& s) {
    const auto& key = s.observation.evidence.front().series;
    for (const auto& existing : record_.charts) {
      if (existing.key == key) return;
    }
    const auto series = std::find_if(gathered_.incident_series.begin(), gathered_.incident_series.end(),
                                     [&](const auto& candidate) { return candidate.key == key; });
    if (series == gathered_.incident_series.end()) return;
    model::Chart chart;
    chart.key = key;
    chart.title = s.statement;
    chart.onset = s.observation.onset;
    chart.observation = s.observation.id;
    const std::size_t step =
        std::max<std::size_t>(1, (series->points.size() + kChartPoints - 1) / kChartPoints);
    for (std::size_t i = 0; i < series->points.size(); i += step) chart.points.push_back(series->points[i]);
    chart.baseline_low = s.observation.baseline;
    chart.baseline_high = s.observation.baseline;
    record_.charts.push_back(std::move(chart));
  }

  void add_headline() {
    switch (record_.outcome) {
      case model::Outcome::kRootCause:
        record_.headline = record_.root_causes.front().title;
        return;
      case model::Outcome::kNothingWrong:
        record_.headline = knowledge_.phrase("outcome_nothing_wrong");
        return;
      case model::Outcome::kInconclusive:
        record_.headline = knowledge_.phrase("outcome_inconclusive");
        return;
    }
  }

  Gathered gathered_;
  diagnose::Diagnosis diagnosis_;
  const knowledge::KnowledgeBase& knowledge_;
  InvestigationRecord record_;
  std::vector<model::RuledOut> innocent_;
  std::map<std::string, std::size_t> by_id_;
};

}  // namespace

InvestigationRecord compose(Gathered gathered, diagnose::Diagnosis diagnosis,
                            const knowledge::KnowledgeBase& knowledge) {
  return Composer(std::move(gathered), std::move(diagnosis), knowledge).run();
}

}  // namespace midwatch::investigation

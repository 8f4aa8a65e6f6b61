#include "src/investigation/composer.h"

#include <algorithm>

#include "src/base/utf8.h"
#include "src/investigation/cause_chain.h"
#include "src/investigation/charts.h"
#include "src/investigation/impact.h"
#include "src/investigation/innocent_changes.h"
#include "src/investigation/next_question.h"
#include "src/investigation/stated_case.h"
#include "src/investigation/timeline.h"
#include "src/investigation/unseen.h"
#include "src/mitigate/planner.h"

namespace midwatch::investigation {
namespace {

using model::InvestigationRecord;

constexpr std::size_t kShownRuledOut = 8;
constexpr std::size_t kTitleBytes = 600;
constexpr std::size_t kTypeBytes = 80;

class Composer {
 public:
  Composer(const Gathered& gathered, const diagnose::Diagnosis& diagnosis,
           const knowledge::KnowledgeBase& knowledge)
      : gathered_(gathered),
        diagnosis_(diagnosis),
        knowledge_(knowledge),
        facts_(gathered, diagnosis, knowledge) {}

  InvestigationRecord run() {
    record_.scope = gathered_.file.scope;
    record_.bundle = record_.scope.id;
    record_.outcome = diagnosis_.outcome;
    record_.stats = gathered_.stats;
    record_.looked = gathered_.looked;
    record_.observations = facts_.observations();
    record_.hypotheses = diagnosis_.hypotheses;
    for (auto& h : record_.hypotheses) h.title = harmless(h.title);
    for (const auto& cause : diagnosis_.root_causes) add_root_cause(cause);
    join_remedies();
    record_.steering = gathered_.file.directives;
    add_excluded();
    add_ruled_out();
    add_gaps();
    if (record_.outcome != model::Outcome::kNothingWrong)
      record_.next_questions = next_questions(facts_, record_.hypotheses);
    record_.impact = impact(facts_, record_.root_causes);
    record_.timeline = timeline(facts_, record_.root_causes);
    record_.charts = charts(facts_, record_.root_causes);
    add_headline();
    add_names();
    return std::move(record_);
  }

 private:
  /// A title is filled from telemetry: it must not write on a terminal what it likes.
  static model::Text harmless(const model::Text& text) {
    return {base::printable(text.en, kTitleBytes), base::printable(text.ja, kTitleBytes)};
  }

  mitigate::PlanInput plan_input(const model::Hypothesis& h) const {
    mitigate::PlanInput input;
    input.mode = knowledge_.mode(h.mode);
    input.hypothesis = &h;
    if (const auto index = gathered_.file.topology.find(h.entity))
      input.entity = &gathered_.file.topology.entity(*index);
    input.change = facts_.change(h.change);
    input.window = gathered_.file.scope.window;
    return input;
  }

  void add_root_cause(const diagnose::NamedCause& named) {
    const model::Hypothesis& h = record_.hypotheses[named.hypothesis];
    model::RootCause cause;
    cause.entity = h.entity;
    cause.mode = h.mode;
    cause.kind = h.kind;
    cause.title = h.title;
    cause.probability = named.probability;
    cause.change = h.change;
    cause.onset = h.onset;
    cause.location = h.location;
    const auto input = plan_input(h);
    if (input.mode != nullptr) {
      cause.why = mitigate::explanation(input);
      cause.mitigation = mitigate::plan_mitigation(input);
      cause.spec = mitigate::write_spec(input);
    }
    for (const auto& entry : h.supporting) {
      auto& explains = cause.explains;
      if (std::find(explains.begin(), explains.end(), entry.observation) == explains.end())
        explains.push_back(entry.observation);
    }
    add_chain(facts_, h, named.path, cause);
    record_.root_causes.push_back(std::move(cause));
  }

  void join_remedies() {
    std::vector<model::MitigationPlan> plans;
    std::vector<model::ChangeSpec> specs;
    for (const auto& cause : record_.root_causes) {
      plans.push_back(cause.mitigation);
      specs.push_back(cause.spec);
    }
    record_.mitigation = mitigate::join_plans(plans);
    record_.spec = mitigate::join_specs(specs);
  }

  void add_name(const std::string& entity) {
    if (entity.empty()) return;
    const auto& topology = gathered_.file.topology;
    const auto index = topology.find(entity);
    record_.names[entity] = {
        facts_.name_of(entity),
        index ? base::printable(topology.entity(*index).type, kTypeBytes) : std::string()};
  }

  void add_names() {
    add_name(record_.scope.alarm.entity);
    for (const auto& entity : record_.impact.entities) add_name(entity);
    for (const auto& chart : record_.charts) add_name(chart.entity);
    for (const auto& cause : record_.root_causes) {
      for (const auto& link : cause.chain) add_name(link.entity);
    }
  }

  /// What people ruled out comes first, and all of it.
  void add_excluded() {
    for (const auto& h : record_.hypotheses) {
      if (!h.excluded) continue;
      model::RuledOut out;
      out.entity = h.entity;
      out.mode = h.mode;
      out.change = h.change;
      out.title = h.title;
      const bool by_itself = model::find_exclusion(record_.steering, h.entity, h.mode) != nullptr;
      out.because = because_of(knowledge_, *h.excluded,
                               by_itself ? nullptr : model::find_excuse(record_.steering, h.change));
      out.excluded = h.excluded;
      record_.ruled_out.push_back(std::move(out));
    }
  }

  void add_ruled_out() {
    const std::size_t most = record_.ruled_out.size() + kShownRuledOut;
    for (const auto& h : record_.hypotheses) {
      if (h.status != model::HypothesisStatus::kRefuted || h.excluded || record_.ruled_out.size() >= most)
        continue;
      const auto* mode = knowledge_.mode(h.mode);
      if (mode == nullptr || h.opposing.empty()) continue;
      model::RuledOut out;
      out.entity = h.entity;
      out.mode = h.mode;
      out.change = h.change;
      out.title = h.title;
      out.observation = h.opposing.front().observation;
      const auto& against = facts_.stated(out.observation);
      for (const auto& refuter : mode->refuted_by) {
        if (knowledge::type_matches(refuter.see, against.observation.type)) out.because = refuter.because;
      }
      if (out.because.empty()) out.because = against.statement;
      record_.ruled_out.push_back(std::move(out));
    }
    for (auto& change : rule_out_changes(gathered_.file, diagnosis_, knowledge_))
      record_.ruled_out.push_back(std::move(change));
  }

  void add_gaps() {
    record_.gaps = unseen_signals(gathered_);
    record_.gaps.insert(record_.gaps.end(), gathered_.gaps.begin(), gathered_.gaps.end());
    for (auto& gap : unread_changes(gathered_.file, diagnosis_, knowledge_))
      record_.gaps.push_back(std::move(gap));
  }

  void add_headline() {
    switch (record_.outcome) {
      case model::Outcome::kRootCause:
        record_.headline = record_.root_causes.front().title;
        return;
      case model::Outcome::kNothingWrong:
        record_.headline = knowledge_.phrase("outcome_nothing_wrong");
        record_.mitigation.summary = knowledge_.phrase("no_action_nothing_wrong");
        return;
      case model::Outcome::kInconclusive:
        record_.headline = knowledge_.phrase("outcome_inconclusive");
        record_.mitigation.summary = knowledge_.phrase("no_action_inconclusive");
        return;
    }
  }

  const Gathered& gathered_;
  const diagnose::Diagnosis& diagnosis_;
  const knowledge::KnowledgeBase& knowledge_;
  StatedCase facts_;
  InvestigationRecord record_;
};

}  // namespace

InvestigationRecord compose(const Gathered& gathered, const diagnose::Diagnosis& diagnosis,
                            const knowledge::KnowledgeBase& knowledge) {
  return Composer(gathered, diagnosis, knowledge).run();
}

}  // namespace midwatch::investigation

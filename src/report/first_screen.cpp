#include "src/report/first_screen.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/report/words.h"

namespace midwatch::report {
namespace {

constexpr std::size_t kReasons = 3;
/// With several causes the screen has room for fewer reasons, and for so many causes.
constexpr std::size_t kReasonsOfSeveral = 1;
constexpr std::size_t kShownCauses = 3;
constexpr std::size_t kCandidates = 3;
constexpr std::size_t kClosest = 3;
/// Anything weaker is noise to a reader as well.
constexpr double kWorthAWord = 0.15;

class Screen {
 public:
  explicit Screen(const RecordView& view) : view_(view), r_(view.record()) {}

  FirstScreen make() {
    // The headline of an incident without a fault says so by itself.
    out_.verdict = r_.outcome == model::Outcome::kNothingWrong ? view_(r_.headline)
                                                               : view_.outcome() + ": " + view_(r_.headline);
    add({view_(kWords.alarm), view_.alarm(), 2, {}, 1, {}});
    switch (r_.outcome) {
      case model::Outcome::kRootCause:
        root_cause();
        break;
      case model::Outcome::kInconclusive:
        inconclusive();
        break;
      case model::Outcome::kNothingWrong:
        nothing_wrong();
        break;
    }
    return std::move(out_);
  }

 private:
  void add(ScreenField field) {
    if (!field.text.empty() || !field.items.empty()) out_.fields.push_back(std::move(field));
  }

  CitedText cited(const std::string& observation) const {
    const auto evidence = view_.evidence(observation);
    return {view_.statement(observation), evidence.empty() ? std::string() : evidence.front()};
  }

  void root_cause() {
    const auto& cause = r_.root_causes.front();
    const bool several = r_.root_causes.size() > 1;
    add({view_(kWords.where), view_.where(cause), 2, {}, 1, {}});
    add({view_(kWords.since), view_.since(cause), 1, {}, 1, {}});
    add({view_(kWords.impact), view_.impact(), 2, {}, 1, {}});
    ScreenField why{view_(kWords.why), view_(cause.why), 2, {}, 2, {}};
    for (const auto& id : view_.distinct(cause.explains, several ? kReasonsOfSeveral : kReasons))
      why.items.push_back(cited(id));
    add(std::move(why));
    add({view_(kWords.how_sure), view_.sureness(cause), 2, {}, 1, {}});
    if (several) {
      also();
      remedies();
      return;
    }
    now(view_(kWords.now), cause.mitigation, 2);
    add({view_(kWords.permanent), view_(cause.mitigation.permanent_fix), 2, {}, 1, {}});
  }

  /// The other causes, each with its first proof.
  void also() {
    ScreenField others{view_(kWords.also), {}, 1, {}, 1, {}};
    for (std::size_t i = 1; i < std::min(r_.root_causes.size(), kShownCauses); ++i) {
      const auto& other = r_.root_causes[i];
      others.items.push_back(
          {fmt::format("{} ({})", view_(other.title), view_.percent(other.probability)), {}});
      for (const auto& id : view_.distinct(other.explains, kReasonsOfSeveral))
        others.items.back().evidence = cited(id).evidence;
    }
    const std::size_t hidden = r_.root_causes.size() - 1 - others.items.size();
    if (hidden > 0) others.items.push_back({view_.more(hidden), {}});
    others.lines_per_item = 2;
    add(std::move(others));
  }

  /// What to do about each of several causes.
  void remedies() {
    for (std::size_t i = 0; i < std::min(r_.root_causes.size(), kShownCauses); ++i)
      now(fmt::format("{} {}", view_(kWords.now), i + 1), r_.root_causes[i].mitigation, 2);
  }

  void now(std::string label, const model::MitigationPlan& m, int lines) {
    ScreenField field{std::move(label), view_(m.summary), lines, {}, 1, {}};
    if (m.operational) {
      field.text =
          (m.temporary ? view_(kWords.temporary) : view_(kWords.lasting)) + view_.say(" ", "") + field.text;
    }
    const auto step = std::find_if(m.steps.begin(), m.steps.end(),
                                   [](const auto& s) { return s.phase == model::MitigationPhase::kApply; });
    if (step != m.steps.end()) field.command = step->command;
    add(std::move(field));
  }

  void inconclusive() {
    add({view_(kWords.seen), view_.impact(), 2, {}, 1, {}});
    ScreenField candidates{view_(kWords.candidates), {}, 1, {}, 3, {}};
    for (const auto& h : r_.hypotheses) {
      if (candidates.items.size() >= kCandidates) break;
      if (h.status == model::HypothesisStatus::kRefuted) continue;
      CitedText item{fmt::format("{} {}", view_.percent(h.probability), view_(h.title)), {}};
      if (!h.supporting.empty()) {
        const CitedText reason = cited(h.supporting.front().observation);
        item = {item.text + " — " + reason.text, reason.evidence};
      }
      candidates.items.push_back(std::move(item));
    }
    add(std::move(candidates));
    if (!r_.next_questions.empty())
      add({view_(kWords.best_question),
           view_.question(r_.next_questions.front()),
           3,
           {},
           1,
           r_.next_questions.front().query});
    add({view_(kWords.looked_at), view_.looked_at(), 2, {}, 1, {}});
    not_seen();
    add({view_(kWords.now), view_(r_.mitigation.summary), 1, {}, 1, {}});
  }

  void nothing_wrong() {
    add({view_(kWords.looked_at), view_.looked_at(), 2, {}, 1, {}});
    std::vector<const model::StatedObservation*> surest;
    for (const auto& s : r_.observations) {
      if (s.observation.strength >= kWorthAWord) surest.push_back(&s);
    }
    std::stable_sort(surest.begin(), surest.end(),
                     [](auto* a, auto* b) { return a->observation.strength > b->observation.strength; });
    ScreenField closest{view_(kWords.closest), {}, 1, {}, 2, {}};
    for (const auto* s : surest) {
      if (closest.items.size() >= kClosest) break;
      closest.items.push_back(cited(s->observation.id));
    }
    if (closest.items.empty()) closest.text = view_(kWords.nothing_moved);
    add(std::move(closest));
    not_seen();
    add({view_(kWords.now), view_(r_.mitigation.summary), 2, {}, 1, {}});
  }

  void not_seen() {
    if (r_.gaps.empty()) return;
    std::string text = view_(r_.gaps.front().what);
    if (r_.gaps.size() > 1) {
      text += view_.say(fmt::format(" (and {} more)", r_.gaps.size() - 1),
                        fmt::format("（他 {} 件）", r_.gaps.size() - 1));
    }
    add({view_(kWords.not_seen), std::move(text), 2, {}, 1, {}});
  }

  const RecordView& view_;
  const model::InvestigationRecord& r_;
  FirstScreen out_;
};

}  // namespace

FirstScreen first_screen(const RecordView& view) {
  return Screen(view).make();
}

}  // namespace midwatch::report

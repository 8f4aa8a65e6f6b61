#include "src/report/text_report.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/report/page.h"
#include "src/report/record_view.h"
#include "src/report/words.h"

namespace midwatch::report {
namespace {

using model::InvestigationRecord;

constexpr std::size_t kShownHypotheses = 5;
constexpr std::size_t kShownFor = 4;
constexpr std::size_t kShownAgainst = 2;
constexpr std::size_t kShownMissing = 2;
constexpr std::size_t kShownRuledOut = 12;
constexpr std::size_t kNameBytes = 200;
constexpr int kDeepest = 3;
/// What stands before the line that a statement quotes (src/knowledge/statement.cpp).
constexpr std::array<std::string_view, 2> kQuotes{" — “", " — 「"};

/// The sections of a report below its first screen.
class Sections {
 public:
  Sections(const RecordView& view, Page& page) : view_(view), r_(view.record()), page_(page) {}

  void write() {
    chain();
    mitigation();
    spec();
    hypotheses();
    steering();
    ruled_out();
    questions();
    timeline();
    gaps();
    evidence();
  }

 private:
  /// The statement of an observation with its records; without the line that it quotes where that stands
  /// above.
  std::string cited(const std::string& observation) {
    std::string out = view_.statement(observation);
    if (!told_.insert(observation).second) {
      for (const std::string_view quote : kQuotes) out.resize(std::min(out.size(), out.find(quote)));
    }
    const auto ids = view_.evidence(observation);
    cited_.insert(ids.begin(), ids.end());
    if (!ids.empty()) out += fmt::format(" [{}]", fmt::join(ids, ", "));
    return out;
  }

  void chain() {
    for (const auto& cause : r_.root_causes) {
      page_.heading(view_.heading_of(kWords.chain, cause));
      page_.paragraph(view_(cause.why));  // the first screen has room for its beginning
      int depth = 0;
      for (const auto& link : cause.chain) {
        page_.item(view_.link(link), depth);
        for (const auto& id : link.observations) page_.item(cited(id), depth + 1);
        depth = std::min(depth + 1, kDeepest);
      }
    }
  }

  void mitigation() {
    for (const auto& cause : r_.root_causes) {
      page_.heading(view_.heading_of(kWords.mitigation, cause));
      plan(cause.mitigation);
    }
  }

  void plan(const model::MitigationPlan& m) {
    page_.paragraph(view_(m.summary));
    if (m.operational) page_.paragraph(view_(m.temporary ? kWords.temporary : kWords.lasting));
    for (const auto& step : m.steps) {
      std::string line = fmt::format("{}: {} — {}: {}", view_(word_of(step.phase)), view_(step.effect),
                                     view_(kWords.risk), view_(step.risk));
      if (!step.reversible) line += " (" + view_(kWords.irreversible) + ")";
      page_.item(line, 0);
      page_.code(step.command);
    }
    if (!m.permanent_fix.empty()) page_.field(view_(kWords.permanent), view_(m.permanent_fix));
  }

  void spec() {
    for (const auto& cause : r_.root_causes) {
      if (cause.spec.requirements.empty()) continue;
      page_.heading(view_.heading_of(kWords.spec, cause));
      for (const auto& x : cause.spec.requirements) page_.item(view_(x), 0);
      for (const auto& x : cause.spec.acceptance) page_.item(view_(kWords.acceptance) + ": " + view_(x), 0);
      for (const auto& x : cause.spec.files)
        page_.item(view_(kWords.files) + ": " + base::printable(x, kNameBytes), 0);
    }
  }

  void hypotheses() {
    if (r_.hypotheses.empty() || r_.outcome == model::Outcome::kNothingWrong) return;
    page_.heading(view_(kWords.hypotheses));
    for (const auto* hypothesis : view_.shown_hypotheses(kShownHypotheses)) {
      const auto& h = *hypothesis;
      const std::string share =
          h.excluded ? view_(kWords.ruled_out) + ":" : RecordView::percent(h.probability);
      page_.item(fmt::format("{} {}", share, view_(h.title)), 0);
      ledger(h.supporting, kShownFor, view_(kWords.in_favour));
      ledger(h.opposing, kShownAgainst, view_(kWords.against));
      for (std::size_t k = 0; k < std::min(h.missing.size(), kShownMissing); ++k) {
        const auto& m = h.missing[k];
        page_.item(fmt::format("{} {:+.1f}: {}", view_(kWords.missing), m.weight,
                               m.what.empty() ? m.sign : view_(m.what)),
                   1);
      }
    }
  }

  void ledger(const std::vector<model::LedgerEntry>& entries, std::size_t most, const std::string& word) {
    for (std::size_t k = 0; k < std::min(entries.size(), most); ++k)
      page_.item(fmt::format("{} {:+.1f}: {}", word, entries[k].weight, cited(entries[k].observation)), 1);
  }

  void steering() {
    if (r_.steering.empty()) return;
    page_.heading(view_(kWords.steering));
    for (const auto& directive : r_.steering) page_.item(view_.directive(directive), 0);
  }

  void ruled_out() {
    if (r_.ruled_out.empty()) return;
    page_.heading(view_(kWords.ruled_out));
    const std::size_t shown = std::min(r_.ruled_out.size(), kShownRuledOut);
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& x = r_.ruled_out[i];
      page_.item(fmt::format("{} — {}", view_(x.title), view_(x.because)), 0);
      if (!x.observation.empty()) page_.item(cited(x.observation), 1);
    }
    if (shown == r_.ruled_out.size()) return;
    page_.item(view_.more(r_.ruled_out.size() - shown), 0);
  }

  void questions() {
    if (r_.next_questions.empty()) return;
    page_.heading(view_(kWords.questions));
    for (const auto& q : r_.next_questions) {
      page_.item(view_.question(q), 0);
      if (!q.query.empty()) page_.code(q.query);
    }
  }

  void timeline() {
    if (r_.timeline.empty()) return;
    page_.heading(view_(kWords.timeline));
    for (const auto& entry : r_.timeline)
      page_.item(fmt::format("{} {}", RecordView::when(entry.time), view_(entry.what)), 0);
  }

  void gaps() {
    if (r_.gaps.empty()) return;
    page_.heading(view_(kWords.gaps));
    for (const auto& gap : r_.gaps) page_.item(view_.gap(gap), 0);
  }

  /// The evidence that the text above refers to.
  void evidence() {
    for (const auto& cause : r_.root_causes) {
      for (const auto& id : cause.explains) {
        for (const auto& e : view_.evidence(id)) cited_.insert(e);
      }
    }
    if (cited_.empty()) return;
    page_.heading(view_(kWords.evidence));
    for (const auto& s : r_.observations) {
      for (const auto& e : s.observation.evidence) {
        if (cited_.erase(e.id) == 0) continue;
        page_.item(fmt::format("{} {}", e.id, view_.place(e)), 0);
        if (!e.excerpt.empty()) page_.item(e.excerpt, 1);
      }
    }
  }

  const RecordView& view_;
  const InvestigationRecord& r_;
  Page& page_;
  std::set<std::string> cited_;
  std::set<std::string> told_;  ///< observations
};

std::string write(const InvestigationRecord& record, model::Language language, Page& page, bool details) {
  const RecordView view(record, language);
  page.first_screen(first_screen(view));
  if (details) Sections(view, page).write();
  return page.take();
}

}  // namespace

std::string text_report(const InvestigationRecord& record, const TextReportOptions& options) {
  return write(record, options.language, *terminal_page(options.colour), options.details);
}

std::string markdown_report(const InvestigationRecord& record, model::Language language) {
  return write(record, language, *markdown_page(), true);
}

}  // namespace midwatch::report

#include "src/report/text_report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/report/words.h"

namespace midwatch::report {
namespace {

using model::InvestigationRecord;
using model::Language;
using model::Text;

constexpr std::size_t kWidth = 100;
constexpr std::size_t kShownWhy = 4;
constexpr std::size_t kShownHypotheses = 5;
constexpr std::size_t kShownLedger = 4;
constexpr std::size_t kShownRuledOut = 12;

const Text& phase_word(model::MitigationPhase phase) {
  switch (phase) {
    case model::MitigationPhase::kPrepare:
      return kWords.prepare;
    case model::MitigationPhase::kPreValidate:
      return kWords.pre_validate;
    case model::MitigationPhase::kApply:
      return kWords.apply;
    case model::MitigationPhase::kPostValidate:
      return kWords.post_validate;
    case model::MitigationPhase::kRollback:
      return kWords.rollback;
  }
  return kWords.unknown;
}

/// Collects lines in one of two styles.
class Page {
 public:
  virtual ~Page() = default;
  virtual void title(std::string_view text) = 0;
  virtual void heading(std::string_view text) = 0;
  virtual void field(std::string_view name, std::string_view value) = 0;
  virtual void item(std::string_view text, int depth = 0) = 0;
  virtual void paragraph(std::string_view text) = 0;
  virtual void code(std::string_view text) = 0;
  std::string take() { return std::move(out_); }

 protected:
  std::string out_;
};

/// Breaks at spaces, or between wide characters, so that no line is wider than the terminal.
std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    std::size_t end = 0;
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      end = std::min(text.find(' ', i), text.size());
      for (std::size_t j = i; j < end; ++j) {
        if (static_cast<unsigned char>(text[j]) >= 0x80) {
          end = j;
          break;
        }
      }
      if (end < text.size() && text[end] == ' ') ++end;
      if (end == i) end = i + 1;
    } else {
      end = i + (byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2);
    }
    const std::string_view piece = text.substr(i, std::min(end, text.size()) - i);
    const std::size_t columns = base::display_width(piece);
    if (used + columns > width + 1 && used > 0) {
      lines.push_back(line);
      line.clear();
      used = 0;
    }
    line += piece;
    used += columns;
    i += piece.size();
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

class TerminalPage final : public Page {
 public:
  explicit TerminalPage(bool colour) : colour_(colour) {}
  void title(std::string_view text) override { block(text, "", "", "1"); }
  void heading(std::string_view text) override {
    out_ += '\n';
    block(text, "", "", "1;36");
  }
  void field(std::string_view name, std::string_view value) override {
    const std::size_t columns = base::display_width(name);
    std::string label(name);
    label.append(columns < kLabel ? kLabel - columns : 1, ' ');
    block(value, label, std::string(kLabel, ' '), "");
  }
  void item(std::string_view text, int depth) override {
    const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
    block(text, indent + "- ", indent + "  ", "");
  }
  void paragraph(std::string_view text) override { block(text, "", "", ""); }
  void code(std::string_view text) override {
    out_ += "    ";
    out_ += text;
    out_ += '\n';
  }

 private:
  static constexpr std::size_t kLabel = 14;

  void block(std::string_view text, std::string_view first, std::string_view rest, std::string_view style) {
    const std::size_t indent = base::display_width(first);
    bool is_first = true;
    for (std::string& line : wrap(text, kWidth - indent)) {
      while (!line.empty() && line.back() == ' ') line.pop_back();
      out_ += is_first ? first : rest;
      if (colour_ && !style.empty()) {
        out_ += fmt::format("\x1b[{}m{}\x1b[0m", style, line);
      } else {
        out_ += line;
      }
      out_ += '\n';
      is_first = false;
    }
  }

  bool colour_;
};

class MarkdownPage final : public Page {
 public:
  void title(std::string_view text) override { out_ += fmt::format("# {}\n\n", escape(text)); }
  void heading(std::string_view text) override { out_ += fmt::format("\n## {}\n\n", escape(text)); }
  void field(std::string_view name, std::string_view value) override {
    out_ += fmt::format("- **{}**: {}\n", escape(name), escape(value));
  }
  void item(std::string_view text, int depth) override {
    out_ += std::string(static_cast<std::size_t>(2 * depth), ' ') + "- " + escape(text) + "\n";
  }
  void paragraph(std::string_view text) override { out_ += escape(text) + "\n\n"; }
  void code(std::string_view text) override { out_ += fmt::format("\n```sh\n{}\n```\n", text); }

 private:
  /// Telemetry must not become markup.
  static std::string escape(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (std::string_view("\\`*_[]<>#|!").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
    return out;
  }
};

class Composer {
 public:
  Composer(const InvestigationRecord& record, Language language, Page& page)
      : r_(record), language_(language), page_(page) {}

  void first_screen() {
    page_.title(t(r_.headline));
    page_.field(t(kWords.alarm), alarm());
    if (!r_.root_causes.empty()) {
      const auto& cause = r_.root_causes.front();
      std::string where = cause.entity;
      if (!cause.location.empty()) where += " — " + cause.location;
      if (!cause.change.empty()) where += " — " + cause.change;
      page_.field(t(kWords.where), base::printable(where, 200));
      page_.field(t(kWords.since), cause.onset ? base::format_rfc3339(*cause.onset) : t(kWords.unknown));
      page_.field(t(kWords.why), t(cause.why));
      std::size_t shown = 0;
      for (const auto& id : cause.explains) {
        if (shown++ >= kShownWhy) break;
        page_.item(fmt::format("{} [{}]", statement(id), evidence_of(id)), 1);
      }
      page_.field(t(kWords.how_sure), sureness(cause));
      page_.field(t(kWords.now), t(r_.mitigation.summary));
    } else if (r_.outcome == model::Outcome::kInconclusive) {
      hypotheses(3);
      questions();
    }
  }

  void details() {
    chain();
    mitigation();
    spec();
    if (!r_.hypotheses.empty() && r_.outcome != model::Outcome::kNothingWrong) {
      page_.heading(t(kWords.alternatives));
      hypotheses(kShownHypotheses);
    }
    if (!r_.ruled_out.empty()) {
      page_.heading(t(kWords.ruled_out));
      const std::size_t shown = std::min(r_.ruled_out.size(), kShownRuledOut);
      for (std::size_t i = 0; i < shown; ++i) {
        const auto& x = r_.ruled_out[i];
        page_.item(fmt::format("{} — {} [{}]", t(x.title), t(x.because), evidence_of(x.observation)));
      }
      if (shown < r_.ruled_out.size()) {
        const std::string left = std::to_string(r_.ruled_out.size() - shown);
        page_.item(model::fill(t(kWords.more), {{"count", left}}));
      }
    }
    if (r_.outcome == model::Outcome::kRootCause) questions();
    timeline();
    if (!r_.gaps.empty()) {
      page_.heading(t(kWords.gaps));
      for (const auto& gap : r_.gaps) page_.item(t(gap.what));
    }
    page_.heading(t(kWords.evidence));
    evidence();
  }

 private:
  const std::string& t(const Text& text) const { return text.in(language_); }

  const model::StatedObservation* find(const std::string& id) const {
    for (const auto& s : r_.observations) {
      if (s.observation.id == id) return &s;
    }
    return nullptr;
  }
  std::string statement(const std::string& id) const {
    const auto* s = find(id);
    return s == nullptr ? id : t(s->statement);
  }
  std::string evidence_of(const std::string& id) const {
    const auto* s = find(id);
    return s == nullptr || s->observation.evidence.empty() ? "?" : s->observation.evidence.front().id;
  }

  std::string alarm() const {
    const auto& a = r_.scope.alarm;
    std::string out = a.name.empty() ? a.metric : a.name;
    if (!a.entity.empty()) out += (out.empty() ? "" : " @ ") + a.entity;
    if (out.empty()) out = a.question.empty() ? r_.bundle : a.question;
    if (a.time) out += ", " + base::format_rfc3339(*a.time);
    return base::printable(out, 240);
  }

  std::string sureness(const model::RootCause& cause) const {
    const auto* next = static_cast<const model::Hypothesis*>(nullptr);
    for (const auto& h : r_.hypotheses) {
      if (h.entity == cause.entity) continue;
      next = &h;
      break;
    }
    std::string out = fmt::format("{:.0f} %", cause.probability * 100);
    if (next != nullptr) {
      out += language_ == Language::kJapanese
                 ? fmt::format("（次点: {} {:.0f} %）", t(next->title), next->place_probability * 100)
                 : fmt::format(" (next: {}, {:.0f} %)", t(next->title), next->place_probability * 100);
    }
    return out;
  }

  void chain() {
    for (const auto& cause : r_.root_causes) {
      if (cause.chain.empty()) continue;
      page_.heading(t(kWords.chain));
      int depth = 0;
      for (const auto& link : cause.chain) {
        page_.item(fmt::format("{}: {}", base::printable(link.entity, 160), t(link.what)), depth);
        for (const auto& id : link.observations)
          page_.item(fmt::format("{} [{}]", statement(id), evidence_of(id)), depth + 1);
        depth = std::min(depth + 1, 3);
      }
    }
  }

  void mitigation() {
    if (r_.root_causes.empty()) return;
    page_.heading(t(kWords.mitigation));
    const auto& m = r_.mitigation;
    if (!m.operational) {
      page_.paragraph(t(kWords.no_operation) + ": " + t(m.summary));
    } else {
      page_.paragraph(t(m.summary) + " " + t(m.temporary ? kWords.temporary : kWords.lasting));
    }
    for (const auto& step : m.steps) {
      std::string line = fmt::format("{}: {} — {}: {}", t(phase_word(step.phase)), t(step.effect),
                                     t(kWords.risk), t(step.risk));
      if (!step.reversible) line += " (" + t(kWords.irreversible) + ")";
      page_.item(line);
      page_.code(step.command);
    }
    if (!m.permanent_fix.empty()) page_.field(t(kWords.permanent), t(m.permanent_fix));
  }

  void spec() {
    if (r_.spec.requirements.empty()) return;
    page_.heading(t(kWords.spec));
    for (const auto& x : r_.spec.requirements) page_.item(t(x));
    for (const auto& x : r_.spec.acceptance) page_.item(t(kWords.acceptance) + ": " + t(x));
    for (const auto& x : r_.spec.files) page_.item(t(kWords.files) + ": " + base::printable(x, 200));
  }

  void hypotheses(std::size_t most) {
    std::size_t shown = 0;
    for (const auto& h : r_.hypotheses) {
      if (shown++ >= most) break;
      page_.item(fmt::format("{:.0f} % {}", h.probability * 100, t(h.title)));
      std::size_t lines = 0;
      for (const auto& e : h.supporting) {
        if (lines++ >= kShownLedger) break;
        page_.item(fmt::format("{} {:+.1f}: {}", t(kWords.in_favour), e.weight, statement(e.observation)), 1);
      }
      for (const auto& e : h.opposing) {
        if (lines++ >= kShownLedger + 2) break;
        page_.item(fmt::format("{} {:+.1f}: {}", t(kWords.against), e.weight, statement(e.observation)), 1);
      }
    }
  }

  void questions() {
    if (r_.next_questions.empty()) return;
    page_.heading(t(kWords.questions));
    for (const auto& q : r_.next_questions) page_.item(t(q));
  }

  void timeline() {
    if (r_.timeline.empty()) return;
    page_.heading(t(kWords.timeline));
    for (const auto& entry : r_.timeline)
      page_.item(fmt::format("{} {}", base::format_rfc3339(entry.time), t(entry.what)));
  }

  /// The evidence that the text above refers to.
  void evidence() {
    std::vector<std::string> wanted;
    for (const auto& cause : r_.root_causes)
      wanted.insert(wanted.end(), cause.explains.begin(), cause.explains.end());
    for (const auto& id : wanted) {
      const auto* s = find(id);
      if (s == nullptr) continue;
      for (const auto& e : s->observation.evidence) {
        page_.item(fmt::format("{} {} {} {}", e.id, e.source,
                               e.ref.line > 0 ? fmt::format("line {}", e.ref.line) : "", e.query));
      }
    }
  }

  const InvestigationRecord& r_;
  Language language_;
  Page& page_;
};

}  // namespace

std::string text_report(const InvestigationRecord& record, const TextReportOptions& options) {
  TerminalPage page(options.colour);
  Composer composer(record, options.language, page);
  composer.first_screen();
  if (options.details) composer.details();
  return page.take();
}

std::string markdown_report(const InvestigationRecord& record, Language language) {
  MarkdownPage page;
  Composer composer(record, language, page);
  composer.first_screen();
  composer.details();
  return page.take();
}

}  // namespace midwatch::report

#include "src/report/html_report.h"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/report/first_screen.h"
#include "src/report/html_style.h"
#include "src/report/record_view.h"
#include "src/report/series_chart.h"
#include "src/report/words.h"

namespace midwatch::report {
namespace {

using model::InvestigationRecord;
using model::Text;

constexpr std::size_t kShownHypotheses = 8;
constexpr std::size_t kShownLedger = 10;
constexpr std::size_t kShownMissing = 5;
constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();

/// Makes any text harmless: no markup, no control characters, no bidirectional overrides.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : base::printable(text, kUnbounded)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

class HtmlPage {
 public:
  explicit HtmlPage(const RecordView& view) : view_(view), r_(view.record()) {}

  std::string write() {
    out_ = fmt::format(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<meta name=\"color-scheme\" content=\"light dark\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\">"
        "<title>{}</title><style>{}</style></head><body><main>\n",
        view_.language() == model::Language::kJapanese ? "ja" : "en", plain(view_(r_.headline)),
        html_style());
    summary();
    charts();
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
    figures();
    out_ += "</main></body></html>\n";
    return std::move(out_);
  }

 private:
  std::string t(const Text& text) const { return plain(view_(text)); }
  void heading(const Text& text) { out_ += fmt::format("<h2>{}</h2>\n", t(text)); }
  void heading(const Text& text, const model::RootCause& cause) {
    out_ += fmt::format("<h2>{}</h2>\n", plain(view_.heading_of(text, cause)));
  }

  std::string link(const std::string& evidence) {
    if (evidence.empty()) return {};
    cited_.insert(evidence);
    return fmt::format(" <span class=\"ev\"><a href=\"#{0}\">{0}</a></span>", plain(evidence));
  }

  /// Links to the evidence of an observation.
  std::string links(const std::string& observation) {
    const auto ids = view_.evidence(observation);
    std::string out;
    for (const auto& id : ids) {
      cited_.insert(id);
      out += fmt::format("{}<a href=\"#{}\">{}</a>", out.empty() ? "" : " ", plain(id), plain(id));
    }
    return out.empty() ? out : fmt::format(" <span class=\"ev\">{}</span>", out);
  }
  std::string cited(const std::string& observation) {
    return plain(view_.statement(observation)) + links(observation);
  }

  void summary() {
    const FirstScreen screen = first_screen(view_);
    out_ += fmt::format("<span class=\"badge {}\">{}</span><h1>{}</h1><dl class=\"card\">\n",
                        to_string(r_.outcome), plain(view_.outcome()), t(r_.headline));
    for (const auto& f : screen.fields) {
      out_ += fmt::format("<dt>{}</dt><dd>{}", plain(f.label), plain(f.text));
      if (!f.items.empty()) {
        out_ += "<ul>";
        for (const auto& item : f.items) out_ += "<li>" + plain(item.text) + link(item.evidence) + "</li>";
        out_ += "</ul>";
      }
      if (!f.command.empty()) out_ += fmt::format("<pre>{}</pre>", plain(f.command));
      out_ += "</dd>\n";
    }
    out_ += "</dl>\n";
  }

  void legend(const ChartAxis& axis, bool band) {
    out_ += "<p class=\"legend\">";
    const auto entry = [&](const char* kind, const Text& word) {
      out_ += fmt::format("<span><i class=\"l-{}\"></i>{}</span>", kind, t(word));
    };
    if (band) entry("band", kWords.ordinary_range);
    entry("onset", kWords.onset);
    if (axis.alarm) entry("alarm", kWords.alarm);
    const bool changes = std::any_of(axis.changes.begin(), axis.changes.end(), [&](auto time) {
      return axis.range.start <= time && time <= axis.range.end;
    });
    if (changes) entry("change", kWords.change);
    out_ += "</p>\n";
  }

  void charts() {
    if (r_.charts.empty()) return;
    heading(kWords.charts);
    const ChartAxis axis = chart_axis(r_);
    legend(axis, std::any_of(r_.charts.begin(), r_.charts.end(),
                             [](const auto& c) { return c.baseline_low.has_value(); }));
    out_ += "<div class=\"charts\">\n";
    for (const auto& chart : r_.charts) {
      const ChartScale scale = chart_scale(chart);
      out_ += fmt::format(
          "<figure><figcaption><strong>{}</strong> {}</figcaption><div class=\"plot\"><span "
          "class=\"top\">{}</span>"
          "<span class=\"low\">{}</span>{}</div><figcaption class=\"soft\">{}{}</figcaption></figure>\n",
          plain(view_.name(chart.entity)),
          plain(chart.key.metric + (chart.key.stat.empty() ? "" : " " + chart.key.stat)),
          plain(base::group_digits(base::format_quantity(scale.high, chart.unit))),
          plain(base::group_digits(base::format_quantity(scale.low, chart.unit))), series_chart(chart, axis),
          t(chart.title), links(chart.observation));
    }
    out_ += "</div><div class=\"axis\">";
    const auto middle = axis.range.start + axis.range.length() / 2;
    for (const auto time : {axis.range.start, middle, axis.range.end})
      out_ += "<span>" + RecordView::when(time) + "</span>";
    out_ += "</div>\n";
  }

  void chain() {
    for (const auto& cause : r_.root_causes) {
      heading(kWords.chain, cause);
      out_ += "<ol class=\"chain\">";
      for (const auto& link : cause.chain) {
        out_ += fmt::format("<li><strong>{}</strong>", plain(view_.link(link)));
        if (!link.observations.empty()) {
          out_ += "<ul>";
          for (const auto& id : link.observations) out_ += "<li>" + cited(id) + "</li>";
          out_ += "</ul>";
        }
        out_ += "</li>\n";
      }
      out_ += "</ol>\n";
    }
  }

  void mitigation() {
    for (const auto& cause : r_.root_causes) {
      heading(kWords.mitigation, cause);
      plan(cause.mitigation);
    }
  }

  void plan(const model::MitigationPlan& m) {
    out_ += fmt::format("<p>{}</p>", t(m.summary));
    if (m.operational)
      out_ += fmt::format("<p><strong>{}</strong></p>", t(m.temporary ? kWords.temporary : kWords.lasting));
    if (!m.steps.empty()) {
      out_ += "<ol>";
      for (const auto& step : m.steps) {
        out_ += fmt::format(
            "<li><strong>{}</strong>: {} <span class=\"soft\">— {}: {}{}</span><pre>{}</pre></li>\n",
            t(word_of(step.phase)), t(step.effect), t(kWords.risk), t(step.risk),
            step.reversible ? "" : " (" + t(kWords.irreversible) + ")", plain(step.command));
      }
      out_ += "</ol>";
    }
    if (!m.permanent_fix.empty())
      out_ += fmt::format("<p><strong>{}</strong>: {}</p>\n", t(kWords.permanent), t(m.permanent_fix));
  }

  void list(const Text& title, const std::vector<Text>& items) {
    if (items.empty()) return;
    out_ += fmt::format("<h3>{}</h3><ul>", t(title));
    for (const auto& item : items) out_ += "<li>" + t(item) + "</li>";
    out_ += "</ul>\n";
  }

  void spec() {
    for (const auto& cause : r_.root_causes) {
      if (cause.spec.requirements.empty()) continue;
      heading(kWords.spec, cause);
      list(kWords.requirements, cause.spec.requirements);
      list(kWords.acceptance, cause.spec.acceptance);
      if (cause.spec.files.empty()) continue;
      out_ += fmt::format("<h3>{}</h3><ul>", t(kWords.files));
      for (const auto& file : cause.spec.files) out_ += fmt::format("<li><code>{}</code></li>", plain(file));
      out_ += "</ul>\n";
    }
  }

  void ledger(const std::vector<model::LedgerEntry>& entries, const Text& word, const char* style) {
    for (std::size_t k = 0; k < std::min(entries.size(), kShownLedger); ++k) {
      out_ += fmt::format("<tr><td class=\"key {}\">{} {:+.1f}</td><td>{}</td></tr>", style, t(word),
                          entries[k].weight, cited(entries[k].observation));
    }
  }

  void hypotheses() {
    if (r_.hypotheses.empty() || r_.outcome == model::Outcome::kNothingWrong) return;
    heading(kWords.hypotheses);
    for (const auto* hypothesis : view_.shown_hypotheses(kShownHypotheses)) {
      const auto& h = *hypothesis;
      out_ += fmt::format(
          "<details{}><summary><span class=\"bar\"><b style=\"width:{:.0f}%\"></b></span>{} "
          "{}</summary>"
          "<table class=\"stack\">",
          h.rank == 1 && r_.outcome == model::Outcome::kInconclusive ? " open" : "", h.probability * 100,
          h.excluded ? t(kWords.ruled_out) + ":" : fmt::format("{:.0f} %", h.probability * 100), t(h.title));
      ledger(h.supporting, kWords.in_favour, "good");
      ledger(h.opposing, kWords.against, "bad");
      for (std::size_t k = 0; k < std::min(h.missing.size(), kShownMissing); ++k) {
        const auto& m = h.missing[k];
        out_ += fmt::format("<tr><td class=\"key soft\">{} {:+.1f}</td><td>{}</td></tr>", t(kWords.missing),
                            m.weight, m.what.empty() ? plain(m.sign) : t(m.what));
      }
      out_ += "</table></details>\n";
    }
  }

  void steering() {
    if (r_.steering.empty()) return;
    heading(kWords.steering);
    out_ += "<ul>";
    for (const auto& directive : r_.steering) out_ += "<li>" + plain(view_.directive(directive)) + "</li>";
    out_ += "</ul>\n";
  }

  void ruled_out() {
    if (r_.ruled_out.empty()) return;
    heading(kWords.ruled_out);
    out_ += "<ul>";
    for (const auto& x : r_.ruled_out) {
      out_ += fmt::format("<li>{} — {}", t(x.title), t(x.because));
      if (!x.observation.empty())
        out_ += fmt::format("<br><span class=\"soft\">{}</span>", cited(x.observation));
      out_ += "</li>";
    }
    out_ += "</ul>\n";
  }

  void questions() {
    if (r_.next_questions.empty()) return;
    heading(kWords.questions);
    out_ += "<ol>";
    for (const auto& q : r_.next_questions) {
      out_ += "<li>" + plain(view_.question(q));
      if (!q.query.empty()) out_ += "<pre>" + plain(q.query) + "</pre>";
      out_ += "</li>";
    }
    out_ += "</ol>\n";
  }

  void timeline() {
    if (r_.timeline.empty()) return;
    heading(kWords.timeline);
    out_ += "<table class=\"stack\">";
    for (const auto& entry : r_.timeline) {
      out_ += fmt::format("<tr><td class=\"when soft\">{}</td><td>{}{}</td></tr>\n",
                          RecordView::when(entry.time), t(entry.what), links(entry.observation));
    }
    out_ += "</table>\n";
  }

  void gaps() {
    if (r_.gaps.empty()) return;
    heading(kWords.gaps);
    out_ += "<ul>";
    for (const auto& gap : r_.gaps) out_ += "<li>" + plain(view_.gap(gap)) + "</li>";
    out_ += "</ul>\n";
  }

  void evidence_rows(bool of_cited) {
    std::set<std::string> written;
    out_ += "<table class=\"stack\">";
    for (const auto& s : r_.observations) {
      for (const auto& e : s.observation.evidence) {
        if (cited_.contains(e.id) != of_cited || !written.insert(e.id).second) continue;
        out_ += fmt::format(
            "<tr id=\"{0}\"><td class=\"key\"><code>{0}</code></td><td>{1}<br><span "
            "class=\"soft\">{2}</span>",
            plain(e.id), t(s.statement), plain(view_.place(e)));
        if (!e.excerpt.empty()) out_ += "<br>" + quoted(s.observation, e);
        out_ += "</td></tr>\n";
      }
    }
    out_ += "</table>\n";
  }

  /// What a record says; lines of a diff stand below each other, marked by what happened to them.
  static std::string quoted(const model::Observation& o, const model::Evidence& e) {
    if (!o.type.starts_with("change.") || e.excerpt.find("\\n") == std::string::npos)
      return "<code>" + plain(e.excerpt) + "</code>";
    std::string out = "<pre class=\"diff\">";
    std::string_view rest = e.excerpt;
    while (!rest.empty()) {
      const std::size_t end = rest.find("\\n");
      const std::string_view line = rest.substr(0, end);
      const char* style = line.starts_with('+') ? "good" : line.starts_with('-') ? "bad" : "soft";
      out += fmt::format("<span class=\"{}\">{}</span>\n", style, plain(line));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 2);
    }
    return out + "</pre>";
  }

  void evidence() {
    if (!cited_.empty()) {
      heading(kWords.evidence);
      evidence_rows(true);
    }
    std::size_t others = 0;
    for (const auto& s : r_.observations) {
      for (const auto& e : s.observation.evidence) others += cited_.contains(e.id) ? 0 : 1;
    }
    if (others == 0) return;
    out_ += fmt::format(
        "<details><summary>{}</summary>",
        plain(view_.say(fmt::format("{} further observations that nothing above refers to", others),
                        fmt::format("上では参照していない観測 {} 件", others))));
    evidence_rows(false);
    out_ += "</details>\n";
  }

  void figures() {
    heading(kWords.figures);
    out_ += fmt::format("<p class=\"soft\">{} · {}{}</p>\n", plain(view_.looked_at()),
                        base::format_quantity(static_cast<double>(r_.stats.bytes), "By"),
                        r_.stats.malformed == 0
                            ? std::string()
                            : plain(view_.say(fmt::format(" · {} malformed records", r_.stats.malformed),
                                              fmt::format(" · 不正な記録 {} 件", r_.stats.malformed))));
  }

  const RecordView& view_;
  const InvestigationRecord& r_;
  std::string out_;
  std::set<std::string> cited_;
};

}  // namespace

std::string html_report(const InvestigationRecord& record, model::Language language) {
  const RecordView view(record, language);
  return HtmlPage(view).write();
}

}  // namespace midwatch::report

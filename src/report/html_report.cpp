#include "src/report/html_report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/report/series_chart.h"
#include "src/report/words.h"

namespace midwatch::report {
namespace {

using model::InvestigationRecord;
using model::Language;
using model::Text;

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#59636e;--line:#d1d9e0;--card:#f6f8fa;--accent:#0a62c9;--bad:#c4232b;--band:#0a62c922;--good:#1a7f37}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9aa4af;--line:#30363d;--card:#161b22;--accent:#58a6ff;--bad:#ff7b72;--band:#58a6ff2b;--good:#56d364}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.55 system-ui,"Hiragino Sans","Noto Sans CJK JP",sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.2rem}h1{font-size:1.45rem;line-height:1.3;margin:.2rem 0 .8rem}h2{font-size:1.05rem;margin:1.6rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem;margin:0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
ul,ol{padding-left:1.2rem;margin:.3rem 0}li{margin:.2rem 0;overflow-wrap:anywhere}code,pre{font:13px/1.45 ui-monospace,Menlo,Consolas,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;overflow-x:auto;margin:.3rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;margin:.6rem 0}.soft{color:var(--soft)}.bad{color:var(--bad)}.good{color:var(--good)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:.8rem}figure{margin:0}figcaption{font-size:.85rem;color:var(--soft);overflow-wrap:anywhere}
svg{width:100%;height:auto;display:block}svg text{fill:var(--soft);font-size:11px}table{border-collapse:collapse;width:100%;font-size:.9rem;display:block;overflow-x:auto}td,th{border-bottom:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
a{color:var(--accent)}.id{font-size:.8rem}:target{outline:2px solid var(--accent)}
@media(max-width:40rem){dl{grid-template-columns:1fr}dt{margin-top:.3rem}}
)css";

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
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

class Page {
 public:
  Page(const InvestigationRecord& record, Language language) : r_(record), language_(language) {}

  std::string write() {
    out_ = fmt::format(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src "
        "'unsafe-inline'\"><title>{}</title><style>{}</style></head><body>"
        "<main>",
        language_ == Language::kJapanese ? "ja" : "en", t(r_.headline), kStyle);
    summary();
    charts();
    chain();
    mitigation();
    spec();
    hypotheses();
    ruled_out();
    list(kWords.questions, r_.next_questions);
    timeline();
    gaps();
    evidence();
    out_ += "</main></body></html>\n";
    return std::move(out_);
  }

 private:
  std::string t(const Text& text) const { return escape(text.in(language_)); }
  void heading(const Text& text) { out_ += fmt::format("<h2>{}</h2>", t(text)); }
  void term(const Text& name, const std::string& html) {
    out_ += fmt::format("<dt>{}</dt><dd>{}</dd>", t(name), html);
  }

  const model::StatedObservation* find(const std::string& id) const {
    for (const auto& s : r_.observations) {
      if (s.observation.id == id) return &s;
    }
    return nullptr;
  }

  std::string links(const std::string& id) const {
    const auto* s = find(id);
    std::string out;
    if (s == nullptr) return out;
    for (const auto& e : s->observation.evidence)
      out += fmt::format(" <a class=\"id\" href=\"#{0}\">{0}</a>", escape(e.id));
    return out;
  }

  std::string stated(const std::string& id) const {
    const auto* s = find(id);
    return s == nullptr ? escape(id) : t(s->statement) + links(id);
  }

  void summary() {
    out_ += fmt::format("<h1>{}</h1><div class=\"card\"><dl>", t(r_.headline));
    const auto& a = r_.scope.alarm;
    std::string alarm = a.name.empty() ? a.metric : a.name;
    if (!a.entity.empty()) alarm += (alarm.empty() ? "" : " @ ") + a.entity;
    if (alarm.empty()) alarm = a.question.empty() ? r_.bundle : a.question;
    if (a.time) alarm += ", " + base::format_rfc3339(*a.time);
    term(kWords.alarm, escape(alarm));
    for (const auto& cause : r_.root_causes) {
      std::string where = escape(cause.entity);
      if (!cause.location.empty()) where += " — <code>" + escape(cause.location) + "</code>";
      if (!cause.change.empty()) where += " — <code>" + escape(cause.change) + "</code>";
      term(kWords.where, where);
      term(kWords.since, cause.onset ? base::format_rfc3339(*cause.onset) : t(kWords.unknown));
      term(kWords.why, t(cause.why));
      term(kWords.how_sure, fmt::format("{:.0f} %", cause.probability * 100));
    }
    if (!r_.root_causes.empty()) term(kWords.now, t(r_.mitigation.summary));
    if (!r_.impact.how_much.empty()) term(kWords.impact, t(r_.impact.how_much));
    out_ += "</dl></div>";
  }

  void charts() {
    if (r_.charts.empty()) return;
    heading(kWords.charts);
    out_ += "<div class=\"charts\">";
    std::vector<base::Timestamp> changes;
    for (const auto& entry : r_.timeline) {
      if (entry.kind == "change") changes.push_back(entry.time);
    }
    for (const auto& chart : r_.charts) {
      out_ += fmt::format("<figure class=\"card\">{}<figcaption>{}{}</figcaption></figure>",
                          series_chart(chart, changes, r_.scope.alarm.time), t(chart.title),
                          links(chart.observation));
    }
    out_ += "</div>";
  }

  void chain() {
    for (const auto& cause : r_.root_causes) {
      heading(kWords.chain);
      out_ += "<ol>";
      for (const auto& link : cause.chain) {
        out_ += fmt::format("<li><strong>{}</strong>: {}<ul>", escape(link.entity), t(link.what));
        for (const auto& id : link.observations) out_ += "<li>" + stated(id) + "</li>";
        out_ += "</ul></li>";
      }
      out_ += "</ol>";
    }
  }

  const Text& phase(model::MitigationPhase p) const {
    switch (p) {
      case model::MitigationPhase::kPrepare:
        return kWords.prepare;
      case model::MitigationPhase::kPreValidate:
        return kWords.pre_validate;
      case model::MitigationPhase::kApply:
        return kWords.apply;
      case model::MitigationPhase::kPostValidate:
        return kWords.post_validate;
      case model::MitigationPhase::kRollback:
        break;
    }
    return kWords.rollback;
  }

  void mitigation() {
    if (r_.root_causes.empty()) return;
    heading(kWords.mitigation);
    const auto& m = r_.mitigation;
    out_ += "<p>";
    if (!m.operational) out_ += t(kWords.no_operation) + ": ";
    out_ += t(m.summary);
    if (m.operational) out_ += " " + t(m.temporary ? kWords.temporary : kWords.lasting);
    out_ += "</p><ol>";
    for (const auto& step : m.steps) {
      out_ += fmt::format("<li>{}: {} <span class=\"soft\">{}: {}{}</span><pre>{}</pre></li>",
                          t(phase(step.phase)), t(step.effect), t(kWords.risk), t(step.risk),
                          step.reversible ? "" : " (" + t(kWords.irreversible) + ")", escape(step.command));
    }
    out_ += "</ol>";
    if (!m.permanent_fix.empty())
      out_ += fmt::format("<p><strong>{}</strong>: {}</p>", t(kWords.permanent), t(m.permanent_fix));
  }

  void spec() {
    if (r_.spec.requirements.empty()) return;
    list(kWords.requirements, r_.spec.requirements);
    list(kWords.acceptance, r_.spec.acceptance);
  }

  void list(const Text& title, const std::vector<Text>& items) {
    if (items.empty()) return;
    heading(title);
    out_ += "<ul>";
    for (const auto& item : items) out_ += "<li>" + t(item) + "</li>";
    out_ += "</ul>";
  }

  void hypotheses() {
    if (r_.hypotheses.empty() || r_.outcome == model::Outcome::kNothingWrong) return;
    heading(kWords.alternatives);
    for (std::size_t i = 0; i < std::min<std::size_t>(r_.hypotheses.size(), 8); ++i) {
      const auto& h = r_.hypotheses[i];
      out_ += fmt::format("<details{}><summary>{:.0f} % {}</summary><table>", i == 0 ? " open" : "",
                          h.probability * 100, t(h.title));
      const auto rows = [&](const std::vector<model::LedgerEntry>& entries, const Text& word,
                            const char* style) {
        for (std::size_t k = 0; k < std::min<std::size_t>(entries.size(), 10); ++k) {
          out_ += fmt::format("<tr><td class=\"{}\">{} {:+.1f}</td><td>{}</td></tr>", style, t(word),
                              entries[k].weight, stated(entries[k].observation));
        }
      };
      rows(h.supporting, kWords.in_favour, "good");
      rows(h.opposing, kWords.against, "bad");
      for (std::size_t k = 0; k < std::min<std::size_t>(h.missing.size(), 5); ++k) {
        out_ += fmt::format("<tr><td class=\"soft\">{} {:+.1f}</td><td><code>{}</code> {}</td></tr>",
                            t(kWords.missing), h.missing[k].weight, escape(h.missing[k].sign),
                            t(h.missing[k].what));
      }
      out_ += "</table></details>";
    }
  }

  void ruled_out() {
    if (r_.ruled_out.empty()) return;
    heading(kWords.ruled_out);
    out_ += "<ul>";
    for (const auto& x : r_.ruled_out)
      out_ += fmt::format("<li>{} — {}{}</li>", t(x.title), t(x.because), links(x.observation));
    out_ += "</ul>";
  }

  void timeline() {
    if (r_.timeline.empty()) return;
    heading(kWords.timeline);
    out_ += "<table>";
    for (const auto& entry : r_.timeline)
      out_ += fmt::format("<tr><td><code>{}</code></td><td>{}</td></tr>", base::format_rfc3339(entry.time),
                          t(entry.what));
    out_ += "</table>";
  }

  void gaps() {
    if (r_.gaps.empty()) return;
    heading(kWords.gaps);
    out_ += "<ul>";
    for (const auto& gap : r_.gaps) out_ += "<li>" + t(gap.what) + "</li>";
    out_ += "</ul>";
  }

  /// What a record says; lines of a diff stand below each other, marked by what happened to them.
  static std::string quoted(const model::Observation& o, const model::Evidence& e) {
    if (!o.type.starts_with("change.") || e.excerpt.find("\\n") == std::string::npos)
      return "<code>" + escape(e.excerpt) + "</code>";
    std::string out = "<pre class=\"diff\">";
    std::string_view rest = e.excerpt;
    while (!rest.empty()) {
      const std::size_t end = rest.find("\\n");
      const std::string_view line = rest.substr(0, end);
      const char* style = line.starts_with('+') ? "good" : line.starts_with('-') ? "bad" : "soft";
      out += fmt::format("<span class=\"{}\">{}</span>\n", style, escape(line));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 2);
    }
    return out + "</pre>";
  }

  void evidence() {
    heading(kWords.evidence);
    out_ += "<table>";
    std::vector<std::string> written;
    for (const auto& s : r_.observations) {
      for (const auto& e : s.observation.evidence) {
        if (std::find(written.begin(), written.end(), e.id) != written.end()) continue;
        written.push_back(e.id);
        out_ += fmt::format(
            "<tr id=\"{0}\"><td><code>{0}</code></td><td>{1}<br><span class=\"soft\">{2}{3}</span><br>"
            "{4}</td></tr>",
            escape(e.id), t(s.statement), escape(e.source),
            e.ref.line > 0 ? fmt::format(":{}", e.ref.line) : "", quoted(s.observation, e));
      }
    }
    out_ += "</table>";
  }

  const InvestigationRecord& r_;
  Language language_;
  std::string out_;
};

}  // namespace

std::string html_report(const InvestigationRecord& record, Language language) {
  return Page(record, language).write();
}

}  // namespace midwatch::report

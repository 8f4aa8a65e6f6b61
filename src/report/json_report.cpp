#include "src/report/json_report.h"

#include <set>

#include <nlohmann/json.hpp>

#include "src/base/quantity.h"

namespace midwatch::report {
namespace {

using base::Json;
using model::Language;

/// Reports print this many significant digits.
constexpr int kDigits = 5;

double rounded(double value) {
  return base::round_significant(value, kDigits);
}

Json time_json(const std::optional<base::Timestamp>& time) {
  return time ? Json(base::format_rfc3339(*time)) : Json(nullptr);
}

Json range_json(const std::optional<base::TimeRange>& range) {
  if (!range) return nullptr;
  return {{"start", base::format_rfc3339(range->start)}, {"end", base::format_rfc3339(range->end)}};
}

class Writer {
 public:
  Writer(const model::InvestigationRecord& record, Language language) : r_(record), language_(language) {}

  Json write() const {
    Json out;
    out["format"] = "midwatch.report/v1";
    out["id"] = r_.id;
    out["bundle"] = r_.bundle;
    out["started"] = base::format_rfc3339(r_.started);
    out["duration_ms"] = rounded(base::to_seconds(r_.stats.wall) * 1000);
    out["outcome"] = to_string(r_.outcome);
    out["headline"] = text(r_.headline);
    out["language"] = language_ == Language::kJapanese ? "ja" : "en";
    out["names"] = names();
    out["root_causes"] = each(r_.root_causes, [this](const auto& c) { return root_cause(c); });
    out["hypotheses"] = each(r_.hypotheses, [this](const auto& h) { return hypothesis(h); });
    out["observations"] = each(r_.observations, [this](const auto& o) { return observation(o); });
    out["evidence"] = evidence();
    out["ruled_out"] = each(r_.ruled_out, [this](const auto& x) {
      Json j{{"entity", x.entity},         {"mode", x.mode},
             {"change", x.change},         {"title", text(x.title)},
             {"because", text(x.because)}, {"observation", x.observation}};
      if (x.excluded) j["excluded"] = speaker(*x.excluded);
      return j;
    });
    if (!r_.steering.empty())
      out["steering"] = each(r_.steering, [this](const auto& d) { return directive(d); });
    out["window"] = range_json(r_.scope.window);
    out["gaps"] = each(r_.gaps, [this](const auto& g) {
      return Json{
          {"what", text(g.what)}, {"query", g.query}, {"source", g.source}, {"window", range_json(g.window)}};
    });
    out["next_questions"] = each(r_.next_questions, [this](const auto& q) {
      Json j{{"entity", q.entity},   {"mode", q.mode},          {"signal", q.signal},
             {"what", text(q.what)}, {"bits", rounded(q.bits)}, {"window", range_json(q.window)}};
      if (!q.query.empty()) j["query"] = q.query;
      return j;
    });
    out["looked_at"] = each(r_.looked, [](const auto& looked) {
      return Json{{"signal", looked.signal}, {"records", looked.records}};
    });
    out["impact"] = impact();
    out["timeline"] = each(r_.timeline, [this](const auto& t) {
      Json j{{"time", base::format_rfc3339(t.time)},
             {"kind", t.kind},
             {"entity", t.entity},
             {"what", text(t.what)}};
      if (!t.observation.empty()) j["observation"] = t.observation;
      if (!t.change.empty()) j["change"] = t.change;
      return j;
    });
    out["charts"] = each(r_.charts, [this](const auto& c) { return chart(c); });
    out["mitigation"] = mitigation(r_.mitigation);
    out["spec"] = spec(r_.spec);
    out["stats"] = stats();
    return out;
  }

 private:
  const std::string& text(const model::Text& t) const { return t.in(language_); }

  template <class Items, class Each>
  static Json each(const Items& items, Each convert) {
    Json out = Json::array();
    for (const auto& item : items) out.push_back(convert(item));
    return out;
  }

  Json root_cause(const model::RootCause& c) const {
    Json j{{"entity", c.entity},     {"mode", c.mode},     {"kind", c.kind},
           {"title", text(c.title)}, {"why", text(c.why)}, {"probability", rounded(c.probability)}};
    if (const auto known = r_.names.find(c.entity); known != r_.names.end()) j["name"] = known->second.name;
    if (!c.change.empty()) j["change"] = c.change;
    if (c.onset) j["onset"] = time_json(c.onset);
    if (!c.location.empty()) j["location"] = c.location;
    j["explains"] = c.explains;
    j["chain"] = each(c.chain, [this](const auto& link) {
      return Json{{"entity", link.entity}, {"what", text(link.what)}, {"observations", link.observations}};
    });
    if (r_.root_causes.size() > 1) {
      j["mitigation"] = mitigation(c.mitigation);
      j["spec"] = spec(c.spec);
    }
    return j;
  }

  Json names() const {
    Json out = Json::object();
    for (const auto& [entity, known] : r_.names) out[entity] = {{"name", known.name}, {"type", known.type}};
    return out;
  }

  Json hypothesis(const model::Hypothesis& h) const {
    Json j{
        {"rank", h.rank}, {"entity", h.entity}, {"mode", h.mode}, {"kind", h.kind}, {"title", text(h.title)}};
    if (!h.metric.empty()) j["metric"] = h.metric;
    if (!h.change.empty()) j["change"] = h.change;
    j["probability"] = rounded(h.probability);
    j["log_odds"] = rounded(h.log_odds);
    j["status"] = to_string(h.status);
    if (h.excluded) j["excluded"] = speaker(*h.excluded);
    const auto ledger = [](const std::vector<model::LedgerEntry>& entries) {
      return each(entries, [](const auto& e) {
        return Json{{"observation", e.observation}, {"weight", rounded(e.weight)}};
      });
    };
    j["for"] = ledger(h.supporting);
    j["against"] = ledger(h.opposing);
    j["context"] = each(h.context, [this](const auto& c) {
      return Json{{"what", text(c.what)}, {"weight", rounded(c.weight)}};
    });
    j["missing"] = each(h.missing, [this](const auto& m) {
      Json x{{"sign", m.sign}, {"weight", rounded(m.weight)}};
      if (!m.what.empty()) x["what"] = text(m.what);
      return x;
    });
    return j;
  }

  static Json speaker(const model::Speaker& s) {
    return {{"by", s.by}, {"time", base::format_rfc3339(s.time)}};
  }

  Json directive(const model::Directive& d) const {
    Json j = speaker(d.speaker);
    j["action"] = to_string(d.action);
    j["said"] = d.said;
    j["meaning"] = text(d.meaning);
    if (d.window) j["window"] = range_json(d.window);
    return j;
  }

  Json observation(const model::StatedObservation& s) const {
    const model::Observation& o = s.observation;
    Json j{{"id", o.id}, {"entity", o.entity}, {"type", o.type}, {"statement", text(s.statement)}};
    if (o.onset) j["onset"] = time_json(o.onset);
    if (o.value) j["value"] = rounded(*o.value);
    if (o.baseline) j["baseline"] = rounded(*o.baseline);
    if (!o.unit.empty()) j["unit"] = o.unit;
    j["subject"] = o.subject;
    j["strength"] = rounded(o.strength);
    if (!o.change.empty()) j["change"] = o.change;
    j["facts"] = o.facts;
    j["evidence"] = each(o.evidence, [](const auto& e) { return Json(e.id); });
    return j;
  }

  static Json locator(const model::Evidence& e) {
    Json j;
    switch (e.kind) {
      case model::EvidenceKind::kRecord:
        j["kind"] = "record";
        break;
      case model::EvidenceKind::kSeries:
        j["kind"] = "series";
        break;
      case model::EvidenceKind::kLines:
        j["kind"] = "lines";
        break;
      case model::EvidenceKind::kSpans:
        j["kind"] = "spans";
        break;
      case model::EvidenceKind::kAbsence:
        j["kind"] = "absence";
        break;
    }
    if (e.ref.line > 0) j["line"] = e.ref.line;
    if (!e.series.metric.empty()) {
      j["metric"] = e.series.metric;
      j["stat"] = e.series.stat;
      j["unit"] = e.series.unit;
      j["dimensions"] = Json::object();
      for (const auto& [name, value] : e.series.dimensions) j["dimensions"][name] = value;
    }
    if (!e.pattern.empty()) j["pattern"] = e.pattern;
    if (!e.attributes.empty()) j["attributes"] = e.attributes;
    if (e.count > 0) j["count"] = e.count;
    return j;
  }

  Json evidence() const {
    Json out = Json::array();
    std::set<std::string> written;
    for (const auto& s : r_.observations) {
      for (const auto& e : s.observation.evidence) {
        if (!written.insert(e.id).second) continue;
        Json j{{"id", e.id},         {"source", e.source},
               {"query", e.query},   {"window", range_json(e.window)},
               {"entity", e.entity}, {"excerpt", e.excerpt},
               {"digest", e.digest}};
        if (!e.link.empty()) j["link"] = e.link;
        j["locator"] = locator(e);
        out.push_back(std::move(j));
      }
    }
    return out;
  }

  Json chart(const model::Chart& c) const {
    Json points = Json::array();
    for (const auto& point : c.points)
      points.push_back({base::format_rfc3339(point.time), rounded(point.value)});
    return {{"title", text(c.title)},
            {"entity", c.entity},
            {"metric", c.key.metric},
            {"unit", c.unit},
            {"baseline_low", c.baseline_low ? Json(rounded(*c.baseline_low)) : Json()},
            {"baseline_high", c.baseline_high ? Json(rounded(*c.baseline_high)) : Json()},
            {"onset", time_json(c.onset)},
            {"observation", c.observation},
            {"points", std::move(points)}};
  }

  Json impact() const {
    return {{"entities", r_.impact.entities},       {"paths", r_.impact.paths},
            {"from", time_json(r_.impact.from)},    {"until", time_json(r_.impact.until)},
            {"how_much", text(r_.impact.how_much)}, {"observation", r_.impact.observation}};
  }

  Json mitigation(const model::MitigationPlan& m) const {
    return {{"kind", m.operational ? "operational" : "none"},
            {"summary", text(m.summary)},
            {"steps", each(m.steps,
                           [this](const auto& s) {
                             return Json{{"phase", to_string(s.phase)},
                                         {"command", s.command},
                                         {"effect", text(s.effect)},
                                         {"risk", text(s.risk)},
                                         {"reversible", s.reversible}};
                           })},
            {"temporary", m.temporary},
            {"permanent_fix", text(m.permanent_fix)}};
  }

  Json spec(const model::ChangeSpec& s) const {
    const auto texts = [this](const auto& list) {
      return each(list, [this](const auto& t) { return Json(text(t)); });
    };
    return {{"problem", text(s.problem)},
            {"requirements", texts(s.requirements)},
            {"acceptance", texts(s.acceptance)},
            {"files", s.files}};
  }

  Json stats() const {
    const model::Statistics& s = r_.stats;
    return {{"queries", s.queries},
            {"records", s.records},
            {"bytes", s.bytes},
            {"malformed", s.malformed},
            {"wall_ms", rounded(base::to_seconds(s.wall) * 1000)},
            {"cpu_ms", rounded(base::to_seconds(s.cpu) * 1000)},
            {"model_tokens", s.model_tokens}};
  }

  const model::InvestigationRecord& r_;
  Language language_;
};

}  // namespace

base::Json json_report(const model::InvestigationRecord& record, model::Language language) {
  return Writer(record, language).write();
}

}  // namespace midwatch::report

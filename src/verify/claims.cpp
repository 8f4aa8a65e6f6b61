#include "src/verify/claims.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/try.h"

namespace midwatch::verify {
namespace {

using base::Json;

constexpr std::string_view kFormat = "midwatch.report/v1";

/// Reads members of one object and remembers the first that is missing or of the wrong type.
class Member {
 public:
  Member(const Json& object, std::string path, std::string& wrong)
      : object_(object), path_(std::move(path)), wrong_(wrong) {
    if (!object.is_object()) complain("", "must be an object");
  }

  std::string text(const char* name) const {
    const Json* value = find(name, true);
    return value == nullptr ? std::string() : text_of(*value, name);
  }
  std::string text_or_none(const char* name) const {
    const Json* value = find(name, false);
    return value == nullptr ? std::string() : text_of(*value, name);
  }
  double number(const char* name) const {
    const Json* value = find(name, true);
    if (value != nullptr && value->is_number()) return value->get<double>();
    if (value != nullptr) complain(name, "must be a number");
    return 0;
  }
  std::optional<double> number_or_none(const char* name) const {
    if (find(name, false) == nullptr) return std::nullopt;
    return number(name);
  }
  std::optional<base::Timestamp> time_or_none(const char* name) const {
    const std::string word = text_or_none(name);
    if (word.empty()) return std::nullopt;
    const auto time = base::parse_rfc3339(word);
    if (!time) complain(name, "must be an RFC 3339 time");
    return time;
  }
  std::vector<std::string> texts(const char* name) const {
    std::vector<std::string> out;
    each(name, [&](const Json& item, const std::string& path) {
      if (item.is_string()) {
        out.push_back(item.get<std::string>());
      } else {
        complain_at(path, "must be text");
      }
    });
    return out;
  }
  template <class Visit>
  void each(const char* name, Visit visit) const {
    const Json* list = find(name, true);
    if (list == nullptr) return;
    if (!list->is_array()) {
      complain(name, "must be a list");
      return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) visit((*list)[i], fmt::format("{}[{}]", at(name), i));
  }
  template <class Visit>
  void each_member(const char* name, Visit visit) const {
    each(name, [&](const Json& item, const std::string& path) { visit(Member(item, path, wrong_)); });
  }
  Member member(const char* name) const {
    const Json* value = find(name, true);
    return {value == nullptr ? nothing() : *value, at(name), wrong_};
  }
  void complain(const char* name, const char* what) const { complain_at(at(name), what); }
  const Json* find(const char* name, bool needed) const {
    const auto found = object_.find(name);
    if (object_.is_object() && found != object_.end() && !found->is_null()) return &*found;
    if (needed) complain(name, "is missing");
    return nullptr;
  }

 private:
  static const Json& nothing() {
    static const Json kNothing = Json::object();
    return kNothing;
  }
  std::string text_of(const Json& value, const char* name) const {
    if (value.is_string()) return value.get<std::string>();
    complain(name, "must be text");
    return {};
  }
  std::string at(const char* name) const { return path_.empty() ? name : path_ + "." + name; }
  void complain_at(const std::string& path, const char* what) const {
    if (wrong_.empty()) wrong_ = fmt::format("{} {}", path, what);
  }

  const Json& object_;
  std::string path_;
  std::string& wrong_;
};

std::optional<base::TimeRange> window_of(const Member& owner) {
  if (owner.find("window", false) == nullptr) return std::nullopt;
  const Member window = owner.member("window");
  const auto start = window.time_or_none("start");
  const auto end = window.time_or_none("end");
  if (!start || !end) return std::nullopt;
  return base::TimeRange{*start, *end};
}

model::EvidenceKind kind_of(const std::string& word) {
  if (word == "series") return model::EvidenceKind::kSeries;
  if (word == "lines") return model::EvidenceKind::kLines;
  if (word == "spans") return model::EvidenceKind::kSpans;
  if (word == "absence") return model::EvidenceKind::kAbsence;
  return model::EvidenceKind::kRecord;
}

model::Evidence evidence_of(const Member& m) {
  model::Evidence e;
  e.id = m.text("id");
  e.source = m.text("source");
  e.query = m.text("query");
  e.window = window_of(m);
  e.entity = m.text("entity");
  e.excerpt = m.text("excerpt");
  e.digest = m.text("digest");
  const Member locator = m.member("locator");
  e.kind = kind_of(locator.text("kind"));
  e.ref.line = static_cast<std::uint64_t>(locator.number_or_none("line").value_or(0));
  e.count = locator.number_or_none("count").value_or(0);
  e.pattern = locator.text_or_none("pattern");
  if (locator.find("attributes", false) != nullptr) e.attributes = locator.texts("attributes");
  e.series.entity = e.entity;
  e.series.metric = locator.text_or_none("metric");
  e.series.stat = locator.text_or_none("stat");
  e.series.unit = locator.text_or_none("unit");
  if (const Json* dimensions = locator.find("dimensions", false);
      dimensions != nullptr && dimensions->is_object()) {
    for (const auto& [name, value] : dimensions->items()) {
      if (value.is_string()) e.series.dimensions.emplace_back(name, value.get<std::string>());
    }
  }
  return e;
}

ClaimedObservation observation_of(const Member& m) {
  ClaimedObservation out;
  model::Observation& o = out.observation;
  o.id = m.text("id");
  o.entity = m.text("entity");
  o.type = m.text("type");
  o.subject = m.text("subject");
  o.strength = m.number("strength");
  o.onset = m.time_or_none("onset");
  o.value = m.number_or_none("value");
  o.baseline = m.number_or_none("baseline");
  o.unit = m.text_or_none("unit");
  o.change = m.text_or_none("change");
  if (const Json* facts = m.find("facts", true); facts != nullptr && facts->is_object()) {
    for (const auto& [name, value] : facts->items()) {
      if (value.is_string()) o.facts.emplace(name, value.get<std::string>());
    }
  }
  out.statement = m.text("statement");
  out.evidence = m.texts("evidence");
  return out;
}

ClaimedCause cause_of(const Member& m) {
  ClaimedCause cause;
  cause.entity = m.text("entity");
  cause.mode = m.text("mode");
  cause.title = m.text("title");
  cause.change = m.text_or_none("change");
  cause.location = m.text_or_none("location");
  cause.probability = m.number("probability");
  cause.onset = m.time_or_none("onset");
  cause.explains = m.texts("explains");
  m.each_member("chain", [&](const Member& link) {
    cause.chain.push_back({link.text("entity"), link.text("what"), link.texts("observations")});
  });
  return cause;
}

std::optional<ClaimedSpeaker> excluded_of(const Member& m) {
  if (m.find("excluded", false) == nullptr) return std::nullopt;
  const Member speaker = m.member("excluded");
  return ClaimedSpeaker{speaker.text("by"), speaker.text("time")};
}

ClaimedHypothesis hypothesis_of(const Member& m) {
  ClaimedHypothesis h;
  h.rank = static_cast<int>(m.number("rank"));
  h.entity = m.text("entity");
  h.mode = m.text("mode");
  h.title = m.text("title");
  h.change = m.text_or_none("change");
  h.status = m.text("status");
  h.probability = m.number("probability");
  h.excluded = excluded_of(m);
  m.each_member("for", [&](const Member& entry) { h.supporting.push_back(entry.text("observation")); });
  m.each_member("against", [&](const Member& entry) { h.opposing.push_back(entry.text("observation")); });
  return h;
}

void read_steps(const Member& mitigation, Claims& claims) {
  mitigation.each_member("steps", [&](const Member& step) {
    claims.steps.push_back({step.text("phase"), step.text("command")});
  });
}

void read_lists(const Member& m, Claims& claims) {
  m.each_member("root_causes", [&](const Member& item) {
    claims.causes.push_back(cause_of(item));
    // Where there are several causes, each has its own plan beside that of all.
    if (item.find("mitigation", false) != nullptr) read_steps(item.member("mitigation"), claims);
  });
  m.each_member("hypotheses", [&](const Member& item) { claims.hypotheses.push_back(hypothesis_of(item)); });
  m.each_member("observations",
                [&](const Member& item) { claims.observations.push_back(observation_of(item)); });
  m.each_member("evidence", [&](const Member& item) {
    model::Evidence e = evidence_of(item);
    const std::string id = e.id;
    if (!claims.evidence.emplace(id, std::move(e)).second) item.complain("id", "occurs twice");
  });
  m.each_member("ruled_out", [&](const Member& item) {
    claims.ruled_out.push_back({item.text("entity"), item.text("mode"), item.text_or_none("change"),
                                item.text("observation"), excluded_of(item)});
  });
  if (m.find("steering", false) != nullptr) {
    m.each_member("steering", [&](const Member& item) {
      const std::string action = item.text("action");
      if (action == "rule_out" || action == "planned_change")
        claims.steering.push_back({item.text("by"), item.text("time")});
    });
  }
  m.each_member("timeline", [&](const Member& item) {
    const auto time = item.time_or_none("time");
    claims.timeline.push_back({time.value_or(base::Timestamp{}), item.text("kind"), item.text("entity"),
                               item.text("what"), item.text_or_none("observation"),
                               item.text_or_none("change")});
  });
}

}  // namespace

base::Result<Claims> read_claims(std::string_view report) {
  MIDWATCH_TRY(const Json json, base::parse_json(report));
  std::string wrong;
  const Member m(json, "", wrong);
  if (m.text("format") != kFormat) {
    return base::user_error(base::ErrorCode::kMalformed,
                            fmt::format("not a report: its 'format' must be \"{}\" (write one with "
                                        "`midwatch investigate BUNDLE --format json --output REPORT`)",
                                        kFormat));
  }
  Claims claims;
  claims.bundle = m.text("bundle");
  claims.outcome = m.text("outcome");
  if (m.text_or_none("language") == "ja") claims.language = model::Language::kJapanese;
  read_lists(m, claims);
  const Member impact = m.member("impact");
  claims.affected = impact.texts("entities");
  impact.each("paths", [&](const Json& path, const std::string&) {
    std::vector<std::string> way;
    for (const auto& step : path) way.push_back(step.is_string() ? step.get<std::string>() : std::string());
    claims.paths.push_back(std::move(way));
  });
  const Member mitigation = m.member("mitigation");
  claims.mitigation_kind = mitigation.text("kind");
  read_steps(mitigation, claims);
  claims.spec_files = m.member("spec").texts("files");
  if (!wrong.empty())
    return base::user_error(base::ErrorCode::kMalformed, fmt::format("not a complete report: {}", wrong));
  return claims;
}

}  // namespace midwatch::verify

#include "src/knowledge/failure_mode_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace midwatch::knowledge {
namespace {

using base::Json;

template <class T, std::size_t N>
T one_of(FieldReader& fields, std::string_view name, const std::string& word,
         const std::array<std::pair<std::string_view, T>, N>& choices) {
  std::string known;
  for (const auto& [choice, value] : choices) {
    if (choice == word) return value;
    known += (known.empty() ? "" : ", ") + std::string(choice);
  }
  fields.error(fmt::format("'{}' is '{}'; it must be one of: {}", name, word, known));
  return choices.front().second;
}

constexpr std::array<std::pair<std::string_view, Place>, 7> kPlaces{{{"self", Place::kSelf},
                                                                     {"dependents", Place::kDependents},
                                                                     {"affected", Place::kAffected},
                                                                     {"dependencies", Place::kDependencies},
                                                                     {"hosts", Place::kHosts},
                                                                     {"peers", Place::kPeers},
                                                                     {"anywhere", Place::kAnywhere}}};

/// How common a mode is, as the share of incidents of a mixed estate in which a given kind of entity is at
/// fault that way. The words are used because nobody knows more than an order of magnitude.
constexpr std::array<std::pair<std::string_view, double>, 4> kCommon{
    {{"very", 0.1}, {"frequent", 0.03}, {"occasional", 0.01}, {"rare", 0.003}}};

constexpr std::array<std::pair<std::string_view, model::MitigationPhase>, 5> kPhases{
    {{"prepare", model::MitigationPhase::kPrepare},
     {"pre_validate", model::MitigationPhase::kPreValidate},
     {"apply", model::MitigationPhase::kApply},
     {"post_validate", model::MitigationPhase::kPostValidate},
     {"rollback", model::MitigationPhase::kRollback}}};

constexpr std::array<std::pair<std::string_view, int>, 12> kKinds{{{"latency", 0},
                                                                   {"error", 1},
                                                                   {"saturation", 2},
                                                                   {"availability", 3},
                                                                   {"configuration", 4},
                                                                   {"change", 5},
                                                                   {"dependency", 6},
                                                                   {"capacity", 7},
                                                                   {"data", 8},
                                                                   {"external", 9},
                                                                   {"security", 10},
                                                                   {"load", 11}}};

double probability(FieldReader& fields, std::string_view name) {
  const double p = fields.number(name);
  if (!(p > 0 && p < 1)) fields.error(fmt::format("'{}' must lie between 0 and 1, both excluded", name));
  return std::clamp(p, 1e-6, 1 - 1e-6);
}

Sign read_sign(const Json& json, SchemaErrors& errors) {
  FieldReader f(json, errors, "sign");
  Sign sign;
  sign.see = f.text("see");
  sign.place = one_of(f, "on", f.text_or("on", "self"), kPlaces);
  sign.likely = probability(f, "likely");
  sign.otherwise = probability(f, "otherwise");
  sign.group = f.text_or("group", "");
  sign.where = f.text_map("where");
  sign.needed = f.boolean_or("needed", false);
  sign.silent_when_absent = f.boolean_or("silent_when_absent", false);
  sign.what = f.localized_or_empty("what");
  return sign;
}

Refuter read_refuter(const Json& json, SchemaErrors& errors) {
  FieldReader f(json, errors, "refuted_by");
  Refuter refuter;
  refuter.see = f.text("see");
  refuter.place = one_of(f, "on", f.text_or("on", "self"), kPlaces);
  refuter.where = f.text_map("where");
  refuter.because = f.localized("because");
  return refuter;
}

StepTemplate read_step(const Json& json, SchemaErrors& errors) {
  FieldReader f(json, errors, "step");
  StepTemplate step;
  step.phase = one_of(f, "phase", f.text("phase"), kPhases);
  step.types = f.texts("for");
  step.command = f.text("command");
  step.effect = f.localized("effect");
  step.risk = f.localized("risk");
  step.reversible = f.boolean_or("reversible", true);
  return step;
}

Scenario read_scenario(const Json& json, SchemaErrors& errors) {
  FieldReader f(json, errors, "scenario");
  Scenario scenario;
  scenario.name = f.text("name");
  scenario.entity_class = f.text_or("class", "service");
  scenario.expect_best = f.boolean_or("best", true);
  for (const Json* item : f.maps("seen")) {
    FieldReader o(*item, errors, "scenario: seen");
    scenario.seen.push_back(
        {o.text("see"), o.text_or("at", "self"), o.number_or("strength", 1.0), o.text_map("facts")});
  }
  return scenario;
}

void read_yields(FieldReader& f, FailureMode& mode) {
  for (const std::string& place : f.texts("yields_to")) {
    if (place == "self") {
      mode.yields_to_own = true;
    } else if (place == "dependencies") {
      mode.yields_to_dependencies = true;
    } else {
      f.error("'yields_to' is a list of 'self' and 'dependencies'");
    }
  }
}

void read_mitigation(const Json* json, SchemaErrors& errors, Advice& advice) {
  if (json == nullptr) return;
  FieldReader f(*json, errors, "mitigation");
  advice.operational = f.boolean_or("operational", true);
  advice.temporary = f.boolean_or("temporary", false);
  advice.mitigation = f.localized("summary");
  for (const Json* step : f.maps("steps")) advice.steps.push_back(read_step(*step, errors));
}

void read_spec(const Json* json, SchemaErrors& errors, Advice& advice) {
  if (json == nullptr) return;
  FieldReader f(*json, errors, "spec");
  for (const auto& [name, into] :
       {std::pair{"requirements", &advice.requirements}, std::pair{"acceptance", &advice.acceptance}}) {
    for (const Json* item : f.maps(name)) {
      FieldReader text(*item, errors, name);
      into->push_back({text.text("en"), text.text("ja")});
    }
  }
}

/// What kModeDetails names.
void read_details(FieldReader& f, SchemaErrors& errors, FailureMode& mode) {
  read_mitigation(f.map("mitigation"), errors, mode.advice);
  mode.advice.permanent_fix = f.localized_or_empty("permanent");
  read_spec(f.map("spec"), errors, mode.advice);
  for (const Json* scenario : f.maps("scenarios")) mode.scenarios.push_back(read_scenario(*scenario, errors));
}

}  // namespace

FailureMode read_failure_mode(const Json& content, SchemaErrors& errors) {
  FieldReader f(content, errors, "failure mode");
  FailureMode mode;
  mode.id = f.text("id");
  mode.kind = f.text("kind");
  one_of(f, "kind", mode.kind, kKinds);
  mode.prior = one_of(f, "common", f.text("common"), kCommon);
  mode.generic = f.boolean_or("generic", false);
  read_yields(f, mode);
  mode.applies_to = f.texts("applies_to");
  mode.title = f.localized("title");
  mode.why = f.localized("why");
  for (const Json* sign : f.maps("signs")) mode.signs.push_back(read_sign(*sign, errors));
  for (const Json* refuter : f.maps("refuted_by")) mode.refuted_by.push_back(read_refuter(*refuter, errors));
  for (const Json* change : f.maps("changes")) {
    FieldReader c(*change, errors, "change");
    mode.changes.push_back(
        {c.text("see"), c.number_or("weight", 1.0), one_of(c, "on", c.text_or("on", "self"), kPlaces)});
  }
  mode.needs_change = f.boolean_or("needs_change", false);
  mode.gradual = f.boolean_or("gradual", false);
  mode.burdens = f.boolean_or("burdens", false);
  if (mode.needs_change && mode.changes.empty())
    f.error("a mode that needs a change has to say which ('changes')");
  for (const Json* question : f.maps("ask")) {
    FieldReader q(*question, errors, "ask");
    mode.questions.push_back({q.text("signal"), q.localized("what")});
  }
  read_details(f, errors, mode);
  return mode;
}

Advice advice_of(const FailureMode& mode) {
  if (mode.encoded_details.empty()) return mode.advice;
  const base::Json details = Json::from_cbor(mode.encoded_details, true, false);
  SchemaErrors errors(mode.source_file);  // stays empty: the build has read the same
  FieldReader f(details, errors, "failure mode");
  FailureMode detailed;
  read_details(f, errors, detailed);
  return detailed.advice;
}

}  // namespace midwatch::knowledge

#include "src/knowledge/change_rules_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <re2/re2.h>

namespace midwatch::knowledge {
namespace {

using base::Json;

void check_patterns(FieldReader& fields, const std::vector<std::string>& patterns, bool needs_name) {
  for (const std::string& text : patterns) {
    const RE2 pattern(text, RE2::Quiet);
    if (!pattern.ok()) {
      fields.error(fmt::format("'{}' is no pattern: {}", text, pattern.error()));
    } else if (needs_name && !pattern.NamedCapturingGroups().contains("name")) {
      fields.error(fmt::format("'{}' needs a group (?P<name>…)", text));
    }
  }
}

void check_roles(FieldReader& fields, const std::vector<std::string>& roles) {
  static constexpr std::array<std::string_view, 6> kRoles{"code",      "config",   "infrastructure",
                                                          "migration", "manifest", "lock"};
  for (const std::string& role : roles) {
    if (std::find(kRoles.begin(), kRoles.end(), role) == kRoles.end())
      fields.error(fmt::format("'{}' is no role of a file that runs", role));
  }
}

SettingRule read_setting(const Json& json, SchemaErrors& errors) {
  FieldReader f(json, errors, "setting");
  SettingRule rule;
  rule.thing = f.text("thing");
  rule.words = f.texts("words");
  rule.also = f.texts("also");
  rule.not_words = f.texts("not");
  rule.unit = f.text_or("unit", "");
  rule.order = f.texts("order");
  rule.inverted = f.boolean_or("inverted", false);
  rule.switches = f.boolean_or("switches", false);
  if (rule.words.empty()) f.error("a setting needs words");
  return rule;
}

LineRule read_line(const Json& json, SchemaErrors& errors, bool checked) {
  FieldReader f(json, errors, "line");
  LineRule rule;
  rule.see = f.text("see");
  rule.gone = f.texts("gone");
  rule.added = f.texts("added");
  rule.edited = f.texts("edited");
  rule.except = f.texts("except");
  rule.unless = f.texts("unless");
  rule.near = f.texts("near");
  rule.roles = f.texts("roles");
  rule.named = f.boolean_or("named", false);
  rule.inside = f.text_or("inside", "");
  rule.strength = f.number_or("strength", rule.strength);
  if (!rule.see.starts_with("change.")) f.error("'see' must begin with 'change.'");
  if (rule.gone.empty() && rule.added.empty() && rule.edited.empty())
    f.error("a line needs 'gone', 'added' or 'edited'");
  if (!rule.inside.empty() && rule.inside != "loop" && rule.inside != "lock" && rule.inside != "function")
    f.error("'inside' must be loop, lock or function");
  if (!checked) {
    for (const auto* patterns :
         {&rule.gone, &rule.added, &rule.edited, &rule.except, &rule.unless, &rule.near})
      check_patterns(f, *patterns, false);
  }
  check_roles(f, rule.roles);
  return rule;
}

NameRule read_name(const Json& json, SchemaErrors& errors, bool checked) {
  FieldReader f(json, errors, "name");
  NameRule rule;
  rule.thing = f.text("thing");
  rule.patterns = f.texts("patterns");
  rule.roles = f.texts("roles");
  rule.renames = f.boolean_or("renames", true);
  if (!checked) check_patterns(f, rule.patterns, true);
  check_roles(f, rule.roles);
  return rule;
}

}  // namespace

ChangeRules read_change_rules(const Json& content, SchemaErrors& errors, bool checked) {
  FieldReader f(content, errors, "changes.yaml");
  ChangeRules rules;
  for (const Json* item : f.maps("settings")) rules.settings.push_back(read_setting(*item, errors));
  for (const Json* item : f.maps("lines")) rules.lines.push_back(read_line(*item, errors, checked));
  for (const Json* item : f.maps("names")) rules.names.push_back(read_name(*item, errors, checked));
  return rules;
}

}  // namespace midwatch::knowledge

#pragma once

#include <string>
#include <vector>

namespace midwatch::knowledge {

/// What a setting (a key with a value, in code or configuration) governs, by the words of its key.
/// A change of its value makes the observation `change.THING.WAY`.
struct SettingRule {
  std::string thing;                   ///< timeout, retries, pool, … : docs/observations.md, change.*
  std::vector<std::string> words;      ///< one of them has to be in the key; `a+b` needs both
  std::vector<std::string> also;       ///< where given, one of them has to be in the key or around it
  std::vector<std::string> not_words;  ///< none of them may be in the key
  std::string unit;                    ///< where given, the value has it or has none ("s", "By")
  std::vector<std::string> order;      ///< of words: from low to high (debug, info, …)
  bool inverted = false;               ///< a switch whose "on" switches the thing off
  bool switches = false;               ///< it is a switch: other values do not fit
};

/// A content of changed lines that means something by itself. It makes the observation `see`.
struct LineRule {
  std::string see;
  std::vector<std::string> gone;  ///< RE2; more of the removed lines than of the added ones match one of them
  std::vector<std::string>
      added;  ///< RE2; more of the added lines than of the removed ones match one of them
  std::vector<std::string>
      edited;  ///< RE2; a removed line and an added one that differ both match one of them
  std::vector<std::string> except;  ///< RE2; lines that match do not count
  std::vector<std::string> unless;  ///< RE2; no added line may match
  std::vector<std::string> near;    ///< RE2; some line of the file's hunks, or the path, has to match
  std::vector<std::string> roles;   ///< roles of files; empty: all that run
  std::string inside;  ///< "loop", "lock" or "function": where the added line has to lie; empty: anywhere
  double strength = 0.9;
  bool named = false;  ///< a removed line is not gone while an added one has its first quoted text
};

/// Names that code refers to (fields, variables of the environment, routes, permissions). A set of names that
/// differs between removed and added lines makes `change.THING.renamed`, `.removed` or `.added`.
struct NameRule {
  std::string thing;
  std::vector<std::string> patterns;  ///< RE2 with the group `name`
  std::vector<std::string> roles;
  bool renames = true;  ///< one name for another is a renaming; false: it is a removal and an addition
};

/// How contents of changes are read. Source: knowledge/changes.yaml.
struct ChangeRules {
  std::vector<SettingRule> settings;  ///< the first that fits counts
  std::vector<LineRule> lines;
  std::vector<NameRule> names;
};

}  // namespace midwatch::knowledge

#include "src/observe/changes/change_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/knowledge/telling_words.h"
#include "src/observe/changes/constants.h"
#include "src/observe/changes/dependencies.h"
#include "src/observe/changes/extracted_functions.h"
#include "src/observe/changes/file_role.h"
#include "src/observe/changes/settings.h"
#include "src/observe/changes/sql_edits.h"
#include "src/observe/changes/telling.h"
#include "src/telemetry/number.h"

namespace midwatch::observe::changes {
namespace {

using knowledge::SettingRule;

constexpr std::size_t kMostFacts = 40;
constexpr std::size_t kTextBytes = 160;
/// A number that is three times another's size has surely changed; smaller steps count by their logarithm.
constexpr double kSureFactor = 3.0;
constexpr double kLeastStep = 0.1;
/// What is only on one side may have moved to where the diff does not show it.
constexpr double kOneSided = 0.5;
constexpr double kSwitchStrength = 0.8;
constexpr double kWordStrength = 0.8;
/// Code that changed in a way that no rule knows; new code disturbs the old less.
constexpr double kCodeChanged = 0.5;
constexpr double kCodeAdded = 0.3;
/// Shorter lines ("}", "else") are no statement.
constexpr std::size_t kTellingLine = 6;
/// A setting that no rule knows.
constexpr double kUnknownSetting = 0.6;

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// "a+b" needs both words.
bool has_all(const std::vector<std::string>& words, std::string_view wanted) {
  while (true) {
    const std::size_t plus = wanted.find('+');
    if (!has(words, wanted.substr(0, plus))) return false;
    if (plus == std::string_view::npos) return true;
    wanted.remove_prefix(plus + 1);
  }
}

bool fits(const SettingRule& rule, const SettingChange& change) {
  const auto in_key = [&](const std::string& w) { return has_all(change.words, w); };
  if (std::none_of(rule.words.begin(), rule.words.end(), in_key)) return false;
  if (std::any_of(rule.not_words.begin(), rule.not_words.end(), in_key)) return false;
  if (!rule.also.empty() && std::none_of(rule.also.begin(), rule.also.end(), [&](const std::string& w) {
        return has_all(change.words, w) || has_all(change.context, w);
      }))
    return false;
  const auto is_switch = [](const std::optional<Setting>& s) {
    return !s || s->value.kind == Value::Kind::kSwitch;
  };
  if (rule.switches && !(is_switch(change.before) && is_switch(change.after))) return false;
  if (rule.unit.empty()) return true;
  const auto unit_fits = [&](const std::optional<Setting>& s) {
    return !s || s->value.unit.empty() || s->value.unit == rule.unit;
  };
  return unit_fits(change.before) && unit_fits(change.after);
}

/// Quantities of Kubernetes give processors in thousandths: there "500m" is half of one, not 500 minutes.
double number_for(const SettingRule* rule, const Value& value) {
  if (rule != nullptr && rule->thing.starts_with("cpu")) {
    if (const auto cores = telemetry::parse_kubernetes_quantity(value.text)) return *cores;
  }
  return value.number;
}

double step_strength(double before, double after) {
  if (before <= 0 || after <= 0) return 1;
  return std::clamp(std::abs(std::log(after / before)) / std::log(kSureFactor), kLeastStep, 1.0);
}

std::optional<std::size_t> rank_in(const std::vector<std::string>& order, const Value& value) {
  std::string word = value.text;
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::size_t dot = word.find_last_of(".:");
  if (dot != std::string::npos) word.erase(0, dot + 1);
  for (std::size_t i = order.size(); i-- > 0;) {
    if (word == order[i] || (word.size() > order[i].size() && word.ends_with(order[i]))) return i;
  }
  return std::nullopt;
}

/// Which way a value went, and how surely that is felt.
struct Step {
  const char* way;
  double strength;
};

Step step_of(const SettingRule* rule, const Value& before, const Value& after) {
  if (rule != nullptr && !rule->order.empty()) {
    const auto from = rank_in(rule->order, before);
    const auto to = rank_in(rule->order, after);
    if (from && to && *from != *to) return {*to < *from ? "lowered" : "raised", 1.0};
  }
  if (before.kind == Value::Kind::kSwitch && after.kind == Value::Kind::kSwitch) {
    const bool on = (after.number > 0) != (rule != nullptr && rule->inverted);
    return {on ? "enabled" : "disabled", kSwitchStrength};
  }
  if (before.kind == Value::Kind::kNumber && after.kind == Value::Kind::kNumber) {
    const double a = number_for(rule, before);
    const double b = number_for(rule, after);
    if (a == b) return {"changed", kLeastStep};
    return {b < a ? "lowered" : "raised", step_strength(a, b)};
  }
  return {"changed", kWordStrength};
}

/// True where two texts differ in their digits alone and have more than digits: "eta-v3" and "eta-v4".
bool is_version_step(std::string_view before, std::string_view after) {
  const auto without_digits = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      const bool digit = c >= '0' && c <= '9';
      if (!digit) out += c;
      if (digit && (out.empty() || out.back() != '#')) out += '#';
    }
    return out;
  };
  const std::string shape = without_digits(before);
  return shape == without_digits(after) && shape.find('#') != std::string::npos && shape.size() > 1 &&
         shape.find_first_of(":/@") == std::string::npos;
}

class Reading {
 public:
  Reading(const knowledge::ChangeRules& rules, const LineRules& lines) : rules_(rules), line_rules_(lines) {}

  ReadChange read(const telemetry::ChangeEvent& change) {
    out_.files = change.files;
    if (change.kind == telemetry::ChangeKind::kFeatureFlag && !change.has_diff) {
      read_flag(change);
      return finish();
    }
    if (!change.has_diff) {
      judge_by_files();
      return finish();
    }
    out_.read = true;
    out_.diff = read_diff(change.diff, change.files);
    out_.truncated = out_.diff.truncated;
    prepare();
    if (out_.harmless == Harmless::kNo) find_facts();
    return finish();
  }

 private:
  /// Whose content is not known may still be known by its files to do nothing.
  void judge_by_files() {
    out_.harmless = Harmless::kUnread;
    if (out_.files.empty()) return;
    if (std::all_of(out_.files.begin(), out_.files.end(),
                    [](const auto& f) { return is_inert(file_role(f)); }))
      out_.harmless = Harmless::kInertFiles;
    if (std::all_of(out_.files.begin(), out_.files.end(),
                    [](const auto& f) { return is_other_environment(f); }))
      out_.harmless = Harmless::kOtherEnvironment;
    for (const auto& file : out_.files) add_words(file);
  }

  /// For how many a flag is on: of a switch 0 or 1, of "rollout 5 %" 5.
  static std::optional<double> extent(const Value& value) {
    if (value.kind != Value::Kind::kWord) return value.number;
    const std::size_t digit = value.text.find_first_of("0123456789");
    const bool share = digit != std::string::npos && value.text.find('%', digit) != std::string::npos;
    if (!share) return std::nullopt;
    const std::size_t end = value.text.find_first_not_of("0123456789.", digit);
    const Value number = read_scalar(std::string_view(value.text).substr(digit, end - digit));
    return number.kind == Value::Kind::kNumber ? std::optional(number.number) : std::nullopt;
  }

  /// A flag is its own content: its name, and from what to what.
  void read_flag(const telemetry::ChangeEvent& change) {
    out_.read = true;
    ChangeFact fact;
    fact.symbol = change.id;
    const std::size_t arrow = change.summary.find("->");
    Value before = read_scalar(change.summary.substr(0, arrow));
    Value after = read_scalar(
        arrow == std::string::npos ? std::string_view() : std::string_view(change.summary).substr(arrow + 2));
    fact.before = before.text;
    fact.after = after.text;
    const auto from = extent(before);
    const auto to = extent(after);
    fact.type = !from || !to || *from == *to ? "change.feature.changed"
                : *to > *from                ? "change.feature.enabled"
                                             : "change.feature.disabled";
    fact.strength = kSwitchStrength;
    out_.facts.push_back(std::move(fact));
    add_words(change.id);
  }

  void prepare() {
    bool inert = !out_.diff.files.empty();
    bool elsewhere = !out_.diff.files.empty();
    for (const FileDiff& file : out_.diff.files) {
      if (has_not(out_.files, file.path)) out_.files.push_back(file.path);
      const FileRole role = file_role(file.path);
      inert = inert && is_inert(role);
      elsewhere = elsewhere && is_other_environment(file.path);
      if (is_inert(role) || is_other_environment(file.path)) continue;
      for (std::size_t h = 0; h < file.hunks.size(); ++h) prepare_hunk(file, role, h);
    }
    put_constants_in(hunks_);
    put_functions_in(hunks_);
    if (inert) out_.harmless = Harmless::kInertFiles;
    if (elsewhere) out_.harmless = Harmless::kOtherEnvironment;
    if (out_.diff.files.empty()) out_.read = false;
  }

  static bool has_not(const std::vector<std::string>& files, const std::string& path) {
    return !path.empty() && std::find(files.begin(), files.end(), path) == files.end();
  }

  void prepare_hunk(const FileDiff& file, FileRole role, std::size_t h) {
    PreparedHunk hunk;
    hunk.file = file.path;
    hunk.role = role;
    hunk.hunk = h;
    hunk.heading = file.hunks[h].heading;
    hunk.lines = source_lines(file.hunks[h], comment_style(file.path));
    mark_surroundings(hunk);
    quieted_ = quiet_what_only_tells(hunk) || quieted_;
    for (const SourceLine& line : hunk.lines) {
      if (line.kind != LineKind::kContext) add_words(line.code);
    }
    add_words(hunk.heading);
    add_words(hunk.file);
    hunks_.push_back(std::move(hunk));
  }

  void add_words(std::string_view text) {
    text_ += ' ';
    text_ += text;
  }

  void find_facts() {
    if (hunks_.empty()) {
      out_.harmless = out_.diff.files.empty() ? Harmless::kUnread : Harmless::kNo;
      return;
    }
    for (const FileDiff& file : out_.diff.files) add(dependency_facts(file));
    find_settings();
    add(line_rules_.apply(hunks_));
    add(sql_facts(hunks_));
    Harmless without = without_effect(hunks_);
    if (without == Harmless::kComments && quieted_) without = Harmless::kTelling;
    if (without == Harmless::kComments || without == Harmless::kFormatting || without == Harmless::kNames) {
      out_.facts.clear();
      out_.harmless = without;
      return;
    }
    const bool mechanism = !out_.facts.empty();
    add(edit_facts(hunks_));
    if (!mechanism && (without == Harmless::kMoved || without == Harmless::kTelling)) {
      out_.facts.clear();
      out_.harmless = without;
      return;
    }
    if (!mechanism) tell_that_it_changes();
  }

  /// A line of a check that ends early: code that only checks more than before breaks nothing.
  static bool is_guard(std::string_view code) {
    static constexpr std::array<std::string_view, 8> kBeginnings{"if ",   "if(",    "return", "continue",
                                                                 "break", "raise ", "throw ", "else"};
    return std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](auto b) { return code.starts_with(b); });
  }

  /// The lines of the new side.
  std::set<std::string_view> added_lines() const {
    std::set<std::string_view> lines;
    for (const PreparedHunk& hunk : hunks_) {
      for (const SourceLine& line : hunk.lines) {
        if (line.kind == LineKind::kAdded) lines.insert(line.code);
      }
    }
    return lines;
  }

  /// Whatever its lines mean, they make the program another one: the least that can be said of a change.
  void tell_that_it_changes() {
    const std::set<std::string_view> again = added_lines();
    const PreparedHunk* at = nullptr;
    const SourceLine* line = nullptr;
    bool removes = false;
    bool only_guards = true;
    for (const PreparedHunk& hunk : hunks_) {
      if (hunk.role == FileRole::kLock || hunk.role == FileRole::kManifest) continue;
      for (const SourceLine& l : hunk.lines) {
        if (l.kind == LineKind::kContext || l.code.size() < kTellingLine || only_tells(l.code)) continue;
        if (l.kind == LineKind::kRemoved && again.contains(l.code)) continue;
        const bool first_removed = l.kind == LineKind::kRemoved && !removes;
        if (at == nullptr || first_removed) {
          at = &hunk;
          line = &l;
        }
        removes = removes || l.kind == LineKind::kRemoved;
        only_guards = only_guards && is_guard(l.code);
      }
    }
    if (at == nullptr || (!removes && only_guards)) return;
    ChangeFact fact;
    fact.type = removes ? "change.code.changed" : "change.code.added";
    fact.strength = removes ? kCodeChanged : kCodeAdded;
    fact.file = at->file;
    fact.hunk = at->hunk;
    fact.heading = at->heading;
    fact.line = line->line;
    (line->kind == LineKind::kRemoved ? fact.before : fact.after) = line->code;
    out_.facts.push_back(std::move(fact));
  }

  void add(std::vector<ChangeFact> facts) {
    for (ChangeFact& fact : facts) out_.facts.push_back(std::move(fact));
  }

  void find_settings() {
    std::vector<Setting> removed;
    std::vector<Setting> added;
    for (const PreparedHunk& hunk : hunks_) {
      if (hunk.role == FileRole::kManifest || hunk.role == FileRole::kLock) continue;
      for (auto& s : settings_of(hunk.lines, LineKind::kRemoved, hunk.file, hunk.heading))
        removed.push_back(std::move(s));
      for (auto& s : settings_of(hunk.lines, LineKind::kAdded, hunk.file, hunk.heading))
        added.push_back(std::move(s));
    }
    std::vector<SettingChange> changes = compare_settings(std::move(removed), std::move(added));
    pair_by_thing(changes);
    for (const SettingChange& change : changes) tell_setting(change);
  }

  const SettingRule* rule_for(const SettingChange& change) const {
    const auto at = std::find_if(rules_.settings.begin(), rules_.settings.end(),
                                 [&](const SettingRule& rule) { return fits(rule, change); });
    return at == rules_.settings.end() ? nullptr : &*at;
  }

  /// A removed and an added setting of the same kind under different keys are one change.
  void pair_by_thing(std::vector<SettingChange>& changes) const {
    for (SettingChange& before : changes) {
      if (!before.before || before.after) continue;
      const SettingRule* rule = rule_for(before);
      if (rule == nullptr) continue;
      for (SettingChange& after : changes) {
        if (!after.after || after.before || rule_for(after) != rule ||
            after.after->value.kind != before.before->value.kind ||
            after.after->value.unit != before.before->value.unit)
          continue;
        before.after = after.after;
        after.after.reset();
        break;
      }
    }
    std::erase_if(changes, [](const SettingChange& c) {
      return (!c.before && !c.after) || (c.before && c.after && c.before->value.same_as(c.after->value));
    });
  }

  void tell_setting(const SettingChange& change) {
    const Setting& at = change.after ? *change.after : *change.before;
    if (at.spoken) return;
    const SettingRule* rule = rule_for(change);
    if (rule != nullptr && rule->thing == "none") return;
    ChangeFact fact;
    const bool both = change.before && change.after;
    // A key that nobody knows, on one side only, or what some function is given: too little to say.
    if (rule == nullptr && (!both || at.argument)) return;
    const Step step = both ? step_of(rule, change.before->value, change.after->value)
                           : Step{change.after ? "added" : "removed", kOneSided};
    const bool version =
        rule == nullptr && both && is_version_step(change.before->value.text, change.after->value.text);
    const std::string thing = version ? "version" : rule == nullptr ? "setting" : rule->thing;
    fact.type = "change." + thing + "." + step.way;
    fact.strength = rule == nullptr ? kUnknownSetting * step.strength : step.strength;
    fact.symbol = change.key;
    fact.line = at.line;
    if (change.before) fact.before = change.before->value.text;
    if (change.after) fact.after = change.after->value.text;
    if (base::is_secret_key(change.key)) {
      for (std::string* text : {&fact.before, &fact.after}) {
        if (!text->empty()) *text = std::string(base::kRedacted);
      }
    }
    place(fact, at);
    out_.facts.push_back(std::move(fact));
  }

  /// Finds the hunk that holds a setting's line.
  void place(ChangeFact& fact, const Setting& setting) const {
    for (const PreparedHunk& hunk : hunks_) {
      for (const SourceLine& line : hunk.lines) {
        if (line.kind == LineKind::kContext || line.code != setting.code || line.line != setting.line)
          continue;
        fact.file = hunk.file;
        fact.hunk = hunk.hunk;
        fact.heading = hunk.heading;
        return;
      }
    }
  }

  ReadChange finish() {
    for (ChangeFact& fact : out_.facts) {
      for (std::string* text : {&fact.symbol, &fact.before, &fact.after, &fact.heading, &fact.file})
        *text = base::printable(base::redact(*text), kTextBytes);
    }
    std::stable_sort(out_.facts.begin(), out_.facts.end(),
                     [](const ChangeFact& a, const ChangeFact& b) { return a.strength > b.strength; });
    if (out_.facts.size() > kMostFacts) out_.facts.resize(kMostFacts);
    out_.words = knowledge::telling_words(text_);
    return std::move(out_);
  }

  const knowledge::ChangeRules& rules_;
  const LineRules& line_rules_;
  std::vector<PreparedHunk> hunks_;
  bool quieted_ = false;  ///< lines that only tell were left out
  std::string text_;
  ReadChange out_;
};

}  // namespace

ChangeReader::ChangeReader(const knowledge::ChangeRules& rules) : rules_(rules), line_rules_(rules) {}

ReadChange ChangeReader::read(const telemetry::ChangeEvent& change) const {
  return Reading(rules_, line_rules_).read(change);
}

std::string_view quote(std::string_view diff_text, const Diff& diff, const ChangeFact& fact,
                       std::size_t most_bytes) {
  for (const FileDiff& file : diff.files) {
    if (file.path != fact.file || fact.hunk >= file.hunks.size()) continue;
    const auto& lines = file.hunks[fact.hunk].lines;
    const std::string& wanted = fact.after.empty() ? fact.before : fact.after;
    const auto holds = [&](const DiffLine& line) {
      return line.kind != LineKind::kContext && !wanted.empty() &&
             line.text.find(wanted) != std::string::npos;
    };
    auto first = std::find_if(lines.begin(), lines.end(), holds);
    if (first == lines.end())
      first = std::find_if(lines.begin(), lines.end(),
                           [](const auto& l) { return l.kind != LineKind::kContext; });
    if (first == lines.end()) return {};
    auto last = first;
    const auto size = [](auto from, auto to) { return to->offset + to->length - from->offset; };
    // What was there before an edit stands above it: the quote grows upwards first.
    for (bool grown = true; grown;) {
      grown = false;
      if (first != lines.begin() && size(first - 1, last) <= most_bytes) {
        --first;
        grown = true;
      }
      if (last + 1 != lines.end() && size(first, last + 1) <= most_bytes) {
        ++last;
        grown = true;
      }
    }
    if (last->offset + last->length > diff_text.size()) return {};
    return diff_text.substr(first->offset, size(first, last));
  }
  return {};
}

}  // namespace midwatch::observe::changes

#include "src/observe/changes/sql_edits.h"

#include <array>

#include <re2/re2.h>

namespace midwatch::observe::changes {
namespace {

constexpr double kStrength = 0.9;

/// What is counted on each side, and what it means where there is less (or more) of it now.
struct Clause {
  const RE2* pattern;
  const char* type;
  bool harmful_when_less;
};

const std::array<Clause, 3>& clauses() {
  static const RE2 kCondition(R"re((?i)\b(?:WHERE|AND)\s+[\w".`($:{\[#@])re");
  static const RE2 kLimit(R"re((?i)\bLIMIT\s+[\w$?:%@])re");
  static const RE2 kJoin(R"re((?i)\bJOIN\s+[\w".`($:{\[#@])re");
  static const std::array<Clause, 3> kClauses{{{&kCondition, "change.query.where_removed", true},
                                               {&kLimit, "change.query.limit_removed", true},
                                               {&kJoin, "change.query.join_added", false}}};
  return kClauses;
}

const RE2& statement() {
  static const RE2 kStatement(R"re((?i)\b(?:SELECT\b.*\bFROM|UPDATE\s+[\w".`]+\s+SET|DELETE\s+FROM)\b)re");
  return kStatement;
}

std::size_t occurrences(const RE2& pattern, const std::string& text) {
  std::size_t count = 0;
  re2::StringPiece rest(text);
  while (RE2::FindAndConsume(&rest, pattern)) ++count;
  return count;
}

struct Side {
  std::string text;
  const SourceLine* first = nullptr;
};

/// The changed lines of a side, joined: a statement may stand on several.
Side side_of(const PreparedHunk& hunk, LineKind kind) {
  Side side;
  for (const SourceLine& line : hunk.lines) {
    if (line.kind != kind || line.code.empty()) continue;
    if (side.first == nullptr) side.first = &line;
    side.text += line.code + ' ';
  }
  return side;
}

}  // namespace

std::vector<ChangeFact> sql_facts(const std::vector<PreparedHunk>& hunks) {
  std::vector<ChangeFact> facts;
  for (const PreparedHunk& hunk : hunks) {
    const Side removed = side_of(hunk, LineKind::kRemoved);
    const Side added = side_of(hunk, LineKind::kAdded);
    if (!RE2::PartialMatch(removed.text, statement()) || !RE2::PartialMatch(added.text, statement()))
      continue;
    for (const Clause& clause : clauses()) {
      const std::size_t before = occurrences(*clause.pattern, removed.text);
      const std::size_t after = occurrences(*clause.pattern, added.text);
      if (clause.harmful_when_less ? after >= before : after <= before) continue;
      ChangeFact fact;
      fact.type = clause.type;
      fact.file = hunk.file;
      fact.hunk = hunk.hunk;
      fact.heading = hunk.heading;
      fact.line = added.first->line;
      fact.before = removed.first->code;
      fact.after = added.first->code;
      fact.strength = kStrength;
      facts.push_back(std::move(fact));
    }
  }
  return facts;
}

}  // namespace midwatch::observe::changes

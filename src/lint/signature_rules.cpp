#include "src/lint/signature_rules.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "src/observe/signs/signature_matcher.h"

namespace midwatch::lint {
namespace {

/// Where each signature is written: id → line.
int line_of(const std::vector<knowledge::KnowledgeFile>& files, const knowledge::Signature& signature) {
  for (const auto& file : files) {
    if (file.path != signature.source_file) continue;
    const auto list = file.content->find("signatures");
    if (list == file.content->end()) return 0;
    for (const auto& item : *list) {
      if (item.value("id", "") == signature.id) return item.value("$line", 0);
    }
  }
  return 0;
}

class SignatureCheck {
 public:
  SignatureCheck(const std::vector<knowledge::KnowledgeFile>& files,
                 const knowledge::KnowledgeBase& knowledge, std::vector<Fault>& faults)
      : files_(files), matcher_(knowledge), faults_(faults) {}

  void check(const knowledge::Signature& s) {
    const bool reads_text = !s.patterns.empty() || !s.literals.empty();
    if (!reads_text && s.reasons.empty() && s.exit_codes.empty())
      fault(s, "needs literals and patterns, reasons, or exit_codes to be found by");
    for (const auto& pattern : s.patterns) {
      if (!RE2("(?is)" + pattern, RE2::Quiet).ok())
        fault(s, fmt::format("is no RE2 expression: {}", pattern));
    }
    for (const auto& literal : s.literals) {
      const bool lower =
          std::none_of(literal.begin(), literal.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
      if (!lower) fault(s, fmt::format("literals are compared in lower case: write “{}” so", literal));
    }
    if (s.statement.en.empty() || s.statement.ja.empty())
      fault(s, "needs a statement in English and in Japanese");
    if (reads_text && s.examples.empty()) fault(s, "needs examples: texts that it must find");
    if (reads_text && s.counterexamples.empty())
      fault(s, "needs counterexamples: near texts that it must leave alone");
    for (const auto& example : s.examples) {
      if (!finds(s, example)) fault(s, fmt::format("does not find its example: {}", example));
    }
    for (const auto& counterexample : s.counterexamples) {
      if (finds(s, counterexample)) fault(s, fmt::format("finds its counterexample: {}", counterexample));
    }
  }

 private:
  bool finds(const knowledge::Signature& s, const std::string& text) const {
    const auto has = [&](const auto& matches) {
      return std::any_of(matches.begin(), matches.end(),
                         [&](const auto& match) { return match.signature->id == s.id; });
    };
    return has(matcher_.match(text)) || has(matcher_.match_reason(text));
  }

  void fault(const knowledge::Signature& s, const std::string& what) {
    faults_.push_back({s.source_file, line_of(files_, s), fmt::format("signature '{}' {}", s.id, what)});
  }

  const std::vector<knowledge::KnowledgeFile>& files_;
  observe::signs::SignatureMatcher matcher_;
  std::vector<Fault>& faults_;
};

}  // namespace

void check_signatures(const std::vector<knowledge::KnowledgeFile>& files,
                      const knowledge::KnowledgeBase& knowledge, std::vector<Fault>& faults) {
  SignatureCheck check(files, knowledge, faults);
  for (const auto& signature : knowledge.signatures) check.check(signature);
}

}  // namespace midwatch::lint

#include "src/observe/signs/signature_matcher.h"

#include <algorithm>
#include <deque>
#include <mutex>

#include <re2/re2.h>

#include "src/base/ascii.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::observe::signs {
namespace {

constexpr std::size_t kTextBytes = 8192;
constexpr std::size_t kFactBytes = 200;

/// What a line says of its own entity: without what a gateway quotes of a function that it called.
/// Source: API Gateway execution logs, "Lambda execution failed with status 200 due to customer function
/// error: MESSAGE. Lambda request id: ID"
std::string_view own_words(std::string_view text) {
  constexpr std::string_view kQuoting = "due to customer function error";
  const std::size_t at = text.find(kQuoting);
  return at == std::string_view::npos ? text : text.substr(0, at + kQuoting.size());
}

}  // namespace

/// Most signatures never meet one of their literals in an incident, so patterns are compiled when first
/// needed.
struct SignatureMatcher::State {
  struct Entry {
    const knowledge::Signature* signature = nullptr;
    std::once_flag once;
    std::vector<std::unique_ptr<RE2>> patterns;

    const std::vector<std::unique_ptr<RE2>>& compiled() {
      std::call_once(once, [this] {
        for (const auto& pattern : signature->patterns)
          patterns.push_back(std::make_unique<RE2>("(?is)" + pattern, RE2::Quiet));
      });
      return patterns;
    }
  };
  std::deque<Entry> all;
};

SignatureMatcher::SignatureMatcher(const knowledge::KnowledgeBase& knowledge)
    : SignatureMatcher(knowledge.signatures) {}

SignatureMatcher::SignatureMatcher(const std::vector<knowledge::Signature>& signatures)
    : state_(std::make_unique<State>()) {
  for (const auto& signature : signatures) state_->all.emplace_back().signature = &signature;
}
SignatureMatcher::~SignatureMatcher() = default;

std::vector<SignatureMatch> SignatureMatcher::match(std::string_view text) const {
  text = own_words(text.substr(0, kTextBytes));
  const std::string lowered = base::to_lower(text);
  std::vector<SignatureMatch> out;
  for (auto& entry : state_->all) {
    const auto& literals = entry.signature->literals;
    const bool possible = std::any_of(literals.begin(), literals.end(), [&](const std::string& literal) {
      return lowered.find(literal) != std::string::npos;
    });
    if (!possible) continue;
    if (entry.signature->patterns.empty()) {
      out.push_back({entry.signature, {}});
      continue;
    }
    for (const auto& pattern : entry.compiled()) {
      const int groups = pattern->NumberOfCapturingGroups();
      std::vector<re2::StringPiece> captures(static_cast<std::size_t>(groups) + 1);
      if (!pattern->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED,
                          captures.data(), groups + 1)) {
        continue;
      }
      SignatureMatch match{entry.signature, {}};
      for (const auto& [index, name] : pattern->CapturingGroupNames()) {
        const auto& value = captures[static_cast<std::size_t>(index)];
        if (!value.empty())
          match.facts[name] =
              base::printable(base::redact(std::string_view(value.data(), value.size())), kFactBytes);
      }
      out.push_back(std::move(match));
      break;
    }
  }
  return out;
}

std::vector<SignatureMatch> SignatureMatcher::match_reason(std::string_view reason) const {
  const std::string wanted = base::to_lower(reason);
  std::vector<SignatureMatch> out;
  if (wanted.empty()) return out;
  for (const auto& entry : state_->all) {
    for (const auto& known : entry.signature->reasons) {
      if (base::to_lower(known) != wanted) continue;
      out.push_back({entry.signature, {}});
      break;
    }
  }
  return out;
}

std::vector<SignatureMatch> SignatureMatcher::match_exit_code(std::string_view exit_code) const {
  std::vector<SignatureMatch> out;
  if (exit_code.empty()) return out;
  for (const auto& entry : state_->all) {
    const auto& known = entry.signature->exit_codes;
    if (std::find(known.begin(), known.end(), exit_code) != known.end()) out.push_back({entry.signature, {}});
  }
  return out;
}

}  // namespace midwatch::observe::signs

#include "src/observe/signs/signature_matcher.h"

#include <algorithm>
#include <cctype>

#include <re2/re2.h>

#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::observe::signs {
namespace {

constexpr std::size_t kTextBytes = 8192;
constexpr std::size_t kFactBytes = 200;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

struct SignatureMatcher::State {
  struct Compiled {
    const knowledge::Signature* signature;
    std::vector<std::unique_ptr<RE2>> patterns;
  };
  std::vector<Compiled> all;
};

SignatureMatcher::SignatureMatcher(const knowledge::KnowledgeBase& knowledge)
    : SignatureMatcher(knowledge.signatures) {}

SignatureMatcher::SignatureMatcher(const std::vector<knowledge::Signature>& signatures)
    : state_(std::make_unique<State>()) {
  for (const auto& signature : signatures) {
    State::Compiled compiled{&signature, {}};
    for (const auto& pattern : signature.patterns)
      compiled.patterns.push_back(std::make_unique<RE2>("(?is)" + pattern, RE2::Quiet));
    state_->all.push_back(std::move(compiled));
  }
}
SignatureMatcher::~SignatureMatcher() = default;

std::vector<SignatureMatch> SignatureMatcher::match(std::string_view text) const {
  text = text.substr(0, kTextBytes);
  const std::string lowered = lower(text);
  std::vector<SignatureMatch> out;
  for (const auto& compiled : state_->all) {
    const auto& literals = compiled.signature->literals;
    const bool possible = std::any_of(literals.begin(), literals.end(), [&](const std::string& literal) {
      return lowered.find(literal) != std::string::npos;
    });
    if (!possible) continue;
    if (compiled.patterns.empty()) {
      out.push_back({compiled.signature, {}});
      continue;
    }
    for (const auto& pattern : compiled.patterns) {
      const int groups = pattern->NumberOfCapturingGroups();
      std::vector<re2::StringPiece> captures(static_cast<std::size_t>(groups) + 1);
      if (!pattern->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED,
                          captures.data(), groups + 1)) {
        continue;
      }
      SignatureMatch match{compiled.signature, {}};
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
  const std::string wanted = lower(reason);
  std::vector<SignatureMatch> out;
  if (wanted.empty()) return out;
  for (const auto& compiled : state_->all) {
    for (const auto& known : compiled.signature->reasons) {
      if (lower(known) != wanted) continue;
      out.push_back({compiled.signature, {}});
      break;
    }
  }
  return out;
}

}  // namespace midwatch::observe::signs

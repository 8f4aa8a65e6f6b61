#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"

namespace midwatch::observe::signs {

/// A signature that a text fits, with what it captured.
struct SignatureMatch {
  const knowledge::Signature* signature = nullptr;
  model::Facts facts;
};

/// Finds the signatures of the knowledge in texts. Each text is bounded to 8 KiB; patterns run in linear time
/// (RE2) and only where one of their literals occurs.
/// Threads: safe after construction.
class SignatureMatcher {
 public:
  explicit SignatureMatcher(const knowledge::KnowledgeBase& knowledge);
  explicit SignatureMatcher(const std::vector<knowledge::Signature>& signatures);
  ~SignatureMatcher();
  SignatureMatcher(const SignatureMatcher&) = delete;
  SignatureMatcher& operator=(const SignatureMatcher&) = delete;

  /// All signatures that fit, ordered by id. What a gateway quotes of a function's error is not read: it is
  /// the function's.
  std::vector<SignatureMatch> match(std::string_view text) const;
  /// Those that name this platform reason or status, in any case.
  std::vector<SignatureMatch> match_reason(std::string_view reason) const;
  /// Those that name this exit code of a process.
  std::vector<SignatureMatch> match_exit_code(std::string_view exit_code) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::observe::signs

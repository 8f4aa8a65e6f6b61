#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/diagnose/case_file.h"
#include "src/diagnose/dependency_graph.h"
#include "src/diagnose/suspects.h"
#include "src/knowledge/failure_mode.h"

namespace midwatch::diagnose {

/// What a sign amounts to at one suspect.
struct Sighting {
  double strength = 0;              ///< 0 … 1
  bool looked = false;              ///< false: no source says anything about it there
  std::size_t observation = kNone;  ///< the strongest observation, an index into CaseFile::observations
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

/// Reads signs from the observations of a case.
///
/// A quantity that several metrics of an entity measure (used bytes, resident set, …) is one thing seen
/// several times: its strength is the strongest metric's, lowered where only few of the metrics that others
/// have for it moved.
class SignReader {
 public:
  SignReader(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph);
  ~SignReader();
  SignReader(const SignReader&) = delete;
  SignReader& operator=(const SignReader&) = delete;

  /// Position of a (pattern, condition) in the tables below; the same text has the same position.
  using PatternId = std::size_t;
  PatternId intern(const std::string& see, const std::map<std::string, std::string, std::less<>>& where);

  /// The pattern at a suspect itself.
  const Sighting& at(PatternId pattern, SuspectIndex suspect) const;
  /// The pattern at a place seen from a suspect.
  Sighting at(PatternId pattern, SuspectIndex suspect, knowledge::Place place) const;
  /// The mean strength over the suspects other than `suspect` where it was looked for, and how many these
  /// are.
  double mean_elsewhere(PatternId pattern, SuspectIndex suspect, double& count) const;

  /// The distinct observation types of the case, ordered, and which of them a pattern matches.
  const std::vector<std::string>& types() const;
  bool matches(PatternId pattern, std::size_t type) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::diagnose

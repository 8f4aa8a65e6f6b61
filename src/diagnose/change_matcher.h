#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/diagnose/case_file.h"
#include "src/diagnose/dependency_graph.h"
#include "src/diagnose/suspects.h"
#include "src/knowledge/failure_mode.h"

namespace midwatch::diagnose {

/// How a change fits a failure mode at a suspect, as natural log likelihood ratios.
struct ChangeFit {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::size_t change = kNone;       ///< an index into CaseFile::changes; kNone: no change fits
  std::size_t observation = kNone;  ///< the decisive content, an index into CaseFile::observations
  double content = 0;               ///< how well what it does fits the mechanism
  double reach = 0;                 ///< how surely it reached the entity
  double timing = 0;
  double words = 0;   ///< what its lines and the symptoms speak of in common
  double rivals = 0;  ///< others that fit about as well leave less for each

  double weight() const { return content + reach + timing + words + rivals; }
};

/// Why a change is not the cause.
enum class Innocence {
  kExcused,    ///< a person said so
  kAfter,      ///< it came after what it would have caused
  kElsewhere,  ///< it reached nobody who is affected
  kHarmless,   ///< its content cannot be felt
  kUnread,     ///< its content is not known: nothing is said for or against it
  kUnfitting,  ///< its content does something else than what was seen
};

struct InnocentChange {
  std::size_t change = 0;  ///< an index into CaseFile::changes
  Innocence why = Innocence::kUnfitting;
  std::size_t observation = ChangeFit::kNone;  ///< what shows it; kNone: its deployment, or nothing
};

/// Matches changes with mechanisms: a change is blamed because of what it does, whom it reached, and when;
/// never because it is recent.
///
/// Words that changes and symptoms have in common weigh by how few of the incident's changes use them
/// (inverse document frequency, Spärck Jones 1972).
class ChangeMatcher {
 public:
  ChangeMatcher(const CaseFile& file, const Suspects& suspects, const DependencyGraph& graph);

  /// The change that fits a mode at a suspect best; of equal ones the earlier. Nothing that fits: kNone.
  /// Changes that a person excused are left out.
  ChangeFit best(const knowledge::FailureMode& mode, SuspectIndex suspect) const;
  /// The same among those that a person excused.
  ChangeFit best_excused(const knowledge::FailureMode& mode, SuspectIndex suspect) const;
  /// What excuses a change; null where nobody did.
  const model::Directive* excuse_of(std::size_t change) const { return entries_[change].excuse; }

  /// Every change but `blamed`, with the first reason that holds.
  std::vector<InnocentChange> innocent(const std::string& blamed, SuspectIndex root) const;

 private:
  struct Reach {
    SuspectIndex suspect;
    base::Timestamp since;
    double weight;
  };
  struct Entry {
    std::vector<std::size_t> contents;  // observations of what it does
    std::vector<Reach> reaches;
    double words = 0;
    const model::Directive* excuse = nullptr;
  };

  void collect_contents();
  void collect_reaches();
  void collect_troubles();
  void weigh_words();
  std::optional<base::Timestamp> measured_onset(SuspectIndex suspect) const;
  ChangeFit best_of(const knowledge::FailureMode& mode, SuspectIndex suspect, bool excused) const;
  ChangeFit fit(std::size_t change, const knowledge::FailureMode& mode, SuspectIndex suspect) const;
  double timing_of(base::Timestamp since, SuspectIndex suspect, bool gradual) const;
  bool trouble_before(base::Timestamp since, SuspectIndex suspect) const;
  bool came_after(base::Timestamp since, SuspectIndex suspect) const;
  const Reach* reach_of(const Entry& entry, SuspectIndex suspect, knowledge::Place place) const;

  const CaseFile& file_;
  const Suspects& suspects_;
  const DependencyGraph& graph_;
  std::vector<Entry> entries_;                          // by change
  std::vector<std::vector<base::Timestamp>> troubles_;  // by suspect, when each began
  std::vector<std::string> symptom_words_;              // ordered
  std::string symptom_text_;                            // of errors, lower case
  std::set<std::string> refused_;                       // actions of a cloud that were refused, lower case
};

}  // namespace midwatch::diagnose

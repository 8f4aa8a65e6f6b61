#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "src/observe/state/state_observer.h"

namespace midwatch::observe::state {

/// One thing that an entity's attributes say.
struct Finding {
  topology::EntityIndex at = 0;  ///< whose attributes
  std::string type;
  std::string subject;
  double strength = 0;
  std::optional<base::Timestamp> onset;
  model::Facts facts;
  std::vector<std::string> paths;  ///< the attributes that say it
};

/// Collects findings; of several instances of one workload that show the same, the surest is told.
class Findings {
 public:
  explicit Findings(const StateInput& input) : input_(input) {}

  void add(Finding finding);
  /// Adds `sign.*` for what a text, a platform's reason and an exit code are known to mean. The facts of
  /// `finding` go with it; its type is left out.
  void add_signs(const Finding& finding, std::string_view reason, std::string_view message,
                 std::string_view exit_code);
  /// Says that somebody's state was there to be looked at.
  void looked_at(topology::EntityIndex at) { looked_.insert(input_.topology.owner(at)); }
  /// The strongest trouble of an entity so far, told under its owner.
  double trouble_of(topology::EntityIndex owner) const;

  const std::set<topology::EntityIndex>& looked() const { return looked_; }
  std::vector<model::Observation> finish();

 private:
  void add_match(const Finding& finding, const signs::SignatureMatch& match);
  void add_words(const Finding& finding, std::string_view words);
  bool is_alarmed(topology::EntityIndex at) const;

  using Key = std::tuple<topology::EntityIndex, std::string, std::string>;  // owner, type, subject
  struct Merged {
    Finding best;
    std::set<topology::EntityIndex> instances;
  };
  const StateInput& input_;
  std::map<Key, Merged> merged_;
  std::set<topology::EntityIndex> looked_;
};

}  // namespace midwatch::observe::state

#include "src/investigation/cause_chain.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace midwatch::investigation {
namespace {

/// A link shows at most this many observations.
constexpr std::size_t kShownPerLink = 4;

/// True where an observation tells something of a record that was not told yet; remembers its records.
bool is_new(const model::Observation& o, std::set<std::string>& records) {
  bool fresh = false;
  for (const auto& e : o.evidence) fresh = records.insert(e.id).second || fresh;
  return fresh;
}

/// What a fault elsewhere may have brought: neither that all is well nor what somebody changed here.
bool is_effect(const model::Observation& o) {
  return !o.type.starts_with("change.") && o.type != "state.healthy";
}

}  // namespace

void add_chain(const StatedCase& facts, const model::Hypothesis& hypothesis,
               const std::vector<std::string>& path, model::RootCause& cause) {
  std::set<std::string> used;
  std::set<std::string> records;
  model::ChainLink first{hypothesis.entity, cause.title, {}};
  for (const auto& entry : hypothesis.supporting) {
    if (first.observations.size() >= kShownPerLink) break;
    const auto& seen = facts.stated(entry.observation).observation;
    if (seen.strength < kTold || !is_new(seen, records)) continue;
    first.observations.push_back(entry.observation);
    used.insert(entry.observation);
  }
  cause.chain.push_back(std::move(first));
  for (std::size_t i = 1; i < path.size(); ++i) {
    model::ChainLink link{path[i], {}, {}};
    for (const auto* seen : facts.told_of(path[i])) {
      if (link.observations.size() >= kShownPerLink) break;
      if (is_effect(seen->observation) && used.insert(seen->observation.id).second &&
          is_new(seen->observation, records))
        link.observations.push_back(seen->observation.id);
    }
    if (link.observations.empty()) {
      const std::string name = facts.name_of(path[i]);
      const std::string below = facts.name_of(path[i - 1]);
      link.what = {fmt::format("{} depends on {}", name, below), fmt::format("{} は {} に依存", name, below)};
    } else {
      link.what = facts.stated(link.observations.front()).statement;
    }
    for (const auto& id : link.observations) {
      if (std::find(cause.explains.begin(), cause.explains.end(), id) == cause.explains.end())
        cause.explains.push_back(id);
    }
    cause.chain.push_back(std::move(link));
  }
}

}  // namespace midwatch::investigation

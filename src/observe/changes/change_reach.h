#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/change_account.h"
#include "src/telemetry/change_event.h"
#include "src/telemetry/entity.h"

namespace midwatch::observe::changes {

/// Finds whom changes reached, and from when on.
///
/// A deployment that carries a commit's id (as its own id or in `attributes.commit`) brings it to its entity,
/// or to the instances that it names. A commit without a deployment of its own travels with the next
/// deployment of whoever uses its files: those whose name its path holds, those that earlier deployments show
/// to be built from the same folder, and everybody for files of a shared library. Where nothing was deployed
/// at all, the path alone speaks.
class ReachFinder {
 public:
  ReachFinder(const std::vector<telemetry::ChangeEvent>& events,
              const std::vector<telemetry::Entity>& entities);

  /// The reaches of the change whose events (commit and deployments) are given, ordered by entity.
  std::vector<model::ChangeReach> reaches(const std::vector<const telemetry::ChangeEvent*>& same,
                                          const std::vector<std::string>& files) const;

 private:
  struct Deployment {
    base::Timestamp time;
    base::Timestamp built;  ///< of the commit it was built from, where that is known
    std::string commit;
  };

  bool uses(std::string_view entity, const std::vector<std::string>& files, model::ReachKind& kind) const;

  std::vector<std::string> names_;                                           ///< of entities, ordered
  std::map<std::string, std::vector<Deployment>, std::less<>> deployments_;  ///< by entity, by time
  std::map<std::string, std::string, std::less<>> owner_of_folder_;          ///< learned from deployments
};

/// The commit that an event is about: its own id, or that in its attributes.
std::string_view commit_of(const telemetry::ChangeEvent& event);

/// True for files that whoever is built from the same repository may use.
bool is_shared_path(std::string_view path);

}  // namespace midwatch::observe::changes

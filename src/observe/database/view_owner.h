#pragma once

#include <map>
#include <string>
#include <utility>

#include "src/knowledge/knowledge_base.h"
#include "src/observe/database/database_observer.h"

namespace midwatch::observe::database {

/// Which database a console's output is about: whom the command named (a pod is told as its workload), the
/// one whose address was asked, else the alarmed database, else the only one that there is, else the
/// console's own name.
class ViewOwners {
 public:
  ViewOwners(const DatabaseEvidence& evidence, const knowledge::KnowledgeBase& knowledge);

  /// The entity's id; `event` comes from a console.
  std::string of(const telemetry::PlatformEvent& event) const;

 private:
  static std::pair<std::string, std::string> key_of(const telemetry::PlatformEvent& event);

  std::map<std::pair<std::string, std::string>, std::string> owners_;
};

}  // namespace midwatch::observe::database

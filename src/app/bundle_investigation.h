#pragma once

#include <functional>
#include <string>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/investigation/investigator.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/investigation_record.h"

namespace midwatch::app {

/// What `midwatch investigate` is asked to do.
struct BundleInvestigation {
  std::string bundle;            ///< path of a folder or an archive
  std::string knowledge_folder;  ///< empty: the built-in knowledge
  unsigned threads = 0;          ///< 0: as many as the machine has
  std::function<void(const investigation::Progress&)> on_progress;
};

/// Investigates one bundle. Errors: the bundle or the knowledge cannot be read.
base::Result<model::InvestigationRecord> investigate_bundle(const BundleInvestigation& what,
                                                            const base::Clock& clock);
/// The same with knowledge that is already there. Threads: safe.
base::Result<model::InvestigationRecord> investigate_bundle(const BundleInvestigation& what,
                                                            const knowledge::KnowledgeBase& knowledge,
                                                            const base::Clock& clock);

}  // namespace midwatch::app

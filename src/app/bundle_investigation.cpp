#include "src/app/bundle_investigation.h"

#include <algorithm>
#include <thread>

#include "src/app/knowledge_loading.h"
#include "src/base/ids.h"
#include "src/base/try.h"
#include "src/connectors/bundle/bundle_connector.h"

namespace midwatch::app {

base::Result<model::InvestigationRecord> investigate_bundle(const BundleInvestigation& what,
                                                            const base::Clock& clock) {
  MIDWATCH_TRY(const auto knowledge, load_knowledge(what.knowledge_folder));
  return investigate_bundle(what, knowledge, clock);
}

base::Result<model::InvestigationRecord> investigate_bundle(const BundleInvestigation& what,
                                                            const knowledge::KnowledgeBase& knowledge,
                                                            const base::Clock& clock) {
  const auto context = runtime::RequestContext::unlimited(clock);
  MIDWATCH_TRY(const auto bundle, connectors::bundle::BundleConnector::open(what.bundle, context));
  investigation::InvestigationOptions options;
  options.threads = what.threads > 0 ? what.threads : std::max(1U, std::thread::hardware_concurrency());
  options.on_progress = what.on_progress;
  MIDWATCH_TRY(auto record,
               investigation::investigate(context, *bundle, bundle->scope(), knowledge, options));
  base::Uuid7Generator ids(clock);
  record.id = ids.next_uuid();
  return record;
}

}  // namespace midwatch::app

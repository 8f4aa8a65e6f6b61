#include "src/app/bundle_investigation.h"

#include <algorithm>
#include <future>
#include <memory>
#include <thread>

#include "src/app/knowledge_loading.h"
#include "src/base/ids.h"
#include "src/base/try.h"
#include "src/connectors/bundle/bundle_connector.h"

namespace midwatch::app {
namespace {

using connectors::bundle::BundleConnector;
using connectors::bundle::Reading;

unsigned threads_of(const BundleInvestigation& what) {
  return what.threads > 0 ? what.threads : std::max(1U, std::thread::hardware_concurrency());
}

base::Result<std::unique_ptr<BundleConnector>> open(const BundleInvestigation& what,
                                                    const runtime::RequestContext& context) {
  return BundleConnector::open(what.bundle, context,
                               threads_of(what) > 1 ? Reading::kAhead : Reading::kInStep);
}

base::Result<model::InvestigationRecord> investigate(const BundleInvestigation& what, BundleConnector& bundle,
                                                     const knowledge::KnowledgeBase& knowledge,
                                                     const runtime::RequestContext& context) {
  investigation::InvestigationOptions options;
  options.threads = threads_of(what);
  options.on_progress = what.on_progress;
  MIDWATCH_TRY(auto record, investigation::investigate(context, bundle, bundle.scope(), knowledge, options));
  base::Uuid7Generator ids(context.clock());
  record.id = ids.next_uuid();
  return record;
}

}  // namespace

base::Result<model::InvestigationRecord> investigate_bundle(const BundleInvestigation& what,
                                                            const base::Clock& clock) {
  const auto context = runtime::RequestContext::unlimited(clock);
  const auto policy = threads_of(what) > 1 ? std::launch::async : std::launch::deferred;
  // The metrics are read meanwhile: both take about as long, and neither needs the other.
  auto loading = std::async(policy, [&] { return load_knowledge(what.knowledge_folder); });
  auto bundle = open(what, context);
  if (bundle && policy == std::launch::async) (*bundle)->read_metrics_early(context);
  MIDWATCH_TRY(const auto knowledge, loading.get());
  if (!bundle) return std::move(bundle).error();
  return investigate(what, **bundle, knowledge, context);
}

base::Result<model::InvestigationRecord> investigate_bundle(const BundleInvestigation& what,
                                                            const knowledge::KnowledgeBase& knowledge,
                                                            const base::Clock& clock) {
  const auto context = runtime::RequestContext::unlimited(clock);
  MIDWATCH_TRY(const auto bundle, open(what, context));
  return investigate(what, *bundle, knowledge, context);
}

}  // namespace midwatch::app

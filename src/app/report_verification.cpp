#include "src/app/report_verification.h"

#include "src/app/knowledge_loading.h"
#include "src/base/try.h"
#include "src/connectors/bundle/bundle_connector.h"
#include "src/connectors/bundle/byte_source.h"

namespace midwatch::app {
namespace {

/// A report holds observations, not records: a larger file than this is none.
constexpr std::size_t kMaxReport = 512UL * 1024 * 1024;

}  // namespace

base::Result<verify::Verdict> verify_bundle_report(const ReportVerification& what, const base::Clock& clock) {
  MIDWATCH_TRY(const auto knowledge, load_knowledge(what.knowledge_folder));
  MIDWATCH_TRY(const auto file, connectors::bundle::open_file(what.report));
  auto text = connectors::bundle::read_all(*file, kMaxReport);
  if (!text) return std::move(text).error().with(what.report);
  const auto context = runtime::RequestContext::unlimited(clock);
  MIDWATCH_TRY(const auto bundle, connectors::bundle::BundleConnector::open(what.bundle, context));
  auto verdict = verify::verify_report(context, *text, *bundle, bundle->scope(), knowledge);
  if (!verdict) return std::move(verdict).error().with(what.report);
  return verdict;
}

}  // namespace midwatch::app

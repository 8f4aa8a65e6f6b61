#pragma once

#include <string>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/verify/verifier.h"

namespace midwatch::app {

/// What `midwatch verify` is asked to do.
struct ReportVerification {
  std::string report;            ///< path of a report as JSON
  std::string bundle;            ///< path of a folder or an archive
  std::string knowledge_folder;  ///< empty: the built-in knowledge
};

/// Holds a report against its bundle. Errors: one of them cannot be read, or is none.
base::Result<verify::Verdict> verify_bundle_report(const ReportVerification& what, const base::Clock& clock);

}  // namespace midwatch::app

#pragma once

#include <memory>
#include <string>

#include "src/connectors/bundle/bundle_files.h"

namespace midwatch::connectors::bundle {

/// Lists a folder as a bundle. Symbolic links are not followed (one could lead out of the bundle), and what
/// cannot be read is named. Errors: kPermissionDenied, kUnavailable, kResourceExhausted (too many files),
/// kCancelled, kTimeout.
base::Result<std::unique_ptr<BundleFiles>> open_folder(const std::string& path,
                                                       const runtime::RequestContext& context);

}  // namespace midwatch::connectors::bundle

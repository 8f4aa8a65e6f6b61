#pragma once

#include <memory>
#include <string>

#include "src/base/result.h"
#include "src/connectors/bundle/bundle_files.h"

namespace midwatch::connectors::bundle {

/// Opens a tar archive, plain or compressed with gzip or zstd, as its content says. Small members are kept in
/// memory from the first pass; a large one is streamed by a pass of its own each time it is opened, so memory
/// stays bounded and nothing is written. Errors: kMalformed where it is no such archive, kResourceExhausted
/// (too many members, a decompression bomb), kCancelled, kTimeout.
base::Result<std::unique_ptr<BundleFiles>> open_archive(const std::string& path,
                                                        const runtime::RequestContext& context);

}  // namespace midwatch::connectors::bundle

#pragma once

#include <memory>

#include "src/connectors/bundle/byte_source.h"

namespace midwatch::connectors::bundle {

/// Gives the same bytes and errors in the same order, but reads the next piece in a thread of its own while
/// the last one is used: for sources whose bytes cost work, such as decompression. What fits into one piece
/// never gets a thread. Memory: two pieces of 512 KiB. Threads: `source` is used by one thread at a time, not
/// always by the same.
std::unique_ptr<ByteSource> read_ahead(std::unique_ptr<ByteSource> source);

}  // namespace midwatch::connectors::bundle

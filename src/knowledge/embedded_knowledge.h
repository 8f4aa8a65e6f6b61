#pragma once

#include <string_view>

namespace midwatch::knowledge {

/// The knowledge files as one document in CBOR `[{"path":…,"content":…},…]`, made at build time from
/// knowledge/.
std::string_view embedded_knowledge_cbor();

}  // namespace midwatch::knowledge

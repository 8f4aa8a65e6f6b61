#pragma once

#include <string_view>

namespace midwatch::knowledge {

/// The knowledge files as one document in CBOR `[{"path":…,"content":…},…]`, made at build time from
/// knowledge/. A file of a mode lacks the members that kModeDetails names; they lie in embedded_details(), at
/// its "details": `[first byte, bytes]`.
std::string_view embedded_knowledge_cbor();

/// The details of all modes, each one map in CBOR.
std::string_view embedded_details();

}  // namespace midwatch::knowledge

#pragma once

#include <string_view>

namespace midwatch::knowledge {

/// The knowledge files as one JSON document `[{"path":…,"content":…},…]`, made at build time from knowledge/.
std::string_view embedded_knowledge_json();

}  // namespace midwatch::knowledge

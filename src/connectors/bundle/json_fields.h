#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/json.h"
#include "src/base/time.h"

namespace midwatch::connectors::bundle {

/// Reads members of a JSON object leniently: an absent member or one of another type gives nothing. Texts
/// come bounded (1 MiB) and redacted.
std::string json_text(const base::Json& object, std::string_view name);
std::vector<std::string> json_texts(const base::Json& object, std::string_view name);
std::optional<double> json_number(const base::Json& object, std::string_view name);
/// RFC 3339 text, or epoch seconds as number or text.
std::optional<base::Timestamp> json_time(const base::Json& object, std::string_view name);

}  // namespace midwatch::connectors::bundle

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "src/base/result.h"

namespace midwatch::base {

/// A JSON document whose objects keep the order in which members were added, so that printing is
/// deterministic. Files that build or read one include <nlohmann/json.hpp> themselves; headers must not.
using Json = nlohmann::ordered_json;

/// Parses one document. Errors: kMalformed with line and column. Nesting over 200 levels is refused.
Result<Json> parse_json(std::string_view text);

/// Prints in one line, or indented; invalid UTF-8 inside strings becomes U+FFFD.
std::string dump_json(const Json& value);
std::string dump_json_indented(const Json& value);

/// JSON text in which escapes of lone surrogates (`\ud800`), which UTF-8 cannot hold and no parser takes, are
/// replaced by `\ufffd`; nothing where there are none. Some writers make them of invalid bytes.
std::optional<std::string> repair_surrogates(std::string_view json);

/// `text` as the inside of a JSON string, without the quotes.
std::string escape_json(std::string_view text);

}  // namespace midwatch::base

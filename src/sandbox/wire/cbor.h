#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/sandbox/wire/service_model.h"

namespace midwatch::sandbox::wire {

/// A CBOR value as JSON (RFC 8949); times (tag 1) as their seconds. Nothing where it is malformed or deeper
/// than 64.
std::optional<base::Json> decode_cbor(std::string_view bytes);

/// A value as CBOR; members whose shape is a time, and which are RFC 3339 text, as tag 1 with seconds.
std::string encode_cbor(const base::Json& value, const Shape* shape);

}  // namespace midwatch::sandbox::wire

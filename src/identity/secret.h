#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "src/base/result.h"

namespace midwatch::identity {

/// So many random bytes of the system, and the same as lower-case hex digits.
/// Errors: kUnavailable: it gives none.
base::Result<std::string> random_bytes(std::size_t count);
base::Result<std::string> random_hex(std::size_t bytes);

/// Compares in a time that depends on the lengths alone.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace midwatch::identity

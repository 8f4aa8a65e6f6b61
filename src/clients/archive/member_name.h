#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace midwatch::clients::archive {

/// A member's path has at most so many bytes and folders; what is beyond is an attack.
inline constexpr std::size_t kMaxPathBytes = 1024;
inline constexpr std::size_t kMaxPathDepth = 64;

/// Why a member is refused for its name.
enum class NameFault { kNone, kAbsolute, kUpwards, kNameless, kDeep };

/// Puts the member's name in plain form ("./a//b" → "a/b"): a relative path that leads nowhere else.
NameFault make_plain(std::string_view name, std::string& plain);

}  // namespace midwatch::clients::archive

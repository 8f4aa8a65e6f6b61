#include "src/clients/archive/member_name.h"

namespace midwatch::clients::archive {

NameFault make_plain(std::string_view name, std::string& plain) {
  if (name.starts_with("/")) return NameFault::kAbsolute;
  if (name.size() > kMaxPathBytes) return NameFault::kDeep;
  std::size_t depth = 0;
  while (!name.empty()) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    name.remove_prefix(slash == std::string_view::npos ? name.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") return NameFault::kUpwards;
    if (++depth > kMaxPathDepth) return NameFault::kDeep;
    if (!plain.empty()) plain += '/';
    plain += part;
  }
  return plain.empty() ? NameFault::kNameless : NameFault::kNone;
}

}  // namespace midwatch::clients::archive

#include "src/connectors/bundle/name_table.h"

#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::connectors::bundle {
namespace {

/// ARNs and container paths stay below; what is longer is no name.
constexpr std::size_t kNameBytes = 1024;

}  // namespace

std::string clean_name(std::string_view raw) {
  return base::redact(base::clip_utf8(raw, kNameBytes));
}

std::optional<std::string_view> NameTable::clean(std::string_view raw) {
  // Neighbouring records are often of one entity.
  if (last_ != nullptr && last_->first == raw) return last_->second;
  auto at = names_.find(raw);
  if (at == names_.end()) {
    if (names_.size() >= kMaxNames) return std::nullopt;
    at = names_.emplace(std::string(raw), clean_name(raw)).first;
  }
  last_ = &*at;
  return at->second;
}

}  // namespace midwatch::connectors::bundle

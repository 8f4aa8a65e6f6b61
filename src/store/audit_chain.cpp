#include "src/store/audit_chain.h"

#include <fmt/format.h>

#include "src/base/digest.h"

namespace midwatch::store {

std::string audit_origin() {
  return std::string(64, '0');
}

std::string audit_hash(std::string_view previous, const AuditEntry& entry) {
  // Each text goes with its length, so that no text can move from one field to the next unseen.
  std::string content;
  const auto add = [&content](std::string_view text) { content += fmt::format("{}:{},", text.size(), text); };
  add(previous);
  add(fmt::to_string(entry.sequence));
  add(fmt::to_string(entry.time.time_since_epoch().count()));
  add(entry.who);
  add(entry.action);
  add(entry.object);
  add(entry.details);
  return base::sha256_hex(content);
}

base::Result<std::string> check_audit(std::string previous, std::uint64_t after,
                                      const std::vector<AuditEntry>& entries) {
  for (const auto& entry : entries) {
    if (entry.sequence != ++after)
      return base::environment_error(base::ErrorCode::kMalformed,
                                     fmt::format("the audit lacks entry {}: somebody removed it", after));
    if (entry.hash != audit_hash(previous, entry))
      return base::environment_error(
          base::ErrorCode::kMalformed,
          fmt::format(
              "entry {} of the audit is not what was written: it, or what came before it, was changed",
              after));
    previous = entry.hash;
  }
  return previous;
}

}  // namespace midwatch::store

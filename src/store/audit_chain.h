#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/store/store.h"

namespace midwatch::store {

/// What comes before the first entry.
std::string audit_origin();

/// SHA-256 over the hash of the entry before and everything in this entry but its own hash, as hex digits.
std::string audit_hash(std::string_view previous, const AuditEntry& entry);

/// Checks entries that follow one another, and gives the hash of the last.
/// Errors: kMalformed with the sequence of the first entry that was changed, or that follows a missing one.
base::Result<std::string> check_audit(std::string previous, std::uint64_t after,
                                      const std::vector<AuditEntry>& entries);

}  // namespace midwatch::store

#pragma once

#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/intake/decoded.h"
#include "src/intake/proof.h"

namespace midwatch::intake {

/// A way in which a system tells of alarms.
struct Dialect {
  std::string_view name;   ///< as a configuration says it: "alertmanager"
  std::string_view title;  ///< for people: "Prometheus Alertmanager"
  /// Reads a message. Shape: alarms without `id`, `space`, `sender`, `dialect` and `received`, and without
  /// `since` where nobody said it. Errors: kMalformed. Pure.
  base::Result<Decoded> (*decode)(std::string_view body);
  std::vector<Proof> proofs;  ///< that its senders can show, the best first
};

/// All of them, in the order of their names.
const std::vector<Dialect>& dialects();

/// Nothing for a name that none has.
const Dialect* dialect_of(std::string_view name);

}  // namespace midwatch::intake

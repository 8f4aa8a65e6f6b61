#pragma once

#include <map>
#include <string>

#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::aws {

/// Which entity an alias means. An alias of an alias is followed; a circle is left as it is.
class AliasMap {
 public:
  explicit AliasMap(const telemetry::TelemetryBatch& batch);

  /// The entity itself where nothing says that it is an alias.
  const std::string& meant(const std::string& id) const;
  /// Rewrites every record of the batch, and merges entities that are one.
  void apply(telemetry::TelemetryBatch& batch) const;

 private:
  std::map<std::string, std::string, std::less<>> meant_;
};

}  // namespace midwatch::clients::aws

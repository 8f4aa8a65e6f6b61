#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/evidence.h"

namespace midwatch::model {

/// Named values of an observation, for texts, commands and conditions: "host" → "db.local", "exit_code" →
/// "137".
using Facts = std::map<std::string, std::string, std::less<>>;

/// A typed fact about one entity, with the records behind it.
///
/// `type` is a dotted word of the vocabulary in docs/observations.md; its first part says which signal it
/// came from: `metric.latency.up`, `log.error.new`, `sign.dns_unresolved`, `trace.self_time.up`,
/// `state.container.waiting`, `change.timeout.lowered`, `absent.log`. Failure modes match on it.
struct Observation {
  std::string id;      ///< "o1", "o2", … in the order of the report
  std::string entity;  ///< entity id
  std::string type;
  std::string subject;    ///< what on the entity: a metric, a template, a container, a configuration key
  double strength = 1.0;  ///< how surely this is out of the ordinary, 0 … 1; below 0.05 it is not made
  /// Size of the effect as a natural logarithm: ln(value / baseline) of a shift, 0 where that has no meaning.
  double magnitude = 0.0;
  std::optional<base::Timestamp> onset;
  base::Duration onset_uncertainty{};  ///< the onset lies within ± this
  std::optional<double> value;
  std::optional<double> baseline;
  std::string unit;    ///< UCUM
  std::string change;  ///< id of the change that this is about; empty otherwise
  Facts facts;
  std::vector<Evidence> evidence;  ///< at least one
};

}  // namespace midwatch::model

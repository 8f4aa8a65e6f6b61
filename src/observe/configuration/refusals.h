#pragma once

#include <optional>

#include "src/observe/configuration/configuration_observer.h"

namespace midwatch::observe::configuration {

/// The median of a series in ordinary times; 0 where it was not measured then.
double ordinary_of(const ConfigurationInput& input, const telemetry::MetricSeries& series);

/// What a platform refused in the window, beyond what it always refuses.
struct Refused {
  double most = 0;  ///< in a minute
  double all = 0;
  base::Timestamp since;
};

/// Of a series that counts refusals; nothing where it was ordinary.
std::optional<Refused> refused_of(const ConfigurationInput& input, const telemetry::MetricSeries& series);

/// Of the invocations of a function; nothing where none was refused, or as many as always.
std::optional<Refused> refusals_of(const ConfigurationInput& input, topology::EntityIndex function);

}  // namespace midwatch::observe::configuration

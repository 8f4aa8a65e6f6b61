#pragma once

#include <vector>

#include "src/sandbox/world/history.h"
#include "src/sandbox/world/world.h"

namespace midwatch::sandbox::world {

/// Evaluates the alarms of a world over all its metrics, as CloudWatch does: at the end of each period, M of
/// the last N points, missing points by the alarm's own rule.
void run_alarms(const World& world, History& history);

/// The value of a statistic over a period that begins at `start`; nothing where nothing was published.
std::optional<double> statistic_of(const MetricCourse& course, base::Timestamp start, base::Duration period,
                                   const std::string& statistic);

}  // namespace midwatch::sandbox::world

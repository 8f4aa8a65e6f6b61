#pragma once

namespace midwatch::observe::metrics {

/// Half of all observers would call this many tail scales out of the ordinary; one more or less decides.
inline constexpr double kDoubtfulDeviation = 4.2;
/// Weaker than this is not worth an observation.
inline constexpr double kLeastStrength = 0.05;

/// How surely a deviation is out of the ordinary, 0 … 1: a logistic curve through 1/2 at kDoubtfulDeviation.
/// Units: `deviation` in tail scales, of either sign.
double strength_of(double deviation);

}  // namespace midwatch::observe::metrics

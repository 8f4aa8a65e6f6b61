#pragma once

namespace midwatch::connectors::aws {

// Information in bits, as it is before anything is known: how much of the uncertainty about the cause an
// answer takes away on average. What decides alone (a limit, an exit code, a stack trace) is worth most; who
// changed something only helps where it fits the symptom.
inline constexpr double kConfiguration = 3.0;
inline constexpr double kShortLived = 3.5;  ///< stopped tasks: gone after an hour, and they hold exit codes
inline constexpr double kLines = 2.8;
inline constexpr double kDefinition = 2.4;
inline constexpr double kHealth = 1.6;
inline constexpr double kEvents = 1.2;
inline constexpr double kChange = 1.0;
inline constexpr double kReference = 0.9;
inline constexpr double kRarely = 0.4;
inline constexpr double kCaller = 0.24;  ///< worth a call of the alarmed function, not of its neighbours
/// Worth a call also two steps away, where the stack of the alarmed resource lies.
inline constexpr double kStack = 0.6;
/// Worth a call of the alarmed function only, unless the hypotheses that lead are about another.
inline constexpr double kCode = 0.2;
inline constexpr double kLeaning = 0.2;  ///< the same of any entity
// Costs in ordinary calls: Logs reads and CloudTrail (two calls a second an account) are slow.
inline constexpr double kSlow = 2.0;

}  // namespace midwatch::connectors::aws

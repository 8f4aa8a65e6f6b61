#pragma once

#include <string_view>

namespace midwatch::diagnose {

/// Below this an observation is no trouble that somebody would have to explain.
inline constexpr double kTroubleStrength = 0.5;
/// From this on there is hardly any doubt that something is out of the ordinary.
inline constexpr double kClearStrength = 0.9;

/// True for observation types that mean that something does not work, as opposed to "is different".
bool is_trouble(std::string_view type);

/// True for trouble that was followed through single requests, which a metric of all of them may hide.
bool is_followed(std::string_view type);

/// True for trouble that a platform or a program says in words, which no quiet metric can take back.
bool is_said(std::string_view type);

}  // namespace midwatch::diagnose

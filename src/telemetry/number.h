#pragma once

#include <optional>
#include <string_view>

namespace midwatch::telemetry {

/// Reads the whole of `text` as a decimal number, with fraction and exponent; "NaN" and infinities give
/// nothing.
std::optional<double> parse_number(std::string_view text);

/// Reads a Kubernetes quantity: "250m" is 0.25, "512Mi" is 536870912, "1k" is 1000, "2" is 2.
/// Source: Kubernetes API reference, "Quantity".
std::optional<double> parse_kubernetes_quantity(std::string_view text);

}  // namespace midwatch::telemetry

#pragma once

#include <string>
#include <string_view>

namespace midwatch::base {

/// Prints a number for people: three significant digits, no exponent between 0.001 and 10^15, thousands
/// unseparated.
std::string format_number(double value);

/// Rounds to so many significant digits, so that the last bits of a processor's arithmetic do not show.
/// Infinities and NaN give 0.
double round_significant(double value, int digits);

/// Prints a value with its unit, scaled where people expect it: bytes as KiB/MiB/GiB, seconds as ms or µs
/// below one. `unit` is a UCUM code (`s`, `ms`, `By`, `MiBy`, `By/s`, `%`, `1`) or empty; an annotation in
/// braces is printed without them, other units as they are.
std::string format_quantity(double value, std::string_view unit);

/// Sets commas between the thousands of a text that begins with a number of five digits or more: "30000 ms"
/// becomes "30,000 ms". Any other text stays as it is.
std::string group_digits(std::string text);

}  // namespace midwatch::base

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/time.h"

namespace midwatch::clients::kubernetes {

/// One line of an output, without its indent and its end.
struct Line {
  std::size_t number = 0;  ///< counts from 1
  std::size_t indent = 0;
  std::string_view text;
};

/// The lines of `text` that are not blank; `first` is the number of the first one.
std::vector<Line> lines_of(std::string_view text, std::size_t first = 1);

/// The cells of a row whose columns are at least two spaces apart.
std::vector<std::string_view> cells_of(std::string_view line);

/// True for what kubectl prints where there is no value: "<none>", "<unset>", "<nil>", "<unknown>", nothing.
bool is_absent(std::string_view value);

/// The part of `value` before the first space or bracket of another remark: "3 (6h7m ago)" gives "3".
std::string_view first_word(std::string_view value);

/// "3m5s", "2d4h", "45s", "<invalid>": an age as kubectl prints it.
std::optional<base::Duration> parse_age(std::string_view text);

/// The age inside a remark: "13 (6h7m ago)" gives 6h7m, "2m12s (x42 over 12m)" gives 2m12s, "7 days ago" and
/// "about an hour ago" give nothing.
std::optional<base::Duration> age_in(std::string_view text);

/// "Tue, 01 Jul 2025 12:14:59 +0300" (RFC 1123 with a numeric zone, as describe prints times) as RFC 3339;
/// empty for any other text.
std::string rfc3339_of_describe_time(std::string_view value);

}  // namespace midwatch::clients::kubernetes

#pragma once

#include <string_view>

namespace midwatch::report {

/// The style of the HTML report: light and dark by the reader's preference, wide and narrow, and for print.
std::string_view html_style();

}  // namespace midwatch::report

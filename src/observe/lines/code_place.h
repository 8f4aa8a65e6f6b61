#pragma once

#include <string_view>

namespace midwatch::observe::lines {

/// The line of code that a log line says it was written by ("OrderController#44", "store.ts:88",
/// "Foo.java:12"), looked for near the start; empty where it names none.
std::string_view code_place(std::string_view line);

}  // namespace midwatch::observe::lines

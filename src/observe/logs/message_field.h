#pragma once

#include <string>
#include <string_view>

namespace midwatch::observe::logs {

/// The message of a structured log line: where a body is a JSON object, the value of its message field
/// (message, msg, log, error, event, …), else the body itself. `scratch` holds an unescaped message; the
/// result may point into it.
std::string_view message_field(std::string_view body, std::string& scratch);

}  // namespace midwatch::observe::logs

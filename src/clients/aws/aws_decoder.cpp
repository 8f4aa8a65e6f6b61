#include "src/clients/aws/aws_decoder.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/clients/aws/decoder_table.h"

namespace midwatch::clients::aws {
namespace {

constexpr std::size_t kNoticeBytes = 300;

/// Takes the comment lines in front off the text; the first that names a command is it.
CommandLine take_command(std::string_view& text) {
  CommandLine command;
  while (true) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    text.remove_prefix(std::min(start, text.size()));
    if (!text.starts_with('#') && !text.starts_with('$')) return command;
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (command.service.empty()) command = parse_command_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string asked(const CommandLine& command) {
  return command.service.empty() ? "a command that is not named"
                                 : fmt::format("aws {} {}", command.service, command.operation);
}

/// "An error occurred (AccessDeniedException) when calling the DescribeServices operation: …" and the like.
std::string refusal(const CommandLine& command, std::string_view text) {
  return base::printable(base::redact(fmt::format("{} gave no answer: {}", asked(command), text)),
                         kNoticeBytes);
}

}  // namespace

void decode_cli_output(const CliOutput& output, telemetry::TelemetryBatch& out) {
  std::string_view text = output.text;
  const CommandLine command = take_command(text);
  if (text.empty()) {
    out.notices.push_back({fmt::format("{} printed nothing", asked(command)), output.ref});
    return;
  }
  if (text.front() != '{' && text.front() != '[') {
    out.notices.push_back({refusal(command, text), output.ref});
    return;
  }
  const auto body = base::parse_json(text);
  if (!body) {
    out.notices.push_back(
        {fmt::format("the output of {} is no JSON: {}", asked(command), body.error().describe()),
         output.ref});
    return;
  }
  const KnownOperation* known = find_operation(command, *body);
  if (known == nullptr) {
    out.notices.push_back(
        {base::printable(fmt::format("nothing reads the answer of {}", asked(command)), kNoticeBytes),
         output.ref});
    return;
  }
  known->decode({*body, command, output.ref, output.reference_time}, out);
}

}  // namespace midwatch::clients::aws

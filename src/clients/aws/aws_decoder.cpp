#include "src/clients/aws/aws_decoder.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/utf8.h"
#include "src/clients/aws/decoder_table.h"
#include "src/clients/aws/refusal.h"

namespace midwatch::clients::aws {
namespace {

constexpr std::size_t kNoticeBytes = 300;

/// What was asked: the command, and the line that names it.
struct Asked {
  CommandLine command;
  std::string_view line;
};

/// Takes the comment lines in front off the text; the first that names a command is it.
Asked take_command(std::string_view& text) {
  Asked found;
  while (true) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    text.remove_prefix(std::min(start, text.size()));
    if (!text.starts_with('#') && !text.starts_with('$')) return found;
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (found.command.service.empty()) {
      found.line = text.substr(0, end);
      found.command = parse_command_line(found.line);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string asked(const CommandLine& command) {
  return command.service.empty() ? "a command that is not named"
                                 : fmt::format("aws {} {}", command.service, command.operation);
}

}  // namespace

void decode_cli_output(const CliOutput& output, telemetry::TelemetryBatch& out) {
  std::string_view text = output.text;
  const Asked question = take_command(text);
  const CommandLine& command = question.command;
  if (text.empty()) {
    out.notices.push_back({fmt::format("{} printed nothing", asked(command)), output.ref,
                           fmt::format("{} の出力が空です", asked(command))});
    return;
  }
  if (text.front() != '{' && text.front() != '[') {
    out.notices.push_back(refusal_notice(command, question.line, text, output.ref));
    return;
  }
  const auto body = base::parse_json(text);
  if (!body) {
    out.notices.push_back(
        {fmt::format("the output of {} is no JSON: {}", asked(command), body.error().describe()), output.ref,
         fmt::format("{} の出力は JSON として解釈できません", asked(command))});
    return;
  }
  const KnownOperation* known = find_operation(command, *body);
  if (known == nullptr) {
    out.notices.push_back(
        {base::printable(fmt::format("nothing reads the answer of {}", asked(command)), kNoticeBytes),
         output.ref,
         base::printable(fmt::format("{} の応答は解釈の対象外です", asked(command)), kNoticeBytes)});
    return;
  }
  known->decode({*body, command, output.ref, output.reference_time}, out);
  if (auto nothing = emptiness_notice(command, question.line, *body, output.ref))
    out.notices.push_back(*std::move(nothing));
}

}  // namespace midwatch::clients::aws

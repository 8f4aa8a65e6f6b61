#include "src/observe/lines/lambda_line.h"

#include <algorithm>
#include <charconv>

namespace midwatch::observe::lines {
namespace {

using Kind = LambdaLine::Kind;

/// Platform lines are short; what is longer is somebody's message.
constexpr std::size_t kLineBytes = 2000;

std::optional<double> number_at(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !(value >= 0)) return std::nullopt;
  return value;
}

/// What stands behind `name` up to the next tab or line end.
std::string_view field(std::string_view line, std::string_view name) {
  for (std::size_t at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
    // "Duration" is a part of "Billed Duration".
    if (at > 0 && line[at - 1] != '\t' &&
        (at < 2 || line[at - 1] != ' ' || line[at - 2] == 'd' || line[at - 2] == 't'))
      continue;
    std::string_view value = line.substr(at + name.size());
    value = value.substr(0, value.find_first_of("\t\r\n"));
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
    return value;
  }
  return {};
}

/// The identifier behind "RequestId: ".
std::string_view request_in(std::string_view line) {
  const std::string_view value = field(line, "RequestId: ");
  return value.substr(0, value.find(' '));
}

LambdaLine read_report(std::string_view line, Kind kind) {
  LambdaLine out;
  out.kind = kind;
  out.request = request_in(line);
  out.duration_ms = number_at(field(line, "Duration: "));
  out.init_ms = number_at(field(line, "Init Duration: "));
  out.memory_mb = number_at(field(line, "Memory Size: "));
  out.used_mb = number_at(field(line, "Max Memory Used: "));
  out.status = field(line, "Status: ");
  out.error_type = field(line, "Error Type: ");
  out.phase = field(line, "Phase: ");
  return out;
}

/// The value of a member of a platform event; their names occur once each.
std::string_view json_field(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(name);
  if (at == std::string_view::npos) return {};
  std::string_view value = line.substr(at + name.size());
  while (!value.empty() && (value.front() == ' ' || value.front() == ':')) value.remove_prefix(1);
  if (!value.empty() && value.front() == '"') {
    value.remove_prefix(1);
    return value.substr(0, value.find('"'));
  }
  return value.substr(0, value.find_first_of(",} "));
}

std::optional<LambdaLine> read_json(std::string_view line) {
  const std::string_view type = json_field(line, "\"type\"");
  if (!type.starts_with("platform.")) return std::nullopt;
  LambdaLine out;
  if (type == "platform.start") {
    out.kind = Kind::kStart;
  } else if (type == "platform.runtimeDone") {
    out.kind = Kind::kEnd;
  } else if (type == "platform.report") {
    out.kind = Kind::kReport;
  } else if (type == "platform.initReport") {
    out.kind = Kind::kInitReport;
  } else {
    return std::nullopt;
  }
  out.request = json_field(line, "\"requestId\"");
  out.duration_ms = number_at(json_field(line, "\"durationMs\""));
  out.init_ms = number_at(json_field(line, "\"initDurationMs\""));
  out.memory_mb = number_at(json_field(line, "\"memorySizeMB\""));
  out.used_mb = number_at(json_field(line, "\"maxMemoryUsedMB\""));
  out.status = json_field(line, "\"status\"");
  out.error_type = json_field(line, "\"errorType\"");
  out.phase = json_field(line, "\"phase\"");
  if (out.status == "success") out.status.clear();
  return out;
}

std::optional<LambdaLine> read_time_out(std::string_view line) {
  static constexpr std::string_view kWords = "Task timed out after ";
  const std::size_t at = line.find(kWords);
  if (at == std::string_view::npos) return std::nullopt;
  const auto seconds = number_at(line.substr(at + kWords.size()));
  if (!seconds) return std::nullopt;
  LambdaLine out;
  out.kind = Kind::kTimedOut;
  out.duration_ms = *seconds * 1000;
  out.status = "timeout";
  // "TIME REQUEST Task timed out": the word before.
  std::string_view before = line.substr(0, at);
  while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
  const std::size_t space = before.rfind(' ');
  out.request = space == std::string_view::npos ? before : before.substr(space + 1);
  return out;
}

std::optional<LambdaLine> read_exit(std::string_view line) {
  if (!line.starts_with("RequestId: ") || line.find(" Error: Runtime exited") == std::string_view::npos)
    return std::nullopt;
  LambdaLine out;
  out.kind = Kind::kExited;
  out.request = request_in(line);
  out.status = "error";
  const std::size_t end = line.find_first_of("\r\n");
  if (end != std::string_view::npos) {
    std::string_view type = line.substr(end);
    type.remove_prefix(std::min(type.size(), type.find_first_not_of("\r\n")));
    out.error_type = type.substr(0, type.find_first_of("\r\n"));
  }
  return out;
}

}  // namespace

std::optional<LambdaLine> read_lambda_line(std::string_view line) {
  if (line.empty() || line.size() > kLineBytes) return std::nullopt;
  switch (line.front()) {
    case 'S':
    case 'E': {
      const bool start = line.starts_with("START RequestId: ");
      if (!start && !line.starts_with("END RequestId: ")) return std::nullopt;
      LambdaLine out;
      out.kind = start ? Kind::kStart : Kind::kEnd;
      out.request = request_in(line);
      return out;
    }
    case 'R':
      if (line.starts_with("REPORT RequestId: ")) return read_report(line, Kind::kReport);
      return read_exit(line);
    case 'I':
      if (!line.starts_with("INIT_REPORT ")) return std::nullopt;
      return read_report(line, Kind::kInitReport);
    case '{':
      return line.find("\"platform.") == std::string_view::npos ? std::nullopt : read_json(line);
    default:
      return line.front() == '2' ? read_time_out(line) : std::nullopt;
  }
}

std::string_view run_named_in(std::string_view line) {
  constexpr std::size_t kNear = 400;  // JSON has its members in any order
  constexpr std::size_t kLength = 36;
  const auto is_uuid = [](std::string_view text) {
    for (std::size_t i = 0; i < kLength; ++i) {
      const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
      const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
      if (dash ? text[i] != '-' : !hex) return false;
    }
    return true;
  };
  const std::string_view near = line.substr(0, kNear);
  for (std::size_t dash = near.find('-'); dash != std::string_view::npos; dash = near.find('-', dash + 1)) {
    constexpr std::size_t kFirst = 8;  // digits before the first dash
    if (dash < kFirst || dash - kFirst + kLength > near.size()) continue;
    const std::string_view text = near.substr(dash - kFirst, kLength);
    if (is_uuid(text)) return text;
  }
  return {};
}

}  // namespace midwatch::observe::lines

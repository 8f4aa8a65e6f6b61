#include "src/clients/kubernetes/log_decoder.h"

#include <set>
#include <string>

#include "src/base/ascii.h"
#include "src/base/time.h"
#include "src/clients/kubernetes/kinds.h"

namespace midwatch::clients::kubernetes {
namespace {

/// "[pod/web-0/app] text" gives web-0 and leaves the text.
std::string_view take_prefix(std::string_view& line) {
  constexpr std::string_view kPod = "[pod/";
  if (!line.starts_with(kPod)) return {};
  const std::size_t close = line.find("] ");
  if (close == std::string_view::npos) return {};
  const std::string_view path = line.substr(kPod.size(), close - kPod.size());
  line.remove_prefix(close + 2);
  return path.substr(0, path.find('/'));
}

/// "web-0 app text" of stern gives web-0 and leaves the text.
std::string_view take_pod(std::string_view& line) {
  const std::size_t pod = line.find(' ');
  const std::size_t container = pod == std::string_view::npos ? pod : line.find(' ', pod + 1);
  if (container == std::string_view::npos || pod == 0) return {};
  const std::string_view name = line.substr(0, pod);
  line.remove_prefix(container + 1);
  return name;
}

/// A line without the escape sequences that colour it. Source: ECMA-48, 5.4 (control sequences).
std::string without_colours(std::string_view line) {
  std::string plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\x1b' || i + 1 >= line.size() || line[i + 1] != '[') {
      plain += line[i];
      continue;
    }
    i = line.find_first_not_of("0123456789;:?", i + 2);
    if (i == std::string_view::npos) break;  // the sequence does not end
  }
  return plain;
}

/// The time that `--timestamps` puts before a line.
std::optional<base::Timestamp> take_time(std::string_view& line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space < 20 || space > 35) return std::nullopt;
  const auto time = base::parse_rfc3339(line.substr(0, space));
  // A time with nanoseconds is kubectl's; others belong to the line.
  if (!time || line.find('.') > space) return std::nullopt;
  line.remove_prefix(space + 1);
  return time;
}

/// A pod that is known by its output alone may still belong to a job or workload.
void mention_pod(const std::string& name_space, const std::string& name, telemetry::RecordRef ref,
                 telemetry::TelemetryBatch& out) {
  telemetry::Entity e;
  e.id = entity_id(name_space, "Pod", name);
  e.type = "Pod";
  e.name = name;
  e.ref = ref;
  e.attributes.set("platform.kind", "pod");
  e.attributes.set("metadata.namespace", name_space);
  out.instances.emplace_back(name, e.id);
  out.entities.push_back(std::move(e));
}

}  // namespace

void decode_logs(std::string_view text, const CommandLine& command, std::size_t first_line,
                 const DecodeContext& context, telemetry::TelemetryBatch& out) {
  const bool of_pod = command.kind == "Pod" || command.kind.empty();
  const std::string name_space = command.name_space.empty() ? "default" : command.name_space;
  std::set<std::string, std::less<>> pods;
  if (of_pod && !command.name.empty())
    mention_pod(name_space, command.name, {context.ref.source, first_line}, out);
  for (std::size_t number = first_line; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!base::trim(line).empty()) {
      telemetry::LogLine log;
      const std::string plain = without_colours(line);
      line = plain;
      const std::string_view prefix = command.prefixed ? take_pod(line) : take_prefix(line);
      if (!prefix.empty() && pods.emplace(prefix).second)
        mention_pod(name_space, std::string(prefix), {context.ref.source, number}, out);
      log.instance = prefix.empty() ? (of_pod ? command.name : std::string()) : std::string(prefix);
      log.entity =
          of_pod || command.name.empty() ? log.instance : entity_id(name_space, command.kind, command.name);
      if (log.entity.empty()) log.entity = command.selector.empty() ? "kubernetes" : command.selector;
      log.time = take_time(line);
      log.body = std::string(line);
      log.ref = {context.ref.source, number};
      out.logs.push_back(std::move(log));
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

}  // namespace midwatch::clients::kubernetes

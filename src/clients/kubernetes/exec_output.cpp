#include "src/clients/kubernetes/exec_output.h"

#include <string>
#include <utility>

#include "src/clients/kubernetes/kinds.h"

namespace midwatch::clients::kubernetes {

std::optional<telemetry::Entity> target_of(const CommandLine& command, telemetry::RecordRef ref) {
  if (command.kind.empty() || command.name.empty()) return std::nullopt;
  telemetry::Entity e;
  const bool bare = is_cluster_scoped(command.kind);
  const std::string name_space = command.name_space.empty() ? "default" : command.name_space;
  e.id = entity_id(bare ? "" : name_space, command.kind, command.name);
  e.type = command.kind;
  e.name = command.name;
  e.ref = ref;
  e.attributes.set("platform.kind", platform_kind(command.kind));
  if (!bare) e.attributes.set("metadata.namespace", name_space);
  return e;
}

std::optional<ExecOutput> read_exec_output(const KubectlOutput& output) {
  if (!output.text.starts_with("#")) return std::nullopt;
  const std::size_t end = output.text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const CommandLine command = parse_command_line(output.text.substr(0, end));
  if (command.verb != "exec") return std::nullopt;
  auto target = target_of(command, {output.ref.source, 2});
  if (!target) return std::nullopt;
  return ExecOutput{std::move(*target), output.text.substr(end + 1)};
}

}  // namespace midwatch::clients::kubernetes

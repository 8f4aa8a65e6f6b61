#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "src/clients/kubernetes/command_line.h"
#include "src/clients/kubernetes/kubernetes_decoder.h"
#include "src/telemetry/entity.h"

namespace midwatch::clients::kubernetes {

/// The object that a command names; nothing where it names none.
std::optional<telemetry::Entity> target_of(const CommandLine& command, telemetry::RecordRef ref);

/// What a program printed that ran in a container.
struct ExecOutput {
  telemetry::Entity target;  ///< the pod, or what the pod was found by
  std::string_view text;     ///< without the line that names the command
  std::size_t first_line = 2;
};

/// Takes the output of `# kubectl exec NAME … -- PROGRAM …` apart; nothing where it is of another command, or
/// does not say of whom.
std::optional<ExecOutput> read_exec_output(const KubectlOutput& output);

}  // namespace midwatch::clients::kubernetes

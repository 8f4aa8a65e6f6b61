#include "src/clients/kubernetes/server_answer.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/utf8.h"
#include "src/clients/kubernetes/kinds.h"

namespace midwatch::clients::kubernetes {
namespace {

constexpr std::size_t kShown = 300;

/// `configmaps "app" not found`: the kind in plural, with its group, and the name in quotes.
void not_found(std::string_view line, const CommandLine& command, telemetry::RecordRef ref,
               telemetry::TelemetryBatch& out) {
  const std::size_t open = line.find('"');
  const std::size_t close = open == std::string_view::npos ? open : line.find('"', open + 1);
  const std::size_t said = line.find(" not found");
  if (close == std::string_view::npos || said == std::string_view::npos || close > said) return;
  const std::string_view before = base::trim(line.substr(0, open));
  const std::size_t space = before.find_last_of(" :");
  const std::string kind = api_kind(space == std::string_view::npos ? before : before.substr(space + 1));
  const std::string name_space = command.name_space.empty() ? "default" : command.name_space;
  out.absences.push_back({entity_id(name_space, kind, line.substr(open + 1, close - open - 1)),
                          base::printable(line, kShown), ref});
}

}  // namespace

bool read_server_answer(std::string_view text, const CommandLine& command, telemetry::RecordRef ref,
                        telemetry::TelemetryBatch& out) {
  static constexpr std::array<std::string_view, 6> kAnswers{"Error from server",
                                                            "error:",
                                                            "Error:",
                                                            "No resources found",
                                                            "The connection to the server",
                                                            "Unable to connect to the server"};
  const std::string_view line = text.substr(0, text.find('\n'));
  const bool answer = std::any_of(kAnswers.begin(), kAnswers.end(),
                                  [&](std::string_view start) { return line.starts_with(start); });
  // Lines of a log may begin like that as well; a server's answer to `logs` is one line of its own.
  if (!answer ||
      (command.verb == "logs" && !line.starts_with("Error from server") && !line.starts_with("error: ")))
    return false;
  if (line.starts_with("No resources found")) {
    if (lists_all(command)) {
      const bool everywhere = command.all_namespaces || is_cluster_scoped(command.kind);
      out.listings.push_back({platform_kind(command.kind),
                              everywhere ? "" : (command.name_space.empty() ? "default" : command.name_space),
                              ref});
    }
    return true;
  }
  if (line.find("(NotFound)") != std::string_view::npos) not_found(line, command, ref, out);
  out.notices.push_back({"kubectl said: " + base::printable(line, kShown), ref,
                         fmt::format("kubectl の応答: 「{}」", base::printable(line, kShown))});
  return true;
}

}  // namespace midwatch::clients::kubernetes

#include "src/clients/kubernetes/lineage_decoder.h"

#include <string>
#include <vector>

#include "src/base/ascii.h"
#include "src/clients/kubernetes/kinds.h"
#include "src/clients/kubernetes/text_lines.h"

namespace midwatch::clients::kubernetes {
namespace {

using telemetry::Entity;

/// The line without the branches drawn before it, and how deep it stands: each level is four columns wide.
std::pair<std::string_view, std::size_t> without_branches(std::string_view line, std::size_t indent) {
  std::size_t columns = indent;
  std::size_t i = 0;
  while (i < line.size()) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if (byte == ' ') {
      ++i;
    } else if (byte == 0xE2 && i + 2 < line.size()) {
      i += 3;  // one of the box drawing characters
    } else {
      break;
    }
    ++columns;
  }
  return {line.substr(i), columns / 4};
}

struct Node {
  std::string id;
  std::string kind;
};

class LineageReader {
 public:
  LineageReader(const CommandLine& command, const DecodeContext& context, telemetry::TelemetryBatch& out)
      : name_space_(command.name_space.empty() ? "default" : command.name_space),
        context_(context),
        out_(out) {}

  void line(const Line& line) {
    const auto [content, depth] = without_branches(line.text, line.indent);
    const auto cells = cells_of(content);
    if (cells.empty()) return;
    const std::size_t slash = cells[0].find('/');
    if (slash == std::string_view::npos) return;
    const std::string kind(cells[0].substr(0, slash));
    const std::string name(cells[0].substr(slash + 1));
    path_.resize(std::min(path_.size(), depth));
    if (kind == "Event") {
      if (cells.size() > 2) event(cells, line.number);
      return;
    }
    object(kind, name, cells, line.number);
  }

 private:
  void object(const std::string& kind, const std::string& name, const std::vector<std::string_view>& cells,
              std::size_t number) {
    Entity e;
    e.id = entity_id(name_space_, kind, name);
    e.type = kind;
    e.name = name;
    e.ref = {context_.ref.source, number};
    auto& a = e.attributes;
    a.set("platform.kind", platform_kind(kind));
    if (kind == "Pod" && cells.size() > 2) {
      a.set("summary.ready", std::string(cells[1]));
      a.set("summary.status", std::string(cells[2]));
      if (cells[2] == "Running") a.set("platform.phase", "Running");
    } else if (kind != "ReplicaSet" && is_workload(kind) && cells.size() > 1) {
      const std::size_t slash = cells[1].find('/');
      if (slash != std::string_view::npos) {
        a.set("replicas.ready", std::string(cells[1].substr(0, slash)));
        a.set("replicas.desired", std::string(cells[1].substr(slash + 1)));
      }
    }
    const auto age = parse_age(cells.back());
    if (age && context_.reference_time)
      a.set("platform.created", base::format_rfc3339(*context_.reference_time - *age));
    if (!path_.empty() && owns(path_.back().kind, kind)) {
      if (kind == "ReplicaSet") a.set("platform.kind", "replicaset");
      out_.relations.push_back({path_.back().id, e.id, telemetry::RelationKind::kContains, e.ref});
    }
    path_.push_back({e.id, kind});
    if (kind == "Pod") out_.instances.emplace_back(name, path_.size() > 1 ? path_.front().id : e.id);
    out_.entities.push_back(std::move(e));
  }

  /// Below a pod also stand the services that select it.
  static bool owns(const std::string& owner, const std::string& part) {
    return (is_workload(owner) || platform_kind(owner) == "job") &&
           (part == "Pod" || part == "ReplicaSet" || part == "Job");
  }

  /// "Event/web.18513  -  Scheduled: Successfully assigned …  19s"
  void event(const std::vector<std::string_view>& cells, std::size_t number) {
    if (path_.empty()) return;
    const std::string_view status = cells[2];
    const std::size_t colon = status.find(": ");
    if (colon == std::string_view::npos) return;
    telemetry::PlatformEvent e;
    e.entity = path_.back().id;
    e.source = "kubernetes";
    e.reason = std::string(status.substr(0, colon));
    e.message = std::string(status.substr(colon + 2));
    e.ref = {context_.ref.source, number};
    const auto age = parse_age(cells.back());
    if (context_.reference_time) e.time = *context_.reference_time - age.value_or(base::Duration{});
    out_.events.push_back(std::move(e));
  }

  std::string name_space_;
  const DecodeContext& context_;
  telemetry::TelemetryBatch& out_;
  std::vector<Node> path_;
};

}  // namespace

void decode_lineage(std::string_view text, const CommandLine& command, std::size_t first_line,
                    const DecodeContext& context, telemetry::TelemetryBatch& out) {
  LineageReader reader(command, context, out);
  for (const Line& line : lines_of(text, first_line)) reader.line(line);
}

}  // namespace midwatch::clients::kubernetes

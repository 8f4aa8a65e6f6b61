#include "src/clients/kubernetes/table_decoder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string>
#include <vector>

#include "src/clients/kubernetes/object_decoder.h"

namespace midwatch::clients::kubernetes {
namespace {

using telemetry::Entity;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) lines.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string_view trim(std::string_view s) {
  const std::size_t a = s.find_first_not_of(" \t\r");
  if (a == std::string_view::npos) return {};
  return s.substr(a, s.find_last_not_of(" \t\r") - a + 1);
}

struct Column {
  std::string name;
  std::size_t begin = 0;
};

std::vector<Column> columns_of(std::string_view header) {
  std::vector<Column> columns;
  std::size_t i = 0;
  while (i < header.size()) {
    const std::size_t begin = header.find_first_not_of(' ', i);
    if (begin == std::string_view::npos) break;
    std::size_t end = header.find("  ", begin);
    if (end == std::string_view::npos) end = header.size();
    columns.push_back({std::string(trim(header.substr(begin, end - begin))), begin});
    i = end;
  }
  return columns;
}

using Row = std::map<std::string, std::string, std::less<>>;

Row row_of(std::string_view line, const std::vector<Column>& columns) {
  Row row;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].begin >= line.size()) break;
    const std::size_t end = c + 1 < columns.size() ? columns[c + 1].begin : line.size();
    row[columns[c].name] = std::string(trim(line.substr(columns[c].begin, end - columns[c].begin)));
  }
  return row;
}

std::string value(const Row& row, std::string_view column) {
  const auto at = row.find(column);
  return at == row.end() ? std::string() : at->second;
}

/// A reason that only a waiting or ended container has.
bool is_container_reason(std::string_view status) {
  static constexpr std::array<std::string_view, 14> kReasons{
      "CrashLoopBackOff",   "ImagePullBackOff",
      "ErrImagePull",       "Error",
      "OOMKilled",          "CreateContainerConfigError",
      "RunContainerError",  "InvalidImageName",
      "ErrImageNeverPull",  "StartError",
      "ContainerCannotRun", "CreateContainerError",
      "DeadlineExceeded",   "ContainerStatusUnknown"};
  return std::any_of(kReasons.begin(), kReasons.end(), [&](std::string_view r) { return status == r; });
}

void pod(const Row& row, const std::string& name_space, telemetry::RecordRef ref,
         telemetry::TelemetryBatch& out) {
  const std::string name = value(row, "NAME");
  if (name.empty()) return;
  Entity e;
  e.id = entity_id(name_space, "pod", name);
  e.type = "Pod";
  e.name = name;
  e.ref = ref;
  e.attributes.set("platform.kind", "pod");
  e.attributes.set("metadata.namespace", name_space);
  std::string status = value(row, "STATUS");
  const bool init = status.starts_with("Init:");
  if (init) status = status.substr(5);
  const std::string restarts = value(row, "RESTARTS").substr(0, value(row, "RESTARTS").find(' '));
  if (is_container_reason(status)) {
    const bool ended =
        status == "Error" || status == "OOMKilled" || status == "StartError" || status == "DeadlineExceeded";
    // The table names no container; the pod's own name stands for it.
    const std::string path = "container." + std::string(init ? "init" : "main") + ".";
    e.attributes.set(path + "state", ended ? "terminated" : "waiting");
    e.attributes.set(path + "reason", status);
    e.attributes.set(path + "restarts", restarts);
    e.attributes.set("platform.phase", ended ? "Failed" : "Pending");
  } else {
    e.attributes.set("platform.phase", status);
  }
  const std::string ready = value(row, "READY");
  e.attributes.set("pod.ready", ready);
  const std::string node = value(row, "NODE");
  if (!node.empty() && node != "<none>")
    out.relations.push_back({e.id, entity_id("", "node", node), telemetry::RelationKind::kRunsOn, ref});
  out.entities.push_back(std::move(e));
}

/// Restarts hold a space ("14 (3m ago)"), so fields of a headless row are cut at two spaces.
void headless_pods(const std::vector<std::string_view>& lines, telemetry::RecordRef ref,
                   telemetry::TelemetryBatch& out) {
  for (const std::string_view line : lines) {
    std::vector<std::string> fields;
    for (const Column& c : columns_of(line)) fields.push_back(c.name);
    if (fields.size() < 5) continue;
    Row row{{"NAME", fields[1]}, {"READY", fields[2]}, {"STATUS", fields[3]}, {"RESTARTS", fields[4]}};
    if (fields.size() > 7) row["NODE"] = fields[7];
    pod(row, fields[0], ref, out);
  }
}

bool looks_like_pods(std::string_view line) {
  std::vector<std::string> fields;
  for (const Column& c : columns_of(line)) fields.push_back(c.name);
  return fields.size() >= 5 && fields[2].find('/') != std::string::npos;
}

void other(const Row& row, const std::string& kind, const std::string& name_space, telemetry::RecordRef ref,
           telemetry::TelemetryBatch& out) {
  Entity e;
  e.name = value(row, "NAME");
  if (e.name.empty()) return;
  e.id = entity_id(kind == "node" ? "" : name_space, kind, e.name);
  e.ref = ref;
  auto& a = e.attributes;
  if (kind == "deployment" || kind == "statefulset" || kind == "daemonset") {
    e.type = kind == "deployment" ? "Deployment" : kind == "statefulset" ? "StatefulSet" : "DaemonSet";
    a.set("platform.kind", "workload");
    const std::string ready = value(row, "READY");
    const std::size_t slash = ready.find('/');
    if (slash != std::string::npos) {
      a.set("replicas.ready", ready.substr(0, slash));
      a.set("replicas.desired", ready.substr(slash + 1));
    }
    a.set("replicas.available", value(row, "AVAILABLE"));
  } else if (kind == "node") {
    e.type = "Node";
    a.set("platform.kind", "node");
    const std::string status = value(row, "STATUS");
    a.set("condition.Ready.status", status.starts_with("Ready") ? "True" : "False");
    if (status.find("SchedulingDisabled") != std::string::npos) a.set("unschedulable", "true");
  } else if (kind == "persistentvolumeclaim") {
    e.type = "PersistentVolumeClaim";
    a.set("platform.kind", "volume_claim");
    a.set("platform.phase", value(row, "STATUS"));
    a.set("claim.storage_class", value(row, "STORAGECLASS"));
  } else {
    e.type = kind;
    a.set("platform.kind", kind);
    a.set("platform.phase", value(row, "STATUS"));
  }
  out.entities.push_back(std::move(e));
}

}  // namespace

bool decode_table(std::string_view text, std::string_view kind, std::string_view name_space,
                  telemetry::RecordRef ref, telemetry::TelemetryBatch& out) {
  const auto lines = lines_of(text);
  if (lines.empty()) return false;
  const bool has_header =
      lines.front().starts_with("NAME") && lines.front().find("  ") != std::string_view::npos;
  if (!has_header) {
    if (!looks_like_pods(lines.front())) return false;
    headless_pods(lines, ref, out);
    return true;
  }
  const auto columns = columns_of(lines.front());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const Row row = row_of(lines[i], columns);
    const std::string in =
        value(row, "NAMESPACE").empty() ? std::string(name_space) : value(row, "NAMESPACE");
    if (kind == "pod") {
      pod(row, in, ref, out);
    } else {
      other(row, std::string(kind), in, ref, out);
    }
  }
  return true;
}

}  // namespace midwatch::clients::kubernetes

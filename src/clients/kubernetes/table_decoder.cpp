#include "src/clients/kubernetes/table_decoder.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/clients/kubernetes/kinds.h"
#include "src/clients/kubernetes/table_rows.h"
#include "src/telemetry/number.h"

namespace midwatch::clients::kubernetes {
namespace {

using telemetry::Attributes;
using telemetry::Entity;
using telemetry::RelationKind;

/// "2/3" gives 2 and 3.
std::optional<std::pair<std::string, std::string>> fraction(std::string_view cell) {
  const std::size_t slash = cell.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return std::pair(std::string(cell.substr(0, slash)), std::string(cell.substr(slash + 1)));
}

class TableDecoder {
 public:
  TableDecoder(const CommandLine& command, const DecodeContext& context, telemetry::TelemetryBatch& out)
      : command_(command), context_(context), out_(out) {}

  void decode(const Table& table) {
    const std::string kind = kind_of(table);
    const bool events = kind == "Event";
    shows_labels_ = std::find(table.headings.begin(), table.headings.end(), "LABELS") != table.headings.end();
    for (const TableRow& row : table.rows) {
      if (events) {
        event(row);
      } else if (row.has("CPU(cores)") || row.has("MEMORY(bytes)")) {
        usage(row);
      } else {
        object(row, kind);
      }
    }
    if (lists_all(command_) && !events)
      out_.listings.push_back({platform_kind(kind), listed_namespace(kind), context_.ref});
  }

 private:
  std::string kind_of(const Table& table) const {
    const auto has = [&](std::string_view heading) {
      for (const auto& h : table.headings) {
        if (h == heading) return true;
      }
      return false;
    };
    if (has("LAST SEEN") && has("REASON")) return "Event";
    if (!command_.kind.empty() && command_.kind != "all") return command_.kind;
    if (has("RESTARTS")) return "Pod";
    if (has("UP-TO-DATE")) return "Deployment";
    if (has("CLUSTER-IP")) return "Service";
    if (has("STORAGECLASS") && has("VOLUME")) return "PersistentVolumeClaim";
    if (has("ROLES") && has("VERSION")) return "Node";
    if (has("COMPLETIONS")) return "Job";
    if (has("MAXPODS")) return "HorizontalPodAutoscaler";
    return command_.kind;
  }

  std::string listed_namespace(std::string_view kind) const {
    if (command_.all_namespaces || is_cluster_scoped(kind)) return {};
    return command_.name_space.empty() ? "default" : command_.name_space;
  }

  std::string namespace_of(const TableRow& row) const {
    if (row.has("NAMESPACE")) return std::string(row.get("NAMESPACE"));
    if (row.has("NS")) return std::string(row.get("NS"));
    return command_.all_namespaces || !command_.name_space.empty() ? command_.name_space : "default";
  }

  telemetry::RecordRef ref_of(const TableRow& row) const { return {context_.ref.source, row.number}; }

  std::optional<std::string> time_before(std::optional<base::Duration> age) const {
    if (!age || !context_.reference_time) return std::nullopt;
    return base::format_rfc3339(*context_.reference_time - *age);
  }

  void object(const TableRow& row, std::string kind) {
    std::string name(row.get("NAME"));
    if (const std::size_t slash = name.find('/'); slash != std::string::npos) {
      kind = api_kind(name.substr(0, slash));  // "pod/web-0" of several kinds together
      name = name.substr(slash + 1);
    }
    name = std::string(first_word(name));  // "standard (default)"
    if (name.empty() || kind.empty()) return;
    Entity e;
    const std::string name_space = is_cluster_scoped(kind) ? "" : namespace_of(row);
    e.id = entity_id(name_space, kind, name);
    e.type = kind;
    e.name = name;
    e.ref = ref_of(row);
    Attributes& a = e.attributes;
    a.set("platform.kind", platform_kind(kind));
    if (!name_space.empty()) a.set("metadata.namespace", name_space);
    if (const auto created = time_before(age_in(row.get("AGE")))) a.set("platform.created", *created);
    if (shows_labels_) a.set("labels.shown", "true");
    for (const auto label : base::split(row.get("LABELS"), ',')) {
      const std::size_t equals = label.find('=');
      if (equals != std::string_view::npos)
        a.set("metadata.labels." + std::string(label.substr(0, equals)),
              std::string(label.substr(equals + 1)));
    }
    columns(row, kind, a);
    if (kind == "Pod") {
      if (const auto node = row.get("NODE"); !node.empty())
        out_.relations.push_back({e.id, entity_id("", "Node", node), RelationKind::kRunsOn, e.ref});
      out_.instances.emplace_back(name, e.id);
    }
    out_.entities.push_back(std::move(e));
  }

  void columns(const TableRow& row, const std::string& kind, Attributes& a) const {
    const std::string platform = platform_kind(kind);
    if (platform == "pod") return pod(row, a);
    if (platform == "workload") return workload(row, a);
    if (kind == "CronJob") return keep(row, {{"SUSPEND", "job.suspended"}, {"SCHEDULE", "job.schedule"}}, a);
    if (platform == "job") return job(row, a);
    if (platform == "node") return node(row, a);
    if (platform == "service") return service(row, a);
    if (platform == "autoscaler") return autoscaler(row, a);
    if (platform == "quota") return quota(row, a);
    if (platform == "disruption_budget") {
      return keep(row,
                  {{"MIN AVAILABLE", "disruption.min_available"},
                   {"MAX UNAVAILABLE", "disruption.max_unavailable"},
                   {"ALLOWED DISRUPTIONS", "disruption.allowed"}},
                  a);
    }
    if (platform == "endpoints") {
      return a.set(
          "endpoints.ready",
          fmt::format("{}", row.has("ENDPOINTS") ? base::split(row.get("ENDPOINTS"), ',').size() : 0));
    }
    if (platform == "ingress") {
      if (const auto name = row.get("CLASS"); !name.empty() && name != "<none>")
        a.set(fmt::format("reference.ingress_class.{}", name), "class of the ingress");
      return keep(row, {{"ADDRESS", "ingress.address"}, {"HOSTS", "ingress.hosts"}}, a);
    }
    if (platform == "volume_claim") {
      return keep(row,
                  {{"STATUS", "platform.phase"},
                   {"STORAGECLASS", "claim.storage_class"},
                   {"VOLUME", "claim.volume"},
                   {"CAPACITY", "claim.size"}},
                  a);
    }
    if (platform == "volume") {
      return keep(row,
                  {{"STATUS", "platform.phase"},
                   {"STORAGECLASS", "volume.storage_class"},
                   {"CAPACITY", "volume.size"},
                   {"CLAIM", "volume.claim"}},
                  a);
    }
    if (platform == "application") {
      return keep(row,
                  {{"SYNC STATUS", "application.sync"},
                   {"HEALTH STATUS", "application.health"},
                   {"STATUS", "platform.message"},
                   {"READY", "condition.Ready.status"}},
                  a);
    }
    // Of any other kind: the columns that most custom kinds print.
    keep(row,
         {{"STATUS", "platform.phase"},
          {"READY", "condition.Ready.status"},
          {"REASON", "platform.reason"},
          {"MESSAGE", "platform.message"}},
         a);
  }

  struct Kept {
    std::string_view heading;
    const char* path;
  };
  static void keep(const TableRow& row, std::initializer_list<Kept> columns, Attributes& a) {
    for (const Kept& column : columns) {
      if (row.has(column.heading)) a.set(column.path, std::string(row.get(column.heading)));
    }
  }

  /// A pod's line names no container: it is a summary of them.
  void pod(const TableRow& row, Attributes& a) const {
    keep(row, {{"STATUS", "summary.status"}, {"READY", "summary.ready"}, {"IP", "network.ip"}}, a);
    const std::string_view restarts = row.get("RESTARTS");
    if (!restarts.empty()) a.set("summary.restarts", std::string(first_word(restarts)));
    const std::size_t open = restarts.find('(');
    if (open != std::string_view::npos) {
      if (const auto last = time_before(age_in(restarts.substr(open)))) a.set("summary.last_restart", *last);
    }
    const std::string_view status = row.get("STATUS");
    if (status == "Running" || status == "Pending" || status == "Succeeded" || status == "Failed")
      a.set("platform.phase", std::string(status));
    if (status == "Completed") a.set("platform.phase", "Succeeded");
    if (row.has("NODE")) a.set("platform.node", std::string(row.get("NODE")));
  }

  static void workload(const TableRow& row, Attributes& a) {
    keep(row,
         {{"DESIRED", "replicas.desired"},
          {"READY", "replicas.ready"},
          {"AVAILABLE", "replicas.available"},
          {"UP-TO-DATE", "replicas.updated"}},
         a);
    if (const auto ready = fraction(row.get("READY"))) {
      a.set("replicas.ready", ready->first);
      a.set("replicas.desired", ready->second);
    }
    selector(row, a);
    images(row, a);
  }

  static void images(const TableRow& row, Attributes& a) {
    if (!row.has("CONTAINERS") || !row.has("IMAGES")) return;
    const auto names = base::split(row.get("CONTAINERS"), ',');
    const auto images = base::split(row.get("IMAGES"), ',');
    for (std::size_t i = 0; i < names.size() && i < images.size(); ++i)
      a.set(fmt::format("container.{}.image", names[i]), std::string(images[i]));
  }

  static void job(const TableRow& row, Attributes& a) {
    keep(row, {{"STATUS", "job.status"}}, a);
    if (const auto done = fraction(row.get("COMPLETIONS"))) {
      a.set("job.succeeded", done->first);
      a.set("job.completions", std::string(first_word(done->second)));
    }
    images(row, a);
  }

  static void node(const TableRow& row, Attributes& a) {
    const std::string_view status = row.get("STATUS");
    if (status.empty()) return;
    a.set("condition.Ready.status", status.starts_with("Ready") ? "True" : "False");
    if (status.find("SchedulingDisabled") != std::string_view::npos) a.set("unschedulable", "true");
  }

  static void selector(const TableRow& row, Attributes& a) {
    for (const auto pair : base::split(row.get("SELECTOR"), ',')) {
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos)
        a.set("selector." + std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1)));
    }
  }

  static void service(const TableRow& row, Attributes& a) {
    keep(row, {{"TYPE", "service.type"}, {"EXTERNAL-IP", "service.external"}}, a);
    if (row.get("CLUSTER-IP") != "None") keep(row, {{"CLUSTER-IP", "network.ip"}}, a);
    selector(row, a);
    for (const auto port : base::split(row.get("PORT(S)"), ',')) {
      const std::string_view number = port.substr(0, port.find_first_of(":/"));
      if (!number.empty()) a.set("listed_port." + std::string(number), "");
    }
  }

  static void autoscaler(const TableRow& row, Attributes& a) {
    keep(row,
         {{"MINPODS", "autoscaler.min"},
          {"MAXPODS", "autoscaler.max"},
          {"REPLICAS", "autoscaler.current"},
          {"TARGETS", "autoscaler.targets"}},
         a);
    const std::string_view target = row.get("REFERENCE");
    if (const std::size_t slash = target.find('/'); slash != std::string_view::npos) {
      a.set("autoscaler.target", std::string(target.substr(slash + 1)));
      a.set("reference.workload." + std::string(target.substr(slash + 1)), "target of the autoscaler");
    }
  }

  /// "requests.cpu: 1/2, pods: 3/10"
  static void quota(const TableRow& row, Attributes& a) {
    for (const char* heading : {"REQUEST", "LIMIT"}) {
      for (const auto entry : base::split(row.get(heading), ',')) {
        const std::size_t colon = entry.find(':');
        if (colon == std::string_view::npos) continue;
        const auto amounts = fraction(base::trim(entry.substr(colon + 1)));
        if (!amounts) continue;
        a.set("quota.used." + std::string(entry.substr(0, colon)), amounts->first);
        a.set("quota.hard." + std::string(entry.substr(0, colon)), amounts->second);
      }
    }
  }

  /// Rows of `kubectl top`.
  void usage(const TableRow& row) {
    const bool node = command_.kind == "Node" || row.has("CPU%") || row.has("CPU(%)");
    std::string name(row.get("NAME"));
    std::string container;
    if (row.has("POD")) {
      container = name;
      name = std::string(row.get("POD"));
    }
    if (name.empty()) return;
    Entity e;
    const std::string kind = node ? "Node" : "Pod";
    e.id = entity_id(node ? "" : namespace_of(row), kind, name);
    e.type = kind;
    e.name = name;
    e.ref = ref_of(row);
    e.attributes.set("platform.kind", platform_kind(kind));
    const std::string path = container.empty() ? "usage." : "container." + container + ".usage.";
    for (const auto& [heading, what] :
         {std::pair{"CPU(cores)", "cpu"}, std::pair{"MEMORY(bytes)", "memory"}}) {
      if (const auto amount = telemetry::parse_kubernetes_quantity(row.get(heading)))
        e.attributes.set(path + what, fmt::format("{}", *amount));
    }
    keep_percent(row, e.attributes);
    out_.entities.push_back(std::move(e));
  }

  static void keep_percent(const TableRow& row, Attributes& a) {
    for (const auto& [heading, path] :
         {std::pair{"CPU%", "usage.cpu_percent"}, std::pair{"CPU(%)", "usage.cpu_percent"},
          std::pair{"MEMORY%", "usage.memory_percent"}, std::pair{"MEMORY(%)", "usage.memory_percent"}}) {
      std::string_view percent = row.get(heading);
      if (percent.ends_with('%')) percent.remove_suffix(1);
      if (telemetry::parse_number(percent)) a.set(path, std::string(percent));
    }
  }

  void event(const TableRow& row) {
    telemetry::PlatformEvent e;
    const std::string_view object = row.get("OBJECT");
    const std::size_t slash = object.find('/');
    if (slash == std::string_view::npos) return;
    std::string kind = api_kind(object.substr(0, slash));
    std::string name(object.substr(slash + 1));
    e.attributes.set("instance", name);
    e.attributes.set("object", kind);
    if (kind == "ReplicaSet") {
      kind = "Deployment";
      name = workload_of_replica_set(name);
    }
    e.entity = entity_id(namespace_of(row), kind, name);
    mention(e.entity, kind, name, namespace_of(row), ref_of(row));
    e.source = "kubernetes";
    e.type = std::string(row.get("TYPE"));
    e.reason = std::string(row.get("REASON"));
    e.message = std::string(row.get("MESSAGE"));
    // "2m12s (x42 over 12m)"
    const std::string_view seen = row.get("LAST SEEN");
    std::string_view count = row.get("COUNT");
    if (const std::size_t times = seen.find("(x"); times != std::string_view::npos)
      count = seen.substr(times + 2, seen.find(' ', times) - times - 2);
    if (const auto n = telemetry::parse_number(count); n && *n >= 1 && *n < 1e15)
      e.count = static_cast<std::int64_t>(*n);
    const auto ago = parse_age(first_word(seen));
    if (context_.reference_time) e.time = ago ? *context_.reference_time - *ago : *context_.reference_time;
    e.ref = ref_of(row);
    out_.events.push_back(std::move(e));
  }

  void mention(const std::string& id, const std::string& kind, const std::string& name,
               const std::string& name_space, telemetry::RecordRef ref) {
    Entity e;
    e.id = id;
    e.type = kind;
    e.name = name;
    e.ref = ref;
    e.attributes.set("platform.kind", platform_kind(kind));
    if (!is_cluster_scoped(kind)) e.attributes.set("metadata.namespace", name_space);
    out_.entities.push_back(std::move(e));
  }

  const CommandLine& command_;
  const DecodeContext& context_;
  telemetry::TelemetryBatch& out_;
  bool shows_labels_ = false;
};

}  // namespace

bool decode_table(std::string_view text, const CommandLine& command, std::size_t first_line,
                  const DecodeContext& context, telemetry::TelemetryBatch& out) {
  const auto lines = lines_of(text, first_line);
  if (lines.empty()) return false;
  auto tables = read_tables(lines);
  if (tables.empty()) {
    Table headless =
        read_headless_table(lines, command.kind.empty() ? "Pod" : command.kind, command.all_namespaces);
    if (headless.rows.empty()) return false;
    tables.push_back(std::move(headless));
  }
  TableDecoder decoder(command, context, out);
  for (const Table& table : tables) decoder.decode(table);
  return true;
}

}  // namespace midwatch::clients::kubernetes

#include "src/sandbox/world/component_readers.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

std::map<std::string, double> read_shares(Fields& fields, std::string_view name) {
  std::map<std::string, double> shares;
  for (const auto& [key, value] : fields.child(name).members) {
    const base::Json share = to_json(value);
    if (!share.is_number()) fields.faults().add(value, fmt::format("'{}' must be a share", key.scalar));
    shares[key.scalar] = share.is_number() ? share.get<double>() : 0;
  }
  return shares;
}

Failure read_failure(const Node& node, Faults& faults) {
  Fields fields(node, faults, "throws");
  Failure failure;
  failure.on = fields.text_or("on", "");
  failure.share = fields.number_or("share", 1);
  failure.type = fields.text("type");
  failure.message = fields.text("message");
  failure.stack = fields.texts("stack");
  failure.members = fields.json("members");
  failure.status = static_cast<int>(fields.number_or("status", failure.status));
  return failure;
}

Crash read_crash(const Node& node, Faults& faults) {
  Fields fields(node, faults, "crash");
  Crash crash;
  crash.after = fields.seconds_or("after", 0);
  crash.share = fields.number_or("share", 0);
  crash.exit = static_cast<int>(fields.number_or("exit", 1));
  crash.lines = fields.texts("lines");
  return crash;
}

Work read_work(const Node& node, Faults& faults) {
  Fields fields(node, faults, "work");
  Work work;
  work.takes = fields.seconds_or("takes", work.takes);
  work.spread = fields.number_or("spread", work.spread);
  work.waits = fields.seconds_or("waits", work.waits);
  work.cpu = fields.seconds_or("cpu", work.cpu);
  work.busy = fields.number_or("busy", work.busy);
  work.memory = fields.number_or("memory", work.memory);
  work.memory_kept = fields.number_or("memory_kept", work.memory_kept);
  work.memory_in_run = fields.number_or("memory_in_run", work.memory_in_run);
  work.start_up = fields.seconds_or("start_up", work.start_up);
  work.pool = fields.number_or("pool", work.pool);
  work.pool_growth = fields.number_or("pool_growth", work.pool_growth);
  work.retries = fields.number_or("retries", work.retries);
  work.answers_badly = fields.flag_or("answers_badly", false);
  work.uses = fields.texts("uses");
  work.resolves = fields.texts("resolves");
  work.may = fields.texts("may");
  work.imports = fields.texts("imports");
  work.needs = fields.texts("needs");
  work.starts = fields.texts("starts");
  work.says = fields.texts("says");
  work.says_share = fields.number_or("says_share", work.says_share);
  for (const Node& item : fields.list("throws")) work.throws.push_back(read_failure(item, faults));
  const Node& crash = fields.child("crash");
  if (crash.kind != Node::Kind::kNull) work.crash = read_crash(crash, faults);
  return work;
}

/// Balancers and target groups are measured under a name that nobody can write by heart: a world gives
/// theirs.
std::string dimension_value(const std::string& dimension, const std::string& value) {
  if (value.find('/') != std::string::npos) return value;
  if (dimension == "LoadBalancer") return balancer_dimension(value);
  return dimension == "TargetGroup" ? target_group_dimension(value) : value;
}

}  // namespace

void read_spec(const Node& node, Faults& faults, FunctionSpec& out) {
  Fields fields(node, faults, "function");
  fields.text("name");
  out.runtime = fields.text_or("runtime", "nodejs22.x");
  out.handler = fields.text_or("handler", "index.handler");
  out.role = fields.text_or("role", "");
  out.log_format = fields.text_or("log_format", "Text");
  out.memory = fields.number_or("memory", out.memory);
  out.timeout = fields.seconds_or("timeout", out.timeout);
  out.concurrency = fields.number_or("concurrency", out.concurrency);
  out.provisioned = fields.number_or("provisioned", out.provisioned);
  out.tracing = fields.flag_or("tracing", false);
  out.load = fields.text_or("load", "");
  out.queue = fields.text_or("queue", "");
  out.queue_enabled = fields.flag_or("queue_enabled", true);
  out.gateway = fields.text_or("gateway", "");
  out.bucket = fields.text_or("bucket", "");
  out.version = fields.text_or("version", "7");
  out.environment = fields.text_map("environment");
  out.code = fields.text_map("code");
  out.packages = fields.texts("packages");
  out.subnets = fields.texts("subnets");
  out.security_groups = fields.texts("security_groups");
  out.work = read_work(fields.child("work"), faults);
}

void read_spec(const Node& node, Faults& faults, ServiceSpec& out) {
  Fields fields(node, faults, "service");
  fields.text("name");
  out.cluster = fields.text("cluster");
  out.image = fields.text("image");
  out.load = fields.text_or("load", "");
  out.balancer = fields.text_or("balancer", "");
  out.role = fields.text_or("role", "");
  out.execution_role = fields.text_or("execution_role", "");
  out.health_path = fields.text_or("health_path", "/health");
  out.desired = fields.number_or("desired", out.desired);
  out.cpu = fields.number_or("cpu", out.cpu);
  out.memory = fields.number_or("memory", out.memory);
  out.port = fields.number_or("port", out.port);
  out.idle_timeout = fields.seconds_or("idle_timeout", out.idle_timeout);
  out.grace = fields.seconds_or("grace", out.grace);
  out.environment = fields.text_map("environment");
  out.secrets = fields.text_map("secrets");
  out.code = fields.text_map("code");
  out.subnets = fields.texts("subnets");
  out.security_groups = fields.texts("security_groups");
  out.start_failure = fields.text_or("start_failure", "");
  out.no_place = fields.text_or("no_place", "");
  out.interrupted = fields.flag_or("interrupted", false);
  out.circuit_breaker = fields.flag_or("circuit_breaker", false);
  out.health_fails = fields.flag_or("health_fails", false);
  out.work = read_work(fields.child("work"), faults);
}

void read_spec(const Node& node, Faults& faults, DatabaseSpec& out) {
  Fields fields(node, faults, "database");
  fields.text("name");
  out.engine = fields.text_or("engine", "postgres");
  out.instance_class = fields.text_or("class", "db.r6g.large");
  out.cluster = fields.text_or("cluster", "");
  out.subnet_group = fields.text_or("subnet_group", "default");
  out.vcpus = fields.number_or("vcpus", out.vcpus);
  out.max_connections = fields.number_or("max_connections", out.max_connections);
  out.storage = fields.number_or("storage", out.storage);
  out.free_storage = fields.number_or("free_storage", out.free_storage);
  out.storage_growth = fields.number_or("storage_growth", out.storage_growth);
  out.query_cpu = fields.seconds_or("query_cpu", out.query_cpu);
  out.query_time = fields.seconds_or("query_time", out.query_time);
  out.locked = fields.seconds_or("locked", out.locked);
  out.deadlocks = fields.number_or("deadlocks", out.deadlocks);
  out.available = fields.flag_or("available", true);
  out.read_only = fields.flag_or("read_only", false);
  out.reachable = fields.flag_or("reachable", true);
  out.statement = fields.text_or("statement", "select * from items where id = ?");
  out.security_groups = fields.texts("security_groups");
  out.says = fields.texts("says");
}

void read_spec(const Node& node, Faults& faults, TableSpec& out) {
  Fields fields(node, faults, "table");
  fields.text("name");
  out.latency = fields.seconds_or("latency", out.latency);
  out.reads = fields.number_or("reads", out.reads);
  out.writes = fields.number_or("writes", out.writes);
  out.reads_each = fields.number_or("reads_each", out.reads_each);
  out.writes_each = fields.number_or("writes_each", out.writes_each);
  out.hot_share = fields.number_or("hot_share", out.hot_share);
}

void read_spec(const Node& node, Faults& faults, HostSpec& out) {
  Fields fields(node, faults, "host");
  fields.text("name");
  out.latency = fields.seconds_or("latency", out.latency);
  out.through = fields.text_or("through", "");
  out.connections_each = fields.number_or("connections_each", out.connections_each);
  out.fails = fields.number_or("fails", out.fails);
  out.status = static_cast<int>(fields.number_or("status", out.status));
  out.resolves = fields.flag_or("resolves", true);
  out.reachable = fields.flag_or("reachable", true);
  out.certificate_valid = fields.flag_or("certificate_valid", true);
}

void read_spec(const Node& node, Faults& faults, QueueSpec& out) {
  Fields fields(node, faults, "queue");
  fields.text("name");
  out.load = fields.text_or("load", "");
  out.poison = fields.number_or("poison", out.poison);
  out.dead_letters = fields.text_or("dead_letters", "");
}

void read_spec(const Node& node, Faults& faults, RoleSpec& out) {
  Fields fields(node, faults, "role");
  fields.text("name");
  out.allows = fields.texts("allows");
}

void read_spec(const Node& node, Faults& faults, NatSpec& out) {
  Fields fields(node, faults, "nat");
  fields.text("name");
  out.ports = fields.number_or("ports", out.ports);
  out.held = fields.seconds_or("held", out.held);
  out.available = fields.flag_or("available", true);
}

void read_spec(const Node& node, Faults& faults, BucketSpec& out) {
  Fields fields(node, faults, "bucket");
  fields.text("name");
  out.policy = fields.json("policy");
  out.notifies = fields.texts("notifies");
  out.key = fields.text_or("key", "");
  out.blocks_public = fields.flag_or("blocks_public", out.blocks_public);
  out.region = fields.text_or("region", "");
}

void read_spec(const Node& node, Faults& faults, ZoneSpec& out) {
  Fields fields(node, faults, "zone");
  fields.text("name");
  out.id = fields.text("id");
  out.is_private = fields.flag_or("private", out.is_private);
  for (const Node& item : fields.list("records")) {
    Fields record(item, faults, "record");
    RecordSpec read{record.text("name"), record.text_or("type", "A"), 0, record.texts("values")};
    read.ttl = record.seconds_or("ttl", 60);
    out.records.push_back(std::move(read));
  }
}

void read_spec(const Node& node, Faults& faults, WorkflowSpec& out) {
  Fields fields(node, faults, "workflow");
  fields.text("name");
  out.load = fields.text("load");
  out.takes = fields.seconds_or("takes", out.takes);
  out.timeout = fields.seconds_or("timeout", out.timeout);
  out.definition = fields.json("definition");
  out.fails = fields.number_or("fails", 0);
  out.waits = fields.number_or("waits", 0);
  out.state = fields.text_or("state", "");
  out.error = fields.text_or("error", "States.Runtime");
  out.cause = fields.text_or("cause", "");
  for (const Node& item : fields.list("steps")) {
    Fields step(item, faults, "step");
    out.steps.push_back({step.text("state"), step.text("function")});
  }
  if (out.waits > 0 && out.timeout <= 0) fields.fault("what waits for ever needs a 'timeout'");
}

MeasurementSpec read_measurement(const Node& node, Faults& faults) {
  Fields fields(node, faults, "measurement");
  MeasurementSpec out;
  out.metric_namespace = fields.text("namespace");
  out.metric = fields.text("metric");
  out.load = fields.text("load");
  for (const auto& [key, value] : fields.text_map("dimensions"))
    out.dimensions.emplace_back(key, dimension_value(key, value));
  out.share = fields.number_or("share", 1);
  out.sparse = fields.flag_or("sparse", false);
  out.until = fields.seconds_or("until", out.until);
  return out;
}

JournalSpec read_journal(const Node& node, Faults& faults) {
  Fields fields(node, faults, "journal");
  JournalSpec out;
  out.group = fields.text("group");
  out.stream = fields.text_or("stream", "main");
  out.load = fields.text_or("load", "");
  out.from = fields.seconds_or("from", out.from);
  out.until = fields.seconds_or("until", out.until);
  for (const std::string& at : fields.texts("at")) {
    const auto seconds = parse_seconds(at);
    if (!seconds) fields.fault("'at' must hold lengths of time, for example -12m");
    out.at.push_back(seconds.value_or(0));
  }
  out.text = fields.text_or("text", "");
  out.json = fields.json("json");
  if (out.load.empty() == out.at.empty()) fields.fault("a journal has either 'at' or 'load'");
  if (out.text.empty() == out.json.is_null()) fields.fault("a journal has either 'text' or 'json'");
  return out;
}

Load read_load(const Node& node, Faults& faults) {
  Fields fields(node, faults, "load");
  Load load;
  load.rate = fields.number_or("rate", 0);
  load.swing = fields.number_or("swing", load.swing);
  load.noise = fields.number_or("noise", load.noise);
  load.inputs = read_shares(fields, "inputs");
  for (const Node& item : fields.list("steps")) {
    Fields step(item, faults, "step");
    LoadStep read;
    read.from = step.seconds_or("from", 0);
    read.until = step.seconds_or("until", 1e9);
    read.rate = step.number_or("rate", load.rate);
    read.inputs = read_shares(step, "inputs");
    load.steps.push_back(std::move(read));
  }
  return load;
}

AlarmSpec read_alarm(const Node& node, Faults& faults) {
  Fields fields(node, faults, "alarm");
  AlarmSpec alarm;
  alarm.name = fields.text("name");
  alarm.metric_namespace = fields.text("namespace");
  alarm.metric = fields.text("metric");
  alarm.description = fields.text_or("description", "");
  for (const auto& [key, value] : fields.text_map("dimensions"))
    alarm.dimensions.emplace_back(key, dimension_value(key, value));
  alarm.statistic = fields.text_or("statistic", "Sum");
  alarm.comparison = fields.text_or("comparison", "GreaterThanOrEqualToThreshold");
  alarm.missing = fields.text_or("missing", "notBreaching");
  alarm.period = fields.seconds_or("period", alarm.period);
  alarm.threshold = fields.number_or("threshold", alarm.threshold);
  alarm.points = static_cast<int>(fields.number_or("points", 1));
  alarm.of = static_cast<int>(fields.number_or("of", alarm.points));
  if (alarm.points < 1 || alarm.of < alarm.points || alarm.period < 60)
    fields.fault("an alarm needs a period of at least 60s and 1 <= points <= of");
  return alarm;
}

WorldTruth read_world_truth(const Node& node, Faults& faults) {
  Fields fields(node, faults, "truth");
  WorldTruth truth;
  truth.outcome = fields.text_or("outcome", truth.outcome);
  truth.entities = fields.texts("entity");
  truth.modes = fields.texts("modes");
  truth.change = fields.text_or("change", "");
  truth.location = fields.text_or("location", "");
  truth.decoys = fields.texts("decoys");
  truth.also = fields.texts("also");
  return truth;
}

}  // namespace midwatch::sandbox::world

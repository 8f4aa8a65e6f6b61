#include "src/sandbox/world/store_processes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

/// A database answers ever later as its CPU fills; at full CPU it is this many times slower.
constexpr double kFullFactor = 12;
/// After this long a client gives up on a lock or a connection that nobody answers.
constexpr double kGivesUp = 10;
constexpr double kBytesPerGib = 1024.0 * 1024 * 1024;
/// Provisioned capacity is published every five minutes.
constexpr double kCapacityPeriod = 300;

Failure failure_of(std::string type, std::string message) {
  Failure failure;
  failure.type = std::move(type);
  failure.message = std::move(message);
  return failure;
}

void forget_demand(Dependency& dependency) {
  dependency.demand = 0;
  dependency.connections = 0;
}

/// Says in the database's own log what it refused.
void log_refusals(const std::string& name, double refused, const std::string& text, Scene& scene,
                  Random& random) {
  constexpr double kLinesAMinute = 8;
  for (double line = 0; line < std::min(kLinesAMinute, std::floor(refused)); ++line) {
    const base::Timestamp at = scene.moment(scene.time + kMinuteSeconds * random.uniform());
    std::string day = base::format_rfc3339(at).substr(0, 19);
    day[10] = ' ';
    scene.log(fmt::format("/aws/rds/instance/{}/postgresql", name), at, name + ".0",
              fmt::format("{} UTC:10.0.11.{}({}):app@app:[{}]:{}", day, 20 + random.below(60),
                          40000 + random.below(9000), 1000 + random.below(20000), text));
  }
}

/// What PostgreSQL says of transactions that wait for each other: who waits for whom takes several lines.
void log_deadlocks(const std::string& name, const DatabaseSpec& spec, double count, Scene& scene,
                   Random& random) {
  constexpr double kDeadlocksAMinute = 4;
  for (double one = 0; one < std::min(kDeadlocksAMinute, std::floor(count)); ++one) {
    const auto first = 9000 + random.below(900);
    const auto second = first + 1 + random.below(90);
    const auto transaction = 70000 + random.below(900);
    const auto row = random.below(9000);
    log_refusals(name, 1, "ERROR:  deadlock detected", scene, random);
    log_refusals(
        name, 1,
        fmt::format("DETAIL:  Process {0} waits for ShareLock on transaction {2}; blocked by process {1}.\n"
                    "\tProcess {1} waits for ShareLock on transaction {3}; blocked by process {0}.\n"
                    "\tProcess {0}: {4}\n\tProcess {1}: {4}",
                    first, second, transaction, transaction + 1, spec.statement),
        scene, random);
    log_refusals(name, 1, "HINT:  See server log for query details.", scene, random);
    log_refusals(
        name, 1,
        fmt::format("CONTEXT:  while updating tuple ({},{}) in relation \"accounts\"", row / 90, row % 90),
        scene, random);
    log_refusals(name, 1, "STATEMENT:  " + spec.statement, scene, random);
  }
}

}  // namespace

void step_database(const std::string& name, const DatabaseSpec& spec, double free_storage, Scene& scene) {
  Random random(scene.seed, fmt::format("database {} {}", name, scene.time));
  Dependency& state = scene.dependencies[name];
  const Dimensions dimensions{{"DBInstanceIdentifier", name}};
  const auto measure = [&](const char* metric, double value,
                           double most = std::numeric_limits<double>::infinity()) {
    scene.measure("AWS/RDS", metric, dimensions, std::min(most, value * (1 + 0.02 * random.normal())));
  };
  const bool serves = spec.available && spec.reachable && free_storage > 0;
  const double queries = serves ? state.demand : 0;
  const double cpu = std::min(1.0, 0.03 + queries * spec.query_cpu / (spec.vcpus * kMinuteSeconds));
  const double held = std::min(state.connections, spec.max_connections);
  const double refused =
      state.connections > spec.max_connections ? 1 - spec.max_connections / state.connections : 0;
  state.latency =
      spec.query_time * (1 + (kFullFactor - 1) * std::pow(cpu, 6)) + std::min(spec.locked, kGivesUp);
  state.hangs = 0;
  state.fails = 0;
  if (!spec.reachable) {
    state.fails = 1;
    state.hangs = kGivesUp;
    state.failure =
        failure_of("Error", fmt::format("connect ETIMEDOUT {}:5432", database_endpoint(scene.world, name)));
    state.failure.members = {{"code", "ETIMEDOUT"}, {"syscall", "connect"}};
  } else if (!spec.available) {
    state.fails = 1;
    state.failure = failure_of("Error", "connect ECONNREFUSED 10.0.21.14:5432");
    state.failure.members = {{"code", "ECONNREFUSED"}, {"syscall", "connect"}};
  } else if (free_storage <= 0) {
    state.fails = 1;
    const std::string text = R"(could not extend file "base/16401/24581": No space left on device)";
    state.failure = failure_of("error", text);
    log_refusals(name, state.demand, "ERROR:  " + text, scene, random);
  } else if (spec.read_only) {
    state.fails = 0.6;
    const std::string text = "cannot execute INSERT in a read-only transaction";
    state.failure = failure_of("error", text);
    log_refusals(name, state.demand * state.fails, "ERROR:  " + text, scene, random);
  } else if (refused > 0) {
    state.fails = refused;
    const std::string text =
        "remaining connection slots are reserved for non-replication superuser connections";
    state.failure = failure_of("error", "FATAL: " + text);
    log_refusals(name, refused * state.demand, "FATAL:  " + text, scene, random);
  } else if (spec.locked >= kGivesUp) {
    state.fails = 0.5;
    state.failure = failure_of("error", "canceling statement due to lock timeout");
    log_refusals(name, state.demand * state.fails, "ERROR:  canceling statement due to lock timeout", scene,
                 random);
  }
  if (state.fails == 0 && spec.deadlocks > 0) {
    state.fails = spec.deadlocks;
    state.failure = failure_of("error", "deadlock detected");
    state.failure.stack = {"Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:287:98)",
                           "store (/app/repository.js:41:17)"};
    log_deadlocks(name, spec, queries * spec.deadlocks, scene, random);
  }
  // A deadlock is looked for after a second of waiting.
  const double waiting = queries / kMinuteSeconds * (std::min(spec.locked, kGivesUp) + spec.deadlocks);
  const double working = cpu >= 0.99 ? spec.vcpus * 2.5 : cpu * spec.vcpus;
  if (spec.available) {
    measure("CPUUtilization", 100 * cpu, 100);
    scene.measure("AWS/RDS", "DatabaseConnections", dimensions, spec.reachable ? std::round(held) : 0);
    measure("FreeStorageSpace", std::max(0.0, free_storage) * kBytesPerGib);
    measure("FreeableMemory", 4.2 * kBytesPerGib);
    measure("ReadLatency", 0.0006 * (1 + cpu));
    measure("NetworkReceiveThroughput", queries * 900 / kMinuteSeconds);
    measure("DBLoad", working + waiting);
    auto& load = scene.history.database_load[name][scene.minute];
    load["CPU"] = working;
    if (waiting > 0) load["Lock:transactionid"] = waiting;
  }
  if (spec.locked > 0 && state.demand >= 1) {
    log_refusals(
        name, 2,
        fmt::format("LOG:  process {} still waiting for ShareLock on transaction {} after 1000.119 ms",
                    9000 + random.below(900), 70000 + random.below(99)),
        scene, random);
  }
  for (const std::string& line : spec.says) log_refusals(name, 1, line, scene, random);
  forget_demand(state);
}

void step_table(const std::string& name, const TableSpec& spec, Scene& scene) {
  Dependency& state = scene.dependencies[name];
  const Dimensions dimensions{{"TableName", name}};
  state.latency = spec.latency;
  const double asked = state.demand;
  const auto account_for = [&](const char* kind, double each, double provisioned) {
    const double wanted = state.demand * each;
    const double whole = provisioned * kMinuteSeconds;
    // One key is served by one partition, which has a share of what the table has.
    constexpr double kPartitions = 10;
    const double hot = wanted * spec.hot_share;
    double taken = wanted;
    if (provisioned > 0) {
      taken = std::min(whole, wanted);
      taken -= std::max(0.0, hot - whole / kPartitions);
      taken = std::max(0.0, taken);
    }
    if (wanted > 0)
      scene.measure("AWS/DynamoDB", fmt::format("Consumed{}CapacityUnits", kind), dimensions, taken);
    if (provisioned > 0 && std::fmod(scene.time, kCapacityPeriod) == 0)
      scene.measure("AWS/DynamoDB", fmt::format("Provisioned{}CapacityUnits", kind), dimensions, provisioned);
    const double throttled = wanted - taken;
    if (throttled >= each && each > 0)
      scene.measure("AWS/DynamoDB", fmt::format("{}ThrottleEvents", kind), dimensions, 1,
                    std::round(throttled / each));
    return wanted > 0 ? throttled / wanted : 0;
  };
  const double lost = std::max(account_for("Read", spec.reads_each, spec.reads),
                               account_for("Write", spec.writes_each, spec.writes));
  if (asked * (1 - lost) > 0) {
    Random random(scene.seed, fmt::format("table {} {}", name, scene.time));
    scene.measure("AWS/DynamoDB", "SuccessfulRequestLatency",
                  {{"Operation", spec.writes_each > 0 ? "PutItem" : "GetItem"}, {"TableName", name}},
                  1000 * spec.latency * (1 + 0.05 * random.normal()), asked * (1 - lost));
  }
  state.fails = lost;
  state.failure = failure_of(
      "ProvisionedThroughputExceededException",
      "The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
      "provisioning level with the UpdateTable API.");
  if (lost > 0)
    scene.measure("AWS/DynamoDB", "ThrottledRequests", dimensions, 1, std::ceil(lost * state.demand));
  forget_demand(state);
}

void step_host(const std::string& name, const HostSpec& spec, Scene& scene) {
  Dependency& state = scene.dependencies[name];
  state.latency = spec.latency;
  state.hangs = 0;
  state.fails = spec.fails;
  state.status = spec.status;
  state.failure =
      failure_of("HTTPError", fmt::format("upstream {} answered {} {}", name, spec.status,
                                          spec.status == 429 ? "Too Many Requests" : "Service Unavailable"));
  const auto unanswered = [&](double share) {
    state.fails = share;
    state.status = 0;
  };
  if (!scene.resolves(name)) {
    unanswered(1);
    state.failure = failure_of("Error", "getaddrinfo ENOTFOUND " + name);
    state.failure.members = {{"code", "ENOTFOUND"}, {"syscall", "getaddrinfo"}, {"hostname", name}};
  } else if (!spec.reachable) {
    unanswered(1);
    state.hangs = kGivesUp;
    state.failure = failure_of("Error", fmt::format("connect ETIMEDOUT {}:443", name));
    state.failure.members = {{"code", "ETIMEDOUT"}, {"syscall", "connect"}};
  } else if (!spec.certificate_valid) {
    unanswered(1);
    state.failure = failure_of("Error", fmt::format("certificate has expired: {}", name));
    state.failure.members = {{"code", "CERT_HAS_EXPIRED"}};
  }
  if (!spec.through.empty() && !scene.world.nats.empty()) {
    // Who goes through a gateway takes a port of it, and meets what it does to the connections of all.
    Dependency& nat = scene.dependencies[spec.through];
    nat.demand += state.demand * spec.connections_each;
    if (nat.fails > 0) {
      unanswered(nat.fails);
      state.hangs = kGivesUp;
      state.failure = failure_of("Error", fmt::format("connect ETIMEDOUT {}:443", name));
      state.failure.members = {{"code", "ETIMEDOUT"}, {"syscall", "connect"}};
    }
  }
  forget_demand(state);
}

void step_nat(const std::string& name, const NatSpec& spec, Scene& scene) {
  Random random(scene.seed, fmt::format("nat {} {}", name, scene.time));
  Dependency& state = scene.dependencies[name];
  const Dimensions dimensions{{"NatGatewayId", name}};
  const double attempts = state.demand;
  const double wanted = attempts * spec.held / kMinuteSeconds;
  const double refused = wanted > spec.ports ? attempts * (1 - spec.ports / wanted) : 0;
  state.fails = !spec.available ? 1 : attempts > 0 ? refused / attempts : 0;
  if (spec.available) {
    const auto measure = [&](const char* metric, double value) {
      scene.measure("AWS/NATGateway", metric, dimensions, value);
    };
    measure("ErrorPortAllocation", std::round(refused));
    measure("ActiveConnectionCount", std::round(std::min(wanted, spec.ports)));
    measure("ConnectionAttemptCount", std::round(attempts));
    measure("ConnectionEstablishedCount", std::round(attempts - refused));
    measure("PacketsDropCount", std::round(refused * 2 + random.uniform()));
    measure("IdleTimeoutCount", std::round(std::min(wanted, spec.ports) * kMinuteSeconds / spec.held));
  }
  forget_demand(state);
}

QueueProcess::QueueProcess(const std::string& name, const Timeline<QueueSpec>& spec, Scene& scene)
    : name_(name), spec_(spec), scene_(scene), random_(scene.seed, "queue " + name) {}

void QueueProcess::offer() {
  const QueueSpec& spec = spec_.at(scene_.time);
  const double sent = std::round(scene_.requests(spec.load, random_) + spec.poison);
  if (sent > 0) scene_.measure("AWS/SQS", "NumberOfMessagesSent", {{"QueueName", name_}}, 1, sent);
  visible_ += sent;
  scene_.dependencies[name_].demand = visible_;
}

void QueueProcess::settle() {
  Dependency& state = scene_.dependencies[name_];
  const QueueSpec& spec = spec_.at(scene_.time);
  const Dimensions dimensions{{"QueueName", name_}};
  const double deleted = std::max(0.0, state.taken - state.returned);
  constexpr double kReceivesBeforeDead = 3;
  const double dead = spec.dead_letters.empty() ? 0 : std::floor(state.returned / kReceivesBeforeDead);
  visible_ = std::max(0.0, visible_ - deleted - dead);
  dead_ += dead;
  oldest_ = visible_ < 1
                ? 0
                : (state.taken - state.returned > visible_ ? kMinuteSeconds : oldest_ + kMinuteSeconds);
  scene_.measure("AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions, std::round(visible_));
  scene_.measure("AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions, oldest_);
  if (state.taken > 0) scene_.measure("AWS/SQS", "NumberOfMessagesReceived", dimensions, 1, state.taken);
  if (deleted > 0) scene_.measure("AWS/SQS", "NumberOfMessagesDeleted", dimensions, 1, deleted);
  if (!spec.dead_letters.empty())
    scene_.measure("AWS/SQS", "ApproximateNumberOfMessagesVisible", {{"QueueName", spec.dead_letters}},
                   dead_);
  state.taken = 0;
  state.returned = 0;
}

}  // namespace midwatch::sandbox::world

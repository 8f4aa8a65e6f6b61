#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/base/json_value.h"
#include "src/base/time.h"

namespace midwatch::sandbox::world {

/// A value that changes at moments. Units: seconds from time zero of the world. Requires: begins with an
/// entry that holds from the start.
template <class T>
class Timeline {
 public:
  void add(double from, T value) { entries_.emplace_back(from, std::move(value)); }
  const T& at(double time) const {
    const T* current = &entries_.front().second;
    for (const auto& [from, value] : entries_) {
      if (from <= time) current = &value;
    }
    return *current;
  }
  const T& last() const { return entries_.back().second; }
  const std::vector<std::pair<double, T>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<double, T>> entries_;
};

/// How a piece of code fails.
struct Failure {
  std::string on;    ///< the input that makes it fail; empty: any
  double share = 1;  ///< of these requests
  std::string type;
  std::string message;
  std::vector<std::string> stack;
  base::Json members;  ///< further members of the error object
  int status = 500;
};

/// How a process ends.
struct Crash {
  double after = 0;  ///< s after its start; 0: not by time
  double share = 0;  ///< of requests
  int exit = 1;
  std::vector<std::string> lines;
};

/// What a process does for a request: mechanisms only, symptoms follow.
struct Work {
  double takes = 0.04;                ///< s of its own, without waiting for others
  double spread = 0.15;               ///< of `takes`, relative deviation
  double waits = 0;                   ///< s that it sleeps or waits
  double cpu = 0.01;                  ///< s of one vCPU
  double busy = 0;                    ///< vCPU that it takes without any request
  double memory = 80;                 ///< MB after the start
  double memory_kept = 0;             ///< MB that each request leaves behind
  double memory_in_run = 0;           ///< MB that a request needs while it runs
  double start_up = 0.35;             ///< s
  double pool = 4;                    ///< connections that a process opens to each database
  double pool_growth = 0;             ///< connections a minute that are never given back
  double retries = 0;                 ///< further tries of a failed call
  bool answers_badly = false;         ///< an answer that a gateway refuses, although no run fails
  std::vector<std::string> uses;      ///< names of databases, tables, hosts, queues
  std::vector<std::string> resolves;  ///< host names that the code looks up
  std::vector<std::string> may;       ///< "action resource" that its role must allow
  std::vector<std::string> imports;   ///< modules that have to be in the package
  std::vector<std::string> needs;     ///< variables without which it never opens a connection
  std::vector<std::string> starts;    ///< lines that it logs when it starts
  std::vector<std::string> says;      ///< lines that it logs for a request
  double says_share = 0.2;            ///< of requests
  std::vector<Failure> throws;
  std::optional<Crash> crash;
};

struct LoadStep {
  double from = 0;
  double until = 0;
  double rate = 0;
  std::map<std::string, double> inputs;
};

struct Load {
  double rate = 0;  ///< requests a minute
  double swing = 0.1;
  double noise = 0.06;
  std::map<std::string, double> inputs;  ///< named kinds of input and their share
  std::vector<LoadStep> steps;
};

struct FunctionSpec {
  std::string runtime, handler, role, log_format;
  double memory = 128;      ///< MB
  double timeout = 3;       ///< s
  double concurrency = -1;  ///< reserved; negative: none
  double provisioned = 0;   ///< environments that are initialised before they are needed
  bool tracing = false;
  std::string load, queue, gateway;
  std::string bucket;         ///< whose notifications are its load; empty: anybody calls it
  bool queue_enabled = true;  ///< the mapping that hands it the queue's messages is switched on
  std::string version;
  std::map<std::string, std::string> environment, code;
  std::vector<std::string> packages, subnets, security_groups;
  Work work;
};

struct ServiceSpec {
  std::string cluster, image, load, balancer, role, execution_role, health_path;
  double desired = 2;
  double cpu = 256;     ///< units of 1/1024 vCPU
  double memory = 512;  ///< MB
  double port = 8080;
  double idle_timeout = 60;  ///< s, of the balancer
  double grace = 60;         ///< s from the start of a task in which failing health checks do not end it
  std::map<std::string, std::string> environment, secrets, code;
  std::vector<std::string> subnets, security_groups;
  std::string start_failure;     ///< why the platform cannot start a task; empty: it can
  std::string no_place;          ///< why no place is found for a new task; empty: there is one
  bool interrupted = false;      ///< its spot capacity is taken back: every task ends
  bool circuit_breaker = false;  ///< gives up a deployment whose tasks end, and goes back
  bool health_fails = false;     ///< the health check asks for something that is not there
  Work work;
};

struct DatabaseSpec {
  std::string engine, instance_class, cluster, subnet_group;
  double vcpus = 2;
  double max_connections = 100;
  double storage = 100;         ///< GiB
  double free_storage = 60;     ///< GiB at time zero minus history
  double storage_growth = 0.1;  ///< GiB an hour
  double query_cpu = 0.002;     ///< s of a vCPU a query
  double query_time = 0.003;    ///< s
  double locked = 0;            ///< s that a query waits for a lock
  double deadlocks = 0;         ///< share of queries that are ended because they deadlock
  bool available = true;
  bool read_only = false;
  bool reachable = true;  ///< the network lets clients through
  std::string statement;
  std::vector<std::string> says;  ///< lines of its log, one of each a minute
  std::vector<std::string> security_groups;
};

struct TableSpec {
  double latency = 0.006;  ///< s of a request
  double reads = 0;        ///< provisioned units a second; 0: on demand
  double writes = 0;
  double reads_each = 1;  ///< units a request
  double writes_each = 1;
  double hot_share = 0;  ///< of traffic that goes to one key
};

struct HostSpec {
  double latency = 0.05;
  std::string through;          ///< the NAT gateway on the way to it; empty: none
  double connections_each = 1;  ///< that a request opens
  double fails = 0;             ///< share of requests
  int status = 503;
  bool resolves = true;
  bool reachable = true;
  bool certificate_valid = true;
};

struct QueueSpec {
  std::string load;
  double poison = 0;  ///< messages a minute that no consumer can process
  std::string dead_letters;
};

struct RoleSpec {
  std::vector<std::string> allows;  ///< actions
};

/// A bucket of S3, as its owner configured it.
struct BucketSpec {
  base::Json policy;                  ///< as the API has it; null: none
  std::vector<std::string> notifies;  ///< functions that it calls for each new object
  std::string key;                    ///< ARN of the key that it encrypts with; empty: S3's own
  bool blocks_public = true;
  std::string region;  ///< empty: that of the world
};

/// Record sets of one name and type.
struct RecordSpec {
  std::string name, type;
  double ttl = 60;  ///< s
  std::vector<std::string> values;
};

/// A zone of Route 53: names below its own exist where it has a record of them.
struct ZoneSpec {
  std::string id;
  bool is_private = true;
  std::vector<RecordSpec> records;
};

/// A NAT gateway, as far as one destination sees it.
struct NatSpec {
  double ports = 55000;  ///< connections to one destination at once
  double held = 350;     ///< s that a connection that nobody closes stays
  bool available = true;
};

/// A step of a workflow that calls a function.
struct WorkflowStep {
  std::string state, function;
};

struct WorkflowSpec {
  std::string load;
  double takes = 2;       ///< s of an execution that succeeds
  double timeout = 0;     ///< s of an execution; 0: none
  base::Json definition;  ///< in Amazon States Language
  std::vector<WorkflowStep> steps;
  double fails = 0;  ///< share of executions that fail by the definition itself, at `state`
  std::string state, error, cause;
  double waits = 0;  ///< share of executions that wait at `state` for an answer that never comes
};

/// Lines of a log group that no process of the world writes: at moments, or as a load has it.
struct JournalSpec {
  std::string group, stream, load;
  std::vector<double> at;  ///< s from time zero
  double from = -1e12;     ///< of a load: from when on, until when
  double until = 1e12;
  std::string text;  ///< of a line; or
  base::Json
      json;  ///< its members, where "@now" is the moment, "@now-5s" shortly before it, "@id" a fresh id
};

/// A metric of which a world states the course alone.
struct MeasurementSpec {
  std::string metric_namespace, metric, load;
  std::vector<std::pair<std::string, std::string>> dimensions;
  double share = 1;     ///< of the load
  double until = 1e12;  ///< s from time zero from when on nothing is published any more
  bool sparse = false;  ///< whole numbers, published only where there is something to count
};

struct AlarmSpec {
  std::string name, metric_namespace, metric, statistic, comparison, missing, description;
  std::vector<std::pair<std::string, std::string>> dimensions;
  double period = 60;
  double threshold = 1;
  int points = 1;
  int of = 1;
};

enum class ChangeKind { kCall, kDeploy, kUpdateCode, kUpdateConfiguration };

struct Change {
  double at = 0;
  ChangeKind kind = ChangeKind::kCall;
  std::string target;  ///< of a deployment or an update
  std::string event;   ///< of a call: "ec2.RevokeSecurityGroupIngress"
  std::string by = "deploy-pipeline";
  std::string resource_type, resource;
  double pushed = -240;  ///< s from the deployment to the push of its image
  std::string error_code, error_message;
  std::string region;  ///< whose CloudTrail alone tells of a call; empty: whichever is asked
  base::Json parameters;
};

/// A note of a platform: an RDS event, a CloudFormation stack event.
struct PlatformNote {
  double at = 0;
  std::string source;  ///< "rds", "cloudformation"
  base::Json members;
};

/// What is true of the incident; for evaluation only.
struct WorldTruth {
  std::string outcome = "root_cause";
  std::vector<std::string> entities;  ///< any one is right, as the last part of an entity's id
  std::vector<std::string> modes;     ///< any one is right
  std::string change;                 ///< part of the summary or id of the causing change
  std::string location;
  std::vector<std::string> decoys;  ///< names that must not be blamed
  std::vector<std::string> also;  ///< modes of a second cause, which must be named as well; any one is right
};

template <class Spec>
using Named = std::vector<std::pair<std::string, Timeline<Spec>>>;

/// A simulated account as its file states it.
struct World {
  std::string name, title, account, region;
  base::Timestamp zero;             ///< the moment that the file counts from
  double history = 21600;           ///< s that are simulated before time zero
  double horizon = 7200;            ///< s that are simulated after it
  double asked = 1500;              ///< s after time zero when an export asks
  std::string alarm;                ///< that is investigated
  double concurrency = 1000;        ///< runs of functions at once, of the whole account
  bool transaction_search = false;  ///< spans of traces are lines of the log group aws/spans
  std::map<std::string, Load> loads;
  Named<FunctionSpec> functions;
  Named<ServiceSpec> services;
  Named<DatabaseSpec> databases;
  Named<TableSpec> tables;
  Named<HostSpec> hosts;
  Named<QueueSpec> queues;
  Named<RoleSpec> roles;
  Named<NatSpec> nats;
  Named<BucketSpec> buckets;
  Named<ZoneSpec> zones;
  Named<WorkflowSpec> workflows;
  std::vector<MeasurementSpec> measurements;
  std::vector<JournalSpec> journals;
  std::vector<AlarmSpec> alarms;
  std::vector<Change> changes;  ///< in order of time
  std::vector<PlatformNote> notes;
  base::Json documents;              ///< "ec2.DescribeSubnets" → list of provider-shaped objects
  std::vector<std::string> refuses;  ///< "service.Operation", or "service.*": answered with access denied
  std::vector<std::string> silent;   ///< metric namespaces and log groups of which nothing is kept
  WorldTruth truth;
};

}  // namespace midwatch::sandbox::world

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "src/sandbox/world/history.h"
#include "src/sandbox/world/random.h"
#include "src/sandbox/world/world.h"

namespace midwatch::sandbox::world {

/// What a client meets when it calls a database, table, host or queue: as it was in the minute before, and
/// what was asked of it in this one.
struct Dependency {
  double latency = 0;      ///< s
  double fails = 0;        ///< share of calls
  Failure failure;         ///< what they fail with
  double hangs = 0;        ///< s that a call waits before it fails
  int status = 0;          ///< that a failed call is answered with, over HTTP; 0: with none
  double demand = 0;       ///< calls in this minute
  double connections = 0;  ///< held in this minute
  double taken = 0;        ///< messages that consumers of a queue took in this minute
  double returned = 0;     ///< of these, not processed
};

/// What a function did in a minute: what calls it sees how its runs ended.
struct FunctionMinute {
  double runs = 0;
  double failed = 0;
  double at_once = 0;  ///< the most runs
  double wanted = 0;   ///< runs at once that its calls would take, refused ones included
  Failure failure;     ///< of the last run that failed
};

/// What the processes of a world share while it is simulated, minute by minute.
struct Scene {
  const World& world;
  std::uint64_t seed;
  History& history;
  std::map<std::string, Dependency> dependencies;
  std::map<std::string, FunctionMinute> functions;
  double time = 0;         ///< s from time zero, at the start of the minute
  base::Timestamp minute;  ///< the same

  base::Timestamp moment(double seconds) const;
  /// Requests in this minute.
  double requests(const std::string& load, Random& random) const;
  /// The kind of input that a request brings; empty: an ordinary one.
  std::string input(const std::string& load, Random& random) const;
  double input_share(const std::string& load, const std::string& input) const;
  void measure(const std::string& name_space, const std::string& name, Dimensions dimensions, double value,
               double count = 1);
  void log(const std::string& group, base::Timestamp time, const std::string& stream, std::string message);
  bool allows(const std::string& role, const std::string& permission) const;
  /// Whether a bucket tells a function of new objects.
  bool notifies(const std::string& bucket, const std::string& function) const;
  /// Whether the policy of the bucket that a permission is about denies it, whatever the role allows.
  bool is_denied_by_bucket(const std::string& role, const std::string& permission) const;
  /// True where a name can be looked up: a host or database of the world, or a name of AWS.
  bool resolves(const std::string& host) const;
};

constexpr double kMinuteSeconds = 60;

/// The end of an ARN or `a/b` name.
std::string last_name(const std::string& name);

}  // namespace midwatch::sandbox::world

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/sandbox/wire/fault_plan.h"
#include "src/sandbox/world/world.h"

namespace midwatch::app {

/// What `midwatch sandbox` is asked to do.
struct SandboxHosting {
  std::string world;         ///< a world file, or the name of one that is part of the program
  std::uint16_t port = 0;    ///< 0: any free one
  base::Duration latency{};  ///< of every answer
  std::uint64_t seed = 1;
  std::vector<sandbox::wire::Fault> faults{};  ///< what goes wrong between the account and who asks it
  std::vector<std::string> notify{};           ///< addresses that subscribe to the topics of the alarms
  int notify_signature = 1;                    ///< SignatureVersion of the messages: 1 or 2
  /// Is told of a message that a subscriber did not take.
  std::function<void(const std::string&)> undelivered{};
};

/// Reads the faults of a plan (src/sandbox/wire/fault_plan.h). Errors: the file cannot be read or is wrong.
base::Result<std::vector<sandbox::wire::Fault>> load_faults(const std::string& path);

/// A simulated AWS account that answers on loopback until it is destroyed. Its time is the clock's: when it
/// starts is when its world means to be asked.
class HostedSandbox {
 public:
  HostedSandbox();
  HostedSandbox(const HostedSandbox&) = delete;
  HostedSandbox& operator=(const HostedSandbox&) = delete;
  ~HostedSandbox();

  /// Errors: the world cannot be read or is wrong; the port is taken. The clock must outlive it.
  base::Result<> start(const SandboxHosting& what, const base::Clock& clock);

  std::string address() const;
  std::string region() const;
  std::string access_key() const;
  std::string secret_key() const;
  /// The variables by which an SDK finds it, and nothing of this machine.
  std::map<std::string, std::string, std::less<>> environment() const;
  /// The name of the alarm that is investigated.
  std::string alarm() const;
  base::Timestamp alarm_time() const;
  /// What is true of the incident, for evaluation.
  const sandbox::world::WorldTruth& truth() const;
  /// What goes wrong from now on; calls are counted anew.
  void set_faults(std::vector<sandbox::wire::Fault> faults);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::app

#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "src/app/watch/alarm_intake.h"
#include "src/app/watch/investigation_runner.h"
#include "src/app/watch/serve_config.h"
#include "src/base/clock.h"
#include "src/base/json.h"
#include "src/base/log.h"
#include "src/store/store.h"

namespace midwatch::app {

/// Asks the accounts of one space for alarms that changed, where nobody sends them.
///
/// Of all processes that share the store one asks at a time; how far it came is kept with what it found, in
/// one transaction, so that another goes on from there. A change that a webhook told of is not told twice.
///
/// Threads: `poll` by one, the rest by any. Requires: everything that is referred to outlives it.
class AlarmPoller {
 public:
  struct Parts {
    store::Store& store;
    AlarmIntake& intake;
    const base::Clock& clock;
    std::string process;  ///< its name among all that share the store
    /// Opens what may be asked. Errors: the space's file or the credentials cannot be read.
    std::function<base::Result<OpenedSpace>()> open;
    std::function<void()> on_queued;  ///< an investigation waits that did not before
    /// Is told, once, of a failure that begins or changes.
    base::Log log;
  };

  AlarmPoller(Parts parts, const SpaceConfig& space);

  /// Looks once, where it is this process's turn. What fails is tried again next time.
  void poll(const std::stop_token& stop);
  /// Lets another process take over at once.
  void leave();

  const std::string& space() const { return space_.name; }
  /// How far it is, whoever asks: `every_s`, `polled`, `changes`, and `failure` (`since`, `what`) while it
  /// fails. Errors: those of the store.
  static base::Result<base::Json> standing(store::Store& store, const SpaceConfig& space);

 private:
  struct Round;
  base::Result<> look(Round& round);
  base::Result<> look_at(Round& round, const connectors::aws::Place& place);
  base::Result<base::Json> ask(const Round& round, const connectors::aws::Place& place,
                               const std::string& operation, base::Json input);
  base::Result<> tell(Round& round, const std::string& place, base::Timestamp next,
                      std::vector<intake::FoundChange> changes);
  void end(Round& round, const base::Result<>& looked);

  Parts parts_;
  const SpaceConfig& space_;
  std::optional<OpenedSpace> opened_;
  std::string trouble_;  ///< that was told last
};

}  // namespace midwatch::app

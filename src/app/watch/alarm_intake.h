#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/api/change_feed.h"
#include "src/api/watch.h"
#include "src/app/watch/serve_config.h"
#include "src/base/clock.h"
#include "src/base/ids.h"
#include "src/intake/certificate_source.h"
#include "src/intake/polled.h"
#include "src/intake/triage.h"
#include "src/intake/webhook.h"
#include "src/notify/announcer.h"
#include "src/store/store.h"

namespace midwatch::app {

/// Takes messages of senders: who sent it is checked, it is stored with its alarms and what was decided about
/// each, and what is to be investigated waits in the store, all of it at once or nothing.
///
/// Threads: any number at once. Requires: everything that is referred to outlives it.
class AlarmIntake {
 public:
  struct Parts {
    store::Store& store;
    api::ChangeFeed& feed;
    const base::Clock& clock;
    base::IdGenerator& ids;
    intake::CertificateSource& certificates;
    const notify::Announcer* announcer = nullptr;  ///< tells others; none where nobody is told
  };

  /// Errors: a secret cannot be read; a webhook is configured wrongly; a space's file cannot be read.
  static base::Result<std::unique_ptr<AlarmIntake>> make(const ServeConfig& config, const Parts& parts);

  struct Taken {
    api::Receipt receipt;
    bool investigates = false;  ///< an investigation waits now that did not before
    std::string confirmation;   ///< an address to fetch once; empty where none is asked for
  };
  /// Errors: those of intake::receive and of the store; kNotFound: no such webhook.
  base::Result<Taken> take(const std::string& webhook, const http::ServerRequest& request);

  /// Takes a made-up alarm of the webhook's sender by the same way, and takes all of it back. Errors: as
  /// above; kUnsupported: nobody but the sender can sign.
  base::Result<api::Rehearsal> rehearse(const std::string& webhook);

  /// What came of changes that an account was asked for.
  struct Found {
    std::size_t alarms = 0;  ///< that nobody had told of
    bool investigates = false;
  };
  /// Takes changes of alarms of CloudWatch that were asked for, but those that a webhook or an earlier look
  /// told of; `also` is done in the same transaction. Errors: those of the store, and of `also`.
  base::Result<Found> take_found(const std::string& space, std::vector<intake::FoundChange> changes,
                                 const store::Work& also);

  /// Decides about alarms that were skipped for a time that is over, such as a maintenance, where they still
  /// fire. True where an investigation waits now that did not before. Errors: those of the store.
  base::Result<bool> decide_again();

 private:
  struct Space {
    SpaceConfig config;
    std::vector<intake::MaintenanceWindow> maintenance;
    /// Who may tell of the same alarm of CloudWatch; empty where nobody polls.
    std::vector<std::string> told_by;
  };
  class Storing;

  explicit AlarmIntake(const Parts& parts) : parts_(parts) {}
  base::Result<> write(Storing& storing, const store::Work& work);
  Taken finish(Storing storing);

  Parts parts_;
  std::map<std::string, intake::Webhook, std::less<>> webhooks_;
  std::map<std::string, Space, std::less<>> spaces_;
  std::mutex
      mutex_;  ///< of remembered_; taken while the store writes, never around it: messages share commits
  /// What is remembered of recent incidents, by space and id, so that a storm does not read them again and
  /// again. It knows of messages whose transaction is not kept yet, as the next message of it does.
  std::map<std::string, std::map<std::string, intake::RecentIncident, std::less<>>, std::less<>> remembered_;
};

}  // namespace midwatch::app

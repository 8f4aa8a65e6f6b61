#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "src/api/change_feed.h"
#include "src/app/watch/serve_config.h"
#include "src/base/clock.h"
#include "src/clients/aws/api/api.h"
#include "src/connectors/aws/agent_space.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/investigation.h"
#include "src/notify/announcer.h"
#include "src/store/store.h"

namespace midwatch::app {

/// What of a provider may be asked for one investigation.
struct OpenedSpace {
  std::shared_ptr<clients::aws::api::Api> api;
  connectors::aws::AgentSpace space;
};

/// Opens what an investigation may ask. Threads: any number at once. Errors: no such space; its file or the
/// credentials cannot be read.
class SpaceOpener {
 public:
  virtual ~SpaceOpener() = default;
  virtual base::Result<OpenedSpace> open(const model::Investigation& investigation) = 0;
};

/// Where and by what investigations are run. Requires: everything outlives those who use it.
struct RunnerParts {
  store::Store& store;
  api::ChangeFeed& feed;
  const knowledge::KnowledgeBase& knowledge;
  const base::Clock& clock;
  SpaceOpener& opener;
  const notify::Announcer* announcer = nullptr;  ///< tells others; none where nobody is told
};

/// Investigates what a worker has leased, from where an earlier attempt ended, and stores each step, the best
/// answer so far, and the report.
///
/// Whatever goes wrong with the account or the question ends the investigation as failed, with the reason.
/// Errors:  kCancelled: it was stopped and is neither done nor failed; those of the store.
/// Threads: any number at once, each with an investigation of its own.
base::Result<> run_investigation(const RunnerParts& parts, model::Investigation investigation,
                                 const SpaceConfig& limits, const std::stop_token& stop);

/// Under this lease an investigation is its worker's for so long, and is renewed twice in it.
inline constexpr std::chrono::seconds kLeaseTime{30};

}  // namespace midwatch::app

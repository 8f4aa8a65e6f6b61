#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/clients/aws/api/api.h"
#include "src/connectors/aws/collector.h"
#include "src/investigation/investigator.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/investigation_record.h"

namespace midwatch::app {

/// What `midwatch investigate` is asked to do with an AWS account.
struct AwsInvestigation {
  connectors::aws::Wanted wanted;
  connectors::aws::CollectorOptions options;
  std::string record_folder;                   ///< empty: nothing is recorded
  unsigned threads = 0;                        ///< 0: as many as the machine has
  std::vector<model::Directive> directives{};  ///< what people said of it
  std::stop_token stop;                        ///< ends it with kCancelled
  std::function<void(const investigation::Progress&)> on_progress;
  /// What the answers until now say, after each round.
  std::function<void(const model::InvestigationRecord&)> on_weighed;
};

/// Asks the account, at the places that people pointed at first, each round what separates the hypotheses
/// that lead, and investigates what it answered. Errors: those of connectors::aws::collect and
/// write_recording.
base::Result<model::InvestigationRecord> investigate_aws(const AwsInvestigation& what,
                                                         clients::aws::api::Api& api,
                                                         const knowledge::KnowledgeBase& knowledge,
                                                         const base::Clock& clock);

}  // namespace midwatch::app

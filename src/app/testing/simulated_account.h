#pragma once

#include <chrono>
#include <utility>

#include "src/app/aws_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/app/sandbox_hosting.h"
#include "src/base/clock.h"
#include "src/base/try.h"
#include "src/clients/aws/api/credentials/open_account.h"

namespace midwatch::app::testing {

/// Investigates the latest alarm of a simulated account over HTTP, as one's own would be; `what` says all
/// else. It has five minutes, however slow the machine is.
inline base::Result<model::InvestigationRecord> investigate_simulated(const SandboxHosting& hosting,
                                                                      AwsInvestigation what = {}) {
  static const auto kKnowledge = load_knowledge("");
  const base::SystemClock clock;
  HostedSandbox sandbox;
  MIDWATCH_TRY_VOID(sandbox.start(hosting, clock));
  MIDWATCH_TRY(const auto account,
               clients::aws::api::open_account(runtime::RequestContext::unlimited(clock), clock,
                                               clients::aws::api::Environment(sandbox.environment()), {}));
  what.wanted.latest = true;
  what.options.limits.time = std::chrono::minutes(5);
  return investigate_aws(what, *account, *kKnowledge, clock);
}

}  // namespace midwatch::app::testing

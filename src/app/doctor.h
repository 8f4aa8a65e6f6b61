#pragma once

#include <string>
#include <vector>

#include "src/base/clock.h"
#include "src/base/json.h"
#include "src/base/result.h"
#include "src/connectors/aws/agent_space.h"
#include "src/connectors/aws/checkup.h"
#include "src/model/text.h"

namespace midwatch::app {

/// Looks at every account and region of a space: what can be read, what is missing, and why. Takes at most
/// nine seconds. Errors: the configuration files cannot be read.
base::Result<std::vector<connectors::aws::Checkup>> examine_accounts(const connectors::aws::AgentSpace& space,
                                                                     const base::Clock& clock);

/// For people: what is missing, and what to do about it, comes first.
std::string checkup_text(const std::vector<connectors::aws::Checkup>& checkups, base::Timestamp now,
                         model::Language language);

/// Shape: midwatch.doctor/v1: `well`, and of each account who asks, the clock and every operation tried.
base::Json checkup_json(const std::vector<connectors::aws::Checkup>& checkups, model::Language language);

}  // namespace midwatch::app

#pragma once

#include <string>

#include "src/api/steering.h"
#include "src/model/investigation_record.h"

namespace midwatch::app {

/// What an investigation answers to what it was told, once it has ended with it.
struct SteeringReply {
  model::Text text;
  std::string data;  ///< a JSON document
};

/// Says what a directive changed: which cause led before and which leads now, or that nothing changed and
/// why. `may_read_code` is the right of the space. Pure.
SteeringReply reply_to(const api::Told& told, const model::InvestigationRecord& record, bool may_read_code);

/// The same where it could not be investigated.
SteeringReply reply_of_failure(const api::Told& told);

}  // namespace midwatch::app

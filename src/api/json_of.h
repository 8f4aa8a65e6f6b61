#pragma once

#include "src/base/json.h"
#include "src/model/incident.h"
#include "src/model/investigation.h"
#include "src/store/store.h"

namespace midwatch::api {

// What is kept, in the shapes of openapi.yaml. What is not known is left out.

base::Json json_of(const model::Text& text);
base::Json json_of(const model::Triage& triage, const std::string& alarm);
base::Json json_of(const store::StoredAlarm& stored);
base::Json json_of(const model::Investigation& investigation);
base::Json json_of(const model::JournalEntry& entry);
base::Json json_of(const model::Feedback& feedback);
base::Json json_of(const store::Delivery& delivery);
base::Json json_of(const store::AuditEntry& entry);
base::Json json_of(const store::OutboxMessage& message);
base::Json json_of(const store::ApiToken& token);

base::Json json_of(const store::Page<store::StoredAlarm>& page);
base::Json json_of(const store::Page<store::Delivery>& page);
base::Json json_of(const store::Page<store::OutboxMessage>& page);
base::Json json_of(const store::Page<model::Investigation>& page);
base::Json json_of(const store::Page<model::Feedback>& page);

/// An incident with its latest investigation. Errors: those of the session.
base::Result<base::Json> incident_json(store::Session& session, const model::Incident& incident);

}  // namespace midwatch::api

#pragma once

#include <string_view>

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/intake/decoded.h"

// The decoders behind the dialects; dialects.h says what they promise.

namespace midwatch::intake {

/// Source: SNS Developer Guide, "Parsing message formats"; CloudWatch User Guide, "Notifying users on alarm
/// changes".
base::Result<Decoded> decode_cloudwatch_sns(std::string_view body);
/// Source: CloudWatch User Guide, "Alarm events and EventBridge".
base::Result<Decoded> decode_cloudwatch_eventbridge(std::string_view body);
/// Also what Grafana sends, which has the same shape and more addresses. Source: Prometheus documentation,
/// "Configuration: webhook_config"; Grafana documentation, "Configure webhook notifications".
base::Result<Decoded> decode_alertmanager(std::string_view body);
/// Source: PagerDuty developer documentation, "Webhooks v3: overview".
base::Result<Decoded> decode_pagerduty(std::string_view body);
/// Source: Datadog documentation, "Webhooks": the payload is the user's; README.md says which members count.
base::Result<Decoded> decode_datadog(std::string_view body);
/// Source: Opsgenie documentation, "Integrate Opsgenie with webhook".
base::Result<Decoded> decode_opsgenie(std::string_view body);
/// Source: AWS DevOps Agent User Guide, "Invoking DevOps Agent through webhook".
base::Result<Decoded> decode_generic(std::string_view body);

/// True where a document has the shape of Alertmanager's webhook.
bool is_alertmanager_message(const base::Json& message);
Decoded alertmanager_alarms(const base::Json& message);

}  // namespace midwatch::intake

#include "src/intake/dialects.h"

#include <algorithm>

#include "src/intake/decoders.h"

namespace midwatch::intake {

const std::vector<Dialect>& dialects() {
  // Headers of their own and passwords are what every sender can show that signs nothing.
  static const std::vector<Dialect> kAll = {
      {"alertmanager",
       "Prometheus Alertmanager",
       decode_alertmanager,
       {Proof::kBearer, Proof::kBasic, Proof::kHeader}},
      {"cloudwatch-eventbridge",
       "Amazon CloudWatch through EventBridge",
       decode_cloudwatch_eventbridge,
       {Proof::kHeader, Proof::kBasic, Proof::kBearer}},
      {"cloudwatch-sns", "Amazon CloudWatch through SNS", decode_cloudwatch_sns, {Proof::kSnsSignature}},
      {"datadog", "Datadog", decode_datadog, {Proof::kHeader, Proof::kBasic, Proof::kBearer}},
      {"generic", "generic webhook", decode_generic, {Proof::kEventHmac, Proof::kBearer}},
      {"grafana",
       "Grafana",
       decode_alertmanager,
       {Proof::kGrafanaHmac, Proof::kBearer, Proof::kBasic, Proof::kHeader}},
      {"opsgenie", "Opsgenie", decode_opsgenie, {Proof::kHeader, Proof::kBasic, Proof::kBearer}},
      {"pagerduty", "PagerDuty", decode_pagerduty, {Proof::kPagerDutySignature, Proof::kHeader}},
  };
  return kAll;
}

const Dialect* dialect_of(std::string_view name) {
  const auto& all = dialects();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Dialect& d) { return d.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace midwatch::intake

#include "src/observe/configuration/detectors.h"

namespace midwatch::observe::configuration {

void detect_dns_records(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (topology::EntityIndex i = 0; i < input.topology.size(); ++i) {
    const telemetry::Entity& name = input.topology.entity(i);
    const std::string* values = name.attributes.find("record.values");
    if (values == nullptr) continue;
    const bool missing = values->empty();
    auto o = about(input, i, missing ? "state.dns_record.missing" : "state.dns_record.present",
                   missing ? kSure : kRemark, {"record.values", "record.zone"});
    o.subject = name.name;
    o.facts["host"] = name.name;
    o.facts["zone"] = std::string(name.attributes.get("record.zone"));
    if (!missing) o.facts["leads_to"] = *values;
    out.push_back(std::move(o));
  }
}

}  // namespace midwatch::observe::configuration

#include "src/identity/audit_line.h"

#include <nlohmann/json.hpp>

#include "src/base/json.h"

namespace midwatch::identity {

store::AuditEntry audit_line(const Author& author, std::string_view action, std::string_view object,
                             base::Json details) {
  details["space"] = "";
  store::AuditEntry entry;
  entry.time = author.now;
  entry.who = author.name;
  entry.action = action;
  entry.object = object;
  entry.details = base::dump_json(details);
  return entry;
}

base::Json grants_json(const std::vector<model::Grant>& grants) {
  base::Json roles = base::Json::object();
  for (const auto& grant : grants) roles[grant.space] = model::to_string(grant.role);
  return {{"grants", std::move(roles)}};
}

}  // namespace midwatch::identity

#include "src/clients/aws/policy_statements.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::text_at;

/// "*", or the ARNs and services that a statement names.
std::string principals(const Json& principal) {
  if (!principal.is_object()) return joined_texts(principal);
  std::string all;
  for (const Json& named : principal) all += (all.empty() ? "" : ", ") + joined_texts(named);
  return all;
}

}  // namespace

std::string policy_statement_text(const Json& statement) {
  const bool inverted = !at(statement, "NotAction").is_null();
  std::string text = fmt::format("{} {}{} on {}", text_at(statement, "Effect"), inverted ? "all but " : "",
                                 joined_texts(at(statement, inverted ? "NotAction" : "Action")),
                                 joined_texts(at(statement, "Resource")));
  for (const auto& [member, word] : {std::pair{"Principal", "to"}, std::pair{"NotPrincipal", "to all but"}}) {
    if (const std::string who = principals(at(statement, member)); !who.empty())
      text += fmt::format(" {} {}", word, who);
  }
  if (!at(statement, "Condition").is_null()) text += " if " + base::dump_json(at(statement, "Condition"));
  return text;
}

std::string joined_texts(const Json& value) {
  if (!value.is_array()) return base::text(value);
  std::string all;
  for (const Json& item : value) all += (all.empty() ? "" : ", ") + base::text(item);
  return all;
}

Json policy_document(const Json& value) {
  return value.is_string() ? base::parse_json(value.get_ref<const std::string&>()).value_or(Json()) : value;
}

void add_policy_statements(const Json& policy, std::string_view name, telemetry::Attributes& attributes) {
  const Json& statements = at(policy, "Statement");
  const Json list = statements.is_object() ? Json::array({statements}) : statements;
  std::size_t number = 0;
  for (const Json& statement : list.is_array() ? list : Json::array())
    attributes.set(fmt::format("policy.{}.{}", name, number++), policy_statement_text(statement));
}

}  // namespace midwatch::clients::aws

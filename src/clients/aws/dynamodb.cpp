#include "src/clients/aws/dynamodb.h"

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::clients::aws {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

namespace {

void add_capacity(const Json& provisioned, const std::string& prefix, telemetry::Attributes& attributes) {
  set_number(attributes, prefix + "limit.read_capacity", at(provisioned, "ReadCapacityUnits"));
  set_number(attributes, prefix + "limit.write_capacity", at(provisioned, "WriteCapacityUnits"));
}

}  // namespace

void decode_dynamodb_table(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& table = at(document.body, "Table");
  const std::string name = text_at(table, "TableName");
  std::string id = text_at(table, "TableArn");
  if (name.empty()) return;
  if (id.empty()) id = named_id("dynamodb", name);
  auto entity = make_entity(id, "AWS::DynamoDB::Table", name, "database", table, document.ref);
  copy_members(table, {{"platform.phase", "TableStatus"}}, entity.attributes);
  copy_times(table, {{"platform.created", "CreationDateTime"}}, entity.attributes);
  const std::string billing = text_at(table, "BillingModeSummary", "BillingMode");
  entity.attributes.set("billing.mode", billing.empty() ? "PROVISIONED" : billing);
  add_capacity(at(table, "ProvisionedThroughput"), "", entity.attributes);
  for (const Json& index : list_at(table, "GlobalSecondaryIndexes"))
    add_capacity(at(index, "ProvisionedThroughput"), "index." + text_at(index, "IndexName") + ".",
                 entity.attributes);
  out.entities.push_back(std::move(entity));
  add_alias(out, named_id("dynamodb", name), id);
}

void decode_dynamodb_tables(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& item : list_at(document.body, "TableNames")) {
    const std::string name = base::text(item);
    if (name.empty()) continue;
    out.entities.push_back(make_entity(named_id("dynamodb", name), "AWS::DynamoDB::Table", name, "database",
                                       Json::object(), document.ref));
  }
}

}  // namespace midwatch::clients::aws

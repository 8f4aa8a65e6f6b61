#include <gtest/gtest.h>

#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

using telemetry::RelationKind;

TEST(Rds, InstancesReplicasAndClusters) {
  const auto batch = decode_text(R"({"DBInstances":[
 {"DBInstanceIdentifier":"ledger","DBInstanceArn":"arn:aws:rds:eu-west-1:1:db:ledger","DBInstanceClass":"db.r6g.large","Engine":"postgres",
  "DBInstanceStatus":"storage-full","AllocatedStorage":100,"DbiResourceId":"db-ABC","Endpoint":{"Address":"ledger.x.rds.amazonaws.com","Port":5432},
  "VpcSecurityGroups":[{"VpcSecurityGroupId":"sg-9","Status":"active"}],"InstanceCreateTime":"2025-01-01T00:00:00Z",
  "DBParameterGroups":[{"DBParameterGroupName":"pg15","ParameterApplyStatus":"pending-reboot"}]},
 {"DBInstanceIdentifier":"ledger-ro","DBInstanceArn":"arn:aws:rds:eu-west-1:1:db:ledger-ro","DBInstanceStatus":"available",
  "ReadReplicaSourceDBInstanceIdentifier":"ledger","DBClusterIdentifier":"main"}]})");
  const auto primary = entity_in(batch, "arn:aws:rds:eu-west-1:1:db:ledger");
  EXPECT_EQ(primary.attributes.get("platform.phase"), "storage-full");
  EXPECT_EQ(primary.attributes.get("condition.Available.status"), "False");
  EXPECT_EQ(primary.attributes.number("limit.storage"), 100.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(primary.attributes.get("endpoint.host"), "ledger.x.rds.amazonaws.com");
  EXPECT_EQ(primary.attributes.get("parameter_group.pg15"), "pending-reboot");
  EXPECT_TRUE(has_alias(batch, "db-ABC", primary.id));
  EXPECT_TRUE(
      has_relation(batch, "arn:aws:rds:eu-west-1:1:db:ledger-ro", primary.id, RelationKind::kReadsFrom));
  EXPECT_TRUE(has_relation(batch, "arn:aws:rds:eu-west-1:1:cluster:main",
                           "arn:aws:rds:eu-west-1:1:db:ledger-ro", RelationKind::kContains));
}

TEST(Rds, EventsOfDatabasesAndCaches) {
  const auto batch = decode_text(R"({"Events":[
 {"SourceIdentifier":"ledger","SourceType":"db-instance","Message":"DB instance restarted","EventCategories":["availability"],"Date":"2026-02-03T01:00:00Z"},
 {"SourceIdentifier":"sessions","SourceType":"cache-cluster","Message":"Failover from master node sessions-001 to replica node sessions-002 completed","Date":"2026-02-03T01:00:00Z"}]})");
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(batch.events[0].entity, "rds/ledger");
  EXPECT_EQ(batch.events[0].type, "availability");
  EXPECT_EQ(batch.events[1].entity, "elasticache/sessions");
}

TEST(Rds, LogPortionsAreLines) {
  const auto batch = decode_text(
      "# aws rds download-db-log-file-portion --db-instance-identifier ledger --log-file-name error/x\n"
      R"({"LogFileData":"2026-02-03 04:00:01 UTC:10.0.0.4(5008):app@shop:[99]:FATAL:  sorry, too many clients already\n\tdetail\n"})");
  ASSERT_EQ(batch.logs.size(), 2U);
  EXPECT_EQ(base::format_rfc3339(*batch.logs[0].time), "2026-02-03T04:00:01Z");
  EXPECT_EQ(batch.logs[0].entity, "rds/ledger");
  EXPECT_FALSE(batch.logs[1].time);
}

TEST(Rds, Parameters) {
  const auto batch = decode_text(
      "# aws rds describe-db-parameters --db-parameter-group-name pg15\n"
      R"({"Parameters":[{"ParameterName":"max_connections","ParameterValue":"200","Source":"user"},{"ParameterName":"x"}]})");
  EXPECT_EQ(entity_in(batch, "rds/pg/pg15").attributes.get("parameter.max_connections"), "200");
}

}  // namespace
}  // namespace midwatch::clients::aws
